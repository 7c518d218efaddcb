"""The database of the record: one way to read, one way to write, whichever engine is below.

SQLite on a device, encrypted page by page; PostgreSQL for a centre. A writing transaction takes the write lock when it
begins, stamps its rows, and leaves its changes in the outbox. Errors of the database become ours; their text may quote
values, so it stays out of the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from companion.errors import StorageFull, StoreBusy, StoreDamaged, StoreUnreadable
from companion.store import cipher
from companion.store.outbox import Outbox
from companion.store.schema import bring_up
from companion.store.tables.base import Base

_FULL: Final = ("disk is full", "disk i/o error", "unable to open", "readonly", "no space", "disk full")
_BUSY: Final = ("database is locked", "database table is locked", "lock timeout", "deadlock detected")
_DAMAGED: Final = ("malformed", "not a database", "hmac check failed", "invalid page")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who writes."""

    device_id: str
    centre_id: str = ""
    centre_key: bytes | None = None
    """Raw X25519 public key of the centre, 32 bytes; seals the outbox."""


class Database:
    """An open record.

    Args:
        engine: From ``encrypted`` or ``server``.
        place: What it is called in an error.
        stamp: Put on every row that is written.
        now: The wall clock, aware.
        first_upgrade: False leaves the tables as they are.

    Raises:
        StoreUnreadable: It is damaged or was made by a newer version.
        StorageFull: It cannot be written.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        place: Path | str,
        stamp: Stamp,
        now: Callable[[], datetime],
        first_upgrade: bool = True,
    ) -> None:
        self.place = place
        self.stamp = stamp
        self.now = now
        self.engine = engine
        self._writing = engine.execution_options(begin="IMMEDIATE")
        self._read = sessionmaker(engine, expire_on_commit=False)
        self._write = sessionmaker(self._writing, expire_on_commit=False)
        self._outbox = Outbox(stamp.device_id, stamp.centre_id, stamp.centre_key, now)
        self._outbox.attach(self._write)
        if first_upgrade:
            with self.mapped(), self._writing.begin() as connection:
                bring_up(connection, place=str(place))

    @property
    def is_server(self) -> bool:
        """Whether a PostgreSQL server keeps it."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give one consistent view of the record.

        Raises:
            StoreError: It cannot be read.
        """
        with self.mapped(), self._read() as session:
            yield session

    @contextmanager
    def writing(self, person_id: str = "") -> Iterator[Session]:
        """Give one transaction, on the disk when the block ends, undone whole when it raises.

        Args:
            person_id: Whose record it changes, for the outbox; rows that name their person need it not.

        Raises:
            StorageFull: Nothing could be written.
            StoreBusy: Somebody else kept the record locked for half a minute.
        """
        with self.mapped(), self._write.begin() as session:
            session.info["person_id"] = person_id
            yield session

    def add_many(self, session: Session, table: type[Base], rows: Sequence[dict[str, object]], *, of: str) -> None:
        """Add many rows of one table at once, leaving one change in the outbox for all of them.

        Args:
            session: Of ``writing``.
            table: Of all the rows.
            rows: New ones, as values by column, of one person.
            of: Id of the row that they came with.
        """
        if rows:
            self._outbox.leave_many(session, table, rows, of=of)

    def take_back_many(self, session: Session, table: type[Base], *, of: str, person_id: str) -> None:
        """Leave in the outbox that the rows of a table that came with a row are gone again.

        Args:
            session: Of ``writing``.
            table: Of all the rows.
            of: Id of the row that they came with.
            person_id: Whose they were.
        """
        self._outbox.take_back_many(session, table, of=of, person_id=person_id)

    @contextmanager
    def mapped(self) -> Iterator[None]:
        """Turn errors of the database into ours."""
        with translated(self.place):
            yield

    def compact(self) -> None:
        """Bring removed rows out of the file and its log too; freed pages were overwritten when they were freed."""
        if self.is_server:
            return
        with self.mapped(), self.engine.connect() as connection:
            connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

    def close(self) -> None:
        """Let it go."""
        self.engine.dispose()


@contextmanager
def translated(place: Path | str) -> Iterator[None]:
    """Turn errors of a database into ours, naming ``place``; their text may quote values, so it is left out.

    Raises:
        StoreError: Something went wrong in it.
    """
    try:
        yield
    except (DBAPIError, cipher.MODULE.Error) as error:
        raise _ours(error, place) from None


def encrypted(path: Path, key: bytes) -> Engine:
    """Return an engine over an encrypted SQLite file, made readable by its owner only if it is not there.

    Raises:
        StorageFull: It could not be made.
        StoreDamaged: The key is the right one and the file does not open.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StorageFull("store.cannot_write", file=path) from error
    if not cipher.opens(path, key):
        raise StoreDamaged("store.damaged", file=path)
    engine = create_engine(
        "sqlite://", module=cipher.MODULE, creator=lambda: cipher.connect(path, key), poolclass=QueuePool
    )
    event.listen(engine, "begin", _begin)
    return engine


def server(url: str) -> Engine:
    """Return an engine over a PostgreSQL server (``postgresql+psycopg://…``)."""
    return create_engine(url, pool_pre_ping=True)


def _begin(connection: Connection) -> None:
    """Begin by hand, so that tables change inside the transaction too and a writer waits for its lock at once."""
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _ours(error: Exception, place: Path | str) -> StorageFull | StoreUnreadable | StoreBusy:
    """Return our error for one of the database."""
    original = error.orig if isinstance(error, DBAPIError) else error
    reason = str(original).lower()
    for signs, kind, key in (
        (_FULL, StorageFull, "store.cannot_write"),
        (_BUSY, StoreBusy, "store.busy"),
        (_DAMAGED, StoreDamaged, "store.damaged"),
    ):
        if any(sign in reason for sign in signs):
            return kind(key, file=place)
    if isinstance(error, OperationalError) and "sqlite" not in type(original).__module__:
        return StoreUnreadable("store.server_lost", place=place)
    return StoreUnreadable("store.unreadable", file=place)
