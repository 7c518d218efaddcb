"""When a day comes that was said: a named one, one of the lunar calendar, those without harm. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from companion.core.almanac import around, around_moon, celebrated, day_of, days_from, lunar_of, nearest
from companion.dialogue.almanac_marks import Lunar, Mark, Period, Solar

_SEARCHED: Final = 40
"""Days in which there is a day without harm."""
_LATELY: Final = 30
"""Days for which a day that is over is told with the next one."""
_WEEK: Final = 7
_PAIR: Final = 2
_LONGEST_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Days:
    """The last and the next of a day that comes again, and the one of a year that was named."""

    last: date | None
    next: date | None
    of_year: date | None = None
    in_year: bool = False

    def chosen(self, today: date, *, past: bool = False) -> date | None:
        """Return the day that is meant: of the year, else the next, or the last where it is spoken of as over."""
        if self.in_year:
            return self.of_year
        return self.last if past and self.next != today else self.next

    def is_fresh(self, today: date) -> bool:
        """Whether the last one is so lately over that it may be meant, and the next one far away."""
        if self.in_year or self.last is None or self.next is None or self.next == today:
            return False
        return (today - self.last).days <= _LATELY < (self.next - today).days // 2

    def near(self, today: date) -> date | None:
        """Return that of the year, else the one that lies nearest."""
        if self.in_year or self.last is None or self.next is None:
            return self.of_year if self.in_year else self.next or self.last
        return self.last if today - self.last < self.next - today else self.next


def days_of(mark: Mark, today: date, named: Mark | None) -> Days:
    """Return when the day of a mark comes, seen from a day.

    Args:
        mark: A named day or one of the lunar calendar.
        today: From which day it is looked at.
        named: The year that was named.

    Raises:
        ValueError: Outside the years that are known.
    """
    value = mark.value
    year = named.value if named is not None and isinstance(named.value, int) else None
    if isinstance(value, Lunar) and not value.month:
        return Days(*around_moon(value.day, today))
    if isinstance(value, Lunar):
        days = nearest(lambda one: celebrated(one, value.month, value.day, leap=value.leap), today, years=2)
        of_year = None if year is None else celebrated(year, value.month, value.day, leap=value.leap)
        return Days(*days, of_year, in_year=year is not None)
    if isinstance(value, Solar):
        of_solar = None if year is None else _solar(year, value)
        return Days(*nearest(lambda one: _solar(one, value), today), of_solar, in_year=year is not None)
    if isinstance(value, str):
        return Days(*around(value, today), None if year is None else day_of(value, year), in_year=year is not None)
    return Days(None, None)


def _solar(year: int, day: Solar) -> date | None:
    """Return a day of a year; None for the 29th of February in most."""
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return None


def free_from(first: date, today: date) -> tuple[date, ...]:
    """Return the next day without harm from a day on, with the one right behind it where that is one too."""
    days = [day for day in days_from(max(first, today), _SEARCHED) if lunar_of(day).is_free]
    if not days:
        raise ValueError("outside the years that are known")
    return tuple(day for day in days[:_PAIR] if (day - days[0]).days < _PAIR)


def span_of(period: Period, today: date) -> tuple[date, date]:
    """Return the first and the last day of a week or a month."""
    if period.unit == "week":
        monday = today + timedelta(days=_WEEK * period.ahead - today.weekday())
        return monday, monday + timedelta(days=_WEEK - 1)
    first = today.replace(day=1)
    for _ in range(period.ahead):
        first = (first + _LONGEST_MONTH).replace(day=1)
    return first, (first + _LONGEST_MONTH).replace(day=1) - timedelta(days=1)
