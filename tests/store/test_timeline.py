"""One line of time holds what the record holds, in order, bounded, and only as agreed to, on both engines."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from companion.core.access import OWNER
from companion.core.body import Import, Reading
from companion.core.consent import Answer, Item
from companion.core.hospital import HospitalPatient, HospitalRecord, Kind
from companion.core.life import Activity, Outcome
from companion.core.person import Person
from companion.core.record import NewAlert
from companion.core.timeline import Happening, Timeline
from companion.errors import InputError, NotAllowed
from companion.screening.record import Asker, Observation, Screening, Status
from companion.store.record import Record
from companion.store.screenings import Begun
from companion.store.timeline import LONGEST, timeline_seen
from companion.store.viewing import Viewer
from tests.fakes.clock import START
from tests.records import agreeing, decision, new_session, turn

DAY = timedelta(days=1)
WEEK = (START - 6 * DAY, START + DAY)
TALK = {Happening.TALK, Happening.MOOD, Happening.ACTIVITY}
HEALTH = {Happening.SCREENING, Happening.OBSERVATION, Happening.READING, Happening.HOSPITAL}
ALWAYS = {Happening.DANGER}


@pytest.fixture
def person(record: Record) -> Person:
    """Give a person with something of everything."""
    one = agreeing(record, Item.CONVERSATION, Item.HEALTH)
    session_id = record.conversations.start_session(new_session(one))
    for number, words in enumerate(("요새 통 잠이 안 와", "죽고 싶어"), 1):
        record.conversations.add_turn(session_id, number, turn(words, risk_level="concern" if "죽고" in words else ""))
    record.conversations.end_session(session_id, START, "person")
    record.activities.keep(one.id, Activity("walk", Outcome.DONE, START, session_id, mood_before=3, mood_after=5))
    screening = Screening("phq9", "1", "0" * 64, Status.REFUSED, Asker.PERSON)
    record.screenings.begin(one.id, screening, Begun("text"))
    record.screenings.observe(one.id, Observation("sleep", "phq9.3", "통 잠이 안 와", "rule"), START)
    readings = [Reading("systolic", 120 + hours, "mm[Hg]", START - timedelta(hours=hours)) for hours in (0, 1, 30)]
    record.readings.bring_in(one.id, Import("vitals", "file", "1" * 64, START), readings)
    visit = HospitalRecord(Kind.ENCOUNTER, "Encounter", "e", "외래 진료", occurred_at=START - DAY, digest="1")
    undated = HospitalRecord(Kind.CONDITION, "Condition", "c", "고혈압", digest="2")
    told = [(Import("fhir", "file", "2" * 64, START), [visit, undated])]
    record.hospital.bring_in(one.id, HospitalPatient("kim"), told)
    return one


def line(record: Record, person: Person, **asked: object) -> Timeline:
    viewer = Viewer(record.database, record.audit, OWNER)
    return timeline_seen(viewer, person.id, *WEEK, **asked)  # type: ignore[arg-type]


def kinds(found: Timeline) -> set[Happening]:
    return {one.happening for one in found.entries}


def test_everything_that_happened_is_on_one_line_newest_first(record: Record, person: Person) -> None:
    """With figures, and no words of the person."""
    found = line(record, person)
    assert kinds(found) == TALK | HEALTH | ALWAYS
    assert [one.at for one in found.entries] == sorted((one.at for one in found.entries), reverse=True)
    by_kind = {one.happening: one for one in reversed(found.entries)}
    assert by_kind[Happening.TALK].figures["turns"] == 2
    assert by_kind[Happening.ACTIVITY].figures == {"mood_before": 3, "mood_after": 5}
    assert (by_kind[Happening.DANGER].level, by_kind[Happening.DANGER].name) == ("concern", "passive_wish")
    assert "잠이" not in repr(found)
    assert found.is_whole


def test_readings_are_summed_by_days_of_the_person(record: Record, person: Person) -> None:
    """Three readings on two days are two entries with least, mean and most."""
    days = [one for one in line(record, person).entries if one.happening is Happening.READING]
    assert [one.reference for one in days] == ["2026-11-23", "2026-11-22"]
    assert days[0].figures == {"count": 2, "least": 120.0, "mean": 120.5, "most": 121.0, "unit": "mm[Hg]"}


def test_without_consent_only_danger_is_left(record: Record, person: Person) -> None:
    """And the line says what is closed."""
    record.consents.decide(person.id, decision(Item.HEALTH, Answer.WITHDRAWN))
    without_health = line(record, person)
    assert kinds(without_health) == TALK | ALWAYS
    assert all("mood_before" not in one.figures for one in without_health.entries)
    record.consents.decide(person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))
    found = line(record, person)
    assert kinds(found) == ALWAYS
    assert (found.allowed.conversation, found.allowed.health) == (False, False)


def test_a_line_is_bounded_and_says_that_it_goes_on(record: Record, person: Person) -> None:
    """The newest are kept; kinds that are not wanted are not read."""
    whole = line(record, person)
    short = line(record, person, limit=3)
    assert short.entries == whole.entries[:3]
    assert not short.is_whole
    assert kinds(line(record, person, happenings={Happening.DANGER})) == {Happening.DANGER}


def test_windows_that_meet_hold_everything_once(record: Record, person: Person) -> None:
    """A window holds its beginning and not its end."""
    viewer = Viewer(record.database, record.audit, OWNER)
    whole = line(record, person)
    parts = [timeline_seen(viewer, person.id, WEEK[0], START), timeline_seen(viewer, person.id, START, WEEK[1])]
    single = {Happening.READING, Happening.MOOD}
    found = Counter(one.reference for part in parts for one in part.entries if one.happening not in single)
    assert found == Counter(one.reference for one in whole.entries if one.happening not in single)


def test_a_look_is_audited_and_nobody_else_takes_one(record: Record, person: Person) -> None:
    """A window that is empty or endless is refused."""
    line(record, person)
    viewer = Viewer(record.database, record.audit, OWNER)
    entry = next(one for one in viewer.audit_entries() if one.action == "timeline_read")
    assert (entry.person_id, entry.details["people"]) == (person.id, [person.id])
    for window in ((START, START), (START - LONGEST - DAY, START)):
        with pytest.raises(InputError):
            timeline_seen(viewer, person.id, *window)
    with pytest.raises(NotAllowed):
        timeline_seen(viewer, "somebody else", *WEEK)


def test_alerts_stand_with_their_state(record: Record, person: Person) -> None:
    """An alert is there without any consent."""
    session_id = record.conversations.start_session(new_session(person))
    alarmed = turn("죽고 싶어", risk_level="urgent")
    order = NewAlert("urgent", "passive_wish", 0, (), told_person=False)
    record.conversations.add_turn(session_id, 1, replace(alarmed, alerts=(order,)))
    record.consents.decide(person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))
    alert = next(one for one in line(record, person).entries if one.happening is Happening.ALERT)
    assert (alert.level, alert.figures) == ("urgent", {"status": "open"})
