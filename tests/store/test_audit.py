"""The audit: serial, whole, bound to its transaction, and anchored after every commit."""

# ruff: noqa: S608 - tampering is done by hand

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from companion.core.access import OWNER, Action, Identity
from companion.errors import StorageFull, StoreUnreadable
from companion.store.audit import Audit
from companion.store.verification import Fault, verify
from tests.fakes.clock import START, FakeClock
from tests.store.audits import (
    DEVICE,
    ENTRIES,
    TOP,
    anchored,
    copy_of,
    faults,
    look,
    opened,
    raw,
    write,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of some entries; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("audit")
    write(folder, ENTRIES)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return copy_of(written, tmp_path / "copy")


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
from tests.store.audits import write
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
    script = "from pathlib import Path\nfrom tests.store.audits import write\nwrite(Path({0!r}), 25)"
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
