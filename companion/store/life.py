"""Memories, activities and reminders. Each write asks for the consent that it rests on, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.core.life import Activity, Memory, Outcome, Reminder, Said
from companion.errors import InputError
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.forgetting import GONE, erase_memory, erase_turn
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.life import ActivityRow, MemoryRow, ReminderRow
from companion.store.tables.talk import SessionRow, TurnRow

_MOST_TOLD: Final = 3000
"""Turns that are looked through: about half a year of talk."""
_CALM: Final = frozenset({"", "none"})
_NOT_TALK: Final = ("screening.", "consent.")
"""Beginnings of the ids of replies that ask for another record."""
_MEMORY: Final = tuple(one.name for one in fields(Memory) if one.name != "id")
_ACTIVITY: Final = tuple(one.name for one in fields(Activity) if one.name != "id")
_REMINDER: Final = tuple(one.name for one in fields(Reminder) if one.name != "id")


class Memories:
    """Facts of a person, under their consent to keep conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, person_id: str, memory: Memory) -> str:
        """Commit a fact and return its id.

        Raises:
            NotAllowed: Conversations may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.CONVERSATION, self._database.now())
            return _add_memory(session, person_id, memory)

    def correct(self, person_id: str, memory_id: str, memory: Memory) -> str:
        """Put a fact in the place of another ("아니, 그게 아니고"): the old one is not mentioned any more.

        Raises:
            InputError: The person has no such fact.
            NotAllowed: Conversations may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.CONVERSATION, self._database.now())
            _memory_row(session, person_id, memory_id).superseded = True
            return _add_memory(session, person_id, memory)

    def asked_after(self, person_id: str, memory_id: str, at: datetime) -> None:
        """Note that 말벗 came back to a fact.

        Raises:
            InputError: The person has no such fact.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            _memory_row(session, person_id, memory_id).asked_after_at = at

    def forget(self, person_id: str, memory_ids: Sequence[str]) -> int:
        """Remove facts for good ("그 얘기는 잊어 줘") and return how many stood.

        With each go the facts that it had taken the place of, what the outbox held of them, and the words of the turn
        that it came from.

        Raises:
            InputError: The person has no such fact. Nothing was removed.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            for memory_id in memory_ids:
                erase_memory(session, _memory_row(session, person_id, memory_id))
        self._database.compact()
        return len(memory_ids)

    def forget_words(self, person_id: str, turn_id: str) -> None:
        """Remove what was said in one turn ("방금 한 말은 잊어 줘"), with every fact that was read from it.

        Raises:
            InputError: The person has no such turn.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            turn = session.get(TurnRow, turn_id)
            begun = None if turn is None else session.get(SessionRow, turn.session_id)
            if turn is None or begun is None or begun.person_id != person_id:
                raise InputError("store.no_such_row", id=turn_id)
            for row in session.scalars(select(MemoryRow).where(MemoryRow.turn_id == turn_id)):
                erase_memory(session, row)
            erase_turn(session, turn)
        self._database.compact()

    def all(self, person_id: str) -> Sequence[Memory]:
        """Return the facts that stand, oldest first; none where conversations may not be kept."""
        query = select(MemoryRow).where(MemoryRow.person_id == person_id, MemoryRow.superseded.is_(False))
        with self._database.reading() as session:
            if not allows(session, person_id, Item.CONVERSATION, self._database.now()):
                return []
            rows = session.scalars(query.order_by(MemoryRow.at, MemoryRow.id))
            return [memory_of(row) for row in rows]

    def told(self, person_id: str) -> Sequence[Said]:
        """Return what was said and may be said back, newest first; none where conversations may not be kept.

        What was said in danger, in answer to a screening or about consent is left out, and so is what was taken back.
        """
        query = (
            select(TurnRow.id, TurnRow.session_id, TurnRow.heard, TurnRow.risk_level, TurnRow.reply_id)
            .join(SessionRow, TurnRow.session_id == SessionRow.id)
            .where(SessionRow.person_id == person_id)
            .order_by(SessionRow.started_at.desc(), SessionRow.id, TurnRow.number.desc())
            .limit(_MOST_TOLD)
        )
        taken_back = select(MemoryRow.turn_id).where(MemoryRow.person_id == person_id, MemoryRow.superseded.is_(True))
        with self._database.reading() as session:
            if not allows(session, person_id, Item.CONVERSATION, self._database.now()):
                return []
            rows, gone = session.execute(query).all(), set(session.scalars(taken_back))
        asked = {(row.session_id, at): row.reply_id for at, row in enumerate(rows)}
        return [
            Said(row.id, row.heard)
            for at, row in enumerate(rows)
            if row.heard and row.heard != GONE and row.risk_level in _CALM and row.id not in gone
            and not asked.get((row.session_id, at + 1), "").startswith(_NOT_TALK)
        ]  # fmt: skip


class Activities:
    """Activities of a person: that one was offered goes with conversations, what mood it met with health."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, person_id: str, activity: Activity) -> str:
        """Commit an activity and return its id; moods only where health data may be kept.

        Raises:
            NotAllowed: Conversations may not be kept.
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.CONVERSATION, now)
            row = ActivityRow(id=new_id(activity.at), person_id=person_id, zone=zone_of(activity.at))
            for name in _ACTIVITY:
                setattr(row, name, getattr(activity, name))
            if not allows(session, person_id, Item.HEALTH, now):
                row.mood_before = row.mood_after = None
            session.add(row)
            return row.id

    def change(self, person_id: str, activity_id: str, activity: Activity) -> None:
        """Commit what became of an activity that was kept when it was offered; moods only under health consent.

        Raises:
            InputError: The person has no such activity.
            NotAllowed: Conversations may not be kept.
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.CONVERSATION, now)
            row = session.get(ActivityRow, activity_id)
            if row is None or row.person_id != person_id:
                raise InputError("store.no_such_row", id=activity_id)
            row.outcome, row.plan = activity.outcome, activity.plan
            if allows(session, person_id, Item.HEALTH, now):
                row.mood_before, row.mood_after = activity.mood_before, activity.mood_after

    def all(self, person_id: str) -> Sequence[Activity]:
        """Return the activities of a person, oldest first; none where conversations may not be kept."""
        query = select(ActivityRow).where(ActivityRow.person_id == person_id)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.CONVERSATION, self._database.now()):
                return []
            rows = session.scalars(query.order_by(ActivityRow.at, ActivityRow.id))
            return [activity_of(row) for row in rows]


class Reminders:
    """What the family set. It rests on no consent of the person: it is said, and holds nothing that they said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, person_id: str, reminder: Reminder) -> str:
        """Commit a reminder and return its id.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            row = ReminderRow(id=new_id(reminder.at), person_id=person_id, zone=zone_of(reminder.at))
            for name in _REMINDER:
                setattr(row, name, getattr(reminder, name))
            row.schedule = dict(reminder.schedule)
            session.add(row)
            return row.id

    def change(self, person_id: str, reminder_id: str, *, active: bool) -> None:
        """Turn a reminder on or off.

        Raises:
            InputError: The person has no such reminder.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            _reminder_row(session, person_id, reminder_id).active = active

    def said(self, person_id: str, reminder_id: str, at: datetime) -> None:
        """Note that a reminder was said, so that it is not said twice.

        Raises:
            InputError: The person has no such reminder.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            _reminder_row(session, person_id, reminder_id).last_said_at = at

    def all(self, person_id: str) -> Sequence[Reminder]:
        """Return the reminders of a person in the order they were set."""
        query = select(ReminderRow).where(ReminderRow.person_id == person_id)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(ReminderRow.at, ReminderRow.id))
            return [reminder_of(row) for row in rows]


def memory_of(row: MemoryRow) -> Memory:
    """Return the value of a row."""
    return Memory(id=row.id, **{name: getattr(row, name) for name in _MEMORY})


def reminder_of(row: ReminderRow) -> Reminder:
    """Return the value of a row."""
    return Reminder(id=row.id, **{name: getattr(row, name) for name in _REMINDER})


def _add_memory(session: Session, person_id: str, memory: Memory) -> str:
    row = MemoryRow(id=new_id(memory.at), person_id=person_id, zone=zone_of(memory.at))
    for name in _MEMORY:
        setattr(row, name, getattr(memory, name))
    session.add(row)
    return row.id


def _memory_row(session: Session, person_id: str, memory_id: str) -> MemoryRow:
    row = session.get(MemoryRow, memory_id)
    if row is None or row.person_id != person_id:
        raise InputError("store.no_such_row", id=memory_id)
    return row


def _reminder_row(session: Session, person_id: str, reminder_id: str) -> ReminderRow:
    row = session.get(ReminderRow, reminder_id)
    if row is None or row.person_id != person_id:
        raise InputError("store.no_such_row", id=reminder_id)
    return row


def activity_of(row: ActivityRow) -> Activity:
    """Return the value of a row."""
    values = {name: getattr(row, name) for name in _ACTIVITY}
    return Activity(id=row.id, **{**values, "outcome": Outcome(row.outcome)})
