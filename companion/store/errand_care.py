"""What people do with what they are asked: look at it, see to it, answer. Gated, and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.access import Action, Identity
from companion.core.consent import Item
from companion.core.errand import Errand, Standing
from companion.errors import InputError
from companion.store.audit import Audit
from companion.store.consents import allowing
from companion.store.database import Database
from companion.store.errands import errand_of
from companion.store.gate import Gate
from companion.store.grants import readable
from companion.store.tables.base import storable
from companion.store.tables.daily import ErrandRow
from companion.store.tables.people import PersonRow
from companion.store.viewing import Viewer

_SHORTEST_END = 4
"""Letters of an id's end that name an errand."""


@dataclass(frozen=True, slots=True)
class SeenErrand:
    """An errand with whose it is."""

    errand: Errand
    person_id: str
    person: str
    """Name or 호칭."""


def errands_seen(viewer: Viewer, *, everything: bool = False, limit: int = 50) -> Sequence[SeenErrand]:
    """Return the newest errands of everybody whose conversations may be read: the open ones, or all.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    with viewer.read(Action.ERRANDS_LISTED, item=Item.CONVERSATION) as view:
        query = select(ErrandRow).where(ErrandRow.person_id.in_(view.people))
        if not everything:
            query = query.where(ErrandRow.status == Standing.OPEN)
        rows = view.session.scalars(query.order_by(ErrandRow.at.desc(), ErrandRow.id.desc()).limit(limit)).all()
        view.saw([row.person_id for row in rows], len(rows))
        return [_seen(view.session, row) for row in rows]


class ErrandCare:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._gate = Gate(database, audit)

    def settle(self, by: Identity, wanted: str, status: Standing, *, name: str, answer: str) -> SeenErrand:
        """Commit what a named person did about an errand; the person hears it in the next conversation.

        Args:
            by: Who is signed in; the record of the person has to be open to them.
            wanted: Id of the errand, or its end.
            status: DONE or DECLINED.
            name: Who saw to it, as the person knows them.
            answer: What came of it, in a sentence that is said to the person; may be empty for what is done.

        Raises:
            AccessError: They may not.
            InputError: The name is missing, or the answer to what is declined, or no such open errand is there.
            StorageFull: Nothing could be written.
        """
        if not name.strip() or (status is Standing.DECLINED and not answer.strip()):
            raise InputError("requests.name_and_answer")
        with self._gate.entered(by) as entrance:
            people = allowing(entrance.session, readable(entrance), Item.CONVERSATION, entrance.now)
            row = _meant(entrance.session, people, wanted)
            if row.status == Standing.TAKEN_BACK or row.told_at is not None:
                raise InputError("requests.over")
            entrance.session.info["person_id"] = row.person_id
            row.status, row.by, row.answer = status, name.strip(), " ".join(answer.split())
            row.settled_at = entrance.now
            details = {"errand": row.id, "status": str(status)}
            self._audit.append(entrance.session, by, Action.ERRAND_SETTLED, person_id=row.person_id, details=details)
            entrance.session.flush()
            return _seen(entrance.session, row)


def _meant(session: Session, people: frozenset[str], wanted: str) -> ErrandRow:
    if len(wanted) < _SHORTEST_END:
        raise InputError("store.id_too_short", id=wanted, least=_SHORTEST_END)
    query = select(ErrandRow).where(ErrandRow.person_id.in_(people))
    rows = session.scalars(query.where(ErrandRow.id.endswith(storable(wanted), autoescape=True)).limit(2)).all()
    if len(rows) != 1:
        raise InputError("requests.no_such_request" if not rows else "store.id_not_unique", id=wanted)
    return rows[0]


def _seen(session: Session, row: ErrandRow) -> SeenErrand:
    person = session.get(PersonRow, row.person_id)
    return SeenErrand(errand_of(row), row.person_id, "" if person is None else person.name or person.address)
