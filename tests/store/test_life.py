"""Memories, activities, reminders, readings and imports: kept under their consents, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from companion.core.body import Import, Reading
from companion.core.consent import Answer, Item
from companion.core.life import Activity, Memory, Outcome, Reminder
from companion.core.person import Person
from companion.errors import InputError, NotAllowed
from companion.store.record import Record
from tests.fakes.clock import START
from tests.records import agreeing, decision

KNEE = Memory(kind="health", fact="무릎이 아프다", at=START, about="무릎", sentence="무릎이 아파", confidence=0.8)
WALK = Activity(script="walk", outcome=Outcome.DONE, at=START, mood_before=4, mood_after=6, plan="마당 한 바퀴")
MEDICINE = Reminder(kind="medicine", words="혈압약 드실 시간이에요.", set_by="큰딸", at=START, schedule={"at": "08:00"})
FILE = Import(kind="vitals", source="heart.csv", digest="a" * 64, at=START, counts={"heart_rate": 3})
PULSES = [
    Reading(kind="heart_rate", value=70.0 + minute, unit="/min", at=START + timedelta(minutes=minute))
    for minute in range(3)
]


@pytest.fixture
def whole(record: Record) -> Person:
    """Give a person who agreed to conversations and health data."""
    return agreeing(record, Item.CONVERSATION, Item.HEALTH)


def test_a_memory_is_given_back_with_its_sentence(record: Record, whole: Person) -> None:
    """What, about whom, from which words, how sure."""
    made = record.memories.keep(whole.id, KNEE)

    assert record.memories.all(whole.id) == [replace(KNEE, id=made)]


def test_a_corrected_memory_is_not_mentioned_any_more(record: Record, whole: Person) -> None:
    """The new one stands in its place."""
    made = record.memories.keep(whole.id, KNEE)

    record.memories.correct(whole.id, made, replace(KNEE, fact="허리가 아프다"))

    assert [memory.fact for memory in record.memories.all(whole.id)] == ["허리가 아프다"]


def test_a_forgotten_memory_is_gone(record: Record, whole: Person) -> None:
    """Also from what the person is given to read."""
    made = record.memories.keep(whole.id, KNEE)

    record.memories.forget(whole.id, [made])

    assert "memories" not in record.belongings.counts(whole.id)


def test_a_memory_is_asked_after_once_it_was_noted(record: Record, whole: Person) -> None:
    """So that nobody is asked again and again."""
    made = record.memories.keep(whole.id, KNEE)

    record.memories.asked_after(whole.id, made, START)

    assert record.memories.all(whole.id)[0].asked_after_at == START


def test_the_memory_of_another_cannot_be_touched(record: Record, whole: Person) -> None:
    """An id alone opens nothing."""
    made = record.memories.keep(whole.id, KNEE)
    other = agreeing(record, address="영자님")

    with pytest.raises(InputError):
        record.memories.forget(other.id, [made])
    with pytest.raises(InputError):
        record.memories.asked_after(other.id, made, START)


def test_nothing_is_remembered_without_consent(record: Record) -> None:
    """Memories and activities go with conversations, readings with health."""
    person = record.people.add(Person(id="", address="어르신"))

    with pytest.raises(NotAllowed):
        record.memories.keep(person.id, KNEE)
    with pytest.raises(NotAllowed):
        record.activities.keep(person.id, WALK)
    with pytest.raises(NotAllowed):
        record.readings.bring_in(person.id, FILE, PULSES)
    assert set(record.belongings.counts(person.id)) == {"people"}


def test_a_withdrawal_hides_what_was_kept(record: Record, whole: Person) -> None:
    """At once, in every list."""
    record.memories.keep(whole.id, KNEE)
    record.activities.keep(whole.id, WALK)
    record.readings.bring_in(whole.id, FILE, PULSES)
    for item in (Item.CONVERSATION, Item.HEALTH):
        record.consents.decide(whole.id, decision(item, Answer.WITHDRAWN))

    assert record.memories.all(whole.id) == []
    assert record.activities.all(whole.id) == []
    assert record.readings.imports(whole.id) == []
    assert record.readings.between(whole.id, "heart_rate", START, START + timedelta(days=1)) == []


def test_an_activity_is_kept_with_its_mood_only_under_health_consent(record: Record, whole: Person) -> None:
    """A mood from 0 to 10 is health data."""
    talker = agreeing(record, address="영자님")
    record.activities.keep(whole.id, WALK)
    record.activities.keep(talker.id, WALK)

    (kept,), (bare,) = record.activities.all(whole.id), record.activities.all(talker.id)

    assert replace(kept, id="") == WALK
    assert (bare.outcome, bare.mood_before, bare.mood_after) == (Outcome.DONE, None, None)


def test_a_reminder_is_set_turned_off_and_noted_when_said(record: Record, whole: Person) -> None:
    """It holds what the family set, and when it was last said."""
    made = record.reminders.set(whole.id, MEDICINE)
    record.reminders.said(whole.id, made, START)
    record.reminders.change(whole.id, made, active=False)

    assert record.reminders.all(whole.id) == [replace(MEDICINE, id=made, active=False, last_said_at=START)]
    with pytest.raises(InputError):
        record.reminders.change(whole.id, "nothing", active=True)


def test_readings_come_in_once_and_in_order(record: Record, whole: Person) -> None:
    """The same file a second time changes nothing; the end of a span is not in it."""
    first = record.readings.bring_in(whole.id, FILE, reversed(PULSES))
    again = record.readings.bring_in(whole.id, FILE, PULSES)

    assert first is not None
    assert (first.added, first.known) == (len(PULSES), 0)
    assert again is None
    assert [replace(one, id="") for one in record.readings.imports(whole.id)] == [FILE]
    assert record.readings.between(whole.id, "heart_rate", START, START + timedelta(minutes=2)) == PULSES[:2]
    assert record.readings.between(whole.id, "glucose", START, START + timedelta(days=1)) == []


def test_readings_of_overlapping_files_are_kept_once(record: Record, whole: Person) -> None:
    """What another file brought is known again by kind, moment and value; another value at that moment is kept."""
    record.readings.bring_in(whole.id, FILE, PULSES)
    other = replace(PULSES[0], value=PULSES[0].value + 1)
    second = record.readings.bring_in(whole.id, replace(FILE, digest="f" * 64), [*PULSES, other, other])

    assert second is not None
    assert (second.added, second.known) == (1, len(PULSES) + 1)
    kept = record.readings.between(whole.id, "heart_rate", START, START + timedelta(days=1))
    assert len(kept) == len(PULSES) + 1


def test_an_import_that_breaks_off_leaves_nothing(record: Record, whole: Person) -> None:
    """Nothing is half brought in."""

    def breaking() -> object:
        yield from PULSES
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        record.readings.bring_in(whole.id, FILE, breaking())  # type: ignore[arg-type]

    assert record.readings.imports(whole.id) == []
    assert "readings" not in record.belongings.counts(whole.id)
