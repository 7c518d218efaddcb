"""The calendar people live by: as Korean calendars print it, and true to itself on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.almanac import (
    FIRST_YEAR,
    LAST_YEAR,
    NAMED,
    LunarDay,
    around,
    around_moon,
    celebrated,
    day_in_cycle,
    day_of,
    leap_month,
    lunar_of,
    month_at,
    months_of,
    solar_of,
    term_around,
    year_in_cycle,
)

DAYS = st.dates(date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31))
YEARS = st.integers(FIRST_YEAR, LAST_YEAR)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("seollal", "2026-02-17"),
        ("seollal", "2027-02-07"),
        ("chuseok", "2025-10-06"),
        ("chuseok", "2026-09-25"),
        ("daeboreum", "2026-03-03"),
        ("chopail", "2026-05-24"),
        ("dano", "2026-06-19"),
        ("chobok", "2026-07-15"),
        ("jungbok", "2026-07-25"),
        ("malbok", "2026-08-14"),
        ("chobok", "2025-07-20"),
        ("jungbok", "2025-07-30"),
        ("malbok", "2025-08-09"),
        ("hansik", "2025-04-05"),
        ("hansik", "2026-04-06"),
        ("hangeul", "2026-10-09"),
        ("dongji", "2026-12-22"),
    ],
)
def test_a_named_day_is_the_one_that_calendars_print(name: str, day: str) -> None:
    """설 2027 is the seventh of February in Korea, where the Chinese new year is a day earlier."""
    printed = date.fromisoformat(day)
    assert day_of(name, printed.year) == printed


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        ("2026-11-28", LunarDay(2026, 10, 20)),
        ("2026-02-16", LunarDay(2025, 12, 29)),
        ("2025-08-22", LunarDay(2025, 6, 29, leap=True)),
        ("2027-02-06", LunarDay(2026, 12, 30)),
    ],
)
def test_a_day_has_the_lunar_day_that_calendars_print(day: str, lunar: LunarDay) -> None:
    """Leap months and the days before the new year among them."""
    assert lunar_of(date.fromisoformat(day)) == lunar


@given(DAYS)
def test_a_day_comes_back_from_the_lunar_calendar(day: date) -> None:
    """The way there and back is the identity."""
    assert solar_of(lunar_of(day)) == day


@given(DAYS)
def test_the_lunar_calendar_goes_on_day_by_day(day: date) -> None:
    """The next day is the next of the month, or the first of the next month."""
    here, there = lunar_of(day), lunar_of(day + timedelta(days=1))
    if day == month_at(day).last:
        assert there.day == 1
        assert (there.month, there.leap) in {(here.month % 12 + 1, False), (here.month, True)}
    else:
        assert there == replace(here, day=here.day + 1)


@given(YEARS)
def test_a_lunar_year_has_months_of_29_or_30_days_and_at_most_one_leap_month(year: int) -> None:
    """The months lie end to end."""
    months = months_of(year)
    assert {one.days for one in months} <= {29, 30}
    assert len(months) == 12 + (leap_month(year) is not None)
    assert all(one.last + timedelta(days=1) == after.first for one, after in pairwise(months))


@given(st.sampled_from(NAMED), DAYS)
def test_a_named_day_comes_within_thirteen_months_and_went_as_lately(name: str, day: date) -> None:
    """Whichever day it is looked at from."""
    last, following = around(name, day)
    if FIRST_YEAR + 2 < day.year < LAST_YEAR - 2:
        assert last is not None
        assert following is not None
        assert day - timedelta(days=400) < last < day <= following < day + timedelta(days=400)


@given(DAYS, st.integers(1, 30))
def test_a_day_of_the_moon_comes_every_month(day: date, number: int) -> None:
    """The thirtieth is the last day of a short month."""
    _, following = around_moon(number, day)
    if day.year < LAST_YEAR - 1:
        assert following is not None
        assert day <= following < day + timedelta(days=31)
        assert lunar_of(following).day == min(number, month_at(following).days)


def test_years_have_their_place_in_the_cycle_of_sixty() -> None:
    """1984 갑자, 2026 병오 (the horse is the seventh animal), 1942 임오."""
    assert [year_in_cycle(year) for year in (1984, 2026, 1942, 1924)] == [0, 42, 18, 0]
    assert year_in_cycle(2026) % 12 == year_in_cycle(1942) % 12 == 6


def test_the_dog_days_are_days_of_metal() -> None:
    """The seventh stem, 경; on 1 January 2000 the day was 무오, the 55th."""
    assert day_in_cycle(date(2000, 1, 1)) == 54
    assert {day_in_cycle(day_of(name, 2026)) % 10 for name in ("chobok", "jungbok", "malbok")} == {6}


def test_days_without_harm_end_in_nine_or_nought() -> None:
    """손 없는 날, by the lunar day."""
    free = [day for day in range(1, 31) if LunarDay(2026, 10, day).is_free]
    assert free == [9, 10, 19, 20, 29, 30]


def test_leap_months_are_where_calendars_have_them() -> None:
    """윤유월 2025, 윤오월 2028, none in between."""
    found = [leap_month(year) for year in (2025, 2026, 2027, 2028)]
    assert [None if one is None else (one.month, one.first.isoformat()) for one in found] == [
        (6, "2025-07-25"),
        None,
        None,
        (5, "2028-06-23"),
    ]


def test_a_day_that_a_year_has_not_is_kept_on_the_nearest() -> None:
    """The thirtieth on the last of a short month, a leap month in the ordinary one; what is no day at all is none."""
    assert celebrated(2026, 9, 30) == date(2026, 11, 8)
    assert celebrated(2026, 6, 3, leap=True) == celebrated(2026, 6, 3)
    assert celebrated(2025, 6, 3, leap=True) == date(2025, 7, 27)
    assert celebrated(2026, 13, 1) is None
    assert solar_of(LunarDay(2026, 9, 30)) is None


def test_a_solar_term_that_begins_today_has_come() -> None:
    """And the one before it is over."""
    assert term_around(date(2026, 12, 22))[:2] == ("dongji", date(2026, 12, 22))
    assert term_around(date(2026, 12, 21))[0::2] == ("daeseol", "dongji")


@pytest.mark.parametrize("year", [FIRST_YEAR - 2, LAST_YEAR + 1])
def test_a_year_outside_the_tables_is_refused(year: int) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="outside the years"):
        months_of(year)
