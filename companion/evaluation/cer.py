"""Character error rate over letters and digits, micro-averaged.

Spacing, punctuation and letter case are style, not hearing, and are left out. Pure.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Errors among the letters of a reference; adds up over clips."""

    errors: int = 0
    letters: int = 0

    def __add__(self, other: ErrorCount) -> ErrorCount:
        return ErrorCount(self.errors + other.errors, self.letters + other.letters)

    @property
    def rate(self) -> float | None:
        """Errors per letter; None where there are no letters. May be above 1."""
        return self.errors / self.letters if self.letters else None


def count_errors(reference: str, hypothesis: str) -> ErrorCount:
    """Compare two texts by their letters and digits."""
    wanted, found = letters_and_digits(reference), letters_and_digits(hypothesis)
    return ErrorCount(edit_distance(wanted, found), len(wanted))


def letters_and_digits(text: str) -> str:
    """Return the letters and digits of ``text``, NFC, in lower case."""
    folded = unicodedata.normalize("NFC", text).lower()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LN")


def edit_distance(one: str, other: str) -> int:
    """Return the least number of insertions, deletions and replacements between two texts."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, opposite in enumerate(other, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != opposite)))
        before = now
    return before[-1]
