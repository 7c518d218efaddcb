"""The audit: nothing in it can be changed, removed, put in, reordered or cut off unseen."""

# ruff: noqa: S608 - tampering is done by hand

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.access import OWNER, Action, Identity
from companion.errors import StorageFull, StoreUnreadable
from companion.store import cipher
from companion.store.audit import Audit
from companion.store.database import Database, Stamp, encrypted
from companion.store.verification import Fault, Verified, verify
from tests.fakes.clock import START, FakeClock

KEY = bytes(range(32))
AUDIT_KEY = bytes(range(1, 33))
DEVICE = "device-1"
ENTRIES = 6
TOP = Path(__file__).resolve().parents[2]
UNGUARDED = ("DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete")
COLUMNS = (
    *("id", "device_id", "centre_id", "at", "zone", "chain", "number"),
    *("account_id", "action", "person_id", "details", "digest"),
)


@contextmanager
def opened(folder: Path, clock: FakeClock | None = None, device: str = DEVICE) -> Iterator[tuple[Database, Audit]]:
    """Open the record of a folder with its audit."""
    engine = encrypted(folder / "record.sqlite3", KEY)
    database = Database(engine, place=folder, stamp=Stamp(device, "centre-1"), now=(clock or FakeClock()).now)
    try:
        yield database, Audit(database, AUDIT_KEY, folder)
    finally:
        database.close()


def look(folder: Path, device: str = DEVICE) -> Verified:
    """Verify the audit of a folder."""
    with opened(folder, device=device) as (database, audit):
        return verify(database, AUDIT_KEY, audit.anchors)


def faults(folder: Path) -> set[Fault]:
    return {finding.fault for finding in look(folder).findings}


def write(folder: Path, count: int = 1, device: str = DEVICE) -> None:
    """Append entries, each in a transaction of its own."""
    clock = FakeClock()
    with opened(folder, clock, device) as (database, audit):
        for number in range(count):
            with database.writing() as session:
                audit.append(session, OWNER, Action.SESSION_READ, person_id="p-1", details={"count": number, "s": "a"})
            clock.advance(1)


def raw(folder: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Change the file behind the audit's back, its triggers dropped."""
    with closing(cipher.connect(folder / "record.sqlite3", KEY)) as connection:
        for statement in (*UNGUARDED, *statements):
            sql, values = (statement, ()) if isinstance(statement, str) else statement
            connection.execute(sql, values)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of some entries; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("audit")
    write(folder, ENTRIES)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return copy_of(written, tmp_path / "copy")


def copy_of(written: Path, folder: Path) -> Path:
    shutil.copytree(written, folder)
    return folder


def test_an_untouched_audit_verifies(folder: Path) -> None:
    """Nothing is found where nothing was done, and every entry was looked at."""
    seen = look(folder)

    assert (seen.entries, seen.chains, seen.findings) == (ENTRIES, 1, ())


def test_an_empty_audit_verifies(tmp_path: Path) -> None:
    """A new record has no entries and nothing wrong."""
    assert look(tmp_path).findings == ()


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(folder: Path, statement: str) -> None:
    """Whoever writes by the program's own connection cannot change the audit by mistake."""
    with (
        opened(folder) as (database, _),
        pytest.raises(StoreUnreadable),
        database.writing() as session,
    ):
        session.connection().exec_driver_sql(statement)

    assert look(folder).findings == ()


ANY_VALUE = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
    st.integers(-(2**40), 2**40),
    st.binary(max_size=12),
    st.floats(allow_nan=False),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(st.integers(1, ENTRIES), st.sampled_from(COLUMNS), ANY_VALUE)
def test_any_change_of_any_field_is_found(
    written: Path, tmp_path: Path, number: int, column: str, value: object
) -> None:
    """Whatever single field of whatever entry becomes another value, verification says so."""
    folder = copy_of(written, tmp_path / secrets.token_hex(8))
    path = folder / "record.sqlite3"
    with closing(cipher.connect(path, KEY)) as connection:
        for statement in UNGUARDED:
            connection.execute(statement)
        where = f"FROM audit WHERE number = {number}"
        before = connection.execute(f'SELECT "{column}", typeof("{column}") {where}').fetchone()
        connection.execute(f'UPDATE audit SET "{column}" = ? WHERE number = ?', (value, number))
        after = connection.execute(
            f'SELECT "{column}", typeof("{column}") FROM audit WHERE id IS NOT NULL AND rowid = ?', (number,)
        ).fetchone()

    found = look(folder).findings

    shutil.rmtree(folder)
    assert bool(found) == (before != after)


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
@pytest.mark.parametrize(
    ("column", "rewritten"),
    [
        ("details", lambda text: text.replace(": ", ":  ")),
        ("details", lambda text: '{"count": 99, ' + text[1:]),
        ("at", lambda text: text + "0"),
        ("person_id", lambda text: text.encode()),
    ],
)
def test_what_would_be_read_alike_is_found_too(
    folder: Path, number: int, column: str, rewritten: Callable[[str], object]
) -> None:
    """What is digested is what is stored: other blanks, a key twice, a longer fraction, bytes for text."""
    with closing(cipher.connect(folder / "record.sqlite3", KEY)) as connection:
        (text,) = connection.execute(f"SELECT {column} FROM audit WHERE number = ?", (number,)).fetchone()
    raw(folder, (f"UPDATE audit SET {column} = ? WHERE number = ?", (rewritten(text), number)))

    assert look(folder).findings != ()


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_a_removed_entry_is_found(folder: Path, number: int) -> None:
    """Nothing goes from the beginning, the middle or the end."""
    raw(folder, f"DELETE FROM audit WHERE number = {number}")

    assert faults(folder) & {Fault.MISSING, Fault.CUT_OFF}


@pytest.mark.parametrize("number", range(1, ENTRIES))
def test_a_removed_entry_is_found_when_the_others_close_the_gap(folder: Path, number: int) -> None:
    """Renumbering what follows hides nothing."""
    raw(
        folder,
        f"DELETE FROM audit WHERE number = {number}",
        f"UPDATE audit SET number = -number WHERE number > {number}",
        "UPDATE audit SET number = -number - 1 WHERE number < 0",
    )

    assert Fault.CHANGED in faults(folder)


def test_an_entry_put_in_is_found(folder: Path) -> None:
    """Nobody adds an entry without the key, at the end or as a chain of its own."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    values = "'new', device_id, centre_id, at, zone, chain, number + 1, account_id, action, person_id, details, digest"
    raw(folder, f"INSERT INTO audit ({names}) SELECT {values} FROM audit WHERE number = {ENTRIES}")

    assert faults(folder) == {Fault.CHANGED}


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (ENTRIES - 1, ENTRIES)])
def test_entries_that_changed_places_are_found(folder: Path, one: int, other: int) -> None:
    """The order of entries is part of what they say."""
    raw(
        folder,
        f"UPDATE audit SET number = 0 WHERE number = {one}",
        f"UPDATE audit SET number = {one} WHERE number = {other}",
        f"UPDATE audit SET number = {other} WHERE number = 0",
    )

    assert Fault.CHANGED in faults(folder)


@pytest.mark.parametrize("left", range(ENTRIES))
def test_a_tail_that_was_cut_off_is_found(folder: Path, left: int) -> None:
    """A chain that ends before its anchor was cut, down to one that is gone altogether."""
    raw(folder, f"DELETE FROM audit WHERE number > {left}")

    assert faults(folder) == {Fault.CUT_OFF}


def test_a_cut_tail_is_still_found_after_more_was_written(folder: Path) -> None:
    """Going on writing, even past the old length, hides no cut: the anchor waits."""
    raw(folder, f"DELETE FROM audit WHERE number > {ENTRIES - 2}")

    write(folder, 5)

    assert faults(folder) == {Fault.CUT_OFF}


def test_an_anchor_that_is_gone_is_found_and_not_made_anew(folder: Path) -> None:
    """Removing the anchor with the tail hides nothing either."""
    (folder / f"audit.{DEVICE}.anchor").unlink()
    raw(folder, f"DELETE FROM audit WHERE number > {ENTRIES - 2}")

    write(folder, 5)

    assert faults(folder) == {Fault.NO_ANCHOR}


@pytest.mark.parametrize("change", [{"number": 2}, {"seal": "0" * 64}, {"chain": "device-2"}, {"digest": "é"}])
def test_an_anchor_that_was_written_by_another_is_found(folder: Path, change: dict[str, object]) -> None:
    """An anchor cannot be set back without the key."""
    path = folder / f"audit.{DEVICE}.anchor"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")

    assert faults(folder) == {Fault.FORGED_ANCHOR}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}", b'{"number": "x"}'])
def test_a_damaged_anchor_is_found_and_stops_no_entry(folder: Path, content: bytes) -> None:
    """A broken file beside the record keeps nobody from working."""
    (folder / f"audit.{DEVICE}.anchor").write_bytes(content)

    write(folder, 2)

    assert (faults(folder), look(folder).entries) == ({Fault.FORGED_ANCHOR}, ENTRIES + 2)


def test_an_anchor_that_lags_is_no_fault_and_catches_up(folder: Path) -> None:
    """After a power cut the anchor may stand behind; the next entry brings it up."""
    before = (folder / f"audit.{DEVICE}.anchor").read_bytes()
    write(folder)
    (folder / f"audit.{DEVICE}.anchor").write_bytes(before)

    assert faults(folder) == set()

    write(folder)
    raw(folder, f"DELETE FROM audit WHERE number > {ENTRIES}")
    assert faults(folder) == {Fault.CUT_OFF}


KILLED = """
import os, signal
from pathlib import Path
from companion.store.anchor import Anchors
from tests.store.test_audit import write
def die(self, anchor):
    os.kill(os.getpid(), signal.SIGKILL)
Anchors.write = die
write(Path({folder!r}))
"""


def test_a_kill_between_commit_and_anchor_is_no_fault(folder: Path) -> None:
    """The entry that was committed is there, nothing is found, and the anchor follows with the next."""
    done = subprocess.run([sys.executable, "-c", KILLED.format(folder=str(folder))], check=False, cwd=TOP)

    assert done.returncode == -signal.SIGKILL
    assert (look(folder).entries, faults(folder)) == (ENTRIES + 1, set())
    write(folder)
    assert anchored(folder) == ENTRIES + 2


def test_a_kill_before_the_first_anchor_leaves_no_entry(tmp_path: Path) -> None:
    """The anchor of a chain is on the disk before its first entry, so that a missing one is always a fault."""
    done = subprocess.run([sys.executable, "-c", KILLED.format(folder=str(tmp_path))], check=False, cwd=TOP)

    assert done.returncode == -signal.SIGKILL
    assert (look(tmp_path).entries, faults(tmp_path)) == (0, set())
    write(tmp_path)
    assert (look(tmp_path).entries, faults(tmp_path)) == (1, set())


def anchored(folder: Path) -> int:
    return int(json.loads((folder / f"audit.{DEVICE}.anchor").read_text(encoding="utf-8"))["number"])


def test_an_anchor_that_cannot_be_written_undoes_no_entry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk after the commit is no lost entry."""

    def full(_path: Path, _content: bytes) -> None:
        raise StorageFull("store.cannot_write", file=folder)

    monkeypatch.setattr("companion.store.anchor.write_whole", full)
    write(folder)

    assert (look(folder).entries, anchored(folder)) == (ENTRIES + 1, ENTRIES)


def test_what_is_undone_leaves_neither_entry_nor_anchor(folder: Path) -> None:
    """An entry stands or falls with its transaction, savepoints included."""
    with opened(folder) as (database, audit):
        with suppress(ZeroDivisionError), database.writing() as session:
            with session.begin_nested():
                audit.append(session, OWNER, Action.GRANTED)
            raise ZeroDivisionError
        assert anchored(folder) == ENTRIES

    assert (look(folder).entries, look(folder).findings) == (ENTRIES, ())


def test_several_entries_of_one_transaction_are_one_after_the_other(folder: Path) -> None:
    """A transaction may note more than one thing."""
    with opened(folder) as (database, audit), database.writing() as session:
        for _ in range(3):
            audit.append(session, OWNER, Action.GRANTED)

    assert (look(folder).entries, look(folder).findings, anchored(folder)) == (ENTRIES + 3, (), ENTRIES + 3)


def test_two_processes_write_one_chain(folder: Path) -> None:
    """Whoever writes at the same time, no number is given twice and none is left out."""
    script = "from pathlib import Path\nfrom tests.store.test_audit import write\nwrite(Path({0!r}), 25)"
    command = [sys.executable, "-c", script.format(str(folder))]
    running = [subprocess.Popen(command, cwd=TOP, env={**os.environ}) for _ in range(2)]

    assert [process.wait() for process in running] == [0, 0]
    assert (look(folder).entries, look(folder).findings) == (ENTRIES + 50, ())


def test_every_device_has_a_chain_of_its_own(folder: Path) -> None:
    """Records that were merged keep both chains, and each is verified."""
    write(folder, 3, device="device-2")

    assert (look(folder).chains, look(folder).findings) == (2, ())
    raw(folder, "DELETE FROM audit WHERE chain = 'device-2'")
    assert faults(folder) == {Fault.CUT_OFF}


def test_a_restored_record_is_noted_and_anchored_where_it_ends(folder: Path) -> None:
    """An older backup in the record's place is told by an entry, not by an alarm for ever."""
    raw(folder, f"DELETE FROM audit WHERE number > {ENTRIES - 3}")

    with opened(folder, FakeClock(START + timedelta(days=1))) as (database, audit):
        audit.accept_restored(OWNER, details={"backup": "2026-11-20"})
        with database.reading() as session:
            newest = audit.entries(session, limit=1)[0]

    assert (newest.action, newest.details) == (Action.RECORD_RESTORED, {"backup": "2026-11-20"})
    assert (faults(folder), anchored(folder)) == (set(), ENTRIES - 2)


def test_a_clock_that_was_set_back_breaks_no_chain(folder: Path) -> None:
    """The chain is in the order of writing, whatever the clock says."""
    with opened(folder, FakeClock(START - timedelta(days=400))) as (database, audit), database.writing() as session:
        audit.append(session, OWNER, Action.GRANTED)

    assert look(folder).findings == ()


@pytest.mark.parametrize(
    "details", [{"name": "김순자"}, {"words": "two words"}, {"real": 0.5}, {"deep": {"a": 1}}, {"이름": 1}]
)
def test_names_and_words_are_refused(folder: Path, details: dict[str, Any]) -> None:
    """Nothing that could be a name or words gets into the audit by mistake."""
    with opened(folder) as (database, audit), pytest.raises(ValueError, match="unfit"), database.writing() as session:
        audit.append(session, OWNER, Action.GRANTED, details=details)


def test_entries_are_found_by_person_and_by_account(folder: Path) -> None:
    """Who looked at whom can be asked, also where several people were seen at once."""
    with opened(folder) as (database, audit):
        with database.writing() as session:
            audit.append(session, Identity("a-2"), Action.SESSIONS_LISTED, details={"people": ["p-2", "p-3"]})
        with database.reading() as session:
            of_person = audit.entries(session, limit=10, person_id="p-3")
            of_account = audit.entries(session, limit=10, account_id="owner")

    assert [entry.action for entry in of_person] == [Action.SESSIONS_LISTED]
    assert len(of_account) == ENTRIES


def test_an_anchor_is_bound_to_the_key(folder: Path) -> None:
    """Another key reads no anchor of ours as its own."""
    with opened(folder) as (database, audit):
        other = Audit(database, bytes(32), folder)
        assert audit.anchors.read(DEVICE) is not None
        found = verify(database, bytes(32), other.anchors).findings

    assert Fault.FORGED_ANCHOR in {finding.fault for finding in found}
