"""People and their contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from companion.core.consent import Decision
from companion.core.person import Contact, Person
from companion.errors import InputError
from companion.store.consents import record_decision
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.people import ContactRow, PersonRow

_PERSON: Final = tuple(one.name for one in fields(Person) if one.name not in {"id", "added_at"})
_CONTACT: Final = tuple(one.name for one in fields(Contact) if one.name not in {"id", "person_id", "channels"})


_SHORTEST_END: Final = 4
"""Letters of an id's end that name a person."""


class People:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: Person) -> Person:
        """Commit a person; an empty id is made. Return them as they are kept.

        Raises:
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        row = PersonRow(id=person.id or new_id(now), at=now, **{name: getattr(person, name) for name in _PERSON})
        with self._database.writing() as session:
            session.add(row)
        return person_of(row)

    def enrol(self, person: Person, contacts: Sequence[Contact], decisions: Sequence[Decision]) -> Person:
        """Commit a person with contacts and decisions, all or nothing; one who is there by id is completed.

        Raises:
            InputError: A decision lacks something.
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        with self._database.writing(person.id) as session:
            row = session.get(PersonRow, person.id) if person.id else None
            if row is None:
                row = PersonRow(id=person.id or new_id(now), at=now)
                session.add(row)
            for name in _PERSON:
                setattr(row, name, getattr(person, name))
            session.flush()
            session.add_all(_contact_row(contact, row.id, now) for contact in contacts)
            for decision in decisions:
                record_decision(session, row.id, decision)
        return person_of(row)

    def all(self) -> Sequence[Person]:
        """Return everybody, in the order they were added."""
        with self._database.reading() as session:
            return [person_of(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.at, PersonRow.id))]

    def find(self, wanted: str) -> Person:
        """Return one person by id, by the end of the id (at least four characters), or by name or 호칭.

        Raises:
            InputError: Nobody, or more than one, is meant.
        """
        found = [person for person in self.all() if _is_meant(person, wanted)]
        exact = [person for person in found if person.id == wanted]
        if len(exact) == 1:
            return exact[0]
        if len(found) != 1:
            raise InputError("people.no_such_person" if not found else "people.not_unique", id=wanted)
        return found[0]

    def change(self, person_id: str, **changes: object) -> Person:
        """Commit changes of named fields; return the person as they are then.

        Raises:
            InputError: No such person.
            StorageFull: Nothing could be written.
        """
        unknown = set(changes) - set(_PERSON)
        if unknown:
            raise ValueError(f"unknown fields: {sorted(unknown)}")
        with self._database.writing() as session:
            row = _row(session, person_id)
            for name, value in changes.items():
                setattr(row, name, value)
        return person_of(row)

    def add_contact(self, contact: Contact) -> Contact:
        """Commit a contact; an empty id is made.

        Raises:
            InputError: No such person.
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        with self._database.writing() as session:
            _row(session, contact.person_id)
            row = _contact_row(contact, contact.person_id, now)
            session.add(row)
        return contact_of(row)

    def change_contact(self, contact: Contact) -> None:
        """Commit a contact as it is now.

        Raises:
            InputError: There is no such contact.
            StorageFull: Nothing could be written.
        """
        with self._database.writing() as session:
            row = session.get(ContactRow, contact.id)
            if row is None or row.person_id != contact.person_id:
                raise InputError("people.no_such_contact", id=contact.id)
            row.channels = list(contact.channels)
            for name in _CONTACT:
                setattr(row, name, getattr(contact, name))

    def contacts(self, person_id: str) -> Sequence[Contact]:
        """Return the contacts of a person in the order they are told."""
        query = select(ContactRow).where(ContactRow.person_id == person_id).order_by(ContactRow.order, ContactRow.id)
        with self._database.reading() as session:
            return [contact_of(row) for row in session.scalars(query)]

    def remove_contact(self, person_id: str, contact_id: str) -> None:
        """Remove a contact; one that is not there is no trouble.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing() as session:
            row = session.get(ContactRow, contact_id)
            if row is not None and row.person_id == person_id:
                session.delete(row)


def _is_meant(person: Person, wanted: str) -> bool:
    by_id = len(wanted) >= _SHORTEST_END and person.id.endswith(wanted)
    return person.id == wanted or by_id or (bool(wanted) and wanted in (person.name, person.address))


def _row(session: Session, person_id: str) -> PersonRow:
    row = session.get(PersonRow, person_id)
    if row is None:
        raise InputError("people.no_such_person", id=person_id)
    return row


def person_of(row: PersonRow | Row[Any]) -> Person:
    """Return the value of a row, or of its columns."""
    return Person(id=row.id, added_at=row.at, **{name: getattr(row, name) for name in _PERSON})


def _contact_row(contact: Contact, person_id: str, now: datetime) -> ContactRow:
    return ContactRow(
        id=contact.id or new_id(now),
        person_id=person_id,
        at=now,
        channels=list(contact.channels),
        **{name: getattr(contact, name) for name in _CONTACT},
    )


def contact_of(row: ContactRow) -> Contact:
    """Return the value of a row."""
    channels = tuple(str(channel) for channel in row.channels)
    return Contact(
        id=row.id, person_id=row.person_id, channels=channels, **{name: getattr(row, name) for name in _CONTACT}
    )
