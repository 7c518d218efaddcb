"""What is exported is FHIR R4 to independent validators, which find every fault that is planted."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import fhirpathpy
import pytest
from fhirpathpy.models import models

from tests.exchange.fhir.conftest import of
from tests.exchange.fhir.resources import Json
from tests.exchange.fhir.validators import VALIDATORS, by_schema, problems


@pytest.mark.parametrize("name", VALIDATORS)
def test_every_resource_is_valid_to_each_of_them(name: str, resources: list[Json]) -> None:
    """Also what hospitals wrote and is passed on."""
    found = [(one["resourceType"], told) for one in resources if (told := VALIDATORS[name](one))]
    assert found == []
    assert {one["resourceType"] for one in resources} >= {
        "Patient", "Device", "RelatedPerson", "Questionnaire", "QuestionnaireResponse", "Observation", "DetectedIssue",
        "Communication", "Provenance", "Consent", "Condition", "MedicationRequest", "Immunization", "Procedure",
        "Composition",
    }  # fmt: skip


def test_the_bundle_is_valid(exported: bytes) -> None:
    """As a whole, and as a transaction."""
    whole = json.loads(exported)
    assert problems({**whole, "entry": whole["entry"][:40]}) == {}
    assert all(one["request"]["method"] == "PUT" for one in whole["entry"])


def _two_values(form: Json) -> None:
    form["item"][0]["answer"][0]["valueString"] = "또"


def _wrong_type(form: Json) -> None:
    form["item"][0]["answer"][0] = {"valueInteger": "둘"}


FAULTS: dict[str, Callable[[Json], Any]] = {
    "a status that is no code": lambda form: form.update(status="finished"),
    "no status": lambda form: form.pop("status"),
    "an element that nobody knows": lambda form: form.update(mood="bright"),
    "a number that is a text": _wrong_type,
    "two values": _two_values,
    "a date that is none": lambda form: form.update(authored="2026-13-45T99:00:00"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, resources: list[Json]) -> None:
    """Each by at least one of them: a validator that finds nothing proves nothing."""
    form = copy.deepcopy(of(resources, "QuestionnaireResponse")[0])
    assert problems(form) == {}
    FAULTS[fault](form)
    assert problems(form)


def test_only_the_schema_knows_the_codes(resources: list[Json]) -> None:
    """Which is why there are three of them."""
    form = {**of(resources, "QuestionnaireResponse")[0], "status": "finished"}
    assert by_schema(form)
    assert set(problems(form)) == {"schema"}


R4 = models["r4"]


def path(resource: Json, expression: str) -> list[Any]:
    found: list[Any] = fhirpathpy.evaluate(resource, expression, {}, R4)
    return found


def _own(resources: list[Json], kind: str) -> list[Json]:
    """Return resources that 말벗 made, not those of hospitals."""
    own = {
        reference
        for one in of(resources, "Provenance")
        if one["agent"] and "activity" in one
        for reference in path(one, "target.reference")
    }
    return [one for one in of(resources, kind) if f"urn:uuid:{one['id']}" in own]


def test_a_total_is_the_sum_of_its_items(resources: list[Json]) -> None:
    """Read from the export alone, with the ordinals of its own blank form."""
    by_id = {f"urn:uuid:{one['id']}": one for one in resources}
    blanks = {one["code"][0]["code"]: one for one in of(resources, "Questionnaire")}
    checked = 0
    for panel in _own(resources, "Observation"):
        members = [by_id[reference] for reference in path(panel, "hasMember.reference")]
        totals = [one for one in members if path(one, "code.coding.code") in (["44261-6"], ["48545-8"])]
        if not totals:
            continue
        blank = blanks[panel["code"]["coding"][0]["code"]]
        scores = [
            ordinal
            for member in members
            if (answer := path(member, "value.coding.code")) and member["code"]["coding"][0]["code"] != "69722-7"
            for ordinal in path(
                blank,
                f"item.where(code.code = '{member['code']['coding'][0]['code']}')"
                f".answerOption.where(value.code = '{answer[0]}').extension.value",
            )
        ]
        assert path(totals[0], "value.value") == [sum(scores)]
        checked += 1
    assert checked == 6


def test_every_code_of_a_form_is_in_its_blank_form(resources: list[Json]) -> None:
    """Items and answers."""
    blanks = {f"{one['url']}|{one['version']}": one for one in of(resources, "Questionnaire")}
    forms = _own(resources, "QuestionnaireResponse")
    assert forms
    for form in forms:
        blank = blanks[form["questionnaire"]]
        assert set(path(form, "item.linkId")) <= set(path(blank, "item.linkId"))
        assert set(path(form, "item.answer.value.code")) <= set(path(blank, "item.answerOption.value.code"))


def test_every_reference_of_an_export_is_in_it(resources: list[Json]) -> None:
    """Nothing points out of it."""
    inside = {f"urn:uuid:{one['id']}" for one in resources}
    assert {one for resource in resources for one in path(resource, "descendants().reference")} <= inside
