"""One person among many as a caregiver's overview shows them. Values only.

The line of the record, and what else says who needs somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from companion.core.overview import OverviewLine


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One whole screening."""

    at: datetime
    total: int


@dataclass(frozen=True, slots=True)
class Worsened:
    """A total that reached a cut-off which the one before it had not."""

    instrument: str
    title: str
    before: int
    now: int
    at_least: int
    """The cut-off, from the file of the instrument."""
    at: datetime


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One row of the overview."""

    line: OverviewLine
    last_heard_at: datetime | None = None
    """When the last conversation began in which the person said something; None without consent."""
    days_without_talk: int | None = None
    """Midnights in the person's zone since then; 0 is today."""
    unanswered_at: datetime | None = None
    """When they were last called and did not answer; None where they answered or spoke since."""
    told_somebody: bool = False
    """Whether a contact was told that they did not answer."""
    seen_at: datetime | None = None
    """When the device last did anything that is kept."""
    recent_level: str = ""
    """Gravest danger of the last seven days; empty where none was found."""
    scores: Mapping[str, tuple[ScorePoint, ...]] = field(default_factory=dict)
    """Whole screenings by instrument, oldest first; empty without consent."""
    worsened: tuple[Worsened, ...] = ()
    next_check_in: datetime | None = None
    open_errands: int = 0
    """Requests to people that wait; 0 without consent to keep conversations."""

    @property
    def name(self) -> str:
        """What the person is called on screens."""
        return self.line.person.name or self.line.person.address

    @property
    def person_id(self) -> str:
        """Whose row it is."""
        return self.line.person.id
