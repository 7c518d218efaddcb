"""`companion vitals`, as a caregiver uses it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Program


@pytest.fixture
def measured(set_up: Program, tmp_path: Path) -> Program:
    """Give the program after three weeks of glucose, with a low one yesterday."""
    now = datetime.now().astimezone()
    usual = [f"{now - timedelta(days=day):%Y-%m-%d} 07:30,{110 + day % 5}" for day in range(20, 1, -1)]
    rows = ["측정일시,혈당(mg/dL)", *usual, f"{now - timedelta(days=1):%Y-%m-%d} 07:30,51"]
    file = tmp_path / "혈당.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    assert set_up("import", "vitals", str(file)).returncode == 0
    return set_up


def test_days_and_findings_are_shown(measured: Program) -> None:
    """The dangerous value first, then the day unlike the others; and that it is no diagnosis."""
    done = measured("vitals", "show", "순자님")
    told = json.loads(measured("vitals", "show", "순자님", "--json").stdout)

    assert done.returncode == 0, done.stderr
    assert "51 mg/dL" in done.stdout.splitlines()[0]
    assert "진단이 아닙니다" in done.stdout
    assert [one["rule"] for one in told["findings"]] == ["glucose_very_low", "unlike_own_month"]
    assert len(told["days"]["glucose"]) == 20


def test_a_doctors_limit_stands_over_the_usual_one(measured: Program) -> None:
    """And is taken back by leaving its value out."""
    limit = ("vitals", "limit", "순자님", "glucose_very_low")
    assert measured(*limit, "45", "--by", "이 원장님").returncode == 0
    own = json.loads(measured("vitals", "show", "순자님", "--json").stdout)
    assert measured(*limit, "--by", "이 원장님").returncode == 0
    usual = json.loads(measured("vitals", "show", "순자님", "--json").stdout)

    assert [one["rule"] for one in own["findings"]] == ["glucose_low", "unlike_own_month"]
    assert (own["own_limits"], usual["own_limits"]) == ({"glucose_very_low": 45.0}, {})
    assert usual["findings"][0]["rule"] == "glucose_very_low"


@pytest.mark.parametrize(
    "arguments", [("no_rule", "45", "--by", "이 원장님"), ("glucose_low", "45")], ids=["no rule", "nobody"]
)
def test_a_limit_that_makes_no_sense_is_refused(set_up: Program, arguments: tuple[str, ...]) -> None:
    """In one sentence."""
    done = set_up("vitals", "limit", "순자님", *arguments)
    assert done.returncode == 2


def test_without_consent_nothing_is_shown(measured: Program) -> None:
    """The status of what is not allowed."""
    measured("people", "consent", "순자님", "--item", "health", "--answer", "withdrawn")
    assert measured("vitals", "show", "순자님").returncode == 10
