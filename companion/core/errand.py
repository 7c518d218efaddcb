"""What the person asks 말벗 to have people do or told, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What is asked for."""

    CALL = "call"
    """To telephone somebody for the person, or to have somebody call them."""
    TELL = "tell"
    """To pass something on."""
    ASK = "ask"
    """To bring, book, mend or send something, or to come."""


class Standing(StrEnum):
    """Where an errand stands."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    """It cannot be done; the answer says why."""
    TAKEN_BACK = "taken_back"
    """The person wants it no more."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One request, in the person's words."""

    purpose: Purpose
    whom: str = field(repr=False)
    """Whom or what place it is for, as the person calls them; may be empty."""
    words: str = field(repr=False)
    """The sentence of the person."""
    at: datetime
    """When it was asked; aware, in the person's zone."""
    session_id: str | None = None
    status: Standing = Standing.OPEN
    answer: str = field(default="", repr=False)
    """What came of it, to be told back."""
    by: str = field(default="", repr=False)
    """Who saw to it."""
    settled_at: datetime | None = None
    told_at: datetime | None = None
    """When the person was told what came of it."""
    id: str = ""
    """Empty until it is kept."""
