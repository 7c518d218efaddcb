"""A clock that moves when it is told to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

_SECONDS_BETWEEN: Final = 3 * 3600.0
"""At least, from one session to the next."""


class SimulatedClock:
    """Time in a rehearsed conversation, or in a whole simulated life.

    Args:
        at: Where it begins; aware.
        shift: By how much the wall clock of the device is wrong.
    """

    def __init__(self, at: datetime, shift: timedelta = timedelta()) -> None:
        self._at = at
        self._began = at
        self._shift = shift

    @property
    def true(self) -> datetime:
        """What time it really is, aware."""
        return self._at

    def now(self) -> datetime:
        """Return what the clock of the device shows, aware."""
        return self._at + self._shift

    def monotonic(self) -> float:
        """Return seconds since it began."""
        return (self._at - self._began).total_seconds()

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self._at += timedelta(seconds=seconds)

    def advance_to(self, at: datetime) -> None:
        """Let time go by until ``at``, or a few hours where that is past."""
        self._at = max(at, self._at + timedelta(seconds=_SECONDS_BETWEEN))
