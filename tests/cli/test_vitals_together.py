"""`companion vitals together`, over a record with talks and nights."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Program


def test_without_enough_days_it_says_so_and_nothing_else(set_up: Program) -> None:
    """No nights and no talks: no figure is shown, the caution is."""
    shown = set_up("vitals", "together", "순자님")
    told = json.loads(set_up("vitals", "together", "순자님", "--json").stdout)

    assert shown.returncode == 0
    assert "견줄 수 있는 날이 0일" in shown.stdout
    assert [(one["measure"], one["days"], one["coefficient"]) for one in told["associations"]] == [
        ("sleep", 0, None),
        ("glucose_variability", 0, None),
    ]
    assert "진단이 아닙니다" in told["caution"]


@pytest.mark.parametrize("item", ["health", "conversation"])
def test_without_consent_to_either_it_is_not_looked_at(set_up: Program, item: str) -> None:
    """The status of what is not allowed: no days at all would read as nothing to see."""
    set_up("people", "consent", "순자님", "--item", item, "--answer", "withdrawn")
    assert set_up("vitals", "together", "순자님").returncode == 10
