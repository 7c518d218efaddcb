"""What people set to be said: gated, and written down. Whoever may read a record may set reminders in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select

from companion.core.access import Action, Identity
from companion.core.life import Reminder
from companion.errors import InputError, NotAllowed
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.gate import Entrance, Gate
from companion.store.grants import readable
from companion.store.ids import new_id
from companion.store.life import reminder_of
from companion.store.tables.base import storable, zone_of
from companion.store.tables.life import ReminderRow
from companion.store.tables.people import PersonRow
from companion.store.viewing import Viewer

_SHORTEST_END = 4
"""Letters of an id's end that name a reminder."""


@dataclass(frozen=True, slots=True)
class SeenReminder:
    """A reminder with whose it is."""

    reminder: Reminder
    person_id: str
    person: str
    """Name or 호칭."""


def reminders_seen(viewer: Viewer) -> Sequence[SeenReminder]:
    """Return the reminders of everybody whose record is open, in the order in which they were set.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    with viewer.read(Action.REMINDERS_LISTED) as view:
        query = select(ReminderRow, PersonRow).join(PersonRow, PersonRow.id == ReminderRow.person_id)
        query = query.where(ReminderRow.person_id.in_(view.people)).order_by(ReminderRow.at, ReminderRow.id)
        rows = view.session.execute(query).all()
        view.saw([reminder.person_id for reminder, _ in rows], len(rows))
        return [SeenReminder(reminder_of(row), person.id, person.name or person.address) for row, person in rows]


class ReminderCare:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._gate = Gate(database, audit)

    def add(self, by: Identity, person_id: str, reminder: Reminder) -> str:
        """Commit a reminder and return its id.

        Raises:
            AccessError: They may not.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by, person_id=person_id) as entrance:
            self._demand(entrance, person_id)
            row = ReminderRow(id=new_id(reminder.at), person_id=person_id, zone=zone_of(reminder.at))
            row.kind, row.words, row.set_by, row.at = reminder.kind, reminder.words, reminder.set_by, reminder.at
            row.schedule, row.active, row.last_said_at = dict(reminder.schedule), reminder.active, None
            entrance.session.add(row)
            entrance.session.flush()
            self._note(entrance, by, row, "added")
            return row.id

    def change(
        self, by: Identity, wanted: str, *, active: bool, schedule: Mapping[str, object] | None = None
    ) -> Reminder:
        """Commit whether a reminder is said, and from when on; return it as it is then.

        Raises:
            AccessError: They may not.
            InputError: No such reminder is there.
            StorageFull: Nothing could be written.
        """
        with self._found(by, wanted) as (entrance, row):
            row.active = active
            if schedule is not None:
                row.schedule = {**row.schedule, **schedule}
            entrance.session.flush()
            self._note(entrance, by, row, "resumed" if active else "paused")
            return reminder_of(row)

    def rewrite(self, by: Identity, wanted: str, reminder: Reminder) -> Reminder:
        """Commit other words and times in the place of those of a reminder; whether it is said stays as it was.

        Raises:
            AccessError: They may not.
            InputError: No such reminder is there.
            StorageFull: Nothing could be written.
        """
        with self._found(by, wanted) as (entrance, row):
            row.kind, row.words, row.set_by = reminder.kind, reminder.words, reminder.set_by
            row.schedule = dict(reminder.schedule)
            entrance.session.flush()
            self._note(entrance, by, row, "changed")
            return reminder_of(row)

    def remove(self, by: Identity, wanted: str) -> Reminder:
        """Remove a reminder for good and return it as it was.

        Raises:
            AccessError: They may not.
            InputError: No such reminder is there.
            StorageFull: Nothing could be written.
        """
        with self._found(by, wanted) as (entrance, row):
            gone = reminder_of(row)
            entrance.session.delete(row)
            entrance.session.flush()
            self._note(entrance, by, row, "removed")
            return gone

    @contextmanager
    def _found(self, by: Identity, wanted: str) -> Iterator[tuple[Entrance, ReminderRow]]:
        if len(wanted) < _SHORTEST_END:
            raise InputError("store.id_too_short", id=wanted, least=_SHORTEST_END)
        with self._gate.entered(by) as entrance:
            query = select(ReminderRow).where(ReminderRow.person_id.in_(readable(entrance)))
            query = query.where(ReminderRow.id.endswith(storable(wanted), autoescape=True)).limit(2)
            rows = entrance.session.scalars(query).all()
            if len(rows) != 1:
                raise InputError("reminders.no_such_reminder" if not rows else "store.id_not_unique", id=wanted)
            entrance.session.info["person_id"] = rows[0].person_id
            yield entrance, rows[0]

    def _demand(self, entrance: Entrance, person_id: str) -> None:
        if person_id not in readable(entrance, person_id):
            raise NotAllowed("access.not_open")

    def _note(self, entrance: Entrance, by: Identity, row: ReminderRow, what: str) -> None:
        details = {"reminder": row.id, "what": what, "kind": row.kind}
        self._audit.append(entrance.session, by, Action.REMINDERS_CHANGED, person_id=row.person_id, details=details)
