"""Knows when a sum or an old measure is asked for, and answers it. Pure.

What is asked is read by rules (``prompts/lexicon/reckoning.toml``); the answer is a fixed sentence of
``prompts/fixed/reckoning.toml`` that says back what was reckoned with, so that a number that was misheard is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from companion.dialogue.reckoning.amounts import Amounts
from companion.dialogue.reckoning.measures import KEYS as MEASURED
from companion.dialogue.reckoning.measures import Measures
from companion.dialogue.reckoning.said import PREFIX, Said
from companion.dialogue.reckoning.sums import KEYS as SUMMED
from companion.dialogue.reckoning.sums import Sums

FILE: Final = "reckoning.toml"
ASKED_SUM: Final = "question.reckoning"
"""The name under which a sum is recorded as what was understood."""
_LONGEST: Final = 200
"""Characters of an utterance that is read; who says more tells something."""


class Reckoning:
    """Built once from ``prompts/lexicon/reckoning.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part is missing, or a rule does what nobody can.
            re.error: A pattern cannot be read.
        """
        self._amounts = Amounts(table)
        self._measures = Measures(table, self._amounts)
        self._sums = Sums(table, self._amounts)

    @property
    def keys(self) -> tuple[str, ...]:
        """The fixed sentences that are needed."""
        return tuple(f"{PREFIX}.{key}" for key in (*MEASURED, *SUMMED))

    def answer(self, text: str) -> Said | None:
        """Return what answers a sum or a measure that is asked for; None where none is, or nobody can say it."""
        text = text[-_LONGEST:].lower()
        amounts = self._amounts.find(text)
        try:
            return self._measures.of(text, amounts) or self._sums.of(text, amounts)
        except ValueError:
            return None
