"""The tables of the record. Times are UTC; the zone of the person stands beside the session.

Every row carries the device that wrote it and the centre it belongs to, so that records of several devices can be
merged later.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1
"""Written to ``PRAGMA user_version``; a database of a newer version is left alone."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite alone would forget the zone."""

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


class Base(DeclarativeBase):
    """What every table has."""

    device_id: Mapped[str] = mapped_column(String(36))
    centre_id: Mapped[str] = mapped_column(String(36), default="")


class SessionRow(Base):
    """One conversation, from greeting to goodbye."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    zone: Mapped[str] = mapped_column(String(64))
    """Zone of the person when it started, such as ``+0900``."""
    mode: Mapped[str] = mapped_column(String(16))
    """microphone, audio or text."""
    profile: Mapped[str] = mapped_column(String(64))
    reply_driver: Mapped[str] = mapped_column(String(32))
    """What drove replies: bank or model."""
    ended_by: Mapped[str] = mapped_column(String(32), default="")


class TurnRow(Base):
    """One exchange: what the person said, if anything, and what 말벗 answered."""

    __tablename__ = "turns"
    __table_args__ = (Index("turns_by_session", "session_id", "number", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    kind: Mapped[str] = mapped_column(String(16))
    """opening, exchange, silence or closing."""
    heard: Mapped[str] = mapped_column(Text, default="")
    hearing: Mapped[str] = mapped_column(String(16), default="")
    heard_confidence: Mapped[float] = mapped_column(default=0.0)
    heard_from: Mapped[str] = mapped_column(Text, default="")
    """File that the words came from; empty for a microphone or a keyboard."""
    act: Mapped[str] = mapped_column(String(32), default="")
    topic: Mapped[str] = mapped_column(String(64), default="")
    feeling: Mapped[str] = mapped_column(String(32), default="")
    situation: Mapped[str] = mapped_column(String(128), default="")
    understanding_confidence: Mapped[float] = mapped_column(default=0.0)
    risk_level: Mapped[str] = mapped_column(String(16), default="")
    risk_kind: Mapped[str] = mapped_column(String(64), default="")
    reply: Mapped[str] = mapped_column(Text)
    reply_id: Mapped[str] = mapped_column(String(128))
    reply_source: Mapped[str] = mapped_column(String(16))
    guard: Mapped[str] = mapped_column(String(64), default="")
    spoken: Mapped[str | None] = mapped_column(Text)
    """What was really spoken: null until it was, shorter than ``reply`` where it was cut."""
