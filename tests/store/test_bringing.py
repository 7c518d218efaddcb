"""Readings come in part by part, are seen whole or not at all, and leave room for a talk in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from companion.core.body import Import, Reading
from companion.core.consent import Answer, Item
from companion.core.person import Person
from companion.errors import NotAllowed, StoreBusy
from companion.store.body_view import kinds, quarters
from companion.store.record import Record
from companion.store.tables.body import ReadingRow
from companion.store.tables.outbox import ChangeRow
from tests.fakes.clock import START
from tests.records import agreeing, decision, new_session, turn

FILE = Import(kind="vitals", source="heart.csv", digest="a" * 64, at=START, counts={"heart_rate": 50})
STREAM = Import(kind="vitals", source="혈당계", digest="b" * 64, at=START, format="Bluetooth")
COUNT = 50
"""Three parts."""
SUGAR = Reading("glucose", 110.0, "mg/dL", START)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.store.bringing._PART", 20)


@pytest.fixture
def whole(record: Record) -> Person:
    return agreeing(record, Item.CONVERSATION, Item.HEALTH)


def pulses(count: int = COUNT) -> Iterator[Reading]:
    for minute in range(count):
        yield Reading("heart_rate", 60.0 + minute % 40, "/min", START + timedelta(minutes=minute))


def rows(record: Record) -> int:
    with record.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ReadingRow)) or 0


def seen(record: Record, person: Person) -> int:
    with record.database.reading() as session:
        assert bool(kinds(session, person.id)) == bool(quarters(session, person.id, "heart_rate", START))
    return len(record.readings.between(person.id, "heart_rate", START, START + timedelta(days=30)))


def test_what_is_still_coming_is_seen_by_nobody_and_keeps_nobody_waiting(record: Record, whole: Person) -> None:
    """In the middle of a file no reading shows, and a turn is written at once by another connection."""
    during: list[int] = []

    def watched() -> Iterator[Reading]:
        for number, one in enumerate(pulses()):
            if number == COUNT - 1:
                during.extend((rows(record), seen(record, whole), len(record.readings.imports(whole.id))))
                session_id = record.conversations.start_session(new_session(whole))
                record.conversations.add_turn(session_id, 1, turn())
            yield one

    brought = record.readings.bring_in(whole.id, FILE, watched())

    assert during == [40, 0, 0]
    assert brought is not None
    assert (brought.added, seen(record, whole), len(record.readings.imports(whole.id))) == (COUNT, COUNT, 1)


def test_a_file_that_breaks_off_behind_many_parts_leaves_nothing(record: Record, whole: Person) -> None:
    """Not a row, and in the outbox only that it was begun and is gone again."""

    def breaking() -> Iterator[Reading]:
        yield from pulses(45)
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        record.readings.bring_in(whole.id, FILE, breaking())

    assert (rows(record), record.readings.imports(whole.id)) == (0, [])
    with record.database.reading() as session:
        left = session.scalars(select(ChangeRow.operation).where(ChangeRow.table.in_(("readings", "imports")))).all()
    assert "batch" not in left
    assert "unbatch" in left


def _died(record: Record, person: Person, digest: str) -> None:
    """Leave what a process leaves that is killed between two parts."""

    class _KilledError(BaseException):
        pass

    def killed() -> Iterator[Reading]:
        yield from pulses(45)
        raise _KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("companion.store.bringing._take_back", lambda *_: None)
        with pytest.raises(_KilledError):
            record.readings.bring_in(person.id, replace(FILE, digest=digest), killed())


def test_what_a_killed_process_left_is_not_seen_and_is_swept(record: Record, whole: Person) -> None:
    """The same file comes in whole at the next try, and its rows are there once."""
    _died(record, whole, FILE.digest)
    left = rows(record), seen(record, whole)

    brought = record.readings.bring_in(whole.id, FILE, pulses())

    assert left == (40, 0)
    assert brought is not None
    assert (brought.added, rows(record), seen(record, whole)) == (COUNT, COUNT, COUNT)


def test_another_file_does_not_take_what_is_half_there_for_known(record: Record, whole: Person) -> None:
    """What will be taken back hides nothing of what comes in beside it; a young one is left to its process."""
    _died(record, whole, "c" * 64)

    brought = record.readings.bring_in(whole.id, FILE, pulses(10))

    assert brought is not None
    assert (brought.added, brought.known, seen(record, whole)) == (10, 0, 10)
    assert record.readings.sweep(whole.id) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("companion.store.bringing._ABANDONED", timedelta(seconds=-1))
        assert record.readings.sweep(whole.id) == 1
    assert (rows(record), seen(record, whole)) == (10, 10)


def test_clearing_away_ends_where_it_is_told_to_and_goes_on_the_next_time(
    record: Record, whole: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for millions of rows at the end of a day, and none of them is ever seen."""
    _died(record, whole, FILE.digest)
    monkeypatch.setattr("companion.store.bringing._ABANDONED", timedelta(seconds=-1))
    answers = iter([True, False])
    record.readings.sweep(whole.id, goes_on=lambda: next(answers))
    left = rows(record), seen(record, whole)
    record.readings.sweep(whole.id)

    assert (left, rows(record), record.readings.imports(whole.id)) == ((20, 0), 0, [])


def test_whoever_is_taken_over_stops(record: Record, whole: Person) -> None:
    """Two windows bring the same file in: one of them says so, and the file is there once."""
    inner: list[int] = []

    def interrupted() -> Iterator[Reading]:
        for number, one in enumerate(pulses()):
            if number == COUNT - 1:
                other = record.readings.bring_in(whole.id, FILE, pulses())
                inner.append(0 if other is None else other.added)
            yield one

    with pytest.raises(StoreBusy):
        record.readings.bring_in(whole.id, FILE, interrupted())

    assert (inner, rows(record), seen(record, whole)) == ([COUNT], COUNT, COUNT)


def test_a_consent_taken_back_in_the_middle_ends_it(record: Record, whole: Person) -> None:
    """Nothing stays of what had come."""

    def withdrawn() -> Iterator[Reading]:
        for number, one in enumerate(pulses()):
            if number == COUNT - 1:
                record.consents.decide(whole.id, decision(Item.HEALTH, Answer.WITHDRAWN))
            yield one

    with pytest.raises(NotAllowed):
        record.readings.bring_in(whole.id, FILE, withdrawn())

    assert rows(record) == 0


def test_a_stream_adds_to_one_import(record: Record, whole: Person) -> None:
    """What comes again is known, and a day of a device is one entry."""
    first = record.readings.add(whole.id, STREAM, [SUGAR])
    again = record.readings.add(whole.id, STREAM, [SUGAR, replace(SUGAR, at=START + timedelta(minutes=5))])

    assert (first, again, len(record.readings.imports(whole.id))) == (1, 1, 1)


@pytest.mark.parametrize("stream_first", [True, False])
def test_a_meter_is_not_counted_twice_by_its_own_table(record: Record, whole: Person, *, stream_first: bool) -> None:
    """Over the air a record has seconds, in the app's table it has none; another value in that minute is another."""
    aired = replace(SUGAR, at=START + timedelta(seconds=41))
    tabled = replace(SUGAR, at=START.replace(second=0))
    other = replace(tabled, value=111.0)
    if stream_first:
        record.readings.add(whole.id, STREAM, [aired])
        record.readings.bring_in(whole.id, FILE, [tabled, other])
    else:
        record.readings.bring_in(whole.id, FILE, [tabled, other])
        record.readings.add(whole.id, STREAM, [aired])

    kept = record.readings.between(whole.id, "glucose", START - timedelta(days=1), START + timedelta(days=1))
    assert sorted(one.value for one in kept) == [110.0, 111.0]
