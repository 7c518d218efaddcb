"""`companion import fhir` and `companion records`, as a caregiver runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program
from tests.cli.terminal import at_a_terminal
from tests.exchange.fhir.resources import SSN, bundle, condition, form, observation, patient, quantity, written

COPD = condition("c1", "J44.9", "만성폐쇄성폐질환")
OLD = observation("o1", "44261-6", at="2009-05-02", valueString="12")
PULSE = observation("o2", "8867-4", valueQuantity=quantity(72, "/min"))
WRONG = observation("o3", "44261-6", valueString="moderate")


@pytest.fixture
def file(tmp_path: Path) -> str:
    organisation = {"resourceType": "Organization", "id": "h"}
    return str(written(tmp_path / "병원.json", bundle(patient(), COPD, OLD, PULSE, WRONG, organisation)))


def brought(program: Program, *arguments: str) -> dict[str, Any]:
    done = program("import", "fhir", *arguments, "--yes", "--patient", "kim", "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_preview_says_whose_it_is_and_what_would_come_in(set_up: Program, file: str) -> None:
    """Both sides of the question stand beside each other; nothing is kept."""
    done = set_up("import", "fhir", file, "--dry-run", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["dry_run"], told["added"], told["readings_added"]) == (0, True, 2, 1)
    assert (told["troubles"], told["skipped"], told["old_scores"]) == (
        {"score_not_a_number": 1}, {"Patient": 1, "Organization": 1}, 1,
    )  # fmt: skip
    assert told["places"]["score_not_a_number"] == ["병원.json#5 Observation"]
    assert "kim, 김순자, 1943-05-12, 여" in done.stderr
    assert "순자님, 김순자, 1943" in done.stderr
    assert json.loads(set_up("records", "list", "순자님", "--json").stdout)["records"] == []


def test_nothing_comes_in_without_somebody_who_confirms(set_up: Program, file: str) -> None:
    """No guess from a name: with nobody at a terminal it needs the id of the patient and --yes."""
    assert set_up("import", "fhir", file).returncode == 2
    assert set_up("import", "fhir", file, "--yes").returncode == 2
    assert brought(set_up, file)["added"] == 2


def test_a_confirmed_patient_needs_no_second_question(set_up: Program, file: str, tmp_path: Path) -> None:
    """And another patient of that hospital is refused, whatever is said."""
    brought(set_up, file)
    later = str(written(tmp_path / "later.json", bundle(patient(), condition("c2", "I50.0", "심부전"))))
    assert json.loads(set_up("import", "fhir", later, "--json").stdout)["added"] == 1
    other = str(written(tmp_path / "lee.json", bundle(patient("lee"))))
    done = set_up("import", "fhir", other, "--yes", "--patient", "lee")
    assert done.returncode == 2
    assert "wrong patient" in done.stderr


def test_a_birth_far_off_is_confirmed_by_nobody_beforehand(set_up: Program, tmp_path: Path) -> None:
    """--yes is for what can be right."""
    file = str(written(tmp_path / "a.json", bundle(patient(born="1971-11-11"), COPD)))
    done = set_up("import", "fhir", file, "--yes", "--patient", "kim")
    assert done.returncode == 2
    assert "births differ" in done.stderr


def test_somebody_at_a_terminal_is_asked(set_up: Program, file: str) -> None:
    """A no brings nothing in."""
    assert "not confirmed" in at_a_terminal(["import", "fhir", file], ["아니요"])
    assert json.loads(set_up("records", "list", "순자님", "--json").stdout)["records"] == []


def test_records_are_listed_and_shown_with_their_source(set_up: Program, file: str) -> None:
    """Old scores are marked as old; one is shown with the file that brought it."""
    brought(set_up, file)
    listed = json.loads(set_up("records", "list", "순자님", "--json").stdout)["records"]
    assert [(one["kind"], one["text"], one["old"]) for one in listed] == [
        ("condition", "만성폐쇄성폐질환", False), ("score", "LOINC 44261-6", True),
    ]  # fmt: skip
    printed = set_up("records", "list", "순자님")
    assert "PHQ-9  12" in printed.stdout
    assert "오래된 점수" in printed.stdout
    shown = set_up("records", "show", "순자님", listed[0]["id"][-8:])
    assert "병원.json" in shown.stdout
    only = json.loads(set_up("records", "list", "순자님", "--kind", "score", "--json").stdout)["records"]
    assert len(only) == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("import", "fhir", "none.json"), 2),
        (("records", "list", "순자님", "--kind", "wish"), 2),
        (("records", "show", "순자님", "ffffffff"), 2),
        (("records", "list", "아무개"), 2),
    ],
)
def test_what_cannot_be_is_one_sentence(set_up: Program, arguments: tuple[str, ...], status: int) -> None:
    """Never a traceback."""
    done = set_up(*arguments)
    assert done.returncode == status
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_consent_nothing_is_brought_in_or_shown(set_up: Program, file: str) -> None:
    """The status of what is not allowed."""
    brought(set_up, file)
    set_up("people", "consent", "순자님", "--item", "health", "--answer", "withdrawn")
    assert set_up("records", "list", "순자님").returncode == 10
    assert set_up("import", "fhir", file, "--dry-run").returncode == 10


def test_own_data_hold_it_and_erasing_takes_it_away(set_up: Program, file: str, tmp_path: Path) -> None:
    """A person may see what a hospital sent, and may have it gone; no number of a citizen is in it."""
    brought(set_up, file)
    assert set_up("people", "export", "순자님", "--out", str(tmp_path / "own")).returncode == 0
    own = (tmp_path / "own" / "malbeot.txt").read_text(encoding="utf-8")
    assert "만성폐쇄성폐질환" in own
    assert SSN not in own
    assert set_up("people", "erase", "순자님", "--yes").returncode == 0
    assert set_up("records", "list", "순자님").returncode == 2


def test_a_form_with_codes_that_nobody_knows_is_still_kept(set_up: Program, tmp_path: Path) -> None:
    """Without a score."""
    unknown = form("f", {"q1": {"valueString": "가끔"}})
    told = brought(set_up, str(written(tmp_path / "a.json", bundle(patient(), unknown))))
    assert told["found"] == {"form": 1}
