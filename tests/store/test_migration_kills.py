"""A record of the first version, killed while it is encrypted and brought up to date, at every step."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from companion.store import cipher
from companion.store.opening import Place
from companion.store.schema import HEAD, bring_up
from tests.store.dying import Ending, killed_at_file, killed_at_statement, places
from tests.store.records import Read, opened, reading, secrets_of

pytestmark = pytest.mark.usefixtures("every_revision")

SAID = [f"처음 판에서 한 말 {number}" for number in range(12)]


def first_version(folder: Path) -> Place:
    """Write a record as the first version did, without encryption: two people, four sessions, twelve turns."""
    place = Place(folder)
    folder.mkdir(parents=True)
    engine = create_engine(f"sqlite:///{place.file}")
    with engine.begin() as connection:
        bring_up(connection, place="first", to="0001")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        for session in range(4):
            connection.exec_driver_sql(
                "INSERT INTO sessions VALUES (?, ?, '2026-11-01 01:00:00.000000', NULL, 'Asia/Seoul', 'text', "
                "'embedded', 'bank', 'person', 'device', '')",
                (f"session-{session}", f"person-{session % 2}"),
            )
        for number, said in enumerate(SAID):
            connection.exec_driver_sql(
                "INSERT INTO turns VALUES (?, ?, ?, '2026-11-01 01:00:00.000000', 'exchange', ?, 'clear', 0.9, '', "
                "'tell', 'mood', 'neutral', 'mood.so', 0.5, 'none', '', '네.', 'mood.so.0', 'bank', '', '네.', "
                "'device', '')",
                (f"turn-{number:02}", f"session-{number % 4}", number // 4 + 1, said),
            )
    engine.dispose()
    return place


def whole(read: Read) -> bool:
    """Say whether everything is there, in the tables of the first version and in no others."""
    tables = {name for (name,) in read("SELECT name FROM sqlite_master WHERE type = 'table'")}
    said = [heard for (heard,) in read("SELECT heard FROM turns ORDER BY id")]
    return tables == {"sessions", "turns"} and said == SAID


def check_brought_up(place: Place) -> None:
    with closing(opened(place)) as record:
        assert len(record.people.all()) == 2
    with reading(place) as read:
        assert read("SELECT version_num FROM alembic_version") == [(HEAD,)]
        assert [heard for (heard,) in read("SELECT heard FROM turns ORDER BY id")] == SAID


def test_a_kill_at_each_statement_of_a_migration_leaves_the_old_record(memory_folder: Path) -> None:
    """Whatever statement it dies at, the old tables are there whole, and the next start gets further."""
    place = first_version(memory_folder / "home")
    for step in places(40, 3):
        if killed_at_statement(step, lambda: opened(place).close()) is Ending.DONE:
            break
        with reading(place) as read:
            assert whole(read) or read("SELECT version_num FROM alembic_version") == [(HEAD,)]

    assert step > 60
    check_brought_up(place)


def test_a_kill_at_each_statement_of_the_first_use_lets_the_next_use_begin(memory_folder: Path) -> None:
    """A record that is killed while it is being begun is begun again by the next start, which gets further."""
    place = Place(memory_folder / "home")
    for step in places(40, 3):
        if killed_at_statement(step, lambda: opened(place).close()) is Ending.DONE:
            break
        assert place.exists

    assert step > 60
    with closing(opened(place)) as record:
        assert list(record.people.all()) == []


def test_a_kill_at_each_step_of_encrypting_leaves_one_whole_file(memory_folder: Path) -> None:
    """Killed before each thing done to a file, the record is the plain one or the encrypted one, and opens."""
    ready = first_version(memory_folder / "ready")
    states = []
    for step in count(1):
        place = Place(memory_folder / f"try-{step}")
        shutil.copytree(ready.folder, place.folder)
        ending = killed_at_file(step, place.folder, lambda place=place: opened(place).close())  # type: ignore[misc]
        is_plain = cipher.is_plain(place.file)
        if is_plain:
            with closing(sqlite3.connect(place.file)) as connection:
                assert whole(lambda query, connection=connection: connection.execute(query).fetchall())
        else:
            assert cipher.opens(place.file, secrets_of(place).data_key)
        check_brought_up(place)
        states.append(is_plain)
        if ending is Ending.DONE:
            break

    assert step > 10
    assert states == sorted(states, reverse=True)
    assert states[0]
    assert not states[-1]
