"""What goes on between conversations: memories, activities, reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import Base, Happened, OfPerson, Table, UtcTime, Words


class MemoryRow(Base, Happened, OfPerson):
    """One fact worth keeping, with the sentence it came from."""

    __tablename__ = "memories"
    __table_args__ = (Index("ix_memories_person_id_kind", "person_id", "kind"),)

    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    """family, place, work, likes, health, plan, loss, address …"""
    aspect: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Which side of it: name, home, lasting, acute, come …"""
    about: Mapped[str] = mapped_column(Words, default="")
    value: Mapped[str] = mapped_column(Words, default="", server_default="")
    fact: Mapped[str] = mapped_column(Words)
    sentence: Mapped[str] = mapped_column(Words, default="")
    confidence: Mapped[float] = mapped_column(default=1.0)
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When a plan or promise is to happen."""
    fades_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """After which something acute is not mentioned any more."""
    asked_after_at: Mapped[datetime | None] = mapped_column(UtcTime)
    superseded: Mapped[bool] = mapped_column(default=False)


class MemoryChoiceRow(Base, Happened, OfPerson):
    """Whether facts of one kind are to be remembered, where the person said so."""

    __tablename__ = "memory_choices"
    __table_args__ = (Index("ix_memory_choices_person_id_kind", "person_id", "kind", unique=True),)

    kind: Mapped[str] = mapped_column(String(32))
    remembered: Mapped[bool]


class ActivityRow(Base, Happened, OfPerson):
    """One small activity that was offered, and what came of it."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_person_id_at", "person_id", "at"),)

    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    script: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[str] = mapped_column(String(16))
    """offered, refused, begun, stopped, done."""
    mood_before: Mapped[int | None]
    """0 to 10, as said aloud."""
    mood_after: Mapped[int | None]
    plan: Mapped[str] = mapped_column(Words, default="")


class ReminderRow(Base, Happened, OfPerson):
    """Something that the family set to be said at a time of day."""

    __tablename__ = "reminders"

    kind: Mapped[str] = mapped_column(String(16))
    """medicine, water, appointment, check_in."""
    words: Mapped[str] = mapped_column(Words)
    schedule: Mapped[dict[str, object]] = mapped_column(Table, default=dict)
    set_by: Mapped[str] = mapped_column(Words)
    active: Mapped[bool] = mapped_column(default=True)
    last_said_at: Mapped[datetime | None] = mapped_column(UtcTime)
