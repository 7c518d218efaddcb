"""The calendar that older Koreans live by: lunar days, named days, the year's animal, days without harm (손 없는 날).

Lunar days are those of the tables of the Korea Astronomy and Space Science Institute, as the package
``korean-lunar-calendar`` carries them; solar terms are reckoned (``core.sun``). Pure: no clock; a day is a value. What
days and years are called is data (``prompts/lexicon/almanac.toml``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from korean_lunar_calendar import KoreanLunarCalendar

from companion.core.sun import TERMS, term_day

FIRST_YEAR, LAST_YEAR = 1901, 2049
"""Lunar and solar years for which everything here is known."""
LUNAR_DAYS: Final[Mapping[str, tuple[int, int]]] = {
    "seollal": (1, 1),
    "daeboreum": (1, 15),
    "samjinnal": (3, 3),
    "chopail": (4, 8),
    "dano": (5, 5),
    "yudu": (6, 15),
    "chilseok": (7, 7),
    "baekjung": (7, 15),
    "chuseok": (8, 15),
    "jungyang": (9, 9),
}
"""Named days by the month and the day of the lunar year; never those of a leap month."""
SOLAR_DAYS: Final[Mapping[str, tuple[int, int]]] = {
    "sinjeong": (1, 1),
    "samil": (3, 1),
    "sikmogil": (4, 5),
    "sailgu": (4, 19),
    "geulloja": (5, 1),
    "eorini": (5, 5),
    "eobeoi": (5, 8),
    "seuseung": (5, 15),
    "hyeonchung": (6, 6),
    "yugio": (6, 25),
    "jeheon": (7, 17),
    "gwangbok": (8, 15),
    "gukgun": (10, 1),
    "noin": (10, 2),
    "gaecheon": (10, 3),
    "hangeul": (10, 9),
    "seongtan": (12, 25),
}
"""Named days by the month and the day of the solar year."""
DOG_DAYS: Final = ("chobok", "jungbok", "malbok")

_CYCLE: Final = 60
_STEMS: Final = 10
_METAL: Final = 6
"""The stem 경, counted from 0."""
_CYCLE_YEAR: Final = 1984
"""A year 갑자, the first of the cycle."""
_CYCLE_DAY: Final = date(2000, 1, 7)
"""A day 갑자, the first of the cycle."""
_DAYS_TO_HANSIK: Final = 105
_MONTHS: Final = 12
_LONGEST: Final = 30
"""Days of a long lunar month."""


@dataclass(frozen=True, slots=True, order=True)
class LunarDay:
    """A day of the lunar calendar."""

    year: int
    """Named after the solar year in which it begins."""
    month: int
    """1 to 12."""
    day: int
    """1 to 30."""
    leap: bool = False
    """Whether the month is a leap month (윤달)."""

    @property
    def is_free(self) -> bool:
        """Whether it is a day without harm: one that ends in nine or nought."""
        return self.day % 10 in {9, 0}


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """A month of a lunar year."""

    month: int
    """1 to 12."""
    leap: bool
    first: date
    """Its first day by the solar calendar."""
    days: int
    """29 or 30."""

    @property
    def last(self) -> date:
        """Its last day, 그믐."""
        return self.first + timedelta(days=self.days - 1)


@lru_cache(maxsize=256)
def months_of(year: int) -> tuple[LunarMonth, ...]:
    """Return the months of a lunar year in their order.

    Args:
        year: ``FIRST_YEAR`` - 1 to ``LAST_YEAR``.

    Raises:
        ValueError: Another year.
    """
    if not FIRST_YEAR - 1 <= year <= LAST_YEAR:
        raise ValueError("outside the years that are known")
    calendar = KoreanLunarCalendar()
    firsts = [
        (month, leap, date(calendar.solarYear, calendar.solarMonth, calendar.solarDay))
        for month in range(1, _MONTHS + 1)
        for leap in (False, True)
        if calendar.setLunarDate(year, month, 1, leap)
    ]
    calendar.setLunarDate(year + 1, 1, 1, False)
    ends = [*(first for _, _, first in firsts[1:]), date(calendar.solarYear, calendar.solarMonth, calendar.solarDay)]
    return tuple(
        LunarMonth(month, leap, first, (end - first).days)
        for (month, leap, first), end in zip(firsts, ends, strict=True)
    )


def lunar_of(day: date) -> LunarDay:
    """Return the lunar day of a solar day.

    Raises:
        ValueError: A day outside ``FIRST_YEAR`` to ``LAST_YEAR``.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("outside the years that are known")
    year = day.year if day >= months_of(day.year)[0].first else day.year - 1
    months = months_of(year)
    month = months[bisect_right([one.first for one in months], day) - 1]
    return LunarDay(year, month.month, (day - month.first).days + 1, month.leap)


def solar_of(lunar: LunarDay) -> date | None:
    """Return the solar day of a lunar day; None where that year has no such month, or the month no such day.

    Raises:
        ValueError: A year outside ``FIRST_YEAR`` - 1 to ``LAST_YEAR``.
    """
    for month in months_of(lunar.year):
        if (month.month, month.leap) == (lunar.month, lunar.leap) and 1 <= lunar.day <= month.days:
            return month.first + timedelta(days=lunar.day - 1)
    return None


def month_at(day: date) -> LunarMonth:
    """Return the lunar month of a solar day.

    Raises:
        ValueError: As of ``lunar_of``.
    """
    lunar = lunar_of(day)
    return next(one for one in months_of(lunar.year) if (one.month, one.leap) == (lunar.month, lunar.leap))


def leap_month(year: int) -> LunarMonth | None:
    """Return the leap month of a lunar year; None where it has none. Raises ValueError as ``months_of``."""
    return next((one for one in months_of(year) if one.leap), None)


def year_in_cycle(year: int) -> int:
    """Return where a lunar year stands in the cycle of sixty, 0 (갑자) to 59; its animal is that modulo twelve."""
    return (year - _CYCLE_YEAR) % _CYCLE


def day_in_cycle(day: date) -> int:
    """Return where a day stands in the cycle of sixty, 0 (갑자) to 59."""
    return (day - _CYCLE_DAY).days % _CYCLE


def _metal_day(start: date, number: int) -> date:
    """Return the nth 경일 of those from a day on, that day included."""
    ahead = (_METAL - day_in_cycle(start)) % _STEMS
    return start + timedelta(days=ahead + _STEMS * (number - 1))


def _hansik(year: int) -> date:
    return term_day(year - 1, "dongji") + timedelta(days=_DAYS_TO_HANSIK)


def _last_day(year: int) -> date:
    """Return the last day of a lunar year, 섣달그믐."""
    return months_of(year)[-1].last


_RECKONED: Final[Mapping[str, Callable[[int], date]]] = {
    "hansik": _hansik,
    "chobok": lambda year: _metal_day(term_day(year, "haji"), 3),
    "jungbok": lambda year: _metal_day(term_day(year, "haji"), 4),
    "malbok": lambda year: _metal_day(term_day(year, "ipchu"), 1),
    "geumeum": _last_day,
}
NAMED: Final = (*LUNAR_DAYS, *SOLAR_DAYS, *_RECKONED, *TERMS)
"""Keys of all days that have a name."""


def day_of(name: str, year: int) -> date:
    """Return a named day of a year: of the solar one, or of the lunar one where the day is lunar.

    Args:
        name: One of ``NAMED``.
        year: ``FIRST_YEAR`` to ``LAST_YEAR``.

    Raises:
        KeyError: No such name.
        ValueError: Another year.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("outside the years that are known")
    if name in LUNAR_DAYS:
        found = solar_of(LunarDay(year, *LUNAR_DAYS[name]))
        if found is None:
            raise ValueError("no such lunar day")
        return found
    if name in SOLAR_DAYS:
        return date(year, *SOLAR_DAYS[name])
    return _RECKONED[name](year) if name in _RECKONED else _term(name, year)


def _term(name: str, year: int) -> date:
    if name not in TERMS:
        raise KeyError(name)
    return term_day(year, name)


def around(name: str, day: date) -> tuple[date | None, date | None]:
    """Return the last such named day before a day, and the next one, that day included; None where nobody knows.

    Raises:
        KeyError: No such name.
    """
    return nearest(lambda year: day_of(name, year), day)


def celebrated(year: int, month: int, number: int, *, leap: bool = False) -> date | None:
    """Return when a day of the lunar year is kept: the last of a short month for its thirtieth day.

    A leap month that a year has not is kept as the ordinary one. None where there is no such day.

    Raises:
        ValueError: As of ``months_of``.
    """
    months = [one for one in months_of(year) if one.month == month]
    found = next((one for one in months if one.leap == leap), months[0] if months else None)
    if found is None or not 1 <= number <= _LONGEST:
        return None
    return found.first + timedelta(days=min(number, found.days) - 1)


def around_moon(number: int, day: date) -> tuple[date | None, date | None]:
    """Return the last such day of a lunar month before a day, and the next one, that day included; 30 is its last.

    Raises:
        ValueError: As of ``lunar_of``.
    """
    years = range(lunar_of(day).year - 1, min(lunar_of(day).year + 1, LAST_YEAR) + 1)
    found = [one.first + timedelta(days=min(number, one.days) - 1) for year in years for one in months_of(year)]
    return (
        next((one for one in reversed(found) if one < day), None),
        next((one for one in found if one >= day), None),
    )


def nearest(of: Callable[[int], date | None], day: date, years: int = 2) -> tuple[date | None, date | None]:
    """Return the last day before one, and the next from it on, of a day that comes once a year.

    Args:
        of: Gives it for a year.
        day: The day from which it is looked at.
        years: How many years to look before and after.
    """
    near = range(max(day.year - years, FIRST_YEAR), min(day.year + years, LAST_YEAR) + 1)
    found = sorted(one for one in map(of, near) if one is not None)
    return (
        next((one for one in reversed(found) if one < day), None),
        next((one for one in found if one >= day), None),
    )


def days_from(day: date, count: int) -> Iterator[date]:
    """Yield so many days from one on, as far as they are known."""
    for ahead in range(count):
        one = day + timedelta(days=ahead)
        if one.year > LAST_YEAR:
            return
        yield one


def term_around(day: date) -> tuple[str, date, str, date]:
    """Return the solar term that has come, the day included, with its day; and the next one with its day.

    Raises:
        ValueError: A day outside ``FIRST_YEAR`` + 1 to ``LAST_YEAR`` - 1.
    """
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise ValueError("outside the years that are known")
    terms = [(term_day(year, term), term) for year in (day.year - 1, day.year, day.year + 1) for term in TERMS]
    index = next(number for number, (begins, _) in enumerate(terms) if begins > day)
    (last_day, last), (next_day, following) = terms[index - 1], terms[index]
    return last, last_day, following, next_day
