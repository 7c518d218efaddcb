"""What goes on between conversations, as values: memories, activities, reminders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Memory:
    """One fact worth keeping, with the sentence it came from."""

    kind: str
    """family, place, work, likes, health, plan, loss, address, self."""
    fact: str
    """In a few plain words, for whoever reads the record."""
    at: datetime
    """When it was said; aware, in the person's zone."""
    about: str = ""
    """Whom or what it is about."""
    aspect: str = ""
    """Which side of it: name, home, lasting, acute, come …; the parts of ``prompts/memory/facts.toml``."""
    value: str = ""
    """What is kept, in the person's word: 민준, 부산, 당뇨."""
    sentence: str = ""
    """The words of the person."""
    turn_id: str | None = None
    confidence: float = 1.0
    """In [0, 1]."""
    due_at: datetime | None = None
    """When a plan or promise is to happen."""
    fades_at: datetime | None = None
    """After which something acute is not mentioned any more."""
    asked_after_at: datetime | None = None
    """When 말벗 came back to it."""
    id: str = ""
    """Empty until it is kept."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said in one turn that is kept."""

    turn_id: str
    text: str


class Outcome(StrEnum):
    """What came of an activity."""

    OFFERED = "offered"
    REFUSED = "refused"
    BEGUN = "begun"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Activity:
    """One small activity, and what came of it."""

    script: str
    """Id of the script under ``prompts/activities``."""
    outcome: Outcome
    at: datetime
    """When it was offered; aware, in the person's zone."""
    session_id: str | None = None
    version: str = ""
    mood_before: int | None = None
    """0 to 10, as said aloud."""
    mood_after: int | None = None
    plan: str = ""
    """What the person wants to do, in their words."""
    id: str = ""


ASKED: Final = "asked"
"""Kind of the reminders that the person asked for themselves, in their own words."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that the family set, or the person asked, to be said at a time of day."""

    kind: str
    """medicine, water, appointment, check_in, asked."""
    words: str
    """What is said: it states what was set and never advises."""
    set_by: str
    at: datetime
    """When it was set; aware."""
    schedule: Mapping[str, object] = field(default_factory=dict)
    active: bool = True
    last_said_at: datetime | None = None
    id: str = ""
