"""What the person asked to be told at some time: their own reminders, under the consent to keep conversations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.core.life import ASKED, Reminder
from companion.errors import InputError
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.life import reminder_of
from companion.store.tables.base import zone_of
from companion.store.tables.life import ReminderRow
from companion.store.tables.outbox import ChangeRow


class AskedReminders:
    """Over one database: the side of 말벗 and the person. The family's own are ``Reminders``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def may_keep(self, person_id: str) -> bool:
        """Return whether anything may be written down now.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        with self._database.reading() as session:
            return allows(session, person_id, Item.CONVERSATION, self._database.now())

    def keep(self, person_id: str, reminder: Reminder) -> str:
        """Commit what was asked and return its id.

        Raises:
            NotAllowed: Conversations may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.CONVERSATION, self._database.now())
            row = ReminderRow(id=new_id(reminder.at), person_id=person_id, zone=zone_of(reminder.at), kind=ASKED)
            row.words, row.set_by, row.at, row.active = reminder.words, reminder.set_by, reminder.at, True
            row.schedule, row.last_said_at = dict(reminder.schedule), None
            session.add(row)
            return row.id

    def all(self, person_id: str) -> Sequence[Reminder]:
        """Return what was asked and not dropped, in the order in which it was; none without consent.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        with self._database.reading() as session:
            if not allows(session, person_id, Item.CONVERSATION, self._database.now()):
                return []
            query = select(ReminderRow).where(_of(person_id), ReminderRow.active.is_(True))
            return [reminder_of(row) for row in session.scalars(query.order_by(ReminderRow.at, ReminderRow.id))]

    def drop(self, person_id: str, reminder_id: str) -> None:
        """Remove it for good, with what the outbox held of it.

        Raises:
            InputError: The person asked for no such thing.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            row = session.scalar(select(ReminderRow).where(_of(person_id), ReminderRow.id == reminder_id))
            if row is None:
                raise InputError("store.no_such_row", id=reminder_id)
            _erase(session, row)


def erase_asked(session: Session, person_id: str) -> None:
    """Remove all that a person asked for: it goes with the conversations."""
    for row in session.scalars(select(ReminderRow).where(_of(person_id))):
        _erase(session, row)


def _erase(session: Session, row: ReminderRow) -> None:
    session.execute(delete(ChangeRow).where(ChangeRow.row_id == row.id))
    session.delete(row)


def _of(person_id: str) -> ColumnElement[bool]:
    return (ReminderRow.person_id == person_id) & (ReminderRow.kind == ASKED)
