"""Knows a plain everyday telling by a rule: 국수 삶았어, 다리가 뻐근하네. Pure.

A frame is a situation of the bank with rules instead of examples (``prompts/replies/frames_*.toml``). Where one fits
there is no doubt what is told, whatever the encoder takes it for. What bars all frames
(``prompts/lexicon/frames.toml``: what hurts, what others do, what is only heard, old times) bars each that does not
allow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.dialogue.bank import Situation

FILE: Final = "frames.toml"
_SENTENCES: Final = re.compile(r"[^.?!…~\n]+")
_NOT_SAID: Final = re.compile(r"[^0-9A-Za-z가-힣?]+")


@dataclass(frozen=True, slots=True)
class _Frame:
    situation: Situation
    rules: re.Pattern[str]
    unless: re.Pattern[str] | None


class Frames:
    """Built once.

    Args:
        situations: Those of the bank that have rules.
        table: What bars them.

    Raises:
        KeyError: A part is missing.
        ValueError: A frame allows what bars nothing.
        re.error: A rule is no regular expression.
    """

    def __init__(self, situations: Iterable[Situation], table: Mapping[str, Any]) -> None:
        self._longest, self._most = int(table["longest"]), int(table["most_sentences"])
        self._asks = re.compile(str(table["asks"]))
        self._bars = {str(name): re.compile("|".join(rules)) for name, rules in table["bars"].items()}
        self._frames = tuple(
            _Frame(one, _any(one.rules), _any(one.unless) if one.unless else None) for one in situations
        )
        for frame in self._frames:
            if unknown := frame.situation.allows - self._bars.keys():
                raise ValueError(f"{frame.situation.id}: {', '.join(sorted(unknown))}")

    def find(self, text: str) -> Situation | None:
        """Return the frame of a telling, of several the one that is told last; None where none is plain."""
        said = [_NOT_SAID.sub("", one) for one in _SENTENCES.findall(text)]
        if len(text) > self._longest or len(said) > self._most or self._asks.search(text.strip()):
            return None
        letters = ".".join(filter(None, said))
        barred = {name for name, pattern in self._bars.items() if pattern.search(letters)}
        best, last = None, -1
        for frame in self._frames:
            if barred - frame.situation.allows or (frame.unless is not None and frame.unless.search(letters)):
                continue
            at = max((match.start() for match in frame.rules.finditer(letters)), default=-1)
            if at > last:
                best, last = frame.situation, at
        return best


def _any(rules: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in rules))
