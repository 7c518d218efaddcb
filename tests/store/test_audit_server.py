"""The audit on a real PostgreSQL server: as serial, and as hard to change, as on a device."""

# ruff: noqa: S608 - tampering is done by hand

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from companion.core.access import OWNER, Action
from companion.errors import StoreUnreadable
from companion.store.audit import Audit
from companion.store.database import Database, Stamp, server
from companion.store.verification import Fault, verify
from tests.postgresql import fresh_database
from tests.store.room import AUDIT_KEY, Room, a_room

ENTRIES = 4


@pytest.fixture
def url(postgresql: str, with_tables: str) -> Iterator[str]:
    with fresh_database(postgresql, like=with_tables) as made:
        yield made


@pytest.fixture
def room(tmp_path: Path, url: str) -> Iterator[Room]:
    with a_room(tmp_path, url) as made:
        append(made.record.database, made.audit, ENTRIES)
        yield made


def append(database: Database, audit: Audit, count: int) -> None:
    for number in range(count):
        with database.writing() as session:
            audit.append(session, OWNER, Action.SESSION_READ, person_id="p-1", details={"count": number, "s": "a"})


def tamper(room: Room, statement: str) -> None:
    """Change the tables behind the audit's back, its triggers off."""
    with room.record.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text(statement))


def faults(room: Room) -> set[Fault]:
    found = verify(room.record.database, AUDIT_KEY, room.audit.anchors)
    return {finding.fault for finding in found.findings}


def test_the_server_itself_refuses_changes(room: Room) -> None:
    """Changing, removing and emptying are refused by the tables."""
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(StoreUnreadable), room.record.database.writing() as session:
            session.execute(text(statement))

    assert faults(room) == set()


@pytest.mark.parametrize(
    "change",
    [
        *(f"{name} = {name} || 'x'" for name in ("device_id", "centre_id", "zone", "account_id", "action")),
        *("person_id = 'p-2'", "at = at + interval '1 microsecond'", "number = number + 10"),
        *("details = '{\"count\": 9}'", "details = replace(details::text, ': ', ':  ')::json"),
        *("digest = reverse(digest)", "id = reverse(id)", "chain = 'device-2'"),
    ],
)
def test_a_change_of_any_field_is_found(room: Room, change: str) -> None:
    """What is digested is what the server keeps, down to a microsecond and a blank."""
    for number in (ENTRIES, 2, 1):
        tamper(room, f"UPDATE audit SET {change} WHERE number = {number}")
        assert faults(room)


def test_a_tail_that_was_cut_off_is_found(room: Room) -> None:
    """The anchor lies on the device that wrote the chain, not on the server."""
    tamper(room, f"DELETE FROM audit WHERE number > {ENTRIES - 2}")
    append(room.record.database, room.audit, 3)

    assert faults(room) == {Fault.CUT_OFF}


def test_two_that_write_at_once_make_one_chain(room: Room, url: str) -> None:
    """Connections of one device wait for each other: the chain does not fork and no number is left out."""

    def write() -> None:
        database = Database(server(url), place="server", stamp=Stamp("device-1"), now=room.clock.now)
        append(database, Audit(database, AUDIT_KEY, room.folder), 20)
        database.close()

    writing = [threading.Thread(target=write, daemon=True) for _ in range(3)]
    for one in writing:
        one.start()
    for one in writing:
        one.join(timeout=60)

    assert [entry.number for entry in room.trail()] == list(range(1, ENTRIES + 61))


def test_the_chain_of_another_device_is_verified_without_its_anchor(room: Room, url: str, tmp_path: Path) -> None:
    """A centre sees what was changed in any chain; what was cut off only the device itself can tell."""
    other = Database(server(url), place="server", stamp=Stamp("device-2"), now=room.clock.now)
    append(other, Audit(other, AUDIT_KEY, tmp_path / "elsewhere"), 3)
    other.close()
    assert faults(room) == set()

    tamper(room, "UPDATE audit SET action = 'x' WHERE chain = 'device-2' AND number = 2")
    assert faults(room) == {Fault.CHANGED}
