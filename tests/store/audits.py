"""The audit of a record in a folder, for the tests that write it and those that tamper with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from companion.core.access import OWNER, Action
from companion.store import cipher
from companion.store.audit import Audit
from companion.store.database import Database, Stamp, encrypted
from companion.store.verification import Fault, Verified, verify
from tests.fakes.clock import FakeClock

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


def copy_of(written: Path, folder: Path) -> Path:
    shutil.copytree(written, folder)
    return folder


def anchored(folder: Path) -> int:
    return int(json.loads((folder / f"audit.{DEVICE}.anchor").read_text(encoding="utf-8"))["number"])
