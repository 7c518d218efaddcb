"""KR Core is claimed where it is met, and only there."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from companion.core.body import Reading
from companion.exchange.dossier import Dossier
from companion.wiring.export_files import fhir_of
from tests.exchange.fhir.krcore import profile_problems
from tests.exchange.fhir.resources import Json

BASE = "http://www.hl7korea.or.kr/fhir/krcore/StructureDefinition"
SAMPLES = Path(__file__).parent / "samples" / "krcore"


@pytest.fixture(scope="module")
def claimed(told: Dossier) -> list[Json]:
    """Give the resources of an export that claim a profile, of somebody whose sex and birth a hospital told."""
    at = told.readings[0].at
    more = (Reading("spo2", 97, "%", at), Reading("weight", 54.5, "kg", at), Reading("glucose", 110, "mg/dL", at))
    known = replace(told, gender="female", born="1944-05-12", hospital=(), readings=(*told.readings, *more))
    return [one for one in resources_of(known) if "profile" in one.get("meta", {})]


def resources_of(dossier: Dossier) -> list[Json]:
    return [entry["resource"] for entry in json.loads(fhir_of(dossier).files["malbeot.fhir.json"])["entry"]]


def test_what_claims_a_profile_meets_it(claimed: list[Json]) -> None:
    """Patient and vital signs."""
    found = [(one["id"], told) for one in claimed if (told := profile_problems(one, one["meta"]["profile"][0]))]
    assert found == []
    names = {one["meta"]["profile"][0].removeprefix(f"{BASE}/") for one in claimed}
    assert names == {
        "krcore-patient",
        "krcore-heartrate",
        "krcore-bloodpressure",
        "krcore-pulseoximetry",
        "krcore-bodyweight",
    }


@pytest.mark.parametrize("lacking", [{"gender": ""}, {"gender": "f"}, {"born": "", "person": None}])
def test_without_a_sex_or_a_birth_nothing_is_claimed(told: Dossier, lacking: dict[str, Any]) -> None:
    """Vital signs are about a Patient of KR Core, or they are not of it."""
    known: dict[str, Any] = {"gender": "female", "born": "1944-05-12"}
    if "person" in lacking:
        lacking = {**lacking, "person": replace(told.person, birth_year=None)}
    less = replace(told, **{**known, **lacking, "hospital": ()})
    assert not any("meta" in one for one in resources_of(less))


@pytest.mark.parametrize(
    ("file", "profile"),
    [
        ("Patient-krcore-patient-example-02.json", "krcore-patient"),
        ("Observation-krcore-pulseoximetry-example-01.json", "krcore-pulseoximetry"),
        ("Observation-krcore-bodyweight-example-01.json", "krcore-bodyweight"),
    ],
)
def test_its_own_examples_meet_it(file: str, profile: str) -> None:
    """So that the check is not stricter than the profile."""
    assert profile_problems(json.loads((SAMPLES / file).read_text(encoding="utf-8")), f"{BASE}/{profile}") == []


FAULTS: dict[str, tuple[str, Callable[[Json], Any]]] = {
    "no sex": ("krcore-patient", lambda one: one.pop("gender")),
    "no birth": ("krcore-patient", lambda one: one.pop("birthDate")),
    "no number of a patient": ("krcore-patient", lambda one: one.pop("identifier")),
    "a name in parts": ("krcore-patient", lambda one: one.update(name=[{"family": "김", "given": ["순자"]}])),
    "another category": ("krcore-heartrate", lambda one: one.update(category=[{"coding": [{"code": "survey"}]}])),
    "another code": ("krcore-heartrate", lambda one: one["code"]["coding"][0].update(code="8889-8")),
    "another unit": ("krcore-heartrate", lambda one: one["valueQuantity"].update(code="beats")),
    "half a pressure": ("krcore-bloodpressure", lambda one: one.update(component=one["component"][:1])),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_meet_it_is_found(claimed: list[Json], fault: str) -> None:
    """A check that finds nothing proves nothing."""
    name, spoil = FAULTS[fault]
    one = copy.deepcopy(next(one for one in claimed if one["meta"]["profile"] == [f"{BASE}/{name}"]))
    spoil(one)
    assert profile_problems(one, f"{BASE}/{name}")
