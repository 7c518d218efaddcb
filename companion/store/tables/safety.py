"""Danger: what was found, what the protocol did, who was told and whether it reached them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import ID, Base, Happened, OfPerson, Table, UtcTime, Words


class RiskEventRow(Base, Happened, OfPerson):
    """One utterance in which danger was found. Kept whatever the person agreed to: ``basis`` says why."""

    __tablename__ = "risk_events"
    __table_args__ = (Index("ix_risk_events_person_id_at", "person_id", "at"),)

    session_id: Mapped[str | None] = mapped_column(String(ID), index=True)
    """The conversation, by an id that stays where the conversation itself is not kept or was erased."""
    turn_number: Mapped[int | None]
    level: Mapped[str] = mapped_column(String(16))
    standing: Mapped[str] = mapped_column(String(16), default="")
    """The highest level of the session so far."""
    kind: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[str] = mapped_column(String(64), default="")
    """Id of the rule that decided."""
    confidence: Mapped[float] = mapped_column(default=1.0)
    words: Mapped[str | None] = mapped_column(Words)
    """What the person said; null where the conversation may not be kept."""
    lexicon_version: Mapped[str] = mapped_column(String(32), default="")
    basis: Mapped[str] = mapped_column(String(32))
    """consent, or vital_interest."""


class ProtocolStepRow(Base, Happened, OfPerson):
    """One step that the protocol took."""

    __tablename__ = "protocol_steps"
    __table_args__ = (
        Index("ix_protocol_steps_session_id_turn_number", "session_id", "turn_number", "number", unique=True),
    )

    session_id: Mapped[str] = mapped_column(String(ID))
    turn_number: Mapped[int]
    number: Mapped[int]
    """1, 2, 3 … in the turn."""
    action: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128), default="")
    """Of the fixed sentence."""
    question: Mapped[str] = mapped_column(String(16), default="")
    answer: Mapped[str] = mapped_column(String(16), default="")
    """What the person answered to the question before; on the first step of a turn."""
    protocol_version: Mapped[str] = mapped_column(String(32), default="")


class AlertRow(Base, Happened, OfPerson):
    """Somebody is to be told. A graver level is another alert."""

    __tablename__ = "alerts"
    __table_args__ = (Index("ix_alerts_status_at", "status", "at"),)

    session_id: Mapped[str | None] = mapped_column(String(ID))
    turn_number: Mapped[int | None]
    level: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    within_seconds: Mapped[int] = mapped_column(default=0)
    contacts: Mapped[list[object]] = mapped_column(Table, default=list)
    """Ids of contacts in the order to be told."""
    told_person: Mapped[bool] = mapped_column(default=False)
    protocol_version: Mapped[str] = mapped_column(String(32), default="")


class AlertNoteRow(Base, Happened):
    """What a named person did about an alert. Never changed."""

    __tablename__ = "alert_notes"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    by: Mapped[str] = mapped_column(Words)
    status: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Words)
    false_alarm: Mapped[bool] = mapped_column(default=False)


class DeliveryRow(Base, Happened):
    """One try to reach one contact by one channel; on the disk before anything is sent. ``at`` is when it is due."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_key", "key", unique=True),
        Index("ix_deliveries_outcome_at", "outcome", "at"),
    )

    key: Mapped[str] = mapped_column(String(160))
    """alert/contact/channel/number: what keeps a restart from sending twice."""
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[str] = mapped_column(String(ID))
    channel: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    tried_at: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str] = mapped_column(String(16))
    error_key: Mapped[str] = mapped_column(String(64), default="")
    rules_version: Mapped[str] = mapped_column(String(32), default="")
    """Of the ``delivery.toml`` that planned it; empty for tries of before this was kept."""
