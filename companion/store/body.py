"""Readings, imports and limits, under the consent to keep health data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from companion.core.body import Brought, Import, OwnLimit, Reading
from companion.core.consent import Item
from companion.store.body_view import of_whole_imports, own_limits
from companion.store.bringing import IMPORT, READING, add, bring_in, sweep
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.reading_days import sum_up
from companion.store.tables.base import zone_of
from companion.store.tables.body import ImportRow, LimitRow, ReadingRow


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
            StoreBusy: Another process brings the same file in.
        """
        return bring_in(self._database, person_id, what, readings)

    def add(self, person_id: str, stream: Import, readings: Sequence[Reading]) -> int:
        """Commit readings of a stream, under one import for each digest; return how many were new.

        Raises:
            NotAllowed: Health data may not be kept.
            StorageFull: Nothing could be written.
        """
        return add(self._database, person_id, stream, readings)

    def sweep(self, person_id: str, *, goes_on: Callable[[], bool] = lambda: True) -> int:
        """Take back what a process that died left half brought in; return how many imports that were.

        Args:
            person_id: Whose.
            goes_on: Asked between two parts, of which there may be thousands; no leaves the rest for the next time.

        Raises:
            StorageFull: Nothing could be written.
        """
        return sweep(self._database, person_id, goes_on=goes_on)

    def sum_up(self, person_id: str, *, goes_on: Callable[[], bool] = lambda: True) -> int:
        """Add up days with many readings that are over; return how many those were.

        Args:
            person_id: Whose.
            goes_on: Asked between two parts; no leaves the rest for the next time.

        Raises:
            StorageFull: Nothing could be written.
        """
        return sum_up(self._database, person_id, goes_on=goes_on)

    def imports(self, person_id: str) -> Sequence[Import]:
        """Return what was brought in, oldest first; nothing where health data may not be kept."""
        query = select(ImportRow).where(ImportRow.person_id == person_id, ImportRow.coming_at.is_(None))
        query = query.order_by(ImportRow.at, ImportRow.id)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            return [
                Import(id=row.id, **{name: getattr(row, name) for name in IMPORT}) for row in session.scalars(query)
            ]

    def between(self, person_id: str, kind: str, since: datetime, until: datetime) -> Sequence[Reading]:
        """Return the readings of one kind in a half-open span of time, in order; none where they may not be kept."""
        query = select(ReadingRow).where(ReadingRow.person_id == person_id, ReadingRow.kind == kind)
        query = query.where(ReadingRow.at >= since, ReadingRow.at < until).order_by(ReadingRow.at, ReadingRow.id)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            query = query.where(*of_whole_imports(session, person_id))
            return [Reading(**{name: getattr(row, name) for name in READING}) for row in session.scalars(query)]


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
