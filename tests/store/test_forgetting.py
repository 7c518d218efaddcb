"""What the person wants forgotten is gone from every place; what they do not want remembered is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from companion.core.consent import Item
from companion.core.life import Activity, Memory, Outcome
from companion.core.person import Person
from companion.core.turn import Reply, ReplySource
from companion.errors import InputError, NotAllowed
from companion.store.record import Record
from companion.store.tables.outbox import ChangeRow
from tests.fakes.clock import START
from tests.records import agreeing, new_session, read_last, turn

SAYING = "우리 손주 이름이 민준이야"
NAME = Memory(
    kind="family", aspect="name", about="손주", value="민준", fact="손주 이름은 민준", at=START, sentence=SAYING
)
BREATHING = Activity(script="breathing_calm", outcome=Outcome.OFFERED, at=START, version="1")


def told(record: Record, person: Person) -> str:
    """Keep a conversation in which the name is told, and repeated; return the id of the fact."""
    session = record.conversations.start_session(new_session(person))
    reply = Reply("민준이가 보고 싶으시군요.", ReplySource.BANK, "grandchildren.0")
    turn_id = record.conversations.add_turn(session, 1, turn(SAYING, reply))
    record.conversations.mark_spoken(turn_id, reply.text)
    return record.memories.keep(person.id, replace(NAME, turn_id=turn_id))


def test_the_side_and_the_value_of_a_fact_are_given_back(record: Record, person: Person) -> None:
    """What is said aloud is made of them."""
    made = record.memories.keep(person.id, NAME)

    assert record.memories.all(person.id) == [replace(NAME, id=made)]


def test_a_forgotten_fact_takes_the_words_with_it_that_told_it(record: Record, person: Person) -> None:
    """What was heard, and what of the answer repeats it; that something was said still counts."""
    record.memories.forget(person.id, [told(record, person)])
    summary, turns = read_last(record)

    assert record.memories.all(person.id) == []
    assert [(one.heard, one.reply) for one in turns] == [("…", "…")]
    assert summary.turns == 1


def test_the_outbox_keeps_nothing_of_what_is_forgotten(record: Record, person: Person) -> None:
    """Only that rows went: neither the fact nor the turn waits to be sent to a centre."""
    made = told(record, person)
    record.memories.forget(person.id, [made])

    with record.database.reading() as session:
        left = session.scalars(select(ChangeRow.operation).where(ChangeRow.row_id == made)).all()
        inserted = session.scalar(
            select(func.count()).where(ChangeRow.table == "turns", ChangeRow.operation == "insert")
        )
    assert list(left) == ["delete"]
    assert inserted == 0


def test_what_a_fact_had_taken_the_place_of_goes_with_it(record: Record, person: Person) -> None:
    """Nothing older is uncovered."""
    made = record.memories.correct(
        person.id, told(record, person), replace(NAME, value="민수", fact="손주 이름은 민수")
    )
    record.memories.forget(person.id, [made])

    assert "memories" not in record.belongings.counts(person.id)


def test_nothing_goes_where_one_of_many_is_not_there(record: Record, person: Person) -> None:
    """All of it or none of it."""
    made = record.memories.keep(person.id, NAME)

    with pytest.raises(InputError):
        record.memories.forget(person.id, [made, "nothing"])
    assert len(record.memories.all(person.id)) == 1


def test_a_subject_is_left_out_and_taken_in_again(record: Record, person: Person) -> None:
    """One row for each kind; it goes with the person."""
    record.memory_choices.choose(person.id, "health", START, remembered=False)
    left_out = record.memory_choices.refused(person.id)
    record.memory_choices.choose(person.id, "health", START, remembered=True)

    assert left_out == {"health"}
    assert not record.memory_choices.refused(person.id)
    assert record.belongings.counts(person.id)["memory_choices"] == 1
    record.belongings.erase(person.id)
    assert record.belongings.counts(person.id) == {}


def test_what_became_of_an_activity_is_written_where_it_was_offered(record: Record) -> None:
    """Its mood only under the consent to health data."""
    talker, whole = agreeing(record), agreeing(record, Item.CONVERSATION, Item.HEALTH)
    done = replace(BREATHING, outcome=Outcome.DONE, mood_before=4, mood_after=6, plan="마당")
    for person in (talker, whole):
        made = record.activities.keep(person.id, BREATHING)
        record.activities.change(person.id, made, done)

    (bare,), (kept,) = record.activities.all(talker.id), record.activities.all(whole.id)
    assert replace(kept, id="") == done
    assert replace(bare, id="") == replace(done, mood_before=None, mood_after=None)


def test_the_activity_of_another_cannot_be_changed(record: Record, person: Person) -> None:
    """Nor one without consent."""
    made = record.activities.keep(person.id, BREATHING)
    other, stranger = agreeing(record), record.people.add(Person(id="", address="어르신"))

    with pytest.raises(InputError):
        record.activities.change(other.id, made, BREATHING)
    with pytest.raises(NotAllowed):
        record.activities.change(stranger.id, made, BREATHING)


def test_the_words_of_a_turn_go_with_what_was_read_from_them(record: Record, person: Person) -> None:
    """What was said before and after stays."""
    session = record.conversations.start_session(new_session(person))
    first, second = (record.conversations.add_turn(session, number, turn(SAYING)) for number in (1, 2))
    for turn_id in (first, second):
        record.memories.keep(person.id, replace(NAME, turn_id=turn_id))
    record.memories.forget_words(person.id, second)
    _, turns = read_last(record)

    assert [one.heard for one in turns] == [SAYING, "…"]
    assert [one.turn_id for one in record.memories.all(person.id)] == [first]


def test_the_words_of_another_cannot_be_removed(record: Record, person: Person) -> None:
    """Nor those of a turn that is not there."""
    session = record.conversations.start_session(new_session(person))
    said = record.conversations.add_turn(session, 1, turn(SAYING))

    for who, what in ((agreeing(record).id, said), (person.id, "nothing")):
        with pytest.raises(InputError):
            record.memories.forget_words(who, what)
