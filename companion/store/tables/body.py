"""Readings of wearables and meters, and the imports that brought data in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import Base, Happened, OfPerson, Table, UtcTime, Words


class ImportRow(Base, Happened, OfPerson):
    """One file that was brought in."""

    __tablename__ = "imports"

    kind: Mapped[str] = mapped_column(String(32))
    """vitals or fhir."""
    source: Mapped[str] = mapped_column(Words)
    """Name of the file or stream."""
    digest: Mapped[str] = mapped_column(String(64), index=True)
    format: Mapped[str] = mapped_column(String(64), default="")
    by: Mapped[str] = mapped_column(Words, default="")
    counts: Mapped[dict[str, object]] = mapped_column(Table, default=dict)
    coming_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When its last part came, as long as it is not whole: its readings are seen by nobody. None once it is."""


class ReadingRow(Base, Happened, OfPerson):
    """One value of one measurement."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_looked_at", "person_id", "kind", "at", "quality", "value"),)

    import_id: Mapped[str | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    value: Mapped[float]
    unit: Mapped[str] = mapped_column(String(16))
    """UCUM."""
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    """End of what lasts: sleep, steps of an hour."""
    device: Mapped[str] = mapped_column(Words, default="")
    context: Mapped[str] = mapped_column(String(32), default="")
    """fasting, after_meal, resting …"""
    quality: Mapped[str] = mapped_column(String(16), default="")


class ReadingDayRow(Base, Happened, OfPerson):
    """A day with many readings of a kind, summed; made of readings, and never the only place of anything.

    ``at`` is its beginning, ``zone`` UTC.
    """

    __tablename__ = "reading_days"
    __table_args__ = (Index("ix_reading_days_day", "person_id", "kind", "at", unique=True),)

    kind: Mapped[str] = mapped_column(String(32))
    quarters: Mapped[list[list[float]]] = mapped_column(JSON)
    """Minutes since the beginning, count, least, mean, most of each quarter of an hour that has readings, in order."""
    hours: Mapped[list[list[float]]] = mapped_column(JSON)
    """The same of each hour, at its last quarter that has readings: what days of most zones are made of."""


class LimitRow(Base, Happened, OfPerson):
    """A doctor's own limit for a person, in place of a rule's; the newest of a rule stands."""

    __tablename__ = "limits"

    rule: Mapped[str] = mapped_column(String(64))
    """Id of the rule in ``prompts/vitals/rules.ko.toml``."""
    value: Mapped[float | None]
    """In the unit of the rule's kind; none takes the doctor's limit back."""
    set_by: Mapped[str] = mapped_column(Words)


class SensorRow(Base, Happened, OfPerson):
    """A device of the person's whose readings come over the air."""

    __tablename__ = "sensors"

    address: Mapped[str] = mapped_column(Words)
    name: Mapped[str] = mapped_column(Words, default="")
    services: Mapped[list[str]] = mapped_column(Table, default=list)
    """heart_rate, glucose."""
    last_sequence: Mapped[int | None]
    """Number of the newest stored record that was taken from it."""
