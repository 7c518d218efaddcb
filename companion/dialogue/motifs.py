"""Knows a motif in a telling whose whole is not understood: a shop that closed, a phone that is quiet.

A motif is a situation of the bank with rules (``prompts/replies/motifs_*.toml``), in the order in which one outweighs
another. Its sentences fit whatever else is told, so the rule may stand anywhere in the telling; it is looked for only
where nothing surer was found, before what receives a mere tone. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from companion.dialogue.bank import MOTIF, RECEIVE, TONE, Situation
from companion.dialogue.choice import Evidence

_LONGEST: Final = 200
"""Characters; who says more tells a story of many motifs."""
_SENTENCES: Final = re.compile(r"[^.?!…~\n]+")
_NOT_LETTERS: Final = re.compile(r"[^0-9A-Za-z가-힣]+")
_TONED: Final = f"{RECEIVE}.{TONE}."
_FAMILY: Final = f"{RECEIVE}.family."
_GIST_SURER: Final = 0.6
"""How probable a gist must be to be received rather than a motif."""
_KNOWN: Final = f"{RECEIVE}.{MOTIF}."


@dataclass(frozen=True, slots=True)
class _Motif:
    situation: Situation
    rules: re.Pattern[str]
    unless: re.Pattern[str] | None


class Motifs:
    """Built once.

    Args:
        situations: Those of the bank that are motifs, the first outweighing the others.

    Raises:
        re.error: A rule is no regular expression.
    """

    def __init__(self, situations: Iterable[Situation]) -> None:
        self._motifs = tuple(
            _Motif(one, _any(one.rules), _any(one.unless) if one.unless else None) for one in situations
        )

    def find(self, text: str) -> Situation | None:
        """Return the motif of a telling that outweighs the others in it; None where there is none."""
        if len(text) > _LONGEST:
            return None
        parts = (_NOT_LETTERS.sub("", part) for part in _SENTENCES.findall(text))
        letters = ".".join(part for part in parts if part)
        for motif in self._motifs:
            if motif.rules.search(letters) and not (motif.unless is not None and motif.unless.search(letters)):
                return motif.situation
        return None

    def before(self, general: tuple[Situation, ...], text: str, evidence: Evidence) -> tuple[Situation, ...]:
        """Return what receives a telling, the motif first where nothing surer is known of it.

        Args:
            general: What receives it, best first.
            text: What was said.
            evidence: What it is made out of.
        """
        if not general:
            return general
        loose = general[0].id.startswith((_TONED, _FAMILY))
        if not loose and max(evidence.labels.gists.values(), default=1.0) >= _GIST_SURER:
            return general
        motif = self.find(text)
        return general if motif is None or motif.id in evidence.barred else (motif, *general)


def is_known(general: tuple[Situation, ...]) -> bool:
    """Return whether the first of what receives a telling is a motif."""
    return bool(general) and general[0].id.startswith(_KNOWN)


def _any(rules: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in rules))
