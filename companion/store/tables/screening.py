"""Screenings with their answers word for word, and signs observed in free talk. No score is kept: it is derived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import ID, Base, Happened, OfPerson, Table, UtcTime, Words


class ScreeningRow(Base, Happened, OfPerson):
    """One administration of an instrument; ``at`` is when willingness was asked."""

    __tablename__ = "screenings"
    __table_args__ = (
        Index("ix_screenings_person_id_instrument_at", "person_id", "instrument", "at"),
        Index("ix_screenings_person_id_number", "person_id", "number", unique=True),
    )

    number: Mapped[int]
    """1, 2, 3 … for each person: the order of screenings, whatever the clock said."""
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    """The session in which it was begun."""
    instrument: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), default="ko")
    wording: Mapped[str] = mapped_column(String(64), default="")
    """Digest of our own sentences around it."""
    status: Mapped[str] = mapped_column(String(16))
    requested_by: Mapped[str] = mapped_column(String(16))
    mode: Mapped[str] = mapped_column(String(16))
    whole: Mapped[bool] = mapped_column(default=False)
    """Whether everything was to be asked, whatever the first items come to."""
    gated: Mapped[bool] = mapped_column(default=False)
    """Whether the items behind the gate were left out because its sum was too low."""
    replies: Mapped[int] = mapped_column(default=0)
    """How many replies the person gave."""
    gone_on_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When it was last gone on with; never before it was begun, whatever the clock said."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When it was last suspended; stays when it is gone on with."""
    not_before: Mapped[datetime | None] = mapped_column(UtcTime)
    """Since a suspension: when the rest may be offered."""
    suspended_by: Mapped[str] = mapped_column(String(16), default="")
    risk_level: Mapped[str] = mapped_column(String(16), default="")
    """Of the danger that suspended it."""
    risk_kind: Mapped[str] = mapped_column(String(64), default="")
    gate_of: Mapped[str | None] = mapped_column(String(ID))
    """For a gate that led on: the screening that took its answers over."""


class AnswerRow(Base, Happened):
    """What was answered to one item, word for word. A correction is another row."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_screening_id_order", "screening_id", "order", unique=True),
        Index("ix_answers_sums", "screening_id", "superseded", "item", "score"),
    )

    screening_id: Mapped[str] = mapped_column(ForeignKey("screenings.id", ondelete="CASCADE"))
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    item: Mapped[str] = mapped_column(String(48))
    link: Mapped[str] = mapped_column(String(32), default="")
    """LOINC code of the item."""
    order: Mapped[int]
    """1, 2, 3 … as they were given."""
    asked: Mapped[str] = mapped_column(Words, default="")
    form: Mapped[str] = mapped_column(String(16), default="")
    reply: Mapped[str] = mapped_column(Words, default="")
    """The reply that decided, word for word."""
    replies: Mapped[list[object]] = mapped_column(Table, default=list)
    """Every exchange about this item."""
    option: Mapped[str | None] = mapped_column(String(16))
    option_text: Mapped[str] = mapped_column(Words, default="")
    score: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float] = mapped_column(default=0.0)
    evidence: Mapped[list[object]] = mapped_column(Table, default=list)
    """The words of ``reply`` that decided, with half-open spans."""
    rule: Mapped[str] = mapped_column(String(64), default="")
    decider: Mapped[str] = mapped_column(String(16), default="")
    confirmed: Mapped[str] = mapped_column(String(16), default="")
    confirmations: Mapped[int] = mapped_column(default=0)
    model: Mapped[str] = mapped_column(String(64), default="")
    superseded: Mapped[bool] = mapped_column(default=False)
    """Whether a later answer to the same item stands instead."""


class ObservationRow(Base, Happened, OfPerson):
    """A sign of a symptom in free talk: shown as such, never a score."""

    __tablename__ = "observations"
    __table_args__ = (Index("ix_observations_person_id_at", "person_id", "at"),)

    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    sign: Mapped[str] = mapped_column(String(32))
    touches: Mapped[str] = mapped_column(String(48), default="")
    """Item of an instrument that it touches, for showing only."""
    quote: Mapped[str] = mapped_column(Words)
    rule: Mapped[str] = mapped_column(String(64), default="")
    offered: Mapped[str | None] = mapped_column(ForeignKey("screenings.id", ondelete="SET NULL"), index=True)
    """The screening that it led to offering."""
