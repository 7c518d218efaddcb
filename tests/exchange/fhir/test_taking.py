"""Known traps of real files are taken rightly, or refused with their reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.body import Reading
from companion.core.hospital import HospitalRecord, Kind
from companion.core.person import Person
from companion.exchange.fhir.incoming.gathering import Gathered, gathered_from, subject_of
from companion.exchange.fhir.incoming.kept import flaw_of
from companion.exchange.fhir.incoming.parts import Refused, Skipped
from companion.exchange.fhir.incoming.taking import Found
from companion.wiring.hospital import taker_for
from tests.exchange.fhir.resources import (
    KCD,
    RRN,
    SSN,
    Json,
    condition,
    form,
    observation,
    patient,
    quantity,
    written,
)

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
TAKER = taker_for(Person("p", "순자님", zone="Asia/Seoul"), NOW)
PHQ9 = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
GDS15 = (
    "48512-8", "48513-6", "48514-4", "48515-1", "48518-5", "48519-3", "48520-1", "48521-9", "48523-5", "48525-0",
    "48526-8", "48528-4", "48532-6", "48533-4", "48534-2",
)  # fmt: skip
FREQUENCY = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")


def taken(resource: Json, gathered: Gathered | None = None) -> list[Found]:
    return list(TAKER.taken(resource, gathered or Gathered()))


def record(resource: Json, gathered: Gathered | None = None) -> HospitalRecord:
    (found,) = taken(resource, gathered)
    assert isinstance(found, HospitalRecord)
    return found


def reason(resource: Json) -> str:
    return next(one.reason for one in taken(resource) if isinstance(one, Refused))


def coded(code: str) -> Json:
    return {"valueCoding": {"code": code}}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("44261-6", {"valueQuantity": quantity(12, "{score}")}),
        ("44261-6", {"valueString": "12"}),
        ("44261-6", {"valueInteger": 12}),
        ("44249-1", {"valueQuantity": quantity(12, "{score}")}),
        ("44249-1", {"component": [{"code": {"coding": [{"code": "44261-6"}]}, "valueInteger": 12}]}),
    ],
)
def test_a_score_is_taken_in_every_shape(code: str, value: Json) -> None:
    """A text, a whole number, a quantity; on the panel too, where some put it."""
    found = record(observation("o", code, **value))
    assert (found.kind, found.instrument, found.number) == (Kind.SCORE, "phq9", 12)


def test_a_score_stays_one_under_the_category_of_a_laboratory() -> None:
    """Its code says what it is."""
    category = [{"coding": [{"code": "laboratory"}]}]
    found = record(observation("o", "70274-6", category=category, valueQuantity=quantity(7, "{score}")))
    assert (found.kind, found.instrument) == (Kind.SCORE, "gad7")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"valueQuantity": quantity(28, "{score}")}, "score_out_of_range"),
        ({"valueQuantity": quantity(16.54, "{score}")}, "score_not_whole"),
        ({"valueString": "moderate"}, "score_not_a_number"),
        ({"valueInteger": "12"}, "wrong_type"),
        ({"valueQuantity": {"value": "12"}}, "wrong_type"),
        ({"valueInteger": 12, "modifierExtension": [{"url": "x"}]}, "modified"),
        ({"valueInteger": 12, "effectiveDateTime": "not yet"}, "no_moment"),
        ({"valueInteger": 12, "effectiveDateTime": "2027-03-01"}, "future"),
    ],
)
def test_a_score_that_cannot_be_one_is_refused(value: Json, why: str) -> None:
    """With the reason."""
    assert reason(observation("o", "44261-6", **value)) == why


def test_a_score_of_long_ago_is_marked_as_old() -> None:
    """Screeners ask about two weeks; microseconds are no trouble."""
    old = record(observation("o", "55758-7", at="1998-11-22T05:52:35.529668+00:00", valueInteger=2))
    new = record(observation("o", "55758-7", valueInteger=2))
    assert old.is_old(NOW)
    assert not new.is_old(NOW)


@pytest.mark.parametrize("link", ["/{}", "{}", "H1/T1/{}"])
@given(scores=st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_a_form_is_scored_by_its_answers(link: str, scores: list[int]) -> None:
    """Codes without a system, whatever the link ids look like."""
    answers = {link.format(code): coded(FREQUENCY[score]) for code, score in zip(PHQ9, scores, strict=True)}
    found = record(form("f", answers))
    assert (found.kind, found.instrument, found.number) == (Kind.FORM, "phq9", sum(scores))


def test_numbered_links_are_the_items_in_order() -> None:
    """``PHQ.1`` is how one German module calls them."""
    found = record(form("f", {f"PHQ.{n}": coded(FREQUENCY[n % 4]) for n in range(1, 10)}))
    assert found.number == sum(n % 4 for n in range(1, 10))


def test_links_that_say_nothing_are_read_by_the_blank_form(tmp_path: Path) -> None:
    """The form that came along says which item is which."""
    items = [{"linkId": f"Q{n}", "type": "choice", "code": [{"code": code}]} for n, code in enumerate(PHQ9, 1)]
    blank: Json = {"resourceType": "Questionnaire", "id": "q", "url": "http://x/q", "status": "active"}
    blank |= {"code": [{"code": "44249-1"}], "item": [{"linkId": "group", "item": items}]}
    gathered = gathered_from([written(tmp_path / "q.json", blank)])
    answers = {f"Q{n}": coded("LA6569-3") for n in range(1, 10)}
    found = record(form("f", answers, questionnaire="http://x/q|1"), gathered)
    assert (found.instrument, found.number) == ("phq9", 9)


def test_a_missing_answer_leaves_no_total() -> None:
    """Eight items are no PHQ-9, and a total that is stated without them is not believed."""
    answers = {f"/{code}": coded("LA6569-3") for code in PHQ9[:-1]}
    whole = taken(form("f", {**answers, "/44261-6": {"valueInteger": 8}}))
    assert [one.number for one in whole if isinstance(one, HospitalRecord)] == [None]
    assert [one.reason for one in whole if isinstance(one, Refused)] == ["total_without_answers"]


def test_a_form_that_was_not_finished_has_no_total() -> None:
    """Answers may still change."""
    answers = {f"/{code}": coded("LA6569-3") for code in PHQ9}
    assert record(form("f", answers, status="in-progress")).number is None


def test_reversed_items_of_a_gds_are_scored_by_the_answers() -> None:
    """All no is five, and a form that adds up its ordinals is found out."""
    answers = {f"/{code}": coded("LA32-8") for code in GDS15}
    found = taken(form("f", {**answers, "/48545-8": {"valueDecimal": 0}}))
    assert [one.number for one in found if isinstance(one, HospitalRecord)] == [5]
    assert [one.reason for one in found if isinstance(one, Refused)] == ["total_differs"]


@given(yes=st.lists(st.booleans(), min_size=15, max_size=15))
def test_ordinals_of_a_gds_alone_are_never_added_up(yes: list[bool]) -> None:
    """A number says nothing about which way it is keyed."""
    answers: dict[str, Json] = {f"/{code}": {"valueDecimal": int(one)} for code, one in zip(GDS15, yes, strict=True)}
    found = taken(form("f", answers))
    assert [one.number for one in found if isinstance(one, HospitalRecord)] == [None]
    assert [one.reason for one in found if isinstance(one, Refused)] == ["answer_unscored"]


def test_both_codes_of_oxygen_are_one_reading() -> None:
    """And the old panel of blood pressure is two."""
    both = {"coding": [{"system": "http://loinc.org", "code": code} for code in ("59408-5", "2708-6")]}
    oxygen = taken(observation("o", "59408-5", valueQuantity=quantity(97, "%")) | {"code": both})
    parts = [
        {"code": {"coding": [{"code": code}]}, "valueQuantity": quantity(value, "mm[Hg]")}
        for code, value in (("8480-6", 130), ("8462-4", 80))
    ]
    pressure = taken(observation("o", "55284-4", component=parts))
    assert [(one.kind, one.value) for one in oxygen if isinstance(one, Reading)] == [("spo2", 97)]
    assert [one.value for one in pressure if isinstance(one, Reading)] == [130, 80]


def test_a_value_beyond_what_the_meter_measures_is_marked() -> None:
    """A comparator is not lost."""
    (found,) = taken(observation("o", "2339-0", valueQuantity=quantity(600, "mg/dL") | {"comparator": ">"}))
    assert isinstance(found, Reading)
    assert found.quality == "above_range"


def test_glucose_in_moles_is_kept_in_milligrams() -> None:
    """By the factor 18.016."""
    (found,) = taken(observation("o", "2345-7", valueQuantity=quantity(5, "mmol/L")))
    assert isinstance(found, Reading)
    assert (round(found.value, 1), found.unit) == (90.1, "mg/dL")


def test_a_laboratory_value_is_a_result_and_how_somebody_lives_is_left_out() -> None:
    """Whatever category it stands under."""
    lab = record(observation("o", "4548-4", valueQuantity=quantity(6.1, "%")))
    (address,) = taken(observation("o", "56799-0", valueString="효동로 112"))
    (smoking,) = taken(
        observation("o", "72166-2", category=[{"coding": [{"code": "social-history"}]}], valueString="x")
    )
    assert (lab.kind, lab.value, lab.number, lab.unit) == (Kind.RESULT, "6.1 %", 6.1, "%")
    assert isinstance(address, Skipped)
    assert isinstance(smoking, Skipped)


def test_a_prescription_is_named_by_the_medicine_it_refers_to(tmp_path: Path) -> None:
    """In the same files, or inside it."""
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "도네페질 5밀리그램"}}
    gathered = gathered_from([written(tmp_path / "m.json", medicine)])
    order: Json = {"resourceType": "MedicationRequest", "id": "r", "status": "active", "intent": "order"}
    order |= {"subject": {"reference": "Patient/kim"}, "dosageInstruction": [{"text": "자기 전 한 알"}]}
    outside = record(order | {"medicationReference": {"reference": "Medication/m"}}, gathered)
    inside = record(order | {"medicationReference": {"reference": "#in"}, "contained": [medicine | {"id": "in"}]})
    assert outside.text == inside.text == "도네페질 5밀리그램"
    assert outside.value == "자기 전 한 알"


def test_what_is_kept_holds_no_number_of_a_citizen_and_no_narrative() -> None:
    """Only elements that are named are kept."""
    resource = condition("c", "J44.9", "만성폐쇄성폐질환")
    resource |= {
        "identifier": [{"value": SSN}],
        "note": [{"text": RRN}],
        "text": {"div": RRN},
        "asserter": {"display": RRN},
    }
    resource["code"]["extension"] = [{"url": "x", "valueString": SSN}]
    found = record(resource)
    assert SSN not in repr(found)
    assert RRN not in repr(found)
    assert found.resource["code"] == {"coding": [{"system": KCD, "code": "J44.9"}], "text": "만성폐쇄성폐질환"}


def test_a_patient_whose_id_is_a_number_of_a_citizen_is_known_by_a_digest(tmp_path: Path) -> None:
    """It still is the same patient in every resource."""
    gathered = gathered_from([written(tmp_path / "p.json", patient(RRN))])
    (key,) = gathered.keys
    assert RRN not in repr(gathered)
    assert subject_of(condition("c", "J44.9", "x", about=RRN)) == key


def test_a_dosage_whose_length_is_a_text_is_no_fhir() -> None:
    """As in one published form."""
    assert flaw_of({"extension": [{"valueDuration": {"value": "14", "unit": "d"}}]}) == "valueDuration.value"
    assert not flaw_of({"extension": [{"valueDuration": {"value": 14, "unit": "d"}}]})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["coding", "code", "value"]), inner),
    max_leaves=8,
)
KINDS = ["Observation", "Condition", "MedicationRequest", "QuestionnaireResponse", "Encounter", "Immunization"]
NAMES = ["code", "status", "subject", "item", "component", "valueQuantity", "effectiveDateTime", "class", "period"]


@given(kind=st.sampled_from(KINDS), elements=st.dictionaries(st.sampled_from(NAMES), JSON))
def test_elements_of_any_shape_end_in_a_value_or_a_reason(kind: str, elements: dict[str, Any]) -> None:
    """Nothing that a file holds ends the program."""
    for one in taken({"resourceType": kind, **elements}):
        assert isinstance(one, HospitalRecord | Reading | Refused | Skipped)
