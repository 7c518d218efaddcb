"""The tables of a new record: brought up by the migrations once in a process, made again as they are for every other.

The tests of the migrations themselves ask for ``every_revision``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sqlalchemy import Connection, Engine, create_engine, pool, text

from companion.store import schema

by_migrations = schema._run

_statements: list[str] = []
"""What makes the tables of a new file; empty until the first one was migrated."""


@contextmanager
def copied_tables() -> Iterator[None]:
    """Make new records in files with the tables of the first one."""
    with patch.object(schema, "_run", _run):
        yield


def _run(connection: Connection, to: str) -> None:
    is_new = connection.dialect.name == "sqlite" and not schema.revision_of(connection)
    if not is_new or to != schema.HEAD:
        by_migrations(connection, to)
        return
    if not _statements:
        by_migrations(connection, to)
        _statements.extend(_made(connection))
        return
    for statement in _statements:
        connection.exec_driver_sql(statement)


def _made(connection: Connection) -> Iterator[str]:
    """Yield what makes the tables of a file as they stand: they hold no row but the revision."""
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    yield from connection.scalars(text(query))
    for table in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")):
        rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names of our tables
        assert not rows or table == "alembic_version", table
    yield f"INSERT INTO alembic_version (version_num) VALUES ('{schema.HEAD}')"  # noqa: S608 - a constant of ours


def bring_up_server(url: str) -> None:
    """Give a fresh database on a server the tables of a new record, and leave it with nobody connected."""
    engine: Engine = create_engine(url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        schema.bring_up(connection, place="template")
    engine.dispose()
