"""Solar terms: on the days that the Korean almanac prints, in their order, and in the lunar months they belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.almanac import lunar_of
from companion.core.sun import (
    FIRST_YEAR,
    KOREAN_TIME,
    LAST_YEAR,
    TERMS,
    apparent_longitude,
    delta_t,
    term_day,
    term_moment,
)

YEARS = st.integers(FIRST_YEAR, LAST_YEAR)
PRINTED = {
    "dongji": ("2023-12-22", "2024-12-21", "2025-12-22", "2026-12-22"),
    "ipchun": ("2021-02-03", "2024-02-04", "2025-02-03", "2026-02-04", "2027-02-04"),
    "gyeongchip": ("2025-03-05", "2026-03-05", "2027-03-06"),
    "chunbun": ("2025-03-20", "2026-03-20", "2027-03-21"),
    "haji": ("2023-06-21", "2024-06-21", "2025-06-21", "2026-06-21"),
    "ipchu": ("2025-08-07", "2026-08-07"),
    "chubun": ("2024-09-22", "2025-09-23", "2026-09-23"),
    "ipdong": ("2025-11-07", "2026-11-07"),
    "soseol": ("2026-11-22",),
    "daeseol": ("2026-12-07",),
}
"""Days as Korean almanacs print them; 입춘 2021 and 동지 2025 lie within three minutes of midnight."""


@pytest.mark.parametrize(("term", "day"), [(term, day) for term, days in PRINTED.items() for day in days])
def test_a_term_falls_on_the_day_that_the_almanac_prints(term: str, day: str) -> None:
    """Also where it begins within minutes of midnight."""
    printed = date.fromisoformat(day)
    assert term_day(printed.year, term) == printed


@pytest.mark.parametrize(
    ("term", "at"),
    [
        ("chunbun", "2026-03-20 14:46"),
        ("haji", "2026-06-21 08:24"),
        ("chubun", "2026-09-23 00:05"),
        ("dongji", "2026-12-21 20:50"),
        ("dongji", "2000-12-21 13:37"),
        ("chunbun", "1999-03-21 01:46"),
    ],
)
def test_equinoxes_and_solstices_begin_when_they_are_published_to_begin(term: str, at: str) -> None:
    """To two minutes of the published universal time."""
    published = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = term_moment(published.astimezone(KOREAN_TIME).year, term)
    assert abs(found - published) <= timedelta(minutes=2)


def test_the_longitude_of_the_worked_example_is_found() -> None:
    """Meeus, example 25.b: 1992 October 13, 0 h dynamical time, 199° 54' 21.818'' (by the full theory)."""
    moment = datetime(1992, 10, 13, tzinfo=UTC) - timedelta(seconds=delta_t(1992.8))
    assert apparent_longitude(moment) == pytest.approx(199.906061, abs=0.002)


@given(YEARS)
def test_the_terms_of_a_year_follow_each_other_two_weeks_apart(year: int) -> None:
    """Twenty-four of them, all within their year, each fourteen to sixteen days behind the last."""
    moments = [term_moment(year, term) for term in TERMS]
    steps = [later - earlier for earlier, later in pairwise(moments)]
    assert all(timedelta(days=14.5) < step < timedelta(days=16) for step in steps)
    assert {moment.year for moment in moments} == {year}


@given(YEARS, st.sampled_from(TERMS))
def test_at_the_beginning_of_a_term_the_sun_stands_at_its_longitude(year: int, term: str) -> None:
    """Fifteen degrees for each, from 285 in January."""
    wanted = (285 + 15 * TERMS.index(term)) % 360
    away = (apparent_longitude(term_moment(year, term)) - wanted + 180) % 360 - 180
    assert abs(away) < 1e-5


@given(st.integers(1901, 2049))
def test_dongji_lies_in_the_eleventh_month_of_the_institutes_tables(year: int) -> None:
    """By which the months of the lunar calendar are numbered: the reckoned sun and the tables agree."""
    lunar = lunar_of(term_day(year, "dongji"))
    assert (lunar.month, lunar.leap) == (11, False)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_that_is_not_known_is_refused(year: int) -> None:
    """Rather than reckoned wrongly."""
    with pytest.raises(ValueError, match="outside the years"):
        term_moment(year, "dongji")
