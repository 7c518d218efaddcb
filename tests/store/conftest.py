"""Both engines of the record, an encrypted file and a real PostgreSQL server; and folders to be killed in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from companion.core.person import Person
from companion.store import schema
from companion.store.record import Record
from tests.fakes.clock import FakeClock
from tests.new_tables import bring_up_server, by_migrations
from tests.postgresql import NoServer, fresh_database, running_server
from tests.records import agreeing, record_in

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each test makes a folder of its own in it


@pytest.fixture
def memory_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is one: what a killed process wrote is there as it is on a disk, only sooner."""
    if not os.access(_IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY) as name:
        yield Path(name)


@pytest.fixture
def every_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the revisions themselves, for new records too."""
    monkeypatch.setattr(schema, "_run", by_migrations)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the host of a running server; skip loudly where there is none."""
    try:
        with running_server() as host:
            yield host
    except NoServer as error:
        pytest.skip(f"POSTGRESQL NOT TESTED: {error}")


@pytest.fixture(scope="session")
def with_tables(postgresql: str) -> Iterator[str]:
    """Give the name of a database on the server that holds the tables of a new record."""
    with fresh_database(postgresql) as url:
        bring_up_server(url)
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of a fresh database with nothing in it, or nothing for an encrypted file."""
    if request.param == "sqlite":
        yield ""
        return
    with fresh_database(request.getfixturevalue("postgresql")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of a fresh database with the tables of a new record, or nothing for an encrypted file."""
    if request.param == "sqlite":
        yield ""
        return
    host = request.getfixturevalue("postgresql")
    with fresh_database(host, like=request.getfixturevalue("with_tables")) as url:
        yield url


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(tmp_path: Path, clock: FakeClock, server_url: str) -> Iterator[Record]:
    """Give an open record of either engine."""
    with record_in(tmp_path / "record", clock, server_url=server_url) as opened:
        yield opened


@pytest.fixture
def person(record: Record) -> Person:
    """Give a person who agreed to keep conversations."""
    return agreeing(record)
