"""What the overview reads beside its lines: silences, calls without an answer, dangers of the week; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from companion.core.access import OWNER
from companion.core.consent import Answer, Item
from companion.core.person import Person
from companion.errors import NotAllowed
from companion.store.board import SeenOnBoard, board_seen
from companion.store.person_view import memories_seen, mentions_seen, page_seen, row_seen
from companion.store.record import Record
from companion.store.tables.base import Base
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.life import MemoryRow
from companion.store.viewing import Viewer
from tests.fakes.clock import START
from tests.records import agreeing, decision, new_session, turn

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def viewer(record: Record) -> Viewer:
    return Viewer(record.database, record.audit, OWNER)


def board(record: Record) -> SeenOnBoard:
    (found,) = board_seen(viewer(record))
    return found


def keep(record: Record, *rows: Base) -> None:
    with record.database.writing() as session:
        session.add_all(rows)


def talk(record: Record, person: Person, at: datetime, *said: str) -> None:
    session_id = record.conversations.start_session(replace(new_session(person), started_at=at))
    for number, words in enumerate(said, 1):
        record.conversations.add_turn(session_id, number, replace(turn(words), at=at + HOUR / 60))
    record.conversations.end_session(session_id, at + HOUR / 6, "person" if said else "silence")


def call(person: Person, at: datetime, outcome: str, number: int = 1) -> OccasionRow:
    return OccasionRow(
        id=f"call-{at:%d%H}-{number}", person_id=person.id, key=f"settings:{at:%F}", number=number, kind="check_in",
        due_at=at, at=at, outcome=outcome,
    )  # fmt: skip


def test_days_without_a_talk_are_counted_from_when_something_was_said(record: Record, person: Person) -> None:
    """A call that nobody answered is a conversation, and yet no talk."""
    talk(record, person, START - 4 * DAY, "그냥 그래")
    talk(record, person, START - DAY)

    seen = board(record)

    assert (seen.days_without_talk, seen.unanswered_at) == (4, START - DAY)


def test_a_check_in_without_an_answer_stands_until_they_speak(record: Record, person: Person) -> None:
    """The last call counts, and whether somebody was told; a talk afterwards ends it."""
    keep(record, call(person, START - 2 * HOUR, "unanswered"), call(person, START - 2 * HOUR, "told", 2))
    unanswered = board(record)
    talk(record, person, START - HOUR, "나 왔어")

    assert (unanswered.unanswered_at, unanswered.told_somebody) == (START - 2 * HOUR, True)
    assert (board(record).unanswered_at, board(record).told_somebody) == (None, False)


def test_an_answered_check_in_is_none_without_an_answer(record: Record, person: Person) -> None:
    """Yesterday's silence is over when they answered today."""
    keep(record, call(person, START - DAY, "told"), call(person, START - HOUR, "answered"))

    assert board(record).unanswered_at is None


def test_a_device_is_silent_only_where_it_would_leave_traces(record: Record) -> None:
    """Without consent nothing is kept of talks: what 말벗 says on its own account still shows that it is there."""
    person = agreeing(record, Item.RESEARCH)
    nothing = board(record).seen_at
    keep(record, call(person, START - HOUR, "met"))

    assert (nothing, board(record).seen_at) == (None, START - HOUR)


def test_what_consent_does_not_cover_is_not_counted(record: Record, person: Person) -> None:
    """Requests are words out of conversations."""
    talk(record, person, START - DAY, "전화 좀 해 줘")
    keep(
        record,
        ErrandRow(id="errand", person_id=person.id, at=START, purpose="call", words="전화 좀 해 줘", status="open"),
    )
    before = board(record)
    record.consents.decide(person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))

    after = board(record)

    assert (before.open_errands, after.open_errands) == (1, 0)
    assert (after.last_heard_at, after.days_without_talk) == (None, None)


def test_one_person_is_read_as_the_overview_reads_everybody(record: Record, person: Person) -> None:
    """The page has the same row."""
    talk(record, person, START - DAY, "그냥 그래")
    row, page = row_seen(viewer(record), person.id), page_seen(viewer(record), person.id)

    assert (row, page.line) == (board(record), board(record).line)


def test_memories_and_mentions_go_with_the_consent(record: Record, person: Person) -> None:
    """Taken back, neither is read, and it is told why."""
    talk(record, person, START - DAY, "그냥 그래")
    keep(record, MemoryRow(id="memory", person_id=person.id, at=START, kind="family", fact="딸이 둘"))
    assert [one.fact for one in memories_seen(viewer(record), person.id)] == ["딸이 둘"]
    assert sum(mentions_seen(viewer(record), person.id, "mood", START - 2 * DAY).values()) == 1
    record.consents.decide(person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))

    with pytest.raises(NotAllowed):
        memories_seen(viewer(record), person.id)
    with pytest.raises(NotAllowed):
        mentions_seen(viewer(record), person.id, "mood", START - 2 * DAY)
