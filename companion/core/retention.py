"""How long what is kept is kept: rules per kind, the moments they come to, and when a clock is not to be believed.

Laws:
- No rule, no deletion.
- A clock that was set back deletes less, never more: a rule counts from now, and from nothing later.
- A clock that runs far ahead of everything that was written before today is doubted before it deletes.

The audit, consents, people, contacts, reminders and accounts are under no rule: they are kept until a person is erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

TRUSTED_GAP: Final = timedelta(days=31)
"""How far the clock may be ahead of the newest row written before today until somebody has to say that it is right."""
SETTLED: Final = timedelta(days=1)
"""Rows younger than this do not vouch for the clock: they may have been written after it was set wrong."""


class Kind(StrEnum):
    """What a rule is about."""

    CONVERSATION = "conversation"
    """Sessions, their turns, what was remembered of them, errands that are over, and what 말벗 said unasked."""
    HEALTH = "health"
    """Screenings with their answers, observed signs, activities with the mood around them, and what hospitals recorded,
    counted from when it was brought in."""
    SAFETY = "safety"
    """Risk events, steps of the protocol, and alerts that somebody has resolved."""
    READING = "reading"
    """Values of wearables and meters, and the imports that brought them."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Days after which each kind goes; a kind that is missing is kept until the person is erased."""

    days: Mapping[Kind, int]

    def cutoffs(self, now: datetime) -> dict[Kind, datetime]:
        """Return, for each kind under a rule, the moment before which everything goes."""
        return {kind: now - timedelta(days=days) for kind, days in self.days.items()}


@dataclass(frozen=True, slots=True)
class Count:
    """How much of one table goes, for one person."""

    kind: Kind
    person_id: str
    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules come to, before anything is done."""

    cutoffs: Mapping[Kind, datetime]
    counts: Sequence[Count]
    newest: datetime | None
    """When the newest row that vouches for the clock was written; None where there is none."""
    clock_doubtful: bool
    """Whether the clock is so far ahead of ``newest`` that somebody has to say that it is right."""

    @property
    def rows(self) -> int:
        """How many rows go in all."""
        return sum(count.rows for count in self.counts)


def is_doubtful(now: datetime, newest: datetime | None) -> bool:
    """Return whether a clock is too far ahead of what was written before today to delete by it unasked."""
    return newest is not None and now - newest > TRUSTED_GAP
