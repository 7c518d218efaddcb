"""What people agreed to: kept decision by decision, and asked before every gated write and read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from companion.core import consent
from companion.core.consent import Answer, Assent, Decision, Giver, Item, Manner, Wording
from companion.errors import InputError, NotAllowed
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.people import ConsentRow, PersonRow


class Consents:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, person_id: str, decision: Decision) -> None:
        """Commit a decision. It takes effect with the next write and the next read, in every process.

        Raises:
            InputError: No such person, or the decision lacks something.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            record_decision(session, person_id, decision)

    def decisions(self, person_id: str) -> Sequence[Decision]:
        """Return every decision of a person, in the order they were made."""
        with self._database.reading() as session:
            return decisions_of(session, person_id)

    def standing(self, person_id: str, item: Item, *, named: str = "") -> Decision | None:
        """Return the decision by which an item is agreed to now, or None."""
        with self._database.reading() as session:
            return consent.standing(decisions_of(session, person_id), item, self._database.now(), named=named)

    def items_given(self, person_id: str) -> frozenset[Item]:
        """Return the items that are agreed to now, for whomever they name."""
        decisions, now = self.decisions(person_id), self._database.now()
        asked = {(decision.item, decision.named) for decision in decisions}
        return frozenset(item for item, named in asked if consent.standing(decisions, item, now, named=named))

    def awaiting_assent(self, person_id: str) -> tuple[Decision, ...]:
        """Return what others gave that the person has still to be asked about."""
        return consent.awaiting_assent(self.decisions(person_id), self._database.now())


def record_decision(session: Session, person_id: str, decision: Decision) -> None:
    """Add a decision inside a transaction.

    Raises:
        InputError: No such person, or the decision lacks something.
    """
    person = session.get(PersonRow, person_id)
    if person is None:
        raise InputError("people.no_such_person", id=person_id)
    flaws = consent.flaws(decision, understanding_doubtful=person.understanding_doubtful)
    if flaws:
        raise InputError("consent.flawed", flaws=", ".join(flaws))
    last = session.scalar(select(func.max(ConsentRow.number)).where(ConsentRow.person_id == person_id)) or 0
    session.add(
        ConsentRow(
            id=new_id(decision.at),
            person_id=person_id,
            number=last + 1,
            at=decision.at,
            zone=zone_of(decision.at),
            item=decision.item,
            answer=decision.answer,
            named=decision.named,
            giver=decision.giver,
            giver_name=decision.giver_name,
            manner=decision.manner,
            assent=decision.assent,
            basis=decision.basis,
            until=decision.until,
            wording=decision.wording.version,
            wording_digest=decision.wording.digest,
        )
    )
    session.flush()


def decisions_of(session: Session, person_id: str, item: Item | None = None) -> list[Decision]:
    """Return the decisions of a person inside a transaction, about one item or about all."""
    query = select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.number)
    if item is not None:
        query = query.where(ConsentRow.item == item)
    return [_decision(row) for row in session.scalars(query)]


def allows(session: Session, person_id: str, item: Item, now: datetime, *, named: str = "") -> bool:
    """Return whether an item is agreed to, asked inside the transaction that depends on it."""
    return consent.standing(decisions_of(session, person_id, item), item, now, named=named) is not None


def demand(session: Session, person_id: str, item: Item, now: datetime, *, named: str = "") -> None:
    """Refuse what is not agreed to.

    Raises:
        NotAllowed: It is not.
    """
    if not allows(session, person_id, item, now, named=named):
        raise NotAllowed(f"consent.missing_{item}")


def allowing(
    session: Session, people: Collection[str], item: Item, now: datetime, *, named: str = ""
) -> frozenset[str]:
    """Return who of many people agreed to an item, in one query, asked inside the transaction that depends on it."""
    # Columns, not objects: of two hundred people these are a thousand rows, looked at before every read.
    query = select(*ConsentRow.__table__.columns).where(
        ConsentRow.item == item, ConsentRow.named == named, ConsentRow.person_id.in_(people)
    )
    found: dict[str, list[Decision]] = {}
    for row in session.execute(query.order_by(ConsentRow.number)):
        found.setdefault(row.person_id, []).append(_decision(row))
    return frozenset(
        person_id
        for person_id, decisions in found.items()
        if consent.standing(decisions, item, now, named=named) is not None
    )


def _decision(row: ConsentRow | Row[Any]) -> Decision:
    return Decision(
        item=Item(row.item),
        answer=Answer(row.answer),
        at=row.at,
        giver=Giver(row.giver),
        giver_name=row.giver_name,
        manner=Manner(row.manner),
        wording=Wording(row.wording, row.wording_digest),
        named=row.named,
        assent=Assent(row.assent),
        basis=row.basis,
        until=row.until,
    )
