"""Whose record is open to which account: a grant, and where it is needed the person's own consent, both asked anew."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.access import Action, Identity, account_name
from companion.core.consent import Item
from companion.errors import InputError, NotAllowed
from companion.store.audit import Audit
from companion.store.consents import allowing
from companion.store.database import Database
from companion.store.gate import Entrance, Gate
from companion.store.ids import new_id
from companion.store.tables.access import AccountRow, GrantRow
from companion.store.tables.people import PersonRow


class Grants:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._audit = audit
        self._gate = Gate(database, audit)

    def grant(self, by: Identity, name: str, person_id: str) -> None:
        """Open a person's record to an account; once more is no trouble.

        Raises:
            AccessError: Whoever asks may not, or the person did not agree to this reader by name.
            InputError: There is no such account or person.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by, person_id=person_id) as entrance:
            entrance.demand_administrator()
            session, now = entrance.session, entrance.now
            account = _account(session, name)
            if session.get(PersonRow, person_id) is None:
                raise InputError("people.no_such_person", id=person_id)
            if not allowing(session, [person_id], Item.SHARING, now, named=account.name):
                raise NotAllowed("access.no_sharing_consent")
            if _grant(session, account.id, person_id) is not None:
                return
            row = GrantRow(id=new_id(now), at=now, zone="UTC", account_id=account.id, person_id=person_id)
            row.granted_by = by.account_id
            session.add(row)
            session.flush()
            details = {"account": account.id}
            self._audit.append(session, by, Action.GRANTED, person_id=person_id, details=details)

    def revoke(self, by: Identity, name: str, person_id: str) -> None:
        """Close a person's record to an account; one that was not open is no trouble.

        Raises:
            AccessError: Whoever asks may not.
            InputError: There is no such account.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by, person_id=person_id) as entrance:
            entrance.demand_administrator()
            account = _account(entrance.session, name)
            row = _grant(entrance.session, account.id, person_id)
            if row is not None:
                entrance.session.delete(row)
                details = {"account": account.id}
                self._audit.append(entrance.session, by, Action.REVOKED, person_id=person_id, details=details)


def readable(entrance: Entrance, person_id: str = "") -> frozenset[str]:
    """Return whose record whoever came in may read now: everybody's or, where it is named, at most the one person's."""
    session, account = entrance.session, entrance.account
    if account is None:
        everybody = select(PersonRow.id)
        return frozenset(session.scalars(everybody.where(PersonRow.id == person_id) if person_id else everybody))
    granted = select(GrantRow.person_id).where(GrantRow.account_id == account.id)
    people = frozenset(session.scalars(granted.where(GrantRow.person_id == person_id) if person_id else granted))
    return allowing(session, people, Item.SHARING, entrance.now, named=account.name)


def _grant(session: Session, account_id: str, person_id: str) -> GrantRow | None:
    query = select(GrantRow).where(GrantRow.account_id == account_id, GrantRow.person_id == person_id)
    return session.scalar(query)


def _account(session: Session, name: str) -> AccountRow:
    row = session.scalar(select(AccountRow).where(AccountRow.name == account_name(name)))
    if row is None:
        raise InputError("access.no_such_account")
    return row
