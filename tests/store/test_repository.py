"""The record on a real SQLite file."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.heard import Heard, Hearing
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.errors import InputError, StorageFull, StoreUnreadable
from companion.store.repository import Repository
from companion.store.tables import SCHEMA_VERSION
from tests.fakes.clock import START

NEW = NewSession(person_id="person", started_at=START, mode="text", profile="embedded", reply_driver="bank")
REPLY = Reply(text="오늘은 어떠세요?", source=ReplySource.BANK, id="other.neutral.0")


def turn(words: str = "그냥 그래", reply: Reply = REPLY) -> NewTurn:
    understood = Understanding(act=Act.TELL, topic="mood", feeling=Feeling.NEUTRAL, confidence=0.5, situation="mood.so")
    heard = Heard(text=words, confidence=0.9, hearing=Hearing.CLEAR, seconds=1.0)
    return NewTurn(at=START, kind=TurnKind.EXCHANGE, reply=reply, heard=heard, understanding=understood)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.sqlite3"


@pytest.fixture
def repository(path: Path) -> Repository:
    return Repository(path, device_id="device")


def test_a_turn_is_given_back_as_it_was_kept(repository: Repository) -> None:
    """Words, understanding, source and what was spoken come back."""
    session_id = repository.start_session(NEW)
    turn_id = repository.add_turn(session_id, 1, turn())
    repository.mark_spoken(turn_id, "오늘은")

    summary, (kept,) = repository.session("last")

    assert (summary.id, summary.turns, summary.mode, summary.reply_driver) == (session_id, 1, "text", "bank")
    assert (kept.heard, kept.topic, kept.situation, kept.reply, kept.reply_source) == (
        "그냥 그래",
        "mood",
        "mood.so",
        "오늘은 어떠세요?",
        "bank",
    )
    assert kept.spoken == "오늘은"
    assert kept.at == START.astimezone(UTC)


def test_a_turn_is_on_the_disk_before_adding_it_returns(repository: Repository, path: Path) -> None:
    """Another process that reads the file sees the turn at once."""
    session_id = repository.start_session(NEW)
    repository.add_turn(session_id, 1, turn("들어 봐"))

    with sqlite3.connect(path) as other:
        assert other.execute("select heard from turns").fetchall() == [("들어 봐",)]


def test_a_killed_process_loses_no_turn_that_was_committed(path: Path) -> None:
    """Kill -9 right after a turn leaves the turn."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from companion.store.repository import Repository\n"
        "from tests.store.test_repository import NEW, turn\n"
        "repository = Repository(Path(sys.argv[1]), device_id='device')\n"
        "session_id = repository.start_session(NEW)\n"
        "for number in range(5):\n"
        "    repository.add_turn(session_id, number, turn(str(number)))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False, cwd=Path(__file__).parents[2])

    assert done.returncode == -signal.SIGKILL
    _, turns = Repository(path, device_id="device").session("last")
    assert [kept.heard for kept in turns] == ["0", "1", "2", "3", "4"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_words_can_be_kept(repository: Repository, words: str) -> None:
    """Control characters, NUL, emoji, old Hangul and broken surrogates never raise, and text comes back whole."""
    session_id = repository.start_session(NEW)
    repository.add_turn(session_id, 1, turn(words))

    _, (kept,) = repository.session(session_id)

    assert kept.heard == words.encode("utf-8", "replace").decode("utf-8")


def test_the_file_is_readable_by_its_owner_only(repository: Repository, path: Path) -> None:
    """Nobody else on the machine can read the record."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sessions_are_listed_newest_first(repository: Repository) -> None:
    """The list begins with the latest conversation."""
    ids = [repository.start_session(NEW) for _ in range(3)]

    assert [session.id for session in repository.sessions(limit=2)] == sorted(ids, reverse=True)[:2]


def test_an_unknown_session_is_refused_by_its_id(repository: Repository) -> None:
    """Asking for a conversation that is not there names what was asked for."""
    with pytest.raises(InputError) as refused:
        repository.session("00000000")

    assert (refused.value.key, refused.value.fields) == ("store.no_such_session", {"id": "00000000"})


def test_a_file_that_is_no_database_is_left_untouched(path: Path) -> None:
    """A damaged record is refused and kept as it is."""
    path.write_bytes(b"not a database, but somebody's only copy" * 100)

    with pytest.raises(StoreUnreadable):
        Repository(path, device_id="device")

    assert path.read_bytes() == b"not a database, but somebody's only copy" * 100


def test_a_record_of_a_newer_version_is_refused(path: Path) -> None:
    """An old program does not write into a record that it does not understand."""
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")

    with pytest.raises(StoreUnreadable) as refused:
        Repository(path, device_id="device")

    assert refused.value.key == "store.newer_version"


def test_a_disk_without_room_is_a_clear_error_and_loses_nothing(path: Path) -> None:
    """What was committed before the disk filled up is still there, and the turn that did not fit is refused."""
    repository = Repository(path, device_id="device")
    session_id = repository.start_session(NEW)
    repository.add_turn(session_id, 1, turn("먼저"))
    repository.close()
    pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
    full = Repository(path, device_id="device")
    with full._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StorageFull):
        full.add_turn(session_id, 2, turn("길게 " * 100_000))

    _, (kept,) = full.session(session_id)
    assert kept.heard == "먼저"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    """A read-only place is named."""
    tmp_path.chmod(0o500)

    with pytest.raises(StorageFull):
        Repository(tmp_path / "inside" / "record.sqlite3", device_id="device")


def test_a_place_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    """A folder that cannot be made is named, whoever runs it."""
    (tmp_path / "file").touch()

    with pytest.raises(StorageFull) as refused:
        Repository(tmp_path / "file" / "record.sqlite3", device_id="device")

    assert refused.value.key == "store.cannot_write"
