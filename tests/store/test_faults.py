"""Faults of disk, clock, keys and company, each really brought about where the machine that tests it allows it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from companion.core.body import Import, Reading
from companion.core.consent import Answer, Item
from companion.errors import KeyRefused, StorageFull, StoreBusy, StoreDamaged
from companion.store.backup import listed, make
from companion.store.opening import Place
from companion.store.record import Record
from companion.store.restore import restore
from tests.fakes.clock import START, FakeClock
from tests.store.records import (
    PERSON,
    begun,
    decision,
    heard_in,
    no_passphrase,
    opened,
    rows,
    secrets_of,
    session,
    talked,
    turn,
)

TOP = Path(__file__).parents[2]
LONG = "긴 이야기 " * 4000
"""About 60 kB."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB of its own, which only root may mount."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk; the limit of pages stands in for it elsewhere in this file")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """Fill a disk to the last byte but ``leave``; removing the file frees it again."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    if leave:
        os.truncate(filler, filler.stat().st_size - leave)
    return filler


def talk_until_refused(record: Record, session_id: str) -> int:
    """Add turns until one is refused; return the number of those that were kept."""
    for number in range(1, 1000):
        try:
            record.conversations.add_turn(session_id, number, turn(f"{number} {LONG}", risk="watch"))
        except StorageFull:
            return number - 1
    raise AssertionError("it never filled up")


def check_conversation(place: Place, session_id: str, kept: int) -> None:
    numbers = [number for (number,) in rows(place, "SELECT number FROM turns WHERE session_id = ?", session_id)]
    risks = rows(place, "SELECT count(*) FROM risk_events WHERE session_id = ?", session_id)
    assert sorted(numbers) == list(range(1, kept + 1))
    assert risks == [(kept,)]


def test_a_full_disk_refuses_a_turn_and_loses_none(small_disk: Path) -> None:
    """What was kept is there, nothing of the refused turn is, and with room again the same turn is taken."""
    place = begun(small_disk / "home")
    with closing(opened(place)) as record:
        session_id = record.conversations.start_session(session())
        record.conversations.add_turn(session_id, 1, turn("먼저"))
        filler = fill(small_disk, leave=300_000)
        kept = talk_until_refused(record, record.conversations.start_session(session()))
        assert kept >= 1
        with pytest.raises(StorageFull) as refused:
            record.conversations.add_turn(session_id, 2, turn(LONG * 4))
        filler.unlink()
        record.conversations.add_turn(session_id, 2, turn(LONG * 4))
        record.conversations.end_session(session_id, START, "person")

    assert refused.value.key == "store.cannot_write"
    check_conversation_of_both(place, session_id, kept)


def check_conversation_of_both(place: Place, session_id: str, kept: int) -> None:
    assert rows(place, "SELECT count(*) FROM turns WHERE session_id = ?", session_id) == [(2,)]
    assert rows(place, "SELECT count(*) FROM turns WHERE session_id <> ?", session_id) == [(kept,)]
    assert rows(place, "SELECT count(*) FROM risk_events") == [(kept,)]


def test_a_file_stops_before_the_disk_is_full(small_disk: Path) -> None:
    """Room is left for talks, and to take back what came."""
    place = begun(small_disk / "home")
    file = Import(kind="vitals", source="heart.csv", digest="a" * 64, at=START)
    with closing(opened(place)) as record, pytest.MonkeyPatch.context() as patch:
        record.consents.decide(PERSON.id, decision(Item.HEALTH))
        patch.setattr("companion.store.bringing._KEPT_FREE", 1_800_000)
        with pytest.raises(StorageFull, match="no_room"):
            record.readings.bring_in(PERSON.id, file, pulses(100_000))
        record.conversations.start_session(session())

    assert rows(place, "SELECT count(*) FROM readings") == [(0,)]
    assert rows(place, "SELECT count(*) FROM imports") == [(0,)]


def test_a_file_that_fills_the_disk_leaves_nothing_of_itself(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees a reading of it, a talk goes on once there is room, and the same file can be brought in then."""
    monkeypatch.setattr("companion.store.bringing._KEPT_FREE", 0)
    place = begun(small_disk / "home")
    file = Import(kind="vitals", source="heart.csv", digest="a" * 64, at=START)
    with closing(opened(place)) as record:
        record.consents.decide(PERSON.id, decision(Item.HEALTH))
        filler = fill(small_disk, leave=500_000)
        with pytest.raises(StorageFull):
            record.readings.bring_in(PERSON.id, file, pulses(100_000))
        seen = record.readings.between(PERSON.id, "heart_rate", START, START + timedelta(days=100))
        imports = record.readings.imports(PERSON.id)
        filler.unlink()
        brought = record.readings.bring_in(PERSON.id, file, pulses(500))
        record.conversations.start_session(session())

    assert (list(seen), list(imports)) == ([], [])
    assert brought is not None
    assert (brought.added, brought.known) == (500, 0)
    assert rows(place, "SELECT count(*) FROM readings") == [(500,)]


def pulses(count: int) -> Iterator[Reading]:
    for minute in range(count):
        yield Reading("heart_rate", 60.0 + minute % 40, "/min", START + timedelta(minutes=minute))


def test_a_record_opened_on_a_full_disk_says_so_and_opens_later(small_disk: Path) -> None:
    """Without a byte to write in, the record is refused by one clear error and is whole when there is room."""
    place = begun(small_disk / "home")
    with closing(opened(place)) as record:
        talked(record, "먼저")
    filler = fill(small_disk)

    with pytest.raises(StorageFull):
        opened(place)
    filler.unlink()
    with closing(opened(place)):
        pass

    assert heard_in(place) == ["먼저"]


def test_a_record_begun_on_a_full_disk_leaves_no_half_vault(small_disk: Path) -> None:
    """First use without room fails clearly, and begins anew when there is some."""
    filler = fill(small_disk)
    place = Place(small_disk / "home")

    with pytest.raises(StorageFull):
        opened(place)
    filler.unlink()

    with closing(opened(place)):
        pass


def test_a_backup_onto_a_full_disk_says_so_and_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    """No unfinished file is left, and the backups that are there stay."""
    place = begun(tmp_path / "home")
    with closing(opened(place)) as record:
        talked(record, LONG)
    folder = small_disk / "backups"
    make(place, secrets_of(place), folder, now=START)
    filler = fill(small_disk, leave=200_000)

    with pytest.raises(StorageFull) as refused:
        make(place, secrets_of(place), folder, now=START)
    filler.unlink()

    assert refused.value.key == "backup.cannot_write"
    assert sorted(path.name for path in folder.iterdir()) == [".malbeot-lock", "malbeot-20261123T010000Z.backup"]
    assert len(listed(folder)) == 1


def test_a_restoring_onto_a_full_disk_leaves_the_record(small_disk: Path, tmp_path: Path) -> None:
    """Without room for a second record nothing is moved."""
    place = begun(small_disk / "home")
    with closing(opened(place)) as record:
        talked(record, LONG)
    backup = make(place, secrets_of(place), tmp_path / "backups", now=START)
    filler = fill(small_disk, leave=200_000)

    with pytest.raises(StorageFull):
        restore(place, backup.path, now=START, ask=no_passphrase)
    filler.unlink()

    assert heard_in(place) == [LONG]
    assert list(place.folder.glob("*kept*")) == []


def test_a_file_that_may_not_grow_refuses_a_turn_and_loses_none(tmp_path: Path) -> None:
    """The same where no disk can be mounted: SQLite is told that the file has no page left."""
    place = begun(tmp_path)
    with closing(opened(place)) as record:
        session_id = record.conversations.start_session(session())
        with record.database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 100}")
        kept = talk_until_refused(record, session_id)

    assert kept >= 1
    check_conversation(place, session_id, kept)


@pytest.fixture
def read_only(small_disk: Path) -> Callable[[], object]:
    """Make the small disk read-only, as a failing card does."""
    return lambda: subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)


def test_a_read_only_disk_is_a_clear_error_and_the_record_stays(
    small_disk: Path, read_only: Callable[[], object], tmp_path: Path
) -> None:
    """Opening, backing up to it and restoring on it each say that it cannot be written; the record is as it was."""
    place = begun(small_disk / "home")
    with closing(opened(place)) as record:
        talked(record, "먼저")
    backup = make(place, secrets_of(place), tmp_path / "backups", now=START)
    secrets, before = secrets_of(place), place.file.read_bytes()
    read_only()

    for work in (
        lambda: opened(place),
        lambda: restore(place, backup.path, now=START, ask=no_passphrase),
        lambda: make(place, secrets, small_disk / "backups", now=START),
    ):
        with pytest.raises(StorageFull):
            work()

    assert place.file.read_bytes() == before


def test_a_record_that_turns_read_only_in_a_session_refuses_turns(tmp_path: Path) -> None:
    """In the middle of a session SQLite itself refuses to write (``query_only``): a clear error, and nothing lost.

    A disk with open files cannot be mounted read-only by hand, so the refusal is brought about one layer higher.
    """
    place = begun(tmp_path)
    with closing(opened(place)) as record:
        session_id = record.conversations.start_session(session())
        record.conversations.add_turn(session_id, 1, turn("먼저"))
        with record.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(StorageFull):
            record.conversations.add_turn(session_id, 2, turn())
        with record.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
        record.conversations.add_turn(session_id, 2, turn("다음"))

    assert heard_in(place) == ["먼저", "다음"]


def test_two_processes_that_write_at_once_both_keep_everything(tmp_path: Path) -> None:
    """Both finish, and no turn of either is lost."""
    place = begun(tmp_path)
    command = [sys.executable, "-m", "tests.store.writer", str(place.folder), "40"]

    writers = [subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [writer.communicate()[0].split() for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0]
    assert said == [[str(number) for number in range(1, 41)]] * 2
    counted = rows(place, "SELECT count(*), min(number), max(number) FROM turns GROUP BY session_id")
    assert counted == [(40, 1, 40)] * 2
    assert rows(place, "SELECT count(*) FROM risk_events") == [(80,)]


def test_a_writer_that_waits_too_long_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who keeps the record locked makes a turn fail clearly, and it may be handed in again."""
    monkeypatch.setattr("companion.store.cipher._BUSY_SECONDS", 0.05)
    place = begun(tmp_path)
    with closing(opened(place)) as record, closing(opened(place)) as other:
        session_id = record.conversations.start_session(session())
        with other.database.writing() as writing:
            writing.connection()
            with pytest.raises(StoreBusy):
                record.conversations.add_turn(session_id, 1, turn("다시 드릴 말"))
        record.conversations.add_turn(session_id, 1, turn("다시 드릴 말"))

    assert heard_in(place) == ["다시 드릴 말"]


def test_a_clock_set_back_between_turns_does_not_change_their_order(tmp_path: Path) -> None:
    """Turns stand in the order of their numbers, whatever their times say."""
    place = begun(tmp_path)
    with closing(opened(place)) as record:
        session_id = record.conversations.start_session(session())
        for number, hours in enumerate((0, -48, 2, -1), 1):
            record.conversations.add_turn(session_id, number, turn(f"{number}", START + timedelta(hours=hours)))

    found = rows(place, "SELECT heard FROM turns WHERE session_id = ? ORDER BY number", session_id)
    assert found == [("1",), ("2",), ("3",), ("4",)]


def test_a_clock_set_back_between_decisions_does_not_bring_a_consent_back(tmp_path: Path) -> None:
    """A withdrawal that bears an earlier time than the consent still comes after it, and no turn is kept."""
    place, clock = Place(tmp_path), FakeClock()
    with closing(opened(place, clock)) as record:
        record.people.add(PERSON)
        record.consents.decide(PERSON.id, decision(Item.CONVERSATION, at=START))
        clock.advance(-86400 * 30)
        record.consents.decide(PERSON.id, decision(Item.CONVERSATION, Answer.WITHDRAWN, at=clock.now()))

        assert record.consents.standing(PERSON.id, Item.CONVERSATION) is None
        talked(record, "남기지 마세요", at=clock.now())

    assert heard_in(place) == []
    assert rows(place, "SELECT number, answer FROM consents ORDER BY number") == [(1, "given"), (2, "withdrawn")]


@pytest.mark.parametrize("left", [0, 1, 100, 511, 5000])
def test_a_record_cut_short_is_damaged_and_not_begun_anew(tmp_path: Path, left: int) -> None:
    """A file that lost its end, or all of it, is never taken for a new record: it is refused and left as it is."""
    place = begun(tmp_path)
    os.truncate(place.file, left)

    with pytest.raises(StoreDamaged):
        opened(place)

    assert place.file.stat().st_size == left


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o620])
def test_a_key_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    """Whoever can read or change the key file can read the record: it is not used, and nothing is changed."""
    place = begun(tmp_path)
    (key,) = place.folder.glob("record.*.key")
    key.chmod(mode)
    before = place.file.read_bytes()

    with pytest.raises(KeyRefused) as refused:
        opened(place)

    assert refused.value.key == "vault.key_file_open"
    assert place.file.read_bytes() == before
    key.chmod(0o600)
    with closing(opened(place)):
        pass
