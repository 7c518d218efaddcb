"""`companion export fhir`, as a clinician to whom a record is open runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from companion.cli.exit_codes import ExitCode
from companion.store import passwords
from tests.cli.conftest import Program
from tests.exchange.fhir.resources import bundle, condition, observation, patient, quantity, written
from tests.exchange.fhir.validators import problems

PASSWORD = "긴 비밀번호 하나둘셋"  # noqa: S105 - a test's own
READER = "김영희"
"""Whom the person of ``set_up`` agreed to by name."""


@pytest.fixture
def clinician(set_up: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """Give a machine with a hospital's file brought in, on which a clinician is signed in."""
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 32)
    monkeypatch.setattr(passwords, "_PASSES", 1)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    pulse = observation("o1", "8867-4", valueQuantity=quantity(72, "/min"))
    file = written(tmp_path / "a.json", bundle(patient(), condition("c1", "J44.9", "만성폐쇄성폐질환"), pulse))
    for arguments, typed in (
        (("import", "fhir", str(file), "--yes", "--patient", "kim"), ""),
        (("accounts", "add", "관리자", "--role", "administrator", "--stdin"), f"{PASSWORD}\n"),
        (("accounts", "sign-in", "관리자", "--stdin"), f"{PASSWORD}\n"),
        (("accounts", "add", READER, "--role", "clinician", "--stdin"), f"{PASSWORD}\n"),
        (("accounts", "grant", READER, "순자님"), ""),
        (("accounts", "sign-in", READER, "--stdin"), f"{PASSWORD}\n"),
    ):
        done = set_up(*arguments, typed=typed)
        assert done.returncode == 0, done.stderr
    return set_up


def whole(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_a_transaction_is_written_and_a_second_one_is_the_same(clinician: Program, tmp_path: Path) -> None:
    """Valid, with what the hospital recorded; the file is named by nobody."""
    for name in ("one.json", "two.json"):
        done = clinician("export", "fhir", "--person", "순자님", "--out", name)
        assert done.returncode == ExitCode.OK, done.stderr
    bundle = whole(tmp_path / "one.json")
    assert problems(bundle) == {}
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert {"Patient", "Condition", "Observation", "Consent", "Provenance"} <= set(kinds)
    person = bundle["entry"][0]["resource"]
    assert (person["gender"], person["birthDate"]) == ("female", "1943-05-12")
    assert person["meta"]["profile"][0].endswith("/krcore-patient")


def test_the_record_says_which_account_brought_it_in(clinician: Program, tmp_path: Path) -> None:
    """Beside the file and the hospital."""
    clinician("accounts", "sign-in", "관리자", "--stdin", typed=f"{PASSWORD}\n")
    later = written(tmp_path / "later.json", bundle(patient(), condition("c2", "I50.0", "심부전")))
    assert clinician("import", "fhir", str(later)).returncode == ExitCode.OK
    clinician("accounts", "sign-in", READER, "--stdin", typed=f"{PASSWORD}\n")
    listed = json.loads(clinician("records", "list", "순자님", "--kind", "condition", "--json").stdout)["records"]
    assert {one["text"]: one["by"] for one in listed} == {"만성폐쇄성폐질환": "", "심부전": "관리자"}


def test_lines_come_into_a_folder(clinician: Program, tmp_path: Path) -> None:
    """One file for each type."""
    done = clinician("export", "fhir", "--person", "순자님", "--ndjson", "--out", "bulk", "--json")
    assert json.loads(done.stdout)["format"] == "fhir"
    assert {one.name for one in (tmp_path / "bulk").iterdir()} >= {"Patient.ndjson", "Condition.ndjson"}


def test_without_an_account_that_may_read_nothing_is_written(clinician: Program, tmp_path: Path) -> None:
    """Signed out, or with consent withdrawn, the condition does not leave."""
    assert clinician("accounts", "sign-out").returncode == 0
    assert clinician("export", "fhir", "--person", "순자님", "--out", "no.json").returncode == ExitCode.ACCESS
    assert not (tmp_path / "no.json").exists()


def test_what_is_not_agreed_to_any_more_does_not_leave(clinician: Program, tmp_path: Path) -> None:
    """Health data withdrawn: neither the condition nor the pulse."""
    clinician("accounts", "sign-in", "관리자", "--stdin", typed=f"{PASSWORD}\n")
    clinician("people", "consent", "순자님", "--item", "health", "--answer", "withdrawn")
    clinician("accounts", "sign-in", READER, "--stdin", typed=f"{PASSWORD}\n")
    assert clinician("export", "fhir", "--person", "순자님", "--out", "less.json").returncode == ExitCode.OK
    kinds = {entry["resource"]["resourceType"] for entry in whole(tmp_path / "less.json")["entry"]}
    assert not {"Condition", "Observation", "QuestionnaireResponse"} & kinds
