"""How an answer inside an activity is taken: a yes, a no, a wish to stop, a sign that it hurts, or what is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_BEGINNING: Final = 2


class Taken(StrEnum):
    """What an answer is."""

    DIZZY = "dizzy"
    PAINFUL = "painful"
    STOP = "stop"
    DISTRESS = "distress"
    NO = "no"
    YES = "yes"
    TOLD = "told"
    """Anything else."""
    NOTHING = "nothing"
    """Silence."""


_ORDER: Final = (Taken.DIZZY, Taken.STOP, Taken.DISTRESS, Taken.PAINFUL, Taken.NO, Taken.YES)


class ActivityAnswers:
    """Built from the part ``[answer]`` of ``prompts/wording/activities.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._longest = int(table["longest"])
        self._no_choice = frozenset(table["no_choice"])
        self._patterns = {taken: re.compile("|".join(table[taken])) for taken in _ORDER}

    def take(self, text: str | None) -> Taken:
        """Return what an answer is; a long one is a story, unless it hurts."""
        letters = _NOT_LETTERS.sub("", text or "")
        if not letters:
            return Taken.NOTHING
        for taken, pattern in self._patterns.items():
            if taken is not Taken.DISTRESS and len(letters) > self._longest:
                continue
            if pattern.search(letters):
                return taken
        return Taken.TOLD

    def choice(self, text: str, choices: Sequence[str]) -> str:
        """Return which of the choices an answer picks: the one that shares most of its words; empty for none."""
        letters = _NOT_LETTERS.sub("", text)
        scores = {choice: self._shared(choice, letters) for choice in choices}
        best = max(scores.values(), default=0)
        return next((choice for choice, score in scores.items() if best and score == best), "")

    def _shared(self, choice: str, letters: str) -> int:
        """Return how many words of a choice stand in an answer, by their beginnings: 쬐기 is 쬐는, 볕 is 볕."""
        words = [word for word in choice.split() if word not in self._no_choice]
        return sum(word[:_BEGINNING] in letters or (word == words[-1] and word[0] in letters) for word in words)
