"""What hospitals export comes in whole or not at all, once, under whom it was confirmed to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from companion.core.consent import Answer, Item
from companion.core.hospital import BroughtRecords, HospitalPatient, Kind
from companion.core.person import Person
from companion.errors import InputError, NotAllowed
from companion.exchange.fhir.incoming.bringing import Tally
from companion.store.hospital_view import kept_records
from companion.store.record import Record
from companion.store.tables.body import ImportRow
from companion.wiring.hospital import as_confirmed, bring_in, chosen, contradicts, look_through
from tests.exchange.fhir.resources import (
    RRN,
    SSN,
    Json,
    bundle,
    condition,
    lines,
    observation,
    patient,
    quantity,
    written,
)
from tests.fakes.clock import FakeClock
from tests.records import agreeing, decision, record_in

COPD = condition("c1", "J44.9", "만성폐쇄성폐질환")
PULSE = observation("o1", "8867-4", valueQuantity=quantity(72, "/min"))
SCORE = observation("o2", "44261-6", valueString="12")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(tmp_path: Path, clock: FakeClock) -> Iterator[Record]:
    with record_in(tmp_path / "record", clock) as opened:
        yield opened


@pytest.fixture
def person(record: Record) -> Person:
    return agreeing(record, Item.HEALTH)


def brought(
    record: Record, person: Person, *paths: Path, wanted: str = "", only_try: bool = False
) -> tuple[BroughtRecords, Tally]:
    gathered = look_through(paths)
    confirmed, _ = as_confirmed(record, person, chosen(gathered, wanted))
    return bring_in(record, person, confirmed, gathered, only_try=only_try)


def texts(record: Record, person: Person) -> list[str]:
    return [one.text for one in record.hospital.records(person.id)]


def test_a_file_is_brought_in_once(record: Record, person: Person, tmp_path: Path) -> None:
    """Readings lie beside those of devices; the second time nothing is added."""
    file = written(tmp_path / "a.json", bundle(patient(), COPD, PULSE, SCORE))
    first, _ = brought(record, person, file)
    again, _ = brought(record, person, file)
    assert first == BroughtRecords(added=2, readings_added=1)
    assert again == BroughtRecords()
    assert {one.kind for one in record.hospital.records(person.id)} == {Kind.CONDITION, Kind.SCORE}


def test_the_same_in_another_file_is_known(record: Record, person: Person, tmp_path: Path) -> None:
    """Bulk lines of what a bundle brought add nothing."""
    brought(record, person, written(tmp_path / "a.json", bundle(patient(), COPD, PULSE)))
    again, _ = brought(record, person, lines(tmp_path / "b.ndjson", PULSE, COPD, patient()))
    assert again == BroughtRecords(known=1, readings_known=1)


def test_looking_changes_nothing_and_says_what_would(record: Record, person: Person, tmp_path: Path) -> None:
    """The trial is the import, undone."""
    file = written(tmp_path / "a.json", bundle(patient(), COPD, PULSE))
    tried, _ = brought(record, person, file, only_try=True)
    assert (texts(record, person), record.readings.imports(person.id)) == ([], [])
    assert not record.hospital.patients(person.id)
    assert brought(record, person, file)[0] == tried


def state(version: int, status: str) -> Json:
    return condition("c1", "J44.9", "만성폐쇄성폐질환", status=status) | {"meta": {"versionId": str(version)}}


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_the_newest_state_stands_in_whatever_order_it_comes(
    record: Record, person: Person, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """And every state that stood says which file brought it."""
    statuses = {1: "active", 2: "remission", 3: "resolved"}
    for number in order:
        file = written(tmp_path / f"{number}.json", bundle(patient(), state(number, statuses[number])))
        brought(record, person, file)
    (found,) = record.hospital.records(person.id)
    assert (found.version, found.status) == ("3", "resolved")
    with record.database.reading() as session:
        (kept,) = kept_records(session, person.id)
    assert kept.source == "3.json"
    assert kept.earlier == len([n for i, n in enumerate(order) if n == max(order[: i + 1])]) - 1


def test_states_in_one_file_are_no_conflict_but_two_things_under_one_id_are(
    record: Record, person: Person, tmp_path: Path
) -> None:
    """The first stands and the other is counted."""
    history = lines(tmp_path / "h.ndjson", patient(), state(2, "resolved"), state(1, "active"))
    assert brought(record, person, history)[0] == BroughtRecords(added=1, known=1)
    twice = [condition("c9", "I50.0", "심부전"), condition("c9", "F03", "치매")]
    told, _ = brought(record, person, written(tmp_path / "t.json", bundle(patient(), *twice)))
    assert told == BroughtRecords(added=1, conflicting=1)
    assert texts(record, person).count("심부전") == 1


def test_what_its_source_takes_back_is_not_there_any_more(record: Record, person: Person, tmp_path: Path) -> None:
    """Entered in error: it stays as history only, and alone it is never brought in."""
    brought(record, person, written(tmp_path / "a.json", bundle(patient(), COPD)))
    wrong = COPD | {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    told, _ = brought(record, person, written(tmp_path / "b.json", bundle(patient(), wrong)))
    assert (told, texts(record, person)) == (BroughtRecords(replaced=1), [])
    alone = condition("c2", "I50", "심부전", verificationStatus={"coding": [{"code": "entered-in-error"}]})
    assert brought(record, person, written(tmp_path / "c.json", bundle(alone, patient())))[0] == BroughtRecords(known=1)


def test_a_file_of_another_patient_is_refused(record: Record, person: Person, tmp_path: Path) -> None:
    """Once a patient of a hospital was confirmed, no other one of it is this person; nor is theirs somebody else's."""
    brought(record, person, written(tmp_path / "a.json", bundle(patient(), COPD)))
    other = written(tmp_path / "b.json", bundle(patient("lee"), condition("c2", "I50", "심부전", about="lee")))
    with pytest.raises(InputError) as raised:
        brought(record, person, other)
    assert raised.value.key == "records.wrong_patient"
    somebody = agreeing(record, Item.HEALTH, address="영수님")
    with pytest.raises(InputError) as raised:
        brought(record, somebody, written(tmp_path / "c.json", bundle(patient(), PULSE)))
    assert raised.value.key == "records.patient_of_another"
    assert texts(record, somebody) == []


def test_a_patient_of_another_hospital_may_be_the_same_person(record: Record, person: Person, tmp_path: Path) -> None:
    """After it was confirmed; the same id at two hospitals is two things."""
    brought(record, person, written(tmp_path / "a.json", bundle(patient(), COPD)))
    elsewhere = patient(system="http://clinic.example/patients")
    brought(record, person, written(tmp_path / "b.json", bundle(elsewhere, condition("c1", "I50", "심부전"))))
    assert sorted(texts(record, person)) == ["만성폐쇄성폐질환", "심부전"]
    assert {one.origin for one in record.hospital.patients(person.id)} == {
        "http://hospital.example/patients",
        "http://clinic.example/patients",
    }


def test_lines_without_the_patient_belong_to_whom_was_confirmed(record: Record, person: Person, tmp_path: Path) -> None:
    """A later export of observations alone needs no second question."""
    brought(record, person, written(tmp_path / "a.json", bundle(patient(), COPD)))
    gathered = look_through([lines(tmp_path / "b.ndjson", PULSE)])
    confirmed, known = as_confirmed(record, person, chosen(gathered, ""))
    assert (confirmed, known) == (HospitalPatient("kim", "http://hospital.example/patients"), True)


def test_of_several_patients_the_named_one_is_taken(record: Record, person: Person, tmp_path: Path) -> None:
    """Without a name nothing is, and what is others' is counted, not kept."""
    theirs = [patient("lee"), condition("x", "I50", "심부전", about="lee")]
    file = written(tmp_path / "a.json", bundle(patient(), COPD, *theirs))
    with pytest.raises(InputError) as raised:
        brought(record, person, file)
    assert raised.value.key == "records.several_patients"
    told, tally = brought(record, person, file, wanted="kim")
    assert (told.added, tally.others, texts(record, person)) == (1, 1, ["만성폐쇄성폐질환"])
    with pytest.raises(InputError) as raised:
        brought(record, person, file, wanted="nobody")
    assert raised.value.key == "records.no_such_patient"


def test_entries_are_found_by_their_uuid(record: Record, person: Person, tmp_path: Path) -> None:
    """Resources of a transaction refer to the entry, not to the id."""
    whole = bundle(patient(), condition("c1", "J44.9", "만성폐쇄성폐질환", about="ignored"), kind="transaction")
    whole["entry"][0]["fullUrl"] = "urn:uuid:0a1b"
    whole["entry"][1]["resource"]["subject"] = {"reference": "urn:uuid:0a1b"}
    assert brought(record, person, written(tmp_path / "a.json", whole))[0].added == 1


def test_a_broken_file_among_good_ones_brings_nothing_in(record: Record, person: Person, tmp_path: Path) -> None:
    """One transaction for all of them."""
    good = written(tmp_path / "a.json", bundle(patient(), COPD))
    (tmp_path / "b.json").write_text('{"resourceType": "Bundle", "entry": [', encoding="utf-8")
    with pytest.raises(InputError) as raised:
        brought(record, person, good, tmp_path / "b.json")
    assert raised.value.key == "records.unreadable.broken_json"
    assert texts(record, person) == []


def test_a_file_that_changes_after_it_was_looked_through_brings_nothing_in(
    record: Record, person: Person, tmp_path: Path
) -> None:
    """What was confirmed is what is brought in."""
    file = written(tmp_path / "a.json", bundle(patient(), COPD))
    gathered = look_through([file])
    written(file, bundle(patient(), COPD, PULSE))
    with pytest.raises(InputError) as raised:
        bring_in(record, person, HospitalPatient("kim"), gathered)
    assert raised.value.key == "records.unreadable.changed"
    assert (texts(record, person), record.readings.imports(person.id)) == ([], [])


def test_without_consent_nothing_is_brought_in_or_read(record: Record, person: Person, tmp_path: Path) -> None:
    """What was there is not read any more once consent is withdrawn."""
    file = written(tmp_path / "a.json", bundle(patient(), COPD))
    brought(record, person, file)
    record.consents.decide(person.id, decision(Item.HEALTH, Answer.WITHDRAWN))
    assert texts(record, person) == []
    with pytest.raises(NotAllowed):
        brought(record, person, written(tmp_path / "b.json", bundle(patient(), PULSE)))


def test_no_number_of_a_citizen_reaches_the_record(record: Record, person: Person, tmp_path: Path) -> None:
    """Not by the patient, not by what is about them."""
    noted = COPD | {"identifier": [{"value": SSN}], "note": [{"text": RRN}]}
    about = {"subject": {"reference": f"Patient/{RRN}"}}
    brought(record, person, written(tmp_path / "a.json", bundle(patient(RRN), noted | about)))
    rows = json.dumps([row for _, row in record.belongings.rows(person.id)], default=str, ensure_ascii=False)
    assert "만성폐쇄성폐질환" in rows
    assert SSN not in rows
    assert RRN not in rows


def test_what_is_about_nobody_is_refused(record: Record, person: Person, tmp_path: Path) -> None:
    """Blank forms are no answers, and a form that is no FHIR is called so."""
    blank = {"resourceType": "Questionnaire", "id": "q", "status": "active"}
    flawed = blank | {"extension": [{"valueDuration": {"value": "14"}}]}
    nobodys = {"resourceType": "Specimen"}
    for content, key in ((blank, "only_blank_forms"), (flawed, "flawed_form"), (nobodys, "about_nobody")):
        with pytest.raises(InputError) as raised:
            look_through([written(tmp_path / f"{key}.json", content)])
        assert raised.value.key == f"records.{key}"


def test_births_far_apart_contradict(person: Person, tmp_path: Path) -> None:
    """A birth that was registered late does not."""
    born = chosen(look_through([written(tmp_path / "a.json", patient())]), "")
    assert not contradicts(born, Person("p", "순자님", birth_year=1944))
    assert not contradicts(born, person)
    assert contradicts(born, Person("p", "순자님", birth_year=1953))


def test_every_import_keeps_where_it_came_from(record: Record, person: Person, tmp_path: Path) -> None:
    """Kind, name and digest of the file, the hospital, and who brought it in."""
    gathered = look_through([written(tmp_path / "a.json", bundle(patient(), COPD))])
    confirmed, _ = as_confirmed(record, person, chosen(gathered, ""))
    bring_in(record, person, confirmed, gathered, by="박간호사")
    with record.database.reading() as session:
        row = session.scalars(select(ImportRow)).one()
        (kept,) = kept_records(session, person.id)
    assert (row.kind, row.source, len(row.digest), row.by) == ("fhir", "a.json", 64, "박간호사")
    assert (kept.source, kept.by, kept.origin) == ("a.json", "박간호사", "http://hospital.example/patients")
