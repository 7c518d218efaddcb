"""What leaves as FHIR says what the record says, no more, and twice the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.body import Association
from companion.exchange.dossier import Dossier
from companion.exchange.fhir.outgoing.hospital import is_passable
from companion.screening.record import Status
from companion.wiring.export_files import fhir_lines_of, fhir_of
from tests.exchange.fhir.conftest import of
from tests.exchange.fhir.resources import Json
from tests.exchange.fhir.validators import by_fhirkit, by_schema
from tests.exchange.somebody import Somebody


def resources_of(dossier: Dossier) -> list[Json]:
    return [entry["resource"] for entry in json.loads(fhir_of(dossier).files["malbeot.fhir.json"])["entry"]]


def members(panel: Json, resources: list[Json]) -> list[Json]:
    by_id = {f"urn:uuid:{one['id']}": one for one in resources}
    return [by_id[one["reference"]] for one in panel["hasMember"]]


def test_exporting_twice_gives_the_same_bytes(told: Dossier, exported: bytes) -> None:
    """Whenever it is made, and by whom."""
    later = replace(told, made=replace(told.made, at=told.made.at + timedelta(days=1), by="다른이"))
    assert fhir_of(later).files["malbeot.fhir.json"] == exported


def test_ids_are_unique_and_tell_nothing(told: Dossier, exported: bytes, resources: list[Json]) -> None:
    """No id of the record can be read in what leaves."""
    assert len({(one["resourceType"], one["id"]) for one in resources}) == len(resources)
    text = exported.decode()
    for own in (told.person.id, *(one.id for one in told.screenings), *(one.id for one in told.contacts)):
        assert own not in text


def test_a_form_holds_every_answer_as_it_was_said(told: Dossier, resources: list[Json]) -> None:
    """Beside the coded one, in the words of the person; the form says that it was spoken."""
    one = next(screened for screened in told.screenings if screened.status is Status.COMPLETE)
    forms = {len(form["item"]): form for form in of(resources, "QuestionnaireResponse") if "extension" in form}
    said = {
        item["answer"][0]["valueString"]
        for form in forms.values()
        for item in form["item"]
        if item["linkId"].endswith("/said")
    }
    assert {answer.reply for answer in one.screening.current().values()} <= {
        part["answer"][0]["valueString"]
        for form in of(resources, "QuestionnaireResponse")
        for part in form["item"]
        if part["linkId"].endswith("/said")
    }
    assert said
    assert '"code": "VERBAL"' in json.dumps(forms)


def test_an_unanswered_item_has_no_observation_and_without_item_nine_there_is_no_total(
    told: Dossier, resources: list[Json]
) -> None:
    """The panel says why."""
    incomplete = [one for one in told.screenings if one.score is not None and one.score.missing and one.score.answered]
    assert incomplete
    panels = [panel for panel in of(resources, "Observation", "44249-1") if "note" in panel]
    assert len(panels) == len(incomplete)
    for panel in panels:
        codes = [one["code"]["coding"][0]["code"] for one in members(panel, resources)]
        assert "44261-6" not in codes
        assert "합계를 내지 않음" in panel["note"][0]["text"]


def _without_item_nine(dossier: Dossier) -> Dossier:
    from companion.screening.scoring import score_of

    whole = next(
        one for one in dossier.screenings if one.screening.instrument == "phq9" and one.score and not one.score.missing
    )
    answers = tuple(one for one in whole.screening.answers if one.item != "phq9.9")
    assert whole.instrument is not None
    rest = replace(
        whole, screening=replace(whole.screening, answers=answers), score=score_of(whole.instrument, answers)
    )
    return replace(dossier, screenings=(rest,))


def test_a_phq9_without_item_nine_has_eight_items_and_no_total(told: Dossier) -> None:
    """A person has to follow up, and the export says so."""
    resources = resources_of(_without_item_nine(told))
    assert of(resources, "Observation", "44261-6") == []
    assert of(resources, "Observation", "44260-8") == []
    (panel,) = of(resources, "Observation", "44249-1")
    assert "phq9.9" in panel["note"][0]["text"]


@pytest.mark.parametrize(
    ("status", "written", "observed"),
    [
        (Status.STOPPED, "stopped", "final"),
        (Status.EXPIRED, "stopped", "final"),
        (Status.SUSPENDED, "in-progress", "preliminary"),
        (Status.INTERRUPTED, "in-progress", "preliminary"),
        (Status.COMPLETE, "completed", "final"),
    ],
)
def test_a_form_says_how_far_it_went(told: Dossier, status: Status, written: str, observed: str) -> None:
    """And only a complete one has a total."""
    whole = next(one for one in told.screenings if one.screening.instrument == "gds15" and one.score)
    resources = resources_of(replace(told, screenings=(replace(whole, status=status),)))
    (form,) = [one for one in of(resources, "QuestionnaireResponse") if "extension" in one]
    items = of(resources, "Observation", "48512-8")
    assert (form["status"], items[0]["status"]) == (written, observed)
    assert bool(of(resources, "Observation", "48545-8")) is (status is Status.COMPLETE)


def test_what_was_refused_is_no_form(told: Dossier) -> None:
    """Nothing was asked."""
    refused = [one for one in told.screenings if one.status is Status.REFUSED]
    assert refused
    resources = resources_of(replace(told, screenings=tuple(refused), hospital=()))
    assert of(resources, "QuestionnaireResponse") == []


def test_a_pressure_is_one_observation_of_two(told: Dossier, resources: list[Json]) -> None:
    """Every pair of one moment, and nothing of them alone."""
    pressures = of(resources, "Observation", "85354-9")
    taken = {one.at for one in told.readings if one.kind == "systolic"}
    assert len(pressures) == len(taken)
    assert of(resources, "Observation", "8480-6") == []
    units = {part["valueQuantity"]["code"] for one in pressures for part in one["component"]}
    assert units == {"mm[Hg]"}


def test_dangers_and_alerts_are_there_with_what_was_done(told: Dossier, resources: list[Json]) -> None:
    """Telephones and channels are not."""
    (issue,) = of(resources, "DetectedIssue")
    (alert,) = of(resources, "Communication")
    assert (issue["severity"], issue["detail"]) == ("moderate", told.dangers[0].words)
    assert (alert["status"], len(alert["note"]), alert["priority"]) == ("completed", 2, "urgent")
    assert alert["sent"] > issue["identifiedDateTime"]
    assert "1234-5678" not in json.dumps(resources)
    assert "ntfy" not in json.dumps(resources)


def test_withdrawn_words_do_not_leave(told: Dossier) -> None:
    """A danger stays without its words."""
    silent = replace(told, dangers=tuple(replace(one, words=None) for one in told.dangers))
    (issue,) = of(resources_of(silent), "DetectedIssue")
    assert "detail" not in issue


def test_the_device_names_its_version_and_the_digests_of_its_models(told: Dossier, resources: list[Json]) -> None:
    """Whoever reads it can tell what spoke."""
    (device,) = of(resources, "Device")
    assert device["version"] == [{"value": told.device.software}]
    wanted = {
        f"sha256:{digest}"
        for artifacts in told.device.profiles.values()
        for one in artifacts
        for digest in one.digests.values()
        if digest
    }
    assert {one["valueCode"][0]["text"] for one in device["property"]} == wanted


def test_a_blank_form_carries_the_notice_of_loinc(resources: list[Json]) -> None:
    """And of whoever made the instrument; reversed items carry what they score."""
    blanks = {one["name"]: one for one in of(resources, "Questionnaire")}
    assert all("Regenstrief" in one["copyright"] for one in blanks.values())
    satisfied = next(item for item in blanks["GDS15"]["item"] if item["linkId"] == "/48512-8")
    assert [one["extension"][0]["valueDecimal"] for one in satisfied["answerOption"]] == [0, 1]


def test_no_profile_is_claimed_for_somebody_whose_sex_nobody_told(exported: bytes) -> None:
    """KR Core demands one, and 말벗 does not ask; base R4 is what is promised."""
    assert b'"profile"' not in exported


def test_lines_hold_the_same_as_the_transaction(told: Dossier, resources: list[Json]) -> None:
    """One file for each type."""
    files = fhir_lines_of(told).files
    lines = [json.loads(line) for content in files.values() for line in content.splitlines()]
    assert {(one["resourceType"], one["id"]) for one in lines} == {
        (one["resourceType"], one["id"]) for one in resources
    }
    assert all(f"{one['resourceType']}.ndjson" in files for one in resources)


def test_an_empty_record_is_a_valid_export(newborn: Somebody) -> None:
    """A patient, a device and what was agreed to."""
    from companion.wiring.exporting import Wish, gathered

    found = resources_of(gathered(newborn.viewer(), newborn.person, Wish(), kind="fhir"))
    assert {one["resourceType"] for one in found} == {"Patient", "Device", "RelatedPerson", "Consent"}
    assert [by_schema(one) or by_fhirkit(one) for one in found if by_schema(one) or by_fhirkit(one)] == []


STATUS = st.sampled_from(["final", "active", "finished", "completed", "nonsense", 3, None])
ELEMENT = st.fixed_dictionaries(
    {"resourceType": st.sampled_from(["Observation", "Encounter", "MedicationRequest", "Immunization", "Patient"])},
    optional={
        "status": STATUS,
        "code": st.just({"text": "x"}),
        "class": st.just({"code": "AMB"}),
        "intent": st.just("order"),
        "medicationCodeableConcept": st.just({"text": "x"}),
        "vaccineCode": st.just({"text": "x"}),
        "occurrenceDateTime": st.just("2020-01-01"),
        "valueString": st.just("x"),
        "valueInteger": st.just(1),
    },
)
_ELEMENTS = {
    "Observation": {"status", "code", "valueString", "valueInteger"},
    "Encounter": {"status", "class"},
    "MedicationRequest": {"status", "intent", "medicationCodeableConcept"},
    "Immunization": {"status", "vaccineCode", "occurrenceDateTime"},
}


@given(resource=ELEMENT)
def test_what_is_passed_on_is_valid(resource: Json) -> None:
    """Whatever a hospital left out or wrote wrongly, what passes is FHIR."""
    kind = resource["resourceType"]
    whole = {name: value for name, value in resource.items() if name in {"resourceType", *_ELEMENTS.get(kind, ())}}
    if is_passable(whole):
        about = "patient" if kind == "Immunization" else "subject"
        passed = {**whole, about: {"reference": "Patient/1"}}
        assert by_schema(passed) == []
        assert by_fhirkit(passed) == []


def test_what_stood_beside_what_is_a_document_to_be_read(told: Dossier, resources: list[Json]) -> None:
    """With talks, mood and the caution as text, and references to forms, dangers, alerts and hospital records."""
    beside = Association("sleep", 40, 0.41, 0.12, 0.63)
    (paper,) = of(resources_of(replace(told, together=(beside,))), "Composition")
    purpose, line, together = paper["section"]
    assert "진단 아님" in purpose["text"]["div"]
    assert "<td>2번<br/>밝은 말씀 0%, 무거운 말씀 100%</td>" in line["text"]["div"]
    assert "PHQ-9 16점" in line["text"]["div"]
    assert "<td>0.41</td><td>0.12 ~ 0.63</td>" in together["text"]["div"]
    assert "뜻이 아니고" in together["text"]["div"]
    kinds = {
        one["resourceType"] for one in resources for entry in line["entry"] if entry["reference"].endswith(one["id"])
    }
    assert kinds >= {"QuestionnaireResponse", "DetectedIssue", "Communication", "Condition"}
    assert "entry" not in together


def test_mood_and_what_stood_beside_it_have_no_code(told: Dossier) -> None:
    """They are in no Observation, which somebody would take for a finding; signs in free talk are nowhere at all."""
    resources = resources_of(replace(told, together=(Association("sleep", 40, 0.41, 0.12, 0.63),)))
    rest = json.dumps([one for one in resources if one["resourceType"] != "Composition"], ensure_ascii=False)
    assert "말씀 100%" not in rest
    assert "0.41" not in rest
    assert told.observations
    assert "비친 말씀" not in json.dumps(resources, ensure_ascii=False)


def test_words_of_a_hospital_are_no_markup(told: Dossier) -> None:
    """Whatever they look like."""
    tricky = replace(told.hospital[0], kind="condition", text="<b onclick='x'>&amp;</b>", at=told.talks[0].at)
    (paper,) = of(resources_of(replace(told, hospital=(tricky,))), "Composition")
    div = paper["section"][1]["text"]["div"]
    assert "&lt;b onclick=&#x27;x&#x27;&gt;&amp;amp;&lt;/b&gt;" in div
    assert by_fhirkit(paper) == by_schema(paper) == []
