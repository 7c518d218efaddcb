"""What the person asks people to do: kept under the consent to keep conversations, told back once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final

from sqlalchemy import select

from companion.core.consent import Item
from companion.core.errand import Errand, Purpose, Standing
from companion.errors import InputError
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.daily import ErrandRow
from companion.store.tables.talk import SessionRow

_FIELDS: Final = tuple(one.name for one in fields(Errand) if one.name != "id")


class Errands:
    """Over one database: the side of 말벗 and the person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def may_keep(self, person_id: str) -> bool:
        """Return whether an errand may be written down now.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        with self._database.reading() as session:
            return allows(session, person_id, Item.CONVERSATION, self._database.now())

    def keep(self, person_id: str, errand: Errand) -> str:
        """Commit an errand and return its id.

        Raises:
            NotAllowed: Conversations may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.CONVERSATION, self._database.now())
            row = ErrandRow(id=new_id(errand.at), person_id=person_id, zone=zone_of(errand.at))
            for name in _FIELDS:
                setattr(row, name, getattr(errand, name))
            if row.session_id is not None and session.get(SessionRow, row.session_id) is None:
                row.session_id = None
            session.add(row)
            return row.id

    def take_back(self, person_id: str, errand_id: str, at: datetime) -> None:
        """Commit that the person wants it no more. One that was seen to meanwhile stays as it is.

        Raises:
            InputError: The person has no such errand.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            row = session.get(ErrandRow, errand_id)
            if row is None or row.person_id != person_id:
                raise InputError("store.no_such_row", id=errand_id)
            if row.status == Standing.OPEN:
                row.status, row.settled_at, row.told_at = Standing.TAKEN_BACK, at, at

    def waiting(self, person_id: str) -> Sequence[Errand]:
        """Return what nobody has seen to yet, oldest first; none without consent.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        query = select(ErrandRow).where(ErrandRow.person_id == person_id, ErrandRow.status == Standing.OPEN)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.CONVERSATION, self._database.now()):
                return []
            return [errand_of(row) for row in session.scalars(query.order_by(ErrandRow.at, ErrandRow.id))]

    def to_tell(self, person_id: str) -> Sequence[Errand]:
        """Return what was seen to and the person has not been told of, oldest first; none without consent.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        query = select(ErrandRow).where(
            ErrandRow.person_id == person_id,
            ErrandRow.told_at.is_(None),
            ErrandRow.status.in_((Standing.DONE, Standing.DECLINED)),
        )
        with self._database.reading() as session:
            if not allows(session, person_id, Item.CONVERSATION, self._database.now()):
                return []
            return [errand_of(row) for row in session.scalars(query.order_by(ErrandRow.settled_at, ErrandRow.id))]

    def told(self, person_id: str, errand_id: str, at: datetime) -> bool:
        """Commit that the person is being told what came of it; False where they were told before.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            row = session.get(ErrandRow, errand_id)
            if row is None or row.person_id != person_id or row.told_at is not None:
                return False
            row.told_at = at
            return True


def errand_of(row: ErrandRow) -> Errand:
    """Return the value of a row."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return Errand(id=row.id, **{**values, "purpose": Purpose(row.purpose), "status": Standing(row.status)})
