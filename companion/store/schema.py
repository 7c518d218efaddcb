"""Brings a record up to today's tables, in one transaction: a migration that is cut short leaves the old record."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from sqlalchemy import Connection, inspect, text

from companion.errors import StoreUnreadable

HEAD: Final = "0015"
"""The newest revision, known without loading Alembic: most starts find it and need nothing else."""
_LOCK: Final = 7_248_001
"""Any number that is ours: serialises migrations on one PostgreSQL database."""


def bring_up(connection: Connection, *, place: str, to: str = HEAD) -> None:
    """Migrate the record that ``connection`` has open, in the transaction that it has begun.

    Args:
        connection: In a transaction that holds the write lock.
        place: What the record is called in an error: a file or a server.
        to: Revision to stop at.

    Raises:
        StoreUnreadable: It was made by a newer version.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    found = revision_of(connection)
    if found == to:
        return
    if found > HEAD:
        raise StoreUnreadable("store.newer_version", file=place, found=found, known=HEAD)
    _run(connection, to)


def revision_of(connection: Connection) -> str:
    """Return the revision of a record; empty for a new one, ``0001`` for one of the first version."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
    return "0001" if {"sessions", "turns"} <= tables else ""


def _run(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("companion.store") / "migrations"))
    config.attributes["connection"] = connection
    if revision_of(connection) == "0001" and "alembic_version" not in inspect(connection).get_table_names():
        command.stamp(config, "0001")
    command.upgrade(config, to)
