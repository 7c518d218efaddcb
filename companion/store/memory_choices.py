"""Which kinds of facts a person wants remembered: everything that they agreed to keep, but for what they took out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.life import MemoryChoiceRow


class MemoryChoices:
    """Over one database. A choice rests on no consent: it can only take away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, person_id: str, kind: str, at: datetime, *, remembered: bool) -> None:
        """Commit whether facts of a kind are remembered from now on.

        Raises:
            StorageFull: Nothing could be written.
        """
        query = select(MemoryChoiceRow).where(MemoryChoiceRow.person_id == person_id, MemoryChoiceRow.kind == kind)
        with self._database.writing(person_id) as session:
            row = session.scalar(query)
            if row is None:
                row = MemoryChoiceRow(id=new_id(at), person_id=person_id, zone=zone_of(at), kind=kind)
                session.add(row)
            row.at, row.remembered = at, remembered

    def refused(self, person_id: str) -> frozenset[str]:
        """Return the kinds that are not to be remembered."""
        query = select(MemoryChoiceRow.kind).where(
            MemoryChoiceRow.person_id == person_id, MemoryChoiceRow.remembered.is_(False)
        )
        with self._database.reading() as session:
            return frozenset(session.scalars(query))
