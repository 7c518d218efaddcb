"""What all tables of the record share.

Every row carries the device that wrote it and the centre it belongs to, so that records of several devices can be
merged; ids sort by time (``store.ids``). A time is kept in UTC, and where something happened to a person their time
zone stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

ID: Final = 36
"""Characters of an id."""
NAMES: Final[Mapping[str, str]] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC without a zone; SQLite alone would forget the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - signature of SQLAlchemy
        """Refuse naive times: they cannot be ordered across devices."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive time")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - signature of SQLAlchemy
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """What a person said, or a name: any text, but for what a database cannot hold.

    Lone surrogates (broken recognition output) and NUL become U+FFFD, in SQLite as in PostgreSQL.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - signature of SQLAlchemy
        """Make it storable."""
        return None if value is None else storable(value)


def storable(words: str) -> str:
    """Return ``words`` with U+FFFD for each lone surrogate and each NUL."""
    return _UNSTORABLE.sub("\ufffd", words)


class Table(TypeDecorator[Any]):
    """A JSON value whose texts are any text: see ``Words``."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - any JSON value
        """Make its texts storable."""
        return storable_value(value)


def storable_value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with all its texts made storable, however deep they lie."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): storable_value(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable_value(inner) for inner in value]
    return value


class Base(DeclarativeBase):
    """What every table has. ``device_id`` and ``centre_id`` are stamped when a row is written."""

    metadata = MetaData(naming_convention=NAMES)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(ID), default="")
    centre_id: Mapped[str] = mapped_column(String(ID), default="")


class Happened:
    """Mixed into what happened to a person at a time."""

    at: Mapped[datetime] = mapped_column(UtcTime)
    zone: Mapped[str] = mapped_column(String(64), default="")
    """Zone of the person when it happened: ``Asia/Seoul``, or an offset such as ``+0900``."""


class OfPerson:
    """Mixed into what belongs to a person and goes when the person is erased."""

    @declared_attr
    def person_id(self) -> Mapped[str]:
        """The person."""
        return mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


def zone_of(at: datetime) -> str:
    """Return the name of a time's zone, or its offset where it has no name; UTC for a naive one."""
    named = getattr(at.tzinfo, "key", None)
    return str(named) if named else at.strftime("%z") or "UTC"
