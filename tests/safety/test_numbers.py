"""Telephone numbers go stale."""

from __future__ import annotations

from datetime import date

from companion.prompts import prompt_table
from companion.safety.numbers import Defect, NumberProblem, number_problems
from companion.wiring.check import Verdict
from companion.wiring.checks import numbers

SHIPPED = prompt_table("safety/numbers.toml")


def test_the_shipped_numbers_are_fresh_now_and_stale_in_a_year() -> None:
    """A year and a day after they were read, each is named."""
    assert list(number_problems(SHIPPED, date(2026, 11, 27))) == []
    stale = list(number_problems(SHIPPED, date(2027, 11, 24)))
    assert {one.defect for one in stale} == {Defect.STALE}
    assert len(stale) == len(SHIPPED["numbers"])


def test_a_number_without_day_or_source_is_named() -> None:
    """Both defects are found."""
    table = {"numbers": {"line": {"number": "109"}}}
    assert list(number_problems(table, date(2026, 1, 1))) == [
        NumberProblem("line", "109", Defect.UNVERIFIED),
        NumberProblem("line", "109", Defect.NO_SOURCE),
    ]


def test_the_doctor_warns_after_a_year() -> None:
    """It names the numbers and says what to do."""
    assert numbers(date(2026, 11, 27)).verdict is Verdict.OK
    old = numbers(date(2028, 1, 1))
    assert old.verdict is Verdict.PROBLEM
    assert "109" in str(old.fields["numbers"])
