"""What hospitals recorded, and which of their patients was confirmed to be whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import ID, Base, Happened, OfPerson, Table, UtcTime, Words


class HospitalPatientRow(Base, Happened, OfPerson):
    """A patient of a hospital who was confirmed to be this person; ``at`` is when."""

    __tablename__ = "hospital_patients"

    patient_key: Mapped[str] = mapped_column(Words)
    origin: Mapped[str] = mapped_column(Words, default="")
    gender: Mapped[str] = mapped_column(String(16), default="")
    born: Mapped[str] = mapped_column(Words, default="")
    by: Mapped[str] = mapped_column(Words, default="")


class HospitalRecordRow(Base, Happened, OfPerson):
    """One state of one resource of a hospital; ``at`` is when it was brought in."""

    __tablename__ = "hospital_records"
    __table_args__ = (
        Index("ix_hospital_records_resource", "person_id", "patient_id", "resource_type", "resource_id"),
        Index("ix_hospital_records_shown", "person_id", "superseded", "kind", "occurred_at"),
    )

    import_id: Mapped[str | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    patient_id: Mapped[str] = mapped_column(String(ID), default="")
    """The row of the patient under whom it was brought in."""
    kind: Mapped[str] = mapped_column(String(16))
    resource_type: Mapped[str] = mapped_column(String(32))
    resource_id: Mapped[str] = mapped_column(Words)
    version: Mapped[str] = mapped_column(Words, default="")
    updated_at: Mapped[datetime | None] = mapped_column(UtcTime)
    text: Mapped[str] = mapped_column(Words)
    code: Mapped[str] = mapped_column(Words, default="")
    system: Mapped[str] = mapped_column(Words, default="")
    status: Mapped[str] = mapped_column(Words, default="")
    occurred: Mapped[str] = mapped_column(Words, default="")
    occurred_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    value: Mapped[str] = mapped_column(Words, default="")
    number: Mapped[float | None]
    unit: Mapped[str] = mapped_column(Words, default="")
    instrument: Mapped[str] = mapped_column(String(16), default="")
    resource: Mapped[dict[str, object]] = mapped_column(Table, default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    superseded: Mapped[bool] = mapped_column(default=False)
    """Whether a newer state of it stands instead, or its source took it back."""
