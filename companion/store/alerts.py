"""Alerts on their way to people: what is open, what is planned, what was begun, what became of it.

A try is a row before anything is sent, and is marked as begun, in a transaction that looks at the consent once more,
right before it is sent. A process that dies leaves either a planned row, which is sent, or a begun one, which is not
sent again under its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core import consent
from companion.core.consent import Item
from companion.core.person import channel_name
from companion.ports import BegunTry, OpenAlert
from companion.safety.alerts import Alert, AlertOrder, AlertStatus, Contact, Delivery, DeliveryOutcome, tellable
from companion.safety.delivering import PlannedTry
from companion.safety.risk import Kind, Level
from companion.store.consents import allows, decisions_of
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.people import ContactRow, PersonRow
from companion.store.tables.safety import AlertRow, DeliveryRow, RiskEventRow

_WAITING: Final = (DeliveryOutcome.PLANNED, DeliveryOutcome.HELD)


class Alerts:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contacts(self, person_id: str) -> tuple[Contact, ...]:
        """Return who may be told of a danger now: agreed to by name, and with a channel; first ones first.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        with self._database.reading() as session:
            return tuple(_contacts(session, person_id, self._database.now()).values())

    def open(self) -> Sequence[OpenAlert]:
        """Return the alerts that nobody has taken on, gravest first, then oldest.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        now = self._database.now()
        with self._database.reading() as session:
            rows = session.scalars(select(AlertRow).where(AlertRow.status == AlertStatus.OPEN).order_by(AlertRow.at))
            found, around = [], dict[str, tuple[Contact, ...]]()
            for row in rows.all():
                alert = alert_of(row)
                if row.person_id not in around:
                    around[row.person_id] = tuple(_contacts(session, row.person_id, now).values())
                contacts = tellable(around[row.person_id], alert.order.kind)
                found.append(OpenAlert(alert, {one.id: one for one in contacts}, _deliveries(session, row.id)))
        return sorted(found, key=lambda one: -one.alert.order.level.rank)

    def plan(self, tries: Iterable[PlannedTry]) -> None:
        """Commit tries that are to be made; one that waits already gets its new time, one that was made stays.

        Raises:
            StorageFull: Nothing could be written.
        """
        wanted = {one.key: one for one in tries}
        if not wanted:
            return
        with self._database.writing() as session:
            there = session.scalars(select(DeliveryRow).where(DeliveryRow.key.in_(wanted)))
            rows = {row.key: row for row in there}
            for key, one in wanted.items():
                outcome = DeliveryOutcome.HELD if one.held else DeliveryOutcome.PLANNED
                row = rows.get(key)
                if row is None:
                    session.add(self._row(one, outcome))
                elif row.outcome in _WAITING and (row.at, row.outcome) != (one.due_at, outcome):
                    row.at, row.outcome, row.rules_version = one.due_at, outcome, one.rules_version

    def begin(self, key: str) -> BegunTry | None:
        """Commit that a try is about to be made and return what it takes; None where it must not be made (any more).

        Raises:
            StorageFull: Nothing could be written: it must not be sent.
        """
        now = self._database.now()
        with self._database.writing() as session:
            row = session.scalar(select(DeliveryRow).where(DeliveryRow.key == key).with_for_update())
            if row is None or row.outcome not in _WAITING:
                return None
            alert = session.get(AlertRow, row.alert_id)
            contact = session.get(ContactRow, row.contact_id)
            address = _address(contact, row.channel)
            may = alert is not None and contact is not None and _may_tell(session, alert, contact, now)
            if alert is None or contact is None or address is None or not may:
                row.outcome, row.error_key = DeliveryOutcome.DROPPED, "alerts.not_to_be_told"
                return None
            row.outcome, row.tried_at = DeliveryOutcome.BEGUN, now
            person = session.get(PersonRow, alert.person_id)
            return BegunTry(
                address=address,
                person="" if person is None else person.name or person.address,
                alert=alert_of(alert),
                words=_words(session, alert, now) if contact.told_words else "",
            )

    def finish(self, key: str, outcome: DeliveryOutcome, error_key: str = "") -> None:
        """Commit what became of a try that was begun; any other stays as it is.

        What was taken for interrupted and turns out to have ended may still be told apart.

        Raises:
            StorageFull: Nothing could be written: it will count as interrupted.
        """
        with self._database.writing() as session:
            row = session.scalar(select(DeliveryRow).where(DeliveryRow.key == key))
            if row is not None and row.outcome in (DeliveryOutcome.BEGUN, DeliveryOutcome.INTERRUPTED):
                row.outcome, row.error_key = outcome, error_key

    def _row(self, one: PlannedTry, outcome: DeliveryOutcome) -> DeliveryRow:
        return DeliveryRow(
            id=new_id(self._database.now()),
            key=one.key,
            alert_id=one.alert_id,
            contact_id=one.contact_id,
            channel=one.channel,
            number=one.number,
            at=one.due_at,
            zone=zone_of(one.due_at),
            tried_at=None,
            outcome=outcome,
            rules_version=one.rules_version,
        )


def drop_waiting(session: Session, alert_id: str) -> None:
    """Take back every try of an alert that was not begun, inside a transaction."""
    waiting = select(DeliveryRow).where(DeliveryRow.alert_id == alert_id, DeliveryRow.outcome.in_(_WAITING))
    for row in session.scalars(waiting):
        row.outcome, row.error_key = DeliveryOutcome.DROPPED, "alerts.taken_on"


def alert_of(row: AlertRow) -> Alert:
    """Return the value of a row."""
    order = AlertOrder(
        level=Level(row.level),
        kind=Kind(row.kind),
        within_seconds=row.within_seconds,
        contacts=tuple(str(one) for one in row.contacts),
        told_person=row.told_person,
    )
    return Alert(
        id=row.id,
        person_id=row.person_id,
        session_id=row.session_id or "",
        turn_number=row.turn_number or 0,
        raised_at=row.at,
        order=order,
        protocol_version=row.protocol_version,
        status=AlertStatus(row.status),
    )


def delivery_of(row: DeliveryRow) -> Delivery:
    """Return the value of a row."""
    return Delivery(
        key=row.key,
        alert_id=row.alert_id,
        contact_id=row.contact_id,
        channel=row.channel,
        number=row.number,
        due_at=row.at,
        tried_at=row.tried_at,
        outcome=DeliveryOutcome(row.outcome),
        error_key=row.error_key,
        rules_version=row.rules_version,
    )


def _deliveries(session: Session, alert_id: str) -> tuple[Delivery, ...]:
    query = select(DeliveryRow).where(DeliveryRow.alert_id == alert_id).order_by(DeliveryRow.at, DeliveryRow.id)
    return tuple(delivery_of(row) for row in session.scalars(query))


def _contacts(session: Session, person_id: str, now: datetime) -> Mapping[str, Contact]:
    """Return who may be told now, by id, in order: named in a consent that stands, with a channel."""
    decisions = decisions_of(session, person_id, Item.ALERTS)
    query = select(ContactRow).where(ContactRow.person_id == person_id).order_by(ContactRow.order, ContactRow.id)
    return {
        row.id: _contact(row)
        for row in session.scalars(query)
        if row.channels and consent.standing(decisions, Item.ALERTS, now, named=row.name) is not None
    }


def _contact(row: ContactRow) -> Contact:
    return Contact(
        id=row.id,
        name=row.name,
        order=row.order,
        channels=tuple(dict.fromkeys(channel_name(str(address)) for address in row.channels)),
        told_of_abuse=row.told_of_abuse,
        told_words=row.told_words,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
    )


def _address(contact: ContactRow | None, channel: str) -> str | None:
    addresses = [] if contact is None else [str(one) for one in contact.channels]
    return next((one for one in addresses if channel_name(one) == channel), None)


def _may_tell(session: Session, alert: AlertRow, contact: ContactRow, now: datetime) -> bool:
    return (
        alert.status == AlertStatus.OPEN
        and contact.person_id == alert.person_id
        and bool(tellable((_contact(contact),), Kind(alert.kind)))
        and allows(session, alert.person_id, Item.ALERTS, now, named=contact.name)
    )


def _words(session: Session, alert: AlertRow, now: datetime) -> str:
    """Return what was said, where its keeping is agreed to."""
    if not allows(session, alert.person_id, Item.CONVERSATION, now):
        return ""
    query = select(RiskEventRow.words).where(
        RiskEventRow.session_id == alert.session_id, RiskEventRow.turn_number == alert.turn_number
    )
    return session.scalar(query) or ""
