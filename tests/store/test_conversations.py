"""Conversations in a real record, on both engines."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from companion.core.access import OWNER
from companion.core.consent import Answer
from companion.core.person import Person
from companion.errors import InputError, StorageFull, StoreUnreadable
from companion.store.database import Database
from companion.store.record import Record
from companion.store.tables.safety import RiskEventRow
from companion.store.tables.talk import SessionRow, TurnRow
from companion.store.viewing import Viewer
from tests.fakes.clock import START
from tests.records import agreeing, decision, new_session, opened, read_last, record_in, turn


def rows(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_turn_is_given_back_as_it_was_kept(record: Record, person: Person) -> None:
    """Words, understanding, source and what was spoken come back, the time in UTC."""
    session_id = record.conversations.start_session(new_session(person))
    turn_id = record.conversations.add_turn(session_id, 1, turn())
    record.conversations.mark_spoken(turn_id, "오늘은")

    summary, (kept,) = read_last(record)

    assert (summary.id, summary.turns, summary.mode, summary.reply_driver) == (session_id, 1, "text", "bank")
    assert (kept.heard, kept.topic, kept.situation, kept.reply, kept.reply_source, kept.spoken) == (
        *("그냥 그래", "mood", "mood.so", "오늘은 어떠세요?", "bank"),
        "오늘은",
    )
    assert kept.at == START


def test_the_zone_of_the_person_stands_beside_the_time(record: Record, person: Person) -> None:
    """A time in UTC alone would not say whether it was night."""
    record.conversations.add_turn(record.conversations.start_session(new_session(person)), 1, turn())

    with record.database.reading() as session:
        assert session.scalar(select(TurnRow.zone)) == session.scalar(select(SessionRow.zone)) == "+0900"


def test_without_consent_nothing_of_a_conversation_is_kept(record: Record) -> None:
    """Somebody who agreed to nothing can talk, and leaves no session and no turn."""
    person = record.people.add(Person(id="", address="어르신"))
    session_id = record.conversations.start_session(new_session(person))
    turn_id = record.conversations.add_turn(session_id, 1, turn())
    record.conversations.mark_spoken(turn_id, "오늘은 어떠세요?")
    record.conversations.end_session(session_id, START, "person")

    assert (rows(record.database, SessionRow), rows(record.database, TurnRow)) == (0, 0)
    assert not record.conversations.is_kept(session_id)


@pytest.mark.parametrize(
    ("agreed", "basis", "words"), [(True, "consent", "죽고 싶어"), (False, "vital_interest", None)]
)
def test_danger_is_kept_whatever_was_agreed_to(record: Record, agreed: bool, basis: str, words: str | None) -> None:  # noqa: FBT001
    """The level is there with the basis on which it is kept; the words only where conversations may be kept."""
    person = agreeing(record) if agreed else record.people.add(Person(id="", address="어르신"))
    session_id = record.conversations.start_session(new_session(person))

    record.conversations.add_turn(session_id, 1, turn("죽고 싶어", risk_level="concern"))

    with record.database.reading() as session:
        event = session.scalars(select(RiskEventRow)).one()
        assert (event.level, event.kind, event.basis, event.words) == ("concern", "passive_wish", basis, words)
        assert (event.session_id, event.turn_number, event.person_id) == (session_id, 1, person.id)


def test_a_withdrawal_takes_effect_with_the_next_turn(record: Record, person: Person) -> None:
    """What is said after it is not kept, in the middle of a session."""
    session_id = record.conversations.start_session(new_session(person))
    record.conversations.add_turn(session_id, 1, turn("먼저"))
    record.consents.decide(person.id, decision(answer=Answer.WITHDRAWN))

    record.conversations.add_turn(session_id, 2, turn("나중"))

    assert rows(record.database, TurnRow) == 1


def test_a_consent_given_in_a_session_keeps_what_follows(record: Record) -> None:
    """The session is written with the first turn that may be kept."""
    person = record.people.add(Person(id="", address="어르신"))
    session_id = record.conversations.start_session(new_session(person))
    record.conversations.add_turn(session_id, 1, turn("아직"))
    record.consents.decide(person.id, decision())

    record.conversations.add_turn(session_id, 2, turn("이제"))

    assert [kept.heard for kept in read_last(record)[1]] == ["이제"]


def test_what_was_kept_cannot_be_read_after_a_withdrawal(record: Record, person: Person) -> None:
    """Until it is erased or agreed to again, nobody sees it."""
    record.conversations.add_turn(record.conversations.start_session(new_session(person)), 1, turn())
    record.consents.decide(person.id, decision(answer=Answer.WITHDRAWN))
    viewer = Viewer(record.database, record.audit, OWNER)

    with pytest.raises(InputError):
        viewer.session("last")
    assert viewer.sessions() == []


def test_a_turn_is_on_the_disk_before_adding_it_returns(tmp_path: Path) -> None:
    """Another opener of the same file sees the turn at once."""
    with record_in(tmp_path) as first, record_in(tmp_path) as second:
        person = agreeing(first)
        first.conversations.add_turn(first.conversations.start_session(new_session(person)), 1, turn("들어 봐"))

        assert [kept.heard for kept in read_last(second)[1]] == ["들어 봐"]


def test_a_killed_process_loses_no_turn_that_was_committed(tmp_path: Path) -> None:
    """Kill -9 right after a turn leaves the turn."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.records import agreeing, new_session, opened, turn\n"
        "record = opened(Path(sys.argv[1]))\n"
        "session_id = record.conversations.start_session(new_session(agreeing(record)))\n"
        "for number in range(5):\n"
        "    record.conversations.add_turn(session_id, number, turn(str(number)))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, cwd=Path(__file__).parents[2])

    assert done.returncode == -signal.SIGKILL
    with record_in(tmp_path) as record:
        assert [kept.heard for kept in read_last(record)[1]] == ["0", "1", "2", "3", "4"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_words_can_be_kept(record: Record, person: Person, words: str) -> None:
    """Control characters, NUL, emoji, old Hangul and broken surrogates never raise; what can be stored comes back."""
    session_id = record.conversations.start_session(new_session(person))
    record.conversations.add_turn(session_id, 1, turn(words))

    with record.database.reading() as session:
        kept = session.scalars(select(TurnRow.heard).where(TurnRow.session_id == session_id)).one()
    assert kept == "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in words)


def test_the_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """Nobody else on the machine can read the record, its log or its keys."""
    with record_in(tmp_path):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir() if path.is_file()}

    assert {name: mode for name, mode in modes.items() if mode & 0o077 and not name.endswith(".lock")} == {}


def test_sessions_are_listed_newest_first(record: Record, person: Person) -> None:
    """The list begins with the latest conversation."""
    ids = [record.conversations.start_session(new_session(person)) for _ in range(3)]

    listed = Viewer(record.database, record.audit, OWNER).sessions(limit=2)

    assert [session.id for session in listed] == sorted(ids, reverse=True)[:2]


def test_an_unknown_session_is_refused_by_its_id(record: Record) -> None:
    """Asking for a conversation that is not there names what was asked for."""
    with pytest.raises(InputError) as refused:
        Viewer(record.database, record.audit, OWNER).session("00000000")

    assert (refused.value.key, refused.value.fields) == ("store.no_such_session", {"id": "00000000"})


def test_a_disk_without_room_is_a_clear_error_and_loses_nothing(tmp_path: Path) -> None:
    """What was committed before the disk filled up is still there, and the turn that did not fit is refused."""
    with record_in(tmp_path) as record:
        session_id = record.conversations.start_session(new_session(agreeing(record)))
        record.conversations.add_turn(session_id, 1, turn("먼저"))
        with record.database.engine.connect() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        with pytest.raises(StorageFull):
            record.conversations.add_turn(session_id, 2, turn("길게 " * 100_000))

        assert [kept.heard for kept in read_last(record)[1]] == ["먼저"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    """A read-only place is named."""
    tmp_path.chmod(0o500)

    with pytest.raises(StorageFull):
        opened(tmp_path / "inside")


def test_a_place_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    """A folder that cannot be made is named, whoever runs it."""
    (tmp_path / "file").touch()

    with pytest.raises(StorageFull) as refused:
        opened(tmp_path / "file")

    assert refused.value.key == "store.cannot_write"


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    """An unreachable server is named without what might be a password."""
    with pytest.raises(StoreUnreadable) as refused:
        opened(tmp_path, server_url=f"postgresql+psycopg://someone:secret@/nothing?host={tmp_path}")

    assert refused.value.key == "store.server_lost"
    assert "secret" not in str(refused.value)


def test_the_last_three_sessions_say_what_is_not_to_be_said_again(record: Record, person: Person) -> None:
    """The replies of the last three sessions are given back, those of a fourth are not, and when the last one was."""
    for number in range(4):
        begun = replace(new_session(person), started_at=START + timedelta(days=number))
        session_id = record.conversations.start_session(begun)
        said = replace(turn(), at=begun.started_at, reply=replace(turn().reply, id=f"reply#{number}"))
        record.conversations.add_turn(session_id, 1, said)

    lately = record.conversations.lately(person.id)

    assert lately.said == {"reply#1", "reply#2", "reply#3"}
    assert lately.last_at == START + timedelta(days=3)
    assert record.conversations.lately("nobody").last_at is None
