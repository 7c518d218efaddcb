"""What people do with alerts: look at them, take them on, resolve them. Gated, and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.access import Action, Identity
from companion.errors import InputError, NotAllowed
from companion.safety.alerts import Alert, AlertNote, AlertStatus, Delivery
from companion.store.alerts import alert_of, delivery_of, drop_waiting
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.gate import Gate
from companion.store.grants import readable
from companion.store.ids import new_id
from companion.store.tables.base import storable, zone_of
from companion.store.tables.people import ContactRow, PersonRow
from companion.store.tables.safety import AlertNoteRow, AlertRow, DeliveryRow
from companion.store.viewing import Viewer

_ACTIONS = {AlertStatus.ACKNOWLEDGED: Action.ALERT_ACKNOWLEDGED, AlertStatus.RESOLVED: Action.ALERT_RESOLVED}
_SHORTEST_END = 4
"""Letters of an id's end that name an alert."""


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """An alert with all that was done about it."""

    alert: Alert
    person: str
    """Name or 호칭."""
    contacts: dict[str, str]
    """Names of those that were to be told, by id; one who was removed since is missing."""
    notes: tuple[AlertNote, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def is_false_alarm(self) -> bool:
        """Whether a named person said so on resolving it."""
        return bool(self.notes) and self.notes[-1].false_alarm


def alerts_seen(viewer: Viewer, *, everything: bool = False, limit: int = 50) -> Sequence[SeenAlert]:
    """Return the newest alerts of everybody whose record is open: those not resolved, or all of them.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    with viewer.read(Action.ALERTS_LISTED) as view:
        query = select(AlertRow).where(AlertRow.person_id.in_(view.people))
        if not everything:
            query = query.where(AlertRow.status != AlertStatus.RESOLVED)
        rows = view.session.scalars(query.order_by(AlertRow.at.desc(), AlertRow.id.desc()).limit(limit)).all()
        view.saw([row.person_id for row in rows], len(rows))
        return [seen_in(view.session, row) for row in rows]


def alert_seen(viewer: Viewer, wanted: str) -> SeenAlert:
    """Return one alert by its id or the end of its id.

    Raises:
        AccessError: Nobody is signed in any more.
        InputError: No alert that may be seen, or more than one, has such an id.
    """
    with viewer.read(Action.ALERT_SHOWN) as view:
        row = _meant(view.session, view.people, wanted)
        view.person_id, view.seen["alert"] = row.person_id, row.id
        return seen_in(view.session, row)


class AlertCare:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._gate = Gate(database, audit)

    def note(self, by: Identity, wanted: str, note: AlertNote) -> Alert:
        """Commit that a named person took an alert on, or resolved it; what still waited to be sent is taken back.

        Args:
            by: Who is signed in; the record of the person has to be open to them.
            wanted: Id of the alert, or its end.
            note: Its ``alert_id`` and ``at`` are filled in.

        Raises:
            AccessError: They may not.
            InputError: Name or note is missing, or no such alert is there, or it is resolved already.
            StorageFull: Nothing could be written.
        """
        if not note.by.strip() or not note.note.strip():
            raise InputError("alerts.name_and_note")
        if note.status is AlertStatus.OPEN or (note.false_alarm and note.status is not AlertStatus.RESOLVED):
            raise InputError("alerts.false_alarm_on_resolving")
        with self._gate.entered(by) as entrance:
            row = _meant(entrance.session, readable(entrance), wanted)
            if row.status == AlertStatus.RESOLVED:
                raise InputError("alerts.resolved_already")
            entrance.session.info["person_id"] = row.person_id
            self._write(entrance.session, row, note)
            details = {"alert": row.id, "false_alarm": str(note.false_alarm)}
            self._audit.append(entrance.session, by, _ACTIONS[note.status], person_id=row.person_id, details=details)
            return replace(alert_of(row), status=note.status)

    def _write(self, session: Session, row: AlertRow, note: AlertNote) -> None:
        now = self._database.now()
        session.add(
            AlertNoteRow(
                id=new_id(now),
                alert_id=row.id,
                at=now,
                zone=zone_of(now),
                by=note.by.strip(),
                status=note.status,
                note=note.note.strip(),
                false_alarm=note.false_alarm,
            )
        )
        row.status = note.status
        drop_waiting(session, row.id)
        session.flush()


def _meant(session: Session, people: frozenset[str], wanted: str) -> AlertRow:
    if len(wanted) < _SHORTEST_END:
        raise InputError("store.id_too_short", id=wanted, least=_SHORTEST_END)
    query = select(AlertRow).where(AlertRow.person_id.in_(people))
    rows = session.scalars(query.where(AlertRow.id.endswith(storable(wanted), autoescape=True)).limit(2)).all()
    if len(rows) != 1:
        raise InputError("alerts.no_such_alert" if not rows else "store.id_not_unique", id=wanted)
    return rows[0]


def seen_in(session: Session, row: AlertRow) -> SeenAlert:
    """Return an alert with all that was done about it, inside a transaction in which whoever asks was let in."""
    person = session.get(PersonRow, row.person_id)
    if person is None:
        raise NotAllowed("access.not_open")
    contacts = session.scalars(select(ContactRow).where(ContactRow.person_id == row.person_id))
    notes = select(AlertNoteRow).where(AlertNoteRow.alert_id == row.id).order_by(AlertNoteRow.at, AlertNoteRow.id)
    tries = select(DeliveryRow).where(DeliveryRow.alert_id == row.id).order_by(DeliveryRow.at, DeliveryRow.id)
    return SeenAlert(
        alert=alert_of(row),
        person=person.name or person.address,
        contacts={one.id: one.name for one in contacts},
        notes=tuple(_note(one) for one in session.scalars(notes)),
        deliveries=tuple(delivery_of(one) for one in session.scalars(tries)),
    )


def _note(row: AlertNoteRow) -> AlertNote:
    return AlertNote(row.alert_id, row.at, row.by, AlertStatus(row.status), row.note, row.false_alarm)
