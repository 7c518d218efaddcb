"""What a person wants of the interview itself: to skip, to stop, to pause, to go back, to know why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from companion.screening.answer.letters import Letters

_LONGEST: Final = 40
"""Letters: a longer reply is a story, in which such words mean something else."""


class Wish(StrEnum):
    """A wish about the interview."""

    STOP = "stop"
    BACK = "back"
    WHY = "why"
    SKIP = "skip"
    PAUSE = "pause"
    REPEAT = "repeat"


class Wishes:
    """Finds wishes. Built once from the table.

    Raises:
        KeyError: A wish has no patterns.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._patterns = {wish: re.compile("|".join(f"(?:{one})" for one in table[wish])) for wish in Wish}

    def find(self, letters: Letters) -> Wish | None:
        """Return the wish of a reply, or None."""
        if not 0 < len(letters.compact) <= _LONGEST:
            return None
        return next((wish for wish in Wish if self._patterns[wish].search(letters.compact)), None)
