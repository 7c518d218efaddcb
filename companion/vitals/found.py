"""What is found in a file of readings, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, Protocol

from companion.core.body import Reading
from companion.vitals.moments import Calendar


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a file that is no reading and should have been one."""

    place: str
    """Line, row or record: never its content."""
    reason: str
    """Key under ``[vitals.trouble]``: no_moment, no_unit, no_number, future, unknown_shape …"""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a file says that it is about."""

    name: str = field(default="", repr=False)
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that 말벗 keeps no readings of."""

    what: str


Found = Reading | Trouble | Owner | Skipped


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a stream, by which its format is recognised."""

    name: str
    """File name; a hint only."""
    head: bytes
    """At most 64 KiB."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a file cannot say about itself."""

    calendar: Calendar
    unit: str = ""
    """Unit of values that come without one; empty where nobody said."""


class Format(Protocol):
    """One family of files."""

    @property
    def name(self) -> str:
        """Name shown to people and kept with the import."""
        ...

    def matches(self, sample: Sample) -> bool:
        """Return whether a stream that begins so is of this family."""
        ...

    def read(self, stream: BinaryIO, sample: Sample, choices: Choices) -> Iterator[Found]:
        """Yield what is found, in the order of the stream and in bounded memory.

        Raises:
            Unreadable: The stream breaks off or is not what it began as: nothing of it is to be kept.
        """
        ...


class Unreadable(Exception):
    """A stream breaks off, or is not what it began as.

    Args:
        reason: Key under ``[vitals.unreadable]``.
        place: Where in it.
    """

    def __init__(self, reason: str, place: str = "") -> None:
        self.reason, self.place = reason, place
        super().__init__(reason, place)
