"""Conditions of a hospital's record become what speaks against activities, by their codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.hospital import HospitalRecord, Kind
from companion.dialogue.activities.hospital import Contraindications
from companion.dialogue.activities.offering import Conditions
from companion.dialogue.activities.script import Condition
from companion.prompts import prompt_table

TABLE = Contraindications(prompt_table("exchange/contraindications.toml"))
WORDS = Conditions(prompt_table("wording/activities.ko.toml")["conditions"])


def condition(*codes: str, text: str = "", status: str = "active", **resource: object) -> HospitalRecord:
    coding = [{"code": code} for code in codes]
    whole = {"code": {"coding": coding}, **resource}
    first = codes[0] if codes else ""
    return HospitalRecord(Kind.CONDITION, "Condition", "c", text, code=first, status=status, resource=whole)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("J44.9", Condition.LUNG_DISEASE), ("J45", Condition.LUNG_DISEASE), ("J449", Condition.LUNG_DISEASE),
        ("13645005", Condition.LUNG_DISEASE), ("87433001", Condition.LUNG_DISEASE),
        ("I50.0", Condition.HEART_DISEASE), ("I20", Condition.HEART_DISEASE), ("49436004", Condition.HEART_DISEASE),
        ("F00.1", Condition.DEMENTIA), ("G30.9", Condition.DEMENTIA), ("26929004", Condition.DEMENTIA),
    ],
)  # fmt: skip
def test_a_code_speaks_against_what_its_disease_does(code: str, found: Condition) -> None:
    """ICD-10 and KCD by their blocks, SNOMED CT by its concepts."""
    assert TABLE.of([condition(code)]) == {found}


@pytest.mark.parametrize(
    "code", ["N20.1", "J20", "J06.9", "I10", "I83", "F32.1", "F41.1", "E11", "38341003", "J4", "폐"]
)
def test_other_codes_speak_against_nothing(code: str) -> None:
    """Hypertension, depression and a cold are no reason not to breathe."""
    assert TABLE.of([condition(code)]) == set()


def test_any_of_several_codes_counts() -> None:
    """One disease, coded twice."""
    assert TABLE.of([condition("X99", "J44.9")]) == {Condition.LUNG_DISEASE}


@pytest.mark.parametrize(("status", "holds"), [
    ("active", True), ("", True), ("remission", True), ("inactive", True),
    ("resolved", False), ("refuted", False), ("entered-in-error", False),
])  # fmt: skip
def test_what_is_past_or_was_never_so_does_not_count(status: str, *, holds: bool) -> None:
    """Where nothing is said of it, it does."""
    assert bool(TABLE.of([condition("J44.9", status=status)])) is holds


def test_only_conditions_count() -> None:
    """A medicine for the heart is no heart disease."""
    other = HospitalRecord(Kind.MEDICATION, "MedicationRequest", "m", "x", code="J44.9")
    assert TABLE.of([other]) == set()


@pytest.mark.parametrize(
    ("record", "stage"),
    [
        (condition("F03"), ""),
        (condition("F03.B0"), "moderate"),
        (condition("F03.C"), "severe"),
        (condition("G30.9", severity={"coding": [{"code": "6736007"}]}), "moderate"),
        (condition("26929004", stage=[{"summary": {"coding": [{"code": "24484000"}]}}]), "severe"),
        (condition("26929004", severity={"coding": [{"code": "255604002"}]}), "mild"),
        (condition("I50", severity={"coding": [{"code": "24484000"}]}), ""),
        (condition("F03.B0", status="refuted"), ""),
    ],
)
def test_the_stage_of_a_dementia_is_read(record: HospitalRecord, stage: str) -> None:
    """From its severity, its stage, or its code; of other diseases none is."""
    assert TABLE.dementia_stage([record]) == stage


def test_a_name_without_a_code_is_read_as_words() -> None:
    """Lasting diseases only."""
    names = TABLE.uncoded(
        [condition(text="만성 폐쇄성 폐질환"), condition(text="무릎 관절염"), condition("N20.1", text="심장")]
    )
    assert WORDS.in_words(names) == {Condition.LUNG_DISEASE}


@given(
    code=st.text(max_size=8), stage=st.recursive(st.none() | st.text(max_size=3), lambda one: st.lists(one, max_size=2))
)
def test_any_record_is_read(code: str, stage: object) -> None:
    """Whatever a hospital wrote into it."""
    record = condition(code, stage=stage, severity=stage)
    assert TABLE.dementia_stage([record]) == ""
    TABLE.of([record])
