"""Older records become today's, on both engines, with what they held."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from companion.core.consent import Item
from companion.errors import StoreUnreadable
from companion.store import cipher
from companion.store.database import encrypted, server
from companion.store.schema import HEAD, bring_up, revision_of
from companion.store.tables import Base
from tests.records import decision, opened, read_last, record_in

pytestmark = pytest.mark.usefixtures("every_revision")

FIRST_SESSION = {
    "id": "019ab000-0000-7000-8000-000000000001",
    "person_id": "person",
    "started_at": "2026-11-01 01:00:00",
    "zone": "+0900",
    "mode": "text",
    "profile": "embedded",
    "reply_driver": "bank",
    "ended_by": "person",
    "device_id": "device",
    "centre_id": "",
}
FIRST_TURN = {
    "id": "019ab000-0000-7000-8000-000000000002",
    "session_id": FIRST_SESSION["id"],
    "number": 1,
    "at": "2026-11-01 01:00:05",
    "kind": "exchange",
    "heard": "무릎이 아파",
    "hearing": "clear",
    "heard_confidence": 0.9,
    "heard_from": "",
    "act": "tell",
    "topic": "body_pain",
    "feeling": "pain",
    "situation": "",
    "understanding_confidence": 0.5,
    "risk_level": "none",
    "risk_kind": "none",
    "reply": "많이 아프세요?",
    "reply_id": "body_pain.1",
    "reply_source": "bank",
    "guard": "passed",
    "spoken": "많이 아프세요?",
    "device_id": "device",
    "centre_id": "",
}


@pytest.fixture
def engine(empty_url: str, tmp_path: Path) -> Engine:
    return server(empty_url) if empty_url else encrypted(tmp_path / "record.sqlite3", bytes(32))


def insert(connection: Connection, table: str, row: Mapping[str, object]) -> None:
    names = ", ".join(row)
    slots = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({slots})"), row)  # noqa: S608 - names of columns


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", "companion/store/migrations")
    return [found.revision for found in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]


def test_the_newest_revision_is_the_one_that_is_named() -> None:
    """A start that finds it loads no Alembic."""
    assert revisions()[-1] == HEAD


def test_the_migrated_tables_are_the_declared_ones(engine: Engine) -> None:
    """Nothing is declared that no revision makes, nothing made that is not declared."""
    with engine.begin() as connection:
        bring_up(connection, place="test")
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("start", revisions())
def test_every_version_migrates_with_what_it_held(engine: Engine, start: str) -> None:
    """From each revision on, the conversation of the first version is still there."""
    with engine.begin() as connection:
        bring_up(connection, place="test", to="0001")
        insert(connection, "sessions", FIRST_SESSION)
        insert(connection, "turns", FIRST_TURN)
    with engine.begin() as connection:
        bring_up(connection, place="test", to=start)
    with engine.begin() as connection:
        bring_up(connection, place="test")

    with engine.connect() as connection:
        rows = connection.execute(text("SELECT heard, spoken, zone, number FROM turns")).all()
        people = connection.execute(text("SELECT id, address FROM people")).all()
        assert revision_of(connection) == HEAD
    assert rows == [("무릎이 아파", "많이 아프세요?", "+0900", 1)]
    assert people == [("person", "어르신")]
    engine.dispose()


SCREENING = {
    "zone": "+0900",
    "instrument": "phq9",
    "version": "1",
    "digest": "d",
    "language": "ko",
    "wording": "",
    "requested_by": "plan",
    "mode": "text",
    "suspended_by": "",
    "risk_level": "",
    "risk_kind": "",
    "device_id": "device",
    "centre_id": "",
}
ANSWER = {
    **dict.fromkeys(("zone", "link", "asked", "form", "reply", "option_text", "code", "rule", "decider"), ""),
    **dict.fromkeys(("confirmed", "model", "centre_id"), ""),
    "at": "2026-11-01 01:00:00",
    "replies": "[]",
    "evidence": "[]",
    "outcome": "answered",
    "confidence": 0.9,
    "confirmations": 0,
    "superseded": False,
    "device_id": "device",
}


def screened(connection: Connection, one: str, at: str, status: str, items: int) -> None:
    """Write a screening as revision 0006 kept it: without a number, and without saying that only its gate was asked."""
    row = {**SCREENING, "id": one, "person_id": "person", "at": at, "status": status}
    insert(connection, "screenings", row | ({"ended_at": at} if status == "complete" else {}))
    for item in range(1, items + 1):
        answer = {"id": f"{one}-{item}", "screening_id": one, "item": f"phq9.{item}"}
        columns = ", ".join(f'"{name}"' for name in (*ANSWER, *answer, "order"))
        slots = ", ".join(f":{name}" for name in (*ANSWER, *answer, "order"))
        statement = f"INSERT INTO answers ({columns}) VALUES ({slots})"  # noqa: S608 - names of columns
        connection.execute(text(statement), {**ANSWER, **answer, "order": item})


def test_screenings_of_before_are_counted_and_say_what_only_the_gate_was(engine: Engine) -> None:
    """In the order of their times, each with how far it went; what was answered is untouched."""
    with engine.begin() as connection:
        bring_up(connection, place="test", to="0001")
        insert(connection, "sessions", FIRST_SESSION)
    with engine.begin() as connection:
        bring_up(connection, place="test", to="0006")
        screened(connection, "later", "2026-11-20 01:00:00", "complete", 9)
        screened(connection, "first", "2026-11-01 01:00:00", "complete", 2)
        screened(connection, "last", "2026-11-21 01:00:00", "stopped", 2)
    with engine.begin() as connection:
        bring_up(connection, place="test")
        found = connection.execute(
            text("SELECT id, number, gated, whole, replies, gone_on_at = at FROM screenings ORDER BY number")
        ).all()

    assert [tuple(map(str, row[:2])) for row in found] == [("first", "1"), ("later", "2"), ("last", "3")]
    assert [bool(row.gated) for row in found] == [True, False, False]
    assert [(bool(row.whole), row.replies, bool(row[5])) for row in found] == [
        (False, 2, True),
        (False, 9, True),
        (False, 2, True),
    ]
    engine.dispose()


def test_a_newer_record_is_refused_and_left_alone(engine: Engine) -> None:
    """An old program does not write into a record that it does not understand."""
    with engine.begin() as connection:
        bring_up(connection, place="test")
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with engine.begin() as connection, pytest.raises(StoreUnreadable) as refused:
        bring_up(connection, place="test")

    assert refused.value.key == "store.newer_version"
    engine.dispose()


def first_version(path: Path) -> None:
    """Write a record as the first version did: without encryption, without Alembic."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        bring_up(connection, place="test", to="0001")
        insert(connection, "sessions", FIRST_SESSION)
        insert(connection, "turns", FIRST_TURN)
        connection.execute(text("DROP TABLE alembic_version"))
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def test_a_file_of_the_first_version_is_sealed_and_migrated(tmp_path: Path) -> None:
    """What was readable is not any more, and nothing of it is lost."""
    first_version(tmp_path / "record.sqlite3")
    assert cipher.is_plain(tmp_path / "record.sqlite3")

    with record_in(tmp_path) as record:
        record.consents.decide("person", decision(Item.CONVERSATION))
        summary, (kept,) = read_last(record)

    assert (summary.person_id, kept.heard, kept.reply) == ("person", "무릎이 아파", "많이 아프세요?")
    assert not any("무릎".encode() in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_what_was_kept_before_anybody_was_asked_is_not_shown(tmp_path: Path) -> None:
    """Conversations of the first version wait for a consent."""
    first_version(tmp_path / "record.sqlite3")

    with record_in(tmp_path) as record:
        assert record.consents.standing("person", Item.CONVERSATION) is None
        assert record.belongings.counts("person")["turns"] == 1


def test_a_file_that_is_no_database_is_left_untouched(tmp_path: Path) -> None:
    """A damaged record is refused and kept as it is."""
    path = tmp_path / "record.sqlite3"
    path.write_bytes(b"not a database, but somebody's only copy" * 100)

    with pytest.raises(StoreUnreadable):
        opened(tmp_path)

    assert path.read_bytes() == b"not a database, but somebody's only copy" * 100
