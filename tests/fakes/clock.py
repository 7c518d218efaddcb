"""A clock that moves only when it is told to."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9))
START = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)


class FakeClock:
    """Starts on a Monday morning in Seoul."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at
        self._monotonic = 100.0

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._at += timedelta(seconds=seconds)
        self._monotonic += seconds
