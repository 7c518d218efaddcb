"""What was measured beside mood: honest figures, nothing on few days, and nothing about causes."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.body import Association, Quarter
from companion.core.together import LEAST_DAYS
from companion.vitals.associations import (
    associated,
    moods_of,
    sleep_of,
    spearman,
    variability_of,
)
from companion.wiring.together import together_words
from tests.fakes.clock import START

FIRST = date(2026, 9, 1)
SEOUL = ZoneInfo("Asia/Seoul")
numbers = st.floats(-1000, 1000, allow_nan=False)
CAUSAL = ("때문에", "원인", "덕분", "탓", "영향", "효과", "그래서", "으로 인해")


def by_day(values: list[float]) -> dict[date, float]:
    return {FIRST + timedelta(days=number): value for number, value in enumerate(values)}


def test_ranks_are_compared_with_ties_shared() -> None:
    """By hand: x 1 2 2 4, y 1 3 2 4 give ranks 1 2.5 2.5 4 and 1 3 2 4; rho = 4.5 / sqrt(4.5 * 5)."""
    found = spearman([(1, 1), (2, 3), (2, 2), (4, 4)])
    assert found is not None
    assert isclose(found, 4.5 / (4.5 * 5) ** 0.5)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40))
def test_a_correlation_lies_between_one_and_minus_one(pairs: list[tuple[float, float]]) -> None:
    """And turns its sign with either side; growing without turning changes nothing."""
    found = spearman(pairs)
    if found is None:
        return
    turned = spearman([(-one, other) for one, other in pairs])
    assert turned is not None
    assert -1.0001 <= found <= 1.0001
    assert isclose(found, -turned, abs_tol=1e-9)


def test_below_the_least_days_nothing_is_computed() -> None:
    """However plain it looks."""
    days = [float(number) for number in range(LEAST_DAYS - 1)]
    assert associated("sleep", by_day(days), by_day(days)) == Association("sleep", LEAST_DAYS - 1)


def test_what_moves_together_has_an_interval_above_zero() -> None:
    """The figures are the same at every run."""
    slept = [300 + 7 * (number * 37 % 29) for number in range(40)]
    mood = [one / 1000 + (number * 13 % 7) / 60 for number, one in enumerate(slept)]
    found = associated("sleep", by_day([float(one) for one in slept]), by_day(mood))
    assert found == associated("sleep", by_day([float(one) for one in slept]), by_day(mood))
    assert found.coefficient is not None
    assert found.low is not None
    assert found.low <= found.coefficient <= (found.high or 0)
    assert found.is_clear


def test_what_has_nothing_to_do_with_each_other_is_not_clear() -> None:
    """The interval holds zero."""
    slept = by_day([float(number * 7919 % 101) for number in range(60)])
    mood = by_day([float(number * 104_729 % 97) for number in range(60)])
    assert not associated("sleep", slept, mood).is_clear


def test_a_side_that_never_varies_says_nothing() -> None:
    """Thirty nights of seven hours."""
    found = associated("sleep", by_day([420.0] * 30), by_day([float(number) for number in range(30)]))
    assert (found.days, found.coefficient) == (30, None)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=LEAST_DAYS, max_size=LEAST_DAYS + 5))
def test_the_interval_is_in_order(pairs: list[tuple[float, float]]) -> None:
    """Lower end first, both within one and minus one."""
    found = associated("sleep", by_day([one for one, _ in pairs]), by_day([one for _, one in pairs]))
    if found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.high <= 1


def test_a_night_belongs_to_the_day_of_waking() -> None:
    """From noon to noon, in the person's zone."""
    evening = START.replace(hour=23)
    quarters = [
        Quarter(evening, 1, 240, 240, 240),
        Quarter(evening + timedelta(hours=5), 1, 150, 150, 150),
        Quarter(evening + timedelta(hours=24), 1, 300, 300, 300),
    ]
    assert sleep_of(quarters, SEOUL) == {date(2026, 11, 24): 390, date(2026, 11, 25): 300}


@pytest.mark.parametrize(("count", "days"), [(67, 1), (66, 0)])
def test_a_day_counts_where_the_sensor_told_enough(count: int, days: int) -> None:
    """70 % of a day's quarters: 80 and 120 in turn vary by 20 % around 100."""
    midnight = START.replace(hour=0)
    quarters = [
        Quarter(midnight + timedelta(minutes=15 * number), 3, 80, 80 if number % 2 else 120, 120)
        for number in range(count)
    ]
    found = variability_of(quarters, SEOUL)
    assert len(found) == days
    assert all(19 < one < 21 for one in found.values())


def test_a_mood_is_bright_less_heavy_of_enough_turns() -> None:
    """Of two turns none is told."""
    assert moods_of([(FIRST, 10, 4, 1), (FIRST + timedelta(days=1), 2, 2, 0)]) == {FIRST: 0.3}


@pytest.mark.parametrize(
    "one",
    [
        Association("sleep", 5),
        Association("sleep", 30),
        Association("sleep", 30, 0.5, 0.2, 0.7),
        Association("glucose_variability", 30, -0.5, -0.7, -0.2),
        Association("glucose_variability", 30, 0.1, -0.2, 0.4),
    ],
)
def test_no_sentence_speaks_of_a_cause(one: Association) -> None:
    """Nor does the caution claim one."""
    words = together_words()
    said = words.sentence(one)
    assert f"{one.days}일" in said
    assert not any(word in said for word in CAUSAL)
    assert "진단이 아닙니다" in words.caution
