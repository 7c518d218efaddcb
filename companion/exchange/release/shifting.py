"""Pseudonyms and shifted dates: keyed digests under the secret of one release. Pure.

Laws, property-tested:
- one person's dates move by the same whole weeks, so that intervals and weekdays stay;
- the same person moves otherwise in another release, and nobody moves by nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from companion.core.research import Span

MOST_WEEKS: Final = 52
"""A year to either side: no season says where a person really stands."""
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shift:
    """How one person's time is shown."""

    weeks: int
    """-52 to 52, never 0."""
    first: date
    """Real day before which nothing is shown."""
    last: date
    """Real day after which nothing is shown; before ``first`` where nothing is left."""

    def shows(self, day: date) -> bool:
        """Return whether a real day is shown at all."""
        return self.first <= day <= self.last

    def day(self, day: date) -> date:
        """Return what is shown of a real day."""
        return day + self.weeks * _WEEK

    def week(self, day: date) -> date:
        """Return the Monday of the week of the shown day."""
        shown = self.day(day)
        return shown - timedelta(days=shown.weekday())


def shift_of(secret: bytes, person_id: str, span: Span | None, *, zone: tzinfo, trim_weeks: int) -> Shift:
    """Return how one person's time is shown.

    The ends are cut by chance: whose last day is the day of the release, and that is nearly everybody, would else give
    away by it how far their dates were moved.

    Args:
        secret: Of the release, 32 bytes.
        person_id: Whose.
        span: From when to when something is known; None where nothing is.
        zone: In which their days are meant.
        trim_weeks: At most so many weeks are cut off each end.
    """
    digest = hmac.new(secret, b"dates\0" + person_id.encode(), hashlib.sha256).digest()
    drawn = int.from_bytes(digest[:8], "big") % (2 * MOST_WEEKS)
    weeks = drawn - MOST_WEEKS if drawn < MOST_WEEKS else drawn - MOST_WEEKS + 1
    if span is None:
        return Shift(weeks, date.max, date.min)
    cut_first = int.from_bytes(digest[8:16], "big") % (trim_weeks + 1)
    cut_last = int.from_bytes(digest[16:24], "big") % (trim_weeks + 1)
    first, last = local_day(span.first, zone), local_day(span.last, zone)
    return Shift(weeks, first + cut_first * _WEEK, last - cut_last * _WEEK)


def local_day(at: datetime, zone: tzinfo) -> date:
    """Return the day on a person's calendar."""
    return at.astimezone(zone).date()
