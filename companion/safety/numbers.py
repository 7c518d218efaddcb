"""The telephone numbers that may be spoken: how old they are. A wrong number is worse than none.

Pure: the date comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

GO_STALE_AFTER: Final = timedelta(days=365)
"""Between two looks at the sources of a number."""


class Defect(StrEnum):
    """What is wrong with a number."""

    STALE = "stale"
    UNVERIFIED = "unverified"
    """It says no day on which its source was read."""
    NO_SOURCE = "no_source"


@dataclass(frozen=True, slots=True)
class NumberProblem:
    """One number that must be looked at."""

    slot: str
    """Name of the slot that stands for it, such as ``crisis_line``."""
    number: str
    defect: Defect
    verified_on: date | None = None


def number_problems(table: Mapping[str, Any], today: date) -> Iterator[NumberProblem]:
    """Yield what is wrong with the numbers of ``prompts/safety/numbers.toml`` on a day."""
    for slot, entry in table.get("numbers", {}).items():
        number, verified = str(entry.get("number", "")), entry.get("verified_on")
        if not isinstance(verified, date):
            yield NumberProblem(slot, number, Defect.UNVERIFIED)
        elif today - verified > GO_STALE_AFTER:
            yield NumberProblem(slot, number, Defect.STALE, verified)
        if not str(entry.get("source", "")).strip():
            yield NumberProblem(slot, number, Defect.NO_SOURCE)
