"""A phrase that is spoken, written and used as a passphrase is looked for wherever it might be readable."""

from __future__ import annotations

import json
import logging
import sqlite3
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from companion.cli.defects import note_defect
from companion.cli.messages import explain
from companion.core.person import Contact
from companion.errors import CompanionError, KeyRefused
from companion.store.backup import make
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.restore import restore
from companion.store.vault.places import Method
from companion.store.vault.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.store.filled import fill
from tests.store.records import PERSON, STAMP, talked

CANARY = "카나리아새장너머"
LATIN = "canary-beyond-the-cage"
PASSPHRASE = f"{CANARY} {LATIN}"


def readings(word: str) -> list[bytes]:
    """Return the ways in which a word may stand in a file for somebody to read."""
    encoded = [word.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "cp949")]
    return [*encoded, json.dumps(word)[1:-1].encode(), word.encode().hex().encode()]


READINGS = [*readings(CANARY), *readings(LATIN), *readings(CANARY[:4])]


def found_in(folder: Path) -> list[str]:
    """Return the files under a folder in whose names or bytes the phrase can be read."""
    return [
        path.name
        for path in folder.rglob("*")
        if any(word in path.name.encode() or (path.is_file() and word in path.read_bytes()) for word in READINGS)
    ]


def ask() -> str:
    return PASSPHRASE


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of its own, for Python and for SQLite."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def record(tmp_path: Path, temporary: Path) -> Iterator[Record]:
    """A record that a passphrase opens, with the phrase in every table, and still open."""
    place = Place(tmp_path / "home")
    opened = open_record(place, stamp=STAMP, now=FakeClock().now, ask=ask, method=Method.PASSPHRASE)
    with closing(opened) as record:
        record.people.add(PERSON)
        record.people.add_contact(Contact(id="", person_id=PERSON.id, name=CANARY, phone=LATIN))
        with record.database.writing() as session:
            fill(session, f"{CANARY} {LATIN}")
        talked(record, *[f"{CANARY} {LATIN} {number}" for number in range(50)])
        yield record


def test_the_search_finds_what_is_readable(tmp_path: Path) -> None:
    """In a database without encryption the same phrase is found, so that finding nothing means something."""
    with closing(sqlite3.connect(tmp_path / "plain")) as connection, connection:
        connection.execute("CREATE TABLE turns (heard)")
        connection.execute("INSERT INTO turns VALUES (?)", (CANARY,))
    for name, word in (("wide", CANARY.encode("utf-16-le")), ("korean", CANARY.encode("cp949"))):
        (tmp_path / name).write_bytes(b"\0" * 9 + word)

    assert sorted(found_in(tmp_path)) == ["korean", "plain", "wide"]


def test_nothing_is_readable_on_the_disk_while_the_record_is_open(record: Record, tmp_path: Path) -> None:
    """Database, write-ahead log, its index, vault and temporary folder hold the phrase in no encoding."""
    with record.database.reading() as session:
        order = "SELECT a.heard FROM turns a, turns b, turns c ORDER BY a.heard || b.heard || c.heard LIMIT 1"
        session.execute(sql(order)).all()

        names = {path.name for path in tmp_path.rglob("*")}
        assert {"record.sqlite3", "record.sqlite3-wal", "record.sqlite3-shm", "record.vault"} <= names
        assert (tmp_path / "home" / "record.sqlite3-wal").stat().st_size > 0
        assert found_in(tmp_path) == []


def test_nothing_is_readable_in_backups_and_in_what_is_kept(record: Record, tmp_path: Path) -> None:
    """Nor in the backup, in the folder it is made in, or in what restoring keeps aside."""
    place = Place(tmp_path / "home")
    (contents,) = Vault(place.vault).candidates(ask)
    backup = make(place, contents, tmp_path / "backups", now=START)
    record.close()
    restore(place, backup.path, now=START, ask=ask)

    assert list(place.folder.glob("*.kept-*"))
    assert found_in(tmp_path) == []


def test_errors_and_logs_do_not_quote_what_was_said(
    record: Record, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of the database quotes the values it failed on; ours, its traceback and the logs do not."""
    caplog.set_level(logging.DEBUG)
    said = f"{CANARY} {LATIN}"
    statements = (
        "INSERT INTO turns (id, heard) VALUES ('x', :said)",
        "SELECT no_such_column FROM turns WHERE heard = :said",
        "INSERT INTO people (id, name) VALUES (:said, NULL)",
    )
    errors: list[CompanionError] = []
    for statement in statements:
        with pytest.raises(CompanionError) as raised, record.database.writing() as session:
            session.execute(sql(statement), {"said": said})
        errors.append(raised.value)
    with pytest.raises(CompanionError) as wrong:
        open_record(Place(tmp_path / "home"), stamp=STAMP, now=FakeClock().now, ask=lambda: f"{said} wrong")
    with pytest.raises(KeyRefused) as short:
        Vault.create(tmp_path / "other.vault", Method.PASSPHRASE, lambda: CANARY[:4])

    for error in (*errors, wrong.value, short.value):
        note_defect(error)
        shown = "".join(traceback.format_exception(error)) + str(error) + repr(error) + explain(error)
        assert not any(word in shown for word in (CANARY, LATIN, CANARY[:4]))
    assert not any(word in caplog.text for word in (CANARY, LATIN))
    assert found_in(tmp_path) == []


def test_secrets_show_nothing_of_themselves(tmp_path: Path) -> None:
    """What opens the record can be put into a log by mistake without harm."""
    _, contents, code = Vault.create(tmp_path / "record.vault", Method.PASSPHRASE, ask)

    assert contents.data_key.hex() not in repr(contents)
    assert not any(word.encode() in (tmp_path / "record.vault").read_bytes() for word in (code, PASSPHRASE))
