"""All that belongs to a person: read whole for the person, removed whole at their wish.

What belongs to whom follows from the tables themselves: every chain of foreign keys that removes a row with its person
leads here, so that a new table cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, exists, func, select, update
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.errors import InputError
from companion.store.asked import erase_asked
from companion.store.database import Database
from companion.store.tables import Base
from companion.store.tables.body import ImportRow, LimitRow, ReadingDayRow, ReadingRow, SensorRow
from companion.store.tables.daily import ErrandRow
from companion.store.tables.hospital import HospitalPatientRow, HospitalRecordRow
from companion.store.tables.life import ActivityRow, MemoryRow
from companion.store.tables.outbox import ChangeRow
from companion.store.tables.people import PersonRow
from companion.store.tables.safety import RiskEventRow
from companion.store.tables.screening import ObservationRow, ScreeningRow
from companion.store.tables.talk import SessionRow

_BY_ITEM: Final[Mapping[Item, tuple[type[Base], ...]]] = {
    Item.CONVERSATION: (SessionRow, MemoryRow, ErrandRow, ObservationRow, ActivityRow),
    Item.HEALTH: (
        ScreeningRow,
        ObservationRow,
        ReadingRow,
        HospitalRecordRow,
        HospitalPatientRow,
        ImportRow,
        LimitRow,
        SensorRow,
        ActivityRow,
    ),
}
"""Rows that one consent carries; their own rows go with them. Quotes in observations and what was agreed on in an
activity are speech and health at once."""


class Belongings:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, person_id: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the name of each table and each row of a person in it, the person first.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        with self._database.reading() as session:
            for table in Base.metadata.sorted_tables:
                mine = owned(table, person_id)
                if mine is not None:
                    for row in session.execute(select(table).where(mine).order_by(table.c.id)).mappings():
                        yield table.name, dict(row)

    def counts(self, person_id: str) -> Mapping[str, int]:
        """Return how many rows of each table are a person's; tables without any are left out."""
        with self._database.reading() as session:
            found = {}
            for table in Base.metadata.sorted_tables:
                mine = owned(table, person_id)
                if mine is not None and (count := session.scalar(select(func.count()).select_from(table).where(mine))):
                    found[table.name] = count
            return found

    def item_count(self, person_id: str, item: Item) -> int:
        """Return how many rows were kept by one consent, without the rows that hang on them."""
        with self._database.reading() as session:
            kinds = _BY_ITEM.get(item, ())
            queries = [select(func.count()).where(kind.__table__.c.person_id == person_id) for kind in kinds]
            return sum(session.scalar(query) or 0 for query in queries)

    def erase(self, person_id: str) -> None:
        """Remove a person and every row of theirs. The audit keeps their id, which names nobody any more.

        Raises:
            InputError: No such person.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            person = session.get(PersonRow, person_id)
            if person is None:
                raise InputError("people.no_such_person", id=person_id)
            session.execute(delete(ChangeRow).where(ChangeRow.person_id == person_id))
            session.delete(person)
        self._database.compact()

    def erase_item(self, person_id: str, item: Item) -> None:
        """Remove what was kept by one consent. Danger stays, without the person's words.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            for kind in _BY_ITEM.get(item, ()):
                if kind is ReadingRow:
                    self._remove_readings(session, person_id)
                else:
                    _remove(session, kind, person_id)
            if item is Item.CONVERSATION:
                erase_asked(session, person_id)
                wordless = update(RiskEventRow).where(RiskEventRow.person_id == person_id)
                session.execute(wordless.values(words=None))
        self._database.compact()

    def _remove_readings(self, session: Session, person_id: str) -> None:
        """Remove readings by statements: a year of minutes is not loaded to be removed."""
        mine = ReadingRow.person_id == person_id
        session.execute(delete(ChangeRow).where(ChangeRow.row_id.in_(select(ReadingRow.id).where(mine))))
        for import_id in session.scalars(select(ReadingRow.import_id).where(mine).distinct()).all():
            self._database.take_back_many(session, ReadingRow, of=import_id or "", person_id=person_id)
        session.execute(delete(ReadingDayRow).where(ReadingDayRow.person_id == person_id))
        session.execute(delete(ReadingRow).where(mine))


def owned(table: Table, person_id: str) -> ColumnElement[bool] | None:
    """Return the condition under which a row of a table is a person's, or None where no row ever is."""
    if table.name == PersonRow.__tablename__:
        return table.c.id == person_id
    if table.name != ChangeRow.__tablename__ and "person_id" in table.c and table.c.person_id.foreign_keys:
        return table.c.person_id == person_id
    for key in table.foreign_keys:
        if key.ondelete == "CASCADE" and (above := owned(key.column.table, person_id)) is not None:
            return exists().where(key.column == key.parent, above)
    return None


def erased_until(session: Session) -> datetime | None:
    """Return when somebody was last erased: backups made before may still hold them."""
    query = select(func.max(ChangeRow.at)).where(ChangeRow.table == "people", ChangeRow.operation == "delete")
    return session.scalar(query)


def _remove(session: Session, kind: type[Base], person_id: str) -> None:
    for row in session.scalars(select(kind).where(kind.__table__.c.person_id == person_id)):
        session.execute(delete(ChangeRow).where(ChangeRow.row_id == row.id))
        session.delete(row)
