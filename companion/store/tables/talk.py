"""Conversations: sessions, and turns with what was understood of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import Base, Happened, OfPerson, UtcTime, Words


class SessionRow(Base, OfPerson):
    """One conversation, from greeting to goodbye."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_overview", "person_id", "started_at", "heard_turns", "bright_turns", "heavy_turns"),
    )

    started_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    zone: Mapped[str] = mapped_column(String(64))
    """Zone of the person when it started."""
    mode: Mapped[str] = mapped_column(String(16))
    """microphone, audio or text."""
    profile: Mapped[str] = mapped_column(String(64))
    reply_driver: Mapped[str] = mapped_column(String(32))
    """What drove replies: bank or model."""
    ended_by: Mapped[str] = mapped_column(String(32), default="")
    heard_turns: Mapped[int] = mapped_column(default=0, server_default="0")
    """Turns in which the person said something; this and the next three are kept with each turn (ADR-0009)."""
    bright_turns: Mapped[int] = mapped_column(default=0, server_default="0")
    """Those among them whose feeling is in ``core.overview.BRIGHT``."""
    heavy_turns: Mapped[int] = mapped_column(default=0, server_default="0")
    """Those among them whose feeling is in ``core.overview.HEAVY``."""
    last_turn_at: Mapped[datetime | None] = mapped_column(UtcTime)


class TurnRow(Base, Happened):
    """One exchange: what the person said, if anything, what was made of it, and what 말벗 answered."""

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_session_id_number", "session_id", "number", unique=True),)

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    """opening, exchange, silence or closing."""
    heard: Mapped[str] = mapped_column(Words, default="")
    hearing: Mapped[str] = mapped_column(String(16), default="")
    heard_confidence: Mapped[float] = mapped_column(default=0.0)
    heard_from: Mapped[str] = mapped_column(Words, default="")
    """File that the words came from; empty for a microphone or a keyboard."""
    act: Mapped[str] = mapped_column(String(32), default="")
    topic: Mapped[str] = mapped_column(String(64), default="")
    feeling: Mapped[str] = mapped_column(String(32), default="")
    situation: Mapped[str] = mapped_column(String(128), default="")
    understanding_confidence: Mapped[float] = mapped_column(default=0.0)
    risk_level: Mapped[str] = mapped_column(String(16), default="")
    risk_kind: Mapped[str] = mapped_column(String(64), default="")
    reply: Mapped[str] = mapped_column(Words)
    reply_id: Mapped[str] = mapped_column(String(128))
    reply_source: Mapped[str] = mapped_column(String(16))
    guard: Mapped[str] = mapped_column(String(64), default="")
    spoken: Mapped[str | None] = mapped_column(Words)
    """What was really spoken: null until it was, shorter than ``reply`` where it was cut."""
