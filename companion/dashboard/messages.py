"""What parts of the screens tell each other."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from companion.errors import CompanionError
from companion.wiring.desk import Who


@dataclass
class Arrived(Message):
    """A reading came back from its thread."""

    group: str
    """Which reading."""
    ticket: int
    """Of the request; an older one than the last is thrown away."""
    found: object = None
    error: CompanionError | None = None


@dataclass
class RecordChanged(Message):
    """Somebody wrote to the record: what is shown may be old."""


@dataclass
class SignInEnded(Message):
    """Nobody is signed in any more."""

    error: CompanionError


@dataclass
class Entered(Message):
    """It is known who is here."""

    who: Who


class AppearanceChanged(Message):
    """Colours or size are others now."""
