"""One episode of dangerous readings is asked about once, and an old one never."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from companion.core.body import Reading
from companion.prompts import prompt_table
from companion.vitals.episodes import pressing
from companion.vitals.kinds import Kind
from companion.vitals.rules import Finding, Rules
from tests.fakes.clock import START

RULES = Rules.of(prompt_table("vitals/rules.ko.toml"))
HOUR = timedelta(hours=1)


def sugars(*told: tuple[float, float]) -> list[Reading]:
    """Make readings of (minutes ago, value), oldest first."""
    return [Reading(Kind.GLUCOSE, value, "mg/dL", START - timedelta(minutes=ago)) for ago, value in told]


def found(
    readings: Sequence[Reading], *asked: float, own: dict[str, float] | None = None, now: datetime = START
) -> Finding | None:
    moments = [START - timedelta(minutes=ago) for ago in asked]
    return pressing(RULES, readings, own or {}, asked=moments, now=now, within=HOUR)


def test_a_low_value_of_now_is_asked_about() -> None:
    """With the danger that its rule names."""
    low = found(sugars((30, 110), (2, 50)))
    assert low is not None
    assert (low.rule, low.danger, low.value) == ("glucose_very_low", "low_reading", 50.0)


def test_an_old_one_is_not() -> None:
    """Brought in weeks late, or an hour and more ago."""
    assert found(sugars((61, 50))) is None
    assert found(sugars((60 * 24 * 21, 50))) is None


def test_one_that_came_back_within_the_limits_is_not() -> None:
    """The newest value counts."""
    assert found(sugars((10, 50), (5, 90))) is None


def test_a_value_of_the_future_decides_nothing() -> None:
    """The clock of the meter is ahead; what it told before counts."""
    assert found(sugars((-600, 50))) is None
    assert found([*sugars((5, 90)), *sugars((-600, 50))]) is None


def test_a_lasting_episode_is_asked_about_once() -> None:
    """Every five minutes for an hour, flapping around the limit."""
    readings = sugars(*((60 - 5 * number, 53 if number % 3 else 55) for number in range(13)))
    assert found(readings, 55) is None


def test_another_episode_is_asked_about_again() -> None:
    """A quarter of an hour within the limits lies between, or two hours without any reading."""
    assert found(sugars((50, 50), (40, 80), (30, 80), (1, 50)), 50) is not None
    assert found(sugars((130, 50), (1, 50)), 130) is not None
    assert found(sugars((100, 50), (1, 50)), 100) is None


def test_the_doctors_own_limit_decides() -> None:
    """For this person 50 is nothing, or 65 is dangerous."""
    assert found(sugars((1, 50)), own={"glucose_very_low": 45.0}) is None
    assert found(sugars((1, 65)), own={"glucose_very_low": 68.0}) is not None


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(30, 200)), min_size=1, max_size=60))
def test_nothing_is_asked_twice_within_a_quarter_of_an_hour(steps: list[tuple[int, int]]) -> None:
    """Whatever a sensor tells, one after another: no storm."""
    at, readings, asked = START, list[Reading](), list[datetime]()
    for minutes, value in steps:
        at += timedelta(minutes=minutes)
        readings.append(Reading(Kind.GLUCOSE, float(value), "mg/dL", at))
        low = pressing(RULES, readings, {}, asked=asked, now=at, within=HOUR)
        if low is not None:
            assert all(low.at - one > RULES.aloud.clear for one in asked)
            asked.append(low.at)
