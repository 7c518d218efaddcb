"""The day of a device: what was said on its own account, and what the person asked of people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import ID, Base, Happened, OfPerson, UtcTime, Words


class OccasionRow(Base, Happened, OfPerson):
    """One thing that was said on 말벗's own account, or one call of it. On the disk before the first sound."""

    __tablename__ = "occasions"
    __table_args__ = (
        Index("ix_occasions_person_id_key_number", "person_id", "key", "number", unique=True),
        Index("ix_occasions_person_id_due_at", "person_id", "due_at"),
    )

    key: Mapped[str] = mapped_column(String(80))
    """What set it, and the time on the wall at which it was due: what keeps a restart from saying it twice."""
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[str] = mapped_column(String(ID), default="")
    """The reminder or memory that it comes from, by an id that stays where that is removed."""
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    outcome: Mapped[str] = mapped_column(String(16))
    """begun, said, answered, unanswered, interrupted, met, passed, told."""


class ErrandRow(Base, Happened, OfPerson):
    """Something that the person asked people to do, in their words."""

    __tablename__ = "errands"
    __table_args__ = (Index("ix_errands_person_id_status", "person_id", "status"),)

    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    whom: Mapped[str] = mapped_column(Words, default="")
    words: Mapped[str] = mapped_column(Words)
    status: Mapped[str] = mapped_column(String(16))
    """open, done, declined, taken_back."""
    answer: Mapped[str] = mapped_column(Words, default="")
    by: Mapped[str] = mapped_column(Words, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the person was told what came of it."""
