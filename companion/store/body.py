"""Readings, imports and limits, under the consent to keep health data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.body import Brought, Import, OwnLimit, Reading
from companion.core.consent import Item
from companion.store.body_view import own_limits
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.body import ImportRow, LimitRow, ReadingRow

_READING: Final = tuple(one.name for one in fields(Reading))
_IMPORT: Final = tuple(one.name for one in fields(Import) if one.name != "id")
_BATCH: Final = 1000
"""Rows that are held at a time, so that a year of minutes fits into little memory."""


class Readings:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def bring_in(self, person_id: str, what: Import, readings: Iterable[Reading]) -> Brought | None:
        """Commit an import with those of its readings that are not there yet, or nothing at all.

        Returns:
            What became of it; None where the same file was brought in before.

        Raises:
            NotAllowed: Health data may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.HEALTH, self._database.now())
            if is_known(session, person_id, what):
                return None
            row = import_row(session, person_id, what)
            added, known = add_readings(session, self._database, person_id, row.id, readings)
            return Brought(row.id, added, known)

    def imports(self, person_id: str) -> Sequence[Import]:
        """Return what was brought in, oldest first; nothing where health data may not be kept."""
        query = select(ImportRow).where(ImportRow.person_id == person_id).order_by(ImportRow.at, ImportRow.id)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            return [
                Import(id=row.id, **{name: getattr(row, name) for name in _IMPORT}) for row in session.scalars(query)
            ]

    def between(self, person_id: str, kind: str, since: datetime, until: datetime) -> Sequence[Reading]:
        """Return the readings of one kind in a half-open span of time, in order; none where they may not be kept."""
        query = select(ReadingRow).where(ReadingRow.person_id == person_id, ReadingRow.kind == kind)
        query = query.where(ReadingRow.at >= since, ReadingRow.at < until).order_by(ReadingRow.at, ReadingRow.id)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            return [Reading(**{name: getattr(row, name) for name in _READING}) for row in session.scalars(query)]


class Limits:
    """Doctors' own limits, over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, person_id: str, limit: OwnLimit) -> None:
        """Commit a doctor's limit for a person, or that it is taken back.

        Raises:
            NotAllowed: Health data may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.HEALTH, self._database.now())
            row = LimitRow(id=new_id(limit.at), person_id=person_id, zone=zone_of(limit.at), at=limit.at)
            row.rule, row.value, row.set_by = limit.rule, limit.value, limit.set_by
            session.add(row)

    def standing(self, person_id: str) -> Mapping[str, float]:
        """Return the limits that stand, by id of the rule; none where health data may not be kept."""
        with self._database.reading() as session:
            allowed = allows(session, person_id, Item.HEALTH, self._database.now())
            return own_limits(session, person_id) if allowed else {}


def is_known(session: Session, person_id: str, what: Import) -> bool:
    """Return whether the same was brought in for a person before, in the same way."""
    query = select(ImportRow.id).where(ImportRow.person_id == person_id, ImportRow.digest == what.digest)
    return session.scalar(query.where(ImportRow.kind == what.kind)) is not None


def import_row(session: Session, person_id: str, what: Import) -> ImportRow:
    """Add an import inside a transaction; return its row."""
    row = ImportRow(id=new_id(what.at), person_id=person_id, zone=zone_of(what.at))
    for name in _IMPORT:
        setattr(row, name, getattr(what, name))
    row.counts = dict(what.counts)
    session.add(row)
    session.flush()
    return row


def add_readings(
    session: Session, database: Database, person_id: str, import_id: str, readings: Iterable[Reading]
) -> tuple[int, int]:
    """Add inside a transaction the readings of an import that are not there yet.

    Returns:
        How many were added, and how many were there already.
    """
    waiting, added, known = iter(readings), 0, 0
    while batch := list(islice(waiting, _BATCH)):
        fresh = _without_known(session, person_id, batch)
        known += len(batch) - len(fresh)
        added += len(fresh)
        rows = [_reading_row(person_id, import_id, one) for one in fresh]
        database.add_many(session, ReadingRow, rows, of=import_id)
    return added, known


def _without_known(session: Session, person_id: str, batch: Sequence[Reading]) -> list[Reading]:
    """Return the readings of a batch that are neither in the record nor twice in the batch."""
    kept = {one for kind, moments in _moments(batch).items() for one in _kept(session, person_id, kind, moments)}
    fresh: list[Reading] = []
    for reading in batch:
        identity = _identity(reading.kind, reading.at, reading.until, reading.value, reading.unit)
        if identity not in kept:
            kept.add(identity)
            fresh.append(reading)
    return fresh


def _moments(batch: Sequence[Reading]) -> dict[str, set[datetime]]:
    moments: dict[str, set[datetime]] = {}
    for reading in batch:
        moments.setdefault(reading.kind, set()).add(reading.at)
    return moments


def _kept(session: Session, person_id: str, kind: str, moments: set[datetime]) -> Iterable[tuple[object, ...]]:
    query = select(ReadingRow.kind, ReadingRow.at, ReadingRow.until, ReadingRow.value, ReadingRow.unit)
    query = query.where(ReadingRow.person_id == person_id, ReadingRow.kind == kind, ReadingRow.at.in_(moments))
    return [_identity(*row) for row in session.execute(query)]


def _identity(kind: str, at: datetime, until: datetime | None, value: float, unit: str) -> tuple[object, ...]:
    """What makes two readings one, from whichever files they come."""
    return kind, at.timestamp(), None if until is None else until.timestamp(), round(value, 4), unit


def _reading_row(person_id: str, import_id: str, reading: Reading) -> dict[str, object]:
    """Return a row as values: half a million rows as objects would take minutes."""
    values: dict[str, object] = {name: getattr(reading, name) for name in _READING}
    return values | {
        "id": new_id(reading.at),
        "person_id": person_id,
        "import_id": import_id,
        "zone": zone_of(reading.at),
    }
