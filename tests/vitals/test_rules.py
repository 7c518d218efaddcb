"""What readings mean to whoever cares for a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.body import Reading
from companion.prompts import prompt_table
from companion.vitals.days import by_day, unusual
from companion.vitals.kinds import Kind, Quality
from companion.vitals.rules import Meaning, Rules, gravest_first

RULES = Rules.of(prompt_table("vitals/rules.ko.toml"))
AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


def glucose(value: float, quality: str = "") -> Reading:
    return Reading(Kind.GLUCOSE, value, "mg/dL", AT, quality=quality)


@pytest.mark.parametrize(
    ("value", "rule", "meaning"),
    [
        (53.9, "glucose_very_low", Meaning.URGENT),
        (54.0, "glucose_low", Meaning.NOTE),
        (69.9, "glucose_low", Meaning.NOTE),
        (250.1, "glucose_high", Meaning.NOTE),
    ],
)
def test_a_value_beyond_a_limit_is_found(value: float, rule: str, meaning: Meaning) -> None:
    """The gravest rule that it meets; the limit itself is not beyond it."""
    found = RULES.in_reading(glucose(value), {})
    assert found is not None
    assert (found.rule, found.meaning) == (rule, meaning)


@pytest.mark.parametrize("value", [70.0, 120.0, 250.0])
def test_a_value_within_the_limits_is_nothing(value: float) -> None:
    """Nothing is said about it."""
    assert RULES.in_reading(glucose(value), {}) is None


def test_what_cannot_be_measured_decides_nothing() -> None:
    """5.6 mg/dL is a unit mixed up, not an emergency; "lower than can be measured" is one."""
    assert RULES.in_reading(glucose(5.6, Quality.IMPLAUSIBLE), {}) is None
    low = RULES.in_reading(glucose(40.0, Quality.BELOW_RANGE), {})
    assert low is not None
    assert low.meaning is Meaning.URGENT


def test_the_doctors_own_limit_stands_over_the_usual_one() -> None:
    """For this person 65 is low enough, and 80 where the doctor said 90."""
    assert RULES.in_reading(glucose(66.0), {"glucose_low": 65.0}) is None
    assert RULES.in_reading(glucose(80.0), {"glucose_low": 90.0}) is not None


def test_a_rule_that_nobody_verified_is_off_until_a_doctor_sets_it() -> None:
    """Heart rates at rest are judged by the doctor's limit alone."""
    slow = Reading(Kind.HEART_RATE, 42, "/min", AT, context="resting")
    assert RULES.in_reading(slow, {}) is None
    found = RULES.in_reading(slow, {"resting_heart_rate_low": 45.0})
    assert found is not None
    assert found.rule == "resting_heart_rate_low"


def test_every_rule_that_is_on_names_its_source_and_date() -> None:
    """And a table in which one does not is refused."""
    table: dict[str, Any] = {**prompt_table("vitals/rules.ko.toml")}
    table["rule"] = [{**table["rule"][0], "source": ""}]
    with pytest.raises(ValueError, match="source"):
        Rules.of(table)


def month(*values: float, start: datetime = AT) -> list[tuple[datetime, float]]:
    return [(start + timedelta(days=day), value) for day, value in enumerate(values)]


def test_a_device_that_fell_silent_is_noted() -> None:
    """After three days, not after two, and not where nothing was ever measured."""
    readings = month(110, 112)
    soon = RULES.in_days(Kind.GLUCOSE, readings, readings[-1][0] + timedelta(days=2), SEOUL)
    late = RULES.in_days(Kind.GLUCOSE, readings, readings[-1][0] + timedelta(days=4), SEOUL)
    assert soon == ()
    assert [(one.rule, one.fields["days"]) for one in late] == [("no_readings", 4)]
    assert RULES.in_days(Kind.GLUCOSE, [], AT, SEOUL) == ()


def test_a_day_unlike_the_own_month_is_noted() -> None:
    """Against the person's own middle, not against anybody's normal."""
    usual = [110, 114, 108, 112, 116, 109, 111, 113, 110, 115, 112, 108, 114, 111, 110]
    readings = month(*usual, 190)
    found = RULES.in_days(Kind.GLUCOSE, readings, readings[-1][0], SEOUL)
    assert [(one.rule, one.value) for one in found] == [("unlike_own_month", 190.0)]
    calm = month(*usual, 113)
    assert RULES.in_days(Kind.GLUCOSE, calm, calm[-1][0], SEOUL) == ()


def test_two_weeks_are_needed_to_know_what_is_usual() -> None:
    """Before that nothing is unusual."""
    readings = month(*[110.0] * 10, 190.0)
    assert RULES.in_days(Kind.GLUCOSE, readings, readings[-1][0], SEOUL) == ()


def test_a_day_is_the_persons_day() -> None:
    """23:00 UTC on the first is the morning of the second in Seoul."""
    days = by_day([(datetime(2026, 11, 1, 23, 0, tzinfo=UTC), 1.0)], SEOUL)
    assert days[0].day.isoformat() == "2026-11-02"


@given(st.lists(st.floats(1, 500), min_size=14, max_size=40), st.floats(0.5, 20), st.floats(1, 500))
def test_what_is_unusual_does_not_depend_on_the_unit(others: list[float], factor: float, value: float) -> None:
    """Scaling everything changes no verdict but those at the very edge."""
    one = unusual(value, others, times=3.5, least=14)
    scaled = unusual(value * factor, [each * factor for each in others], times=3.5, least=14)
    if one is not None and scaled is not None:
        assert abs(one.score - scaled.score) < 1e-6 * max(1.0, abs(one.score))
    else:
        edge = unusual(value, others, times=3.4999, least=14)
        assert one is scaled is None or edge is not None


@given(st.floats(20, 600))
def test_a_lower_value_is_never_less_grave(value: float) -> None:
    """Falling glucose goes from nothing over a note to urgent and never back."""
    grave = {None: 0, Meaning.NOTE: 1, Meaning.URGENT: 2}
    found, lower = (RULES.in_reading(glucose(one), {}) for one in (value, value - 1))
    if value <= 250:
        assert grave[lower.meaning if lower else None] >= grave[found.meaning if found else None]


def test_urgent_findings_are_read_first() -> None:
    """Then the newest."""
    note, urgent = RULES.in_reading(glucose(60), {}), RULES.in_reading(glucose(50), {})
    assert note is not None
    assert urgent is not None
    assert gravest_first([note, urgent])[0] is urgent
