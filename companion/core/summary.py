"""What a summary is made from, and what it comes to, as values. Every number in a summary is counted from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Quote:
    """What the person said in one turn."""

    session_id: str
    turn: int
    """Number of the turn in its session; 0 where it is not known."""
    at: datetime
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn in which the person said something."""

    quote: Quote
    topic: str
    feeling: str


@dataclass(frozen=True, slots=True)
class Promised:
    """Something that the person said they would do."""

    due_at: datetime
    quote: Quote


@dataclass(frozen=True, slots=True)
class Done:
    """One activity."""

    script: str
    outcome: str
    mood_before: int | None = None
    mood_after: int | None = None


@dataclass(frozen=True, slots=True)
class Screened:
    """One screening; its status, never its score."""

    instrument: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Danger:
    """One danger that was found; the words only where the conversation may be shown."""

    level: str
    kind: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record holds of one person between two moments, as far as it may be shown."""

    begins: datetime
    """Inclusive."""
    ends: datetime
    """Exclusive."""
    conversation: bool
    """Whether conversations may be shown: without that there is nothing of them here."""
    health: bool
    session_id: str | None = None
    """The only conversation that it is about; None for all of the time."""
    sessions: int = 0
    said: tuple[Said, ...] = ()
    promised: tuple[Promised, ...] = ()
    activities: tuple[Done, ...] = ()
    screenings: tuple[Screened, ...] = ()
    dangers: tuple[Danger, ...] = ()
    alerts: tuple[str, ...] = ()
    """Status of each alert that was raised."""
    errands: tuple[tuple[str, Quote], ...] = ()
    """Status of each request that was made, with its words."""
    occasions: tuple[tuple[str, str], ...] = ()
    """Kind and outcome of what was said on 말벗's own account: the last outcome of each occasion."""


class LineKind(StrEnum):
    """What a line is about, in the order of a summary."""

    TALK = "talk"
    MOOD = "mood"
    TOPICS = "topics"
    SLEEP = "sleep"
    APPETITE = "appetite"
    PROMISES = "promises"
    ACTIVITIES = "activities"
    SCREENING = "screening"
    SAFETY = "safety"
    CHECK_INS = "check_ins"
    REMINDERS = "reminders"
    REQUESTS = "requests"
    CLOSED = "closed"
    """What is not shown, because it was not agreed to."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary."""

    kind: LineKind
    text: str
    numbers: Mapping[str, int]
    """Every count that the text says, and those behind it."""
    quotes: tuple[Quote, ...] = ()
    """What stands behind it, the latest first; the person's own words."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened, in plain words, for whoever looks after a person. No diagnosis, no score, no judgement."""

    begins: datetime
    ends: datetime
    session_id: str | None
    lines: tuple[Line, ...]
