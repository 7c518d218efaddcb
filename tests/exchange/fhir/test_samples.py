"""Every collected sample is brought in with the counts that were looked up in it, or refused for its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from companion.core.consent import Item
from companion.core.hospital import Kind
from companion.core.person import Person
from companion.errors import InputError
from companion.store.record import Record
from companion.wiring.contraindications import contraindications
from companion.wiring.hospital import as_confirmed, bring_in, chosen, look_through
from tests.records import agreeing, record_in

SAMPLES = Path(__file__).parent / "samples"
BLANK, NOBODY = "only_blank_forms", "about_nobody"
REFUSED = {
    "cirg_Questionnaire-GDS.json": BLANK,
    "cirg_Questionnaire-PHQ9.json": BLANK,
    "uscore_Questionnaire-phq-9-example.json": BLANK,
    "lforms_argonaut-phq9-ish_R4.json": "flawed_form",
    "ImagingStudy-krcore-imagingstudy-example-01.json": NOBODY,
    "Medication-krcore-medication-example-01.json": NOBODY,
    "Organization-krcore-healthcare-organization-example-01.json": NOBODY,
    "PractitionerRole-krcore-medicaldoctorrole-example-01.json": NOBODY,
    "Specimen-krcore-specimen-example-01.json": NOBODY,
    "krcore-patient-example-02.fsh": "unreadable.not_json",
}
TAKEN: Mapping[str, Mapping[str, int]] = {
    "AllergyIntolerance-krcore-allergyintolerance-example-01.json": {"allergy": 1},
    "Condition-krcore-condition-encounter-diagnosis-example-01.json": {"condition": 1},
    "DiagnosticReport-krcore-diagnosticreport-function-test-example-01.json": {"report": 1},
    "DiagnosticReport-krcore-diagnosticreport-pathology-results-example-01.json": {"report": 1},
    "Observation-krcore-bodyheight-example-01.json": {"result": 1},
    "Observation-krcore-bodyweight-example-01.json": {"weight": 1},
    "Observation-krcore-observation-function-test-example-01.json": {"result": 1},
    "Observation-krcore-observation-laboratory-result-example-02.json": {"result": 1},
    "Observation-krcore-pulseoximetry-example-01.json": {"spo2": 1},
    "Patient-krcore-patient-example-02.json": {},
    "uscore_Observation-PHQ9-item-example-44260-8.json": {"answer": 1},
    "uscore_Observation-PHQ9-item-example-44261-6.json": {"score": 1},
    "uscore_Observation-PHQ9-panel-example-44249-1.json": {},
    "uscore_QuestionnaireResponse-phq-9-example.json": {"form": 1},
    "uscore_blood-pressure.json": {"systolic": 1, "diastolic": 1},
    "uscore_heart-rate.json": {"heart_rate": 1},
    "uscore_patient-example.json": {},
    "pysynthea_Ashlie_Klein.json.gz": {
        "encounter": 30, "condition": 65, "medication": 9, "score": 39, "result": 50, "report": 15,
        "systolic": 6, "diastolic": 6, "weight": 6, "heart_rate": 6, "spo2": 3, "glucose": 3,
    },
    "pysynthea_Guadalupe_Rodrigez.json.gz": {
        "encounter": 37, "condition": 84, "medication": 5, "score": 47, "result": 33, "allergy": 2, "report": 16,
        "systolic": 6, "diastolic": 6, "weight": 6, "heart_rate": 6, "spo2": 3,
    },
    "pysynthea_Rosalyn_Schumm.json.gz": {
        "encounter": 25, "condition": 69, "medication": 13, "score": 20, "result": 102, "allergy": 2, "report": 22,
        "systolic": 6, "diastolic": 6, "weight": 6, "heart_rate": 6, "spo2": 3, "glucose": 3,
    },
    "pysynthea_Yong_Wiegand.json.gz": {
        "encounter": 41, "condition": 79, "score": 53, "result": 65, "report": 18,
        "systolic": 6, "diastolic": 6, "weight": 6, "heart_rate": 6, "spo2": 3, "glucose": 3,
    },
    "synthea_smart_Adalberto_Hartmann.json.gz": {
        "encounter": 22, "condition": 13, "medication": 8, "result": 170, "procedure": 6,
        "immunization": 13, "report": 16,
        "weight": 10, "diastolic": 10, "systolic": 10, "glucose": 10,
    },
    "synthea_smart_Andy_Schaden.json.gz": {
        "encounter": 16, "condition": 8, "medication": 4, "result": 144, "immunization": 11,
        "report": 14, "procedure": 4,
        "weight": 10, "diastolic": 10, "systolic": 10, "glucose": 10,
    },
    "synthea_smart_Clarine_OKeefe.json.gz": {
        "encounter": 25, "condition": 14, "medication": 7, "result": 222, "procedure": 19,
        "immunization": 13, "report": 24,
        "weight": 11, "diastolic": 11, "systolic": 11, "glucose": 11,
    },
    "synthea_smart_Kirsten_Witting.json.gz": {
        "encounter": 19, "condition": 9, "medication": 9, "result": 152, "procedure": 6,
        "immunization": 12, "report": 14,
        "weight": 9, "diastolic": 9, "systolic": 9, "glucose": 9,
    },
}  # fmt: skip
TROUBLED = {"pysynthea_Ashlie_Klein.json.gz": 1, "pysynthea_Rosalyn_Schumm.json.gz": 1}
"""Scores of 19.0002 and 16.54."""
SPEAK_AGAINST = {
    "pysynthea_Guadalupe_Rodrigez.json.gz": {"dementia", "heart_disease"},
    "pysynthea_Yong_Wiegand.json.gz": {"heart_disease"},
    "synthea_smart_Adalberto_Hartmann.json.gz": {"dementia", "heart_disease"},
    "synthea_smart_Clarine_OKeefe.json.gz": {"heart_disease"},
    "synthea_smart_Kirsten_Witting.json.gz": {"lung_disease", "heart_disease"},
}
PATHS = {path.name: path for path in SAMPLES.rglob("*") if path.is_file() and path.name != "README.md"}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """One record for all samples: opening one takes longer than bringing a hospital's bundle in."""
    with record_in(tmp_path_factory.mktemp("samples") / "record") as opened:
        yield opened


@pytest.fixture
def person(record: Record) -> Iterator[Person]:
    """Somebody new for each sample, of whom nothing is left after it."""
    somebody = agreeing(record, Item.HEALTH)
    yield somebody
    record.belongings.erase(somebody.id)


def test_every_sample_is_spoken_for() -> None:
    """None is passed over."""
    assert set(PATHS) == set(TAKEN) | set(REFUSED)


@pytest.mark.parametrize(("name", "key"), REFUSED.items())
def test_what_holds_nothing_of_a_patient_is_refused(name: str, key: str) -> None:
    """With one sentence."""
    with pytest.raises(InputError) as raised:
        look_through([PATHS[name]])
    assert raised.value.key == f"records.{key}"


@pytest.mark.parametrize(("name", "counts"), TAKEN.items())
def test_a_sample_is_brought_in(name: str, counts: Mapping[str, int], record: Record, person: Person) -> None:
    """As it was counted, with what in it speaks against activities, and a second time nothing of it."""
    gathered = look_through([PATHS[name]])
    patient, _ = as_confirmed(record, person, chosen(gathered, ""))
    told, tally = bring_in(record, person, patient, gathered)
    assert dict(tally.kinds + tally.readings) == counts
    assert sum(tally.reasons.values()) == TROUBLED.get(name, 0)
    assert told.added == sum(tally.kinds.values())
    assert bring_in(record, person, patient, gathered)[0].added == 0
    assert contraindications().of(record.hospital.records(person.id)) == SPEAK_AGAINST.get(name, set())


@pytest.mark.parametrize(("name", "score"), [("44261-6", 12), ("44260-8", 0)])
def test_the_known_traps_of_us_core_are_read(name: str, score: int, record: Record, person: Person) -> None:
    """A total as text, and an item without its form; the form itself comes to the same 12."""
    files = [
        PATHS[f"uscore_Observation-PHQ9-item-example-{name}.json"],
        PATHS["uscore_QuestionnaireResponse-phq-9-example.json"],
        PATHS["uscore_Questionnaire-phq-9-example.json"],
    ]
    gathered = look_through(files)
    patient, _ = as_confirmed(record, person, chosen(gathered, ""))
    bring_in(record, person, patient, gathered)
    numbers = {one.kind: one.number for one in record.hospital.records(person.id)}
    assert numbers.pop(Kind.FORM) == 12
    assert list(numbers.values()) == [score]
