"""Knows a motif in a telling whose whole is not understood: a shop that closed, a phone that is quiet.

A motif is a situation of the bank with rules (``prompts/replies/motifs_*.toml``), in the order in which one outweighs
another. Its sentences fit whatever else is told, so the rule may stand anywhere in the telling; it is looked for only
where nothing surer was found, before what receives a mere tone. A rule sees letters (뭔 바람이 불었당가 is no weather),
so the encoder must find one of the gists likely after which its sentences are right. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from companion.dialogue.bank import FAMILY, GIST, HEAVY, LIGHT, MOTIF, RECEIVE, TONE, Situation
from companion.dialogue.choice import Evidence

_LONGEST: Final = 200
"""Characters; who says more tells a story of many motifs."""
_SENTENCES: Final = re.compile(r"[^.?!…~\n]+")
_NOT_LETTERS: Final = re.compile(r"[^0-9A-Za-z가-힣]+")
_TONED: Final = f"{RECEIVE}.{TONE}."
_FAMILY: Final = f"{RECEIVE}.{FAMILY}."
_GIST_SURER: Final = 0.6
"""How probable a gist must be to be received rather than a motif."""
_AGREED: Final = 0.15
"""How probable the gists that a motif gathers must be together: of thirty motifs that judges saw, none of the eleven
below it passed, and nine of the nineteen above."""
_OTHER_SURE: Final = 0.4
"""From which a gist that a motif does not gather, and that is likelier than those it gathers, is received instead."""
_KNOWN: Final = f"{RECEIVE}.{MOTIF}."
_ORDINARY: Final = f"{RECEIVE}.{GIST}.ordinary_now"
_MEANT: Final = tuple(f"{RECEIVE}.{kind}." for kind in (MOTIF, GIST, HEAVY, LIGHT))


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

    def find(self, text: str, gists: Mapping[str, float] | None = None) -> Situation | None:
        """Return the motif of a telling that outweighs the others in it; None where there is none.

        Args:
            text: What was said.
            gists: How probable each gist is; where nobody knows, the letters alone decide.
        """
        if len(text) > _LONGEST:
            return None
        parts = (_NOT_LETTERS.sub("", part) for part in _SENTENCES.findall(text))
        letters = ".".join(part for part in parts if part)
        for motif in self._motifs:
            barred = motif.unless is not None and motif.unless.search(letters)
            if motif.rules.search(letters) and not barred and _agrees(motif.situation, gists or {}):
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
        gists = evidence.labels.gists
        if not loose and max(gists.values(), default=1.0) >= _GIST_SURER:
            return general
        motif = self.find(text, gists)
        return general if motif is None or motif.id in evidence.barred else (motif, *general)


def is_known(general: tuple[Situation, ...]) -> bool:
    """Return whether the first of what receives a telling is a motif."""
    return bool(general) and general[0].id.startswith(_KNOWN)


def is_loose(general: tuple[Situation, ...]) -> bool:
    """Return whether the first of what receives a telling is neither a motif nor a gist that says anything."""
    return not general or general[0].id == _ORDINARY or not general[0].id.startswith(_MEANT)


def _agrees(motif: Situation, gists: Mapping[str, float]) -> bool:
    if not gists:
        return True
    together = sum(gists.get(name, 0.0) for name in motif.gathers)
    other = max((share for name, share in gists.items() if name not in motif.gathers), default=0.0)
    return together >= _AGREED and not (other >= _OTHER_SURE and other > together)


def _any(rules: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in rules))
