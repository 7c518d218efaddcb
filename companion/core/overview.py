"""What a caregiver sees of the record: one line for each person, and one person's page. Values only.

What came out of conversations is there only where the person's consent to keep them stands, what is about health only
where that consent stands; ``Allowed`` says which, so that an empty place can be told from a closed one. Danger and
alerts are there always, without words. Nothing here is a score or a judgement: raw sums are of answers as they were
given, and the trend of mood is a share of turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from companion.core.consent import Decision
from companion.core.person import Contact, Person
from companion.core.turn import Feeling

BRIGHT: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE})
HEAVY: Final = frozenset(
    {
        Feeling.SADNESS,
        Feeling.LONELINESS,
        Feeling.WORRY,
        Feeling.ANGER,
        Feeling.FATIGUE,
        Feeling.PAIN,
        Feeling.LONGING,
    }
)
"""Neutral turns are neither. A session keeps how many turns were either: whoever changes these sets adds a migration
that counts again."""
WEEKS: Final = 8
"""Weeks of the trend: each ends where the next begins, the last one ends now."""
DAYS: Final = 7
"""Days of a week; a person's page shows so many, today included, in the person's own zone."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the person agreed to, as it stands now."""

    conversation: bool
    health: bool


@dataclass(frozen=True, slots=True)
class WeekOfMood:
    """One point of the trend."""

    begins: datetime
    """Inclusive, UTC; the week ends 7 days later."""
    sessions: int
    heard: int
    """Turns in which the person said something."""
    bright: int
    heavy: int

    @property
    def balance(self) -> float | None:
        """Return the share of bright turns less that of heavy ones, in [-1, 1]; None where nothing was said."""
        return (self.bright - self.heavy) / self.heard if self.heard else None


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """Alerts that nobody has resolved."""

    open: int = 0
    """Nobody has acknowledged them."""
    acknowledged: int = 0
    gravest: str = ""
    """Highest level among both; empty where there is none."""
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScreeningLine:
    """One administration of an instrument."""

    id: str
    instrument: str
    version: str
    at: datetime
    ended_at: datetime | None
    status: str
    items: int
    """Items that were put, answered or not; what is asked about difficulty is not counted."""
    answered: int
    sum: int | None
    """Of the options chosen: None unless it is complete and every item was answered, not only those of its gate. An
    item that was not answered is missing, never 0; what the instrument makes of missing items is for the screening
    room."""


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One person among many."""

    person: Person
    allowed: Allowed
    alerts: OpenAlerts
    last_session_at: datetime | None
    days_since: int | None
    """Midnights in the person's zone since then; 0 is today. None without a session that may be shown."""
    heard_last_week: int
    """Turns in which the person said something, in the last 7 days."""
    unanswered_last_week: int
    """Sessions of the last 7 days, ended, in which the person said nothing: they did not answer."""
    mood: tuple[WeekOfMood, ...]
    """``WEEKS`` of them, oldest first; empty without consent."""
    screenings: tuple[ScreeningLine, ...]
    """By instrument, of each the latest and the one before it."""
    device_seen_at: datetime | None
    """The last thing that a device is known to have done: a turn, a danger found, a reminder said, a reading."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What the person said in one turn."""

    turn_id: str
    number: int
    at: datetime
    words: str
    topic: str
    feeling: str
    risk_level: str
    """Empty or ``none`` where no danger was found."""
    risk_kind: str


@dataclass(frozen=True, slots=True)
class LatestSession:
    """The last conversation."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    ended_by: str
    mode: str
    reply_driver: str
    turns: int
    quotes: tuple[Quote, ...]
    """In their order; one for each turn in which the person said something."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the person's zone."""

    day: date
    sessions: int
    heard: int
    feelings: Mapping[str, int]
    """Turns by feeling, the commonest first."""


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One danger that was found."""

    id: str
    at: datetime
    level: str
    kind: str
    confidence: float
    words: str | None
    """None where the conversation may not be shown or was not kept."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert."""

    id: str
    at: datetime
    level: str
    kind: str
    status: str


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """A sign of a symptom in free talk."""

    id: str
    at: datetime
    sign: str
    touches: str
    quote: str | None
    """None where the conversation may not be shown."""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One small activity."""

    id: str
    at: datetime
    script: str
    outcome: str
    mood_before: int | None
    """0 to 10; None where it was not said or health data may not be shown."""
    mood_after: int | None


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """Something to be said at a time of day."""

    id: str
    kind: str
    words: str
    schedule: Mapping[str, object]
    set_by: str
    active: bool
    last_said_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person that fits a page; lists are newest first unless they say otherwise."""

    line: OverviewLine
    latest: LatestSession | None
    days: tuple[Day, ...]
    """``DAYS`` of them, oldest first, today last; empty without consent."""
    risks: tuple[RiskLine, ...]
    alerts: tuple[AlertLine, ...]
    screenings: tuple[ScreeningLine, ...]
    """Of all instruments."""
    observations: tuple[ObservationLine, ...]
    activities: tuple[ActivityLine, ...]
    memories: int
    """How many facts are remembered; 0 without consent."""
    reminders: tuple[ReminderLine, ...]
    """In the order they were set."""
    contacts: tuple[Contact, ...]
    """In the order to be told."""
    consents: tuple[Decision, ...]
    """Those that stand, by item and name."""
