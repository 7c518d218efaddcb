"""All that is given out of one person between two moments, read in one audited transaction.

Only for an account: whoever takes a file away is named in it. What consent does not cover is not asked for; danger and
alerts are there always, without words where conversations may not be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.access import OWNER, Action
from companion.core.body import Quarter, Reading
from companion.core.consent import Decision, Item
from companion.core.history import DangerFound, ProtocolStep, Talk
from companion.core.hospital import HospitalPatient, KeptHospitalRecord, Kind
from companion.core.life import Activity
from companion.core.overview import Allowed
from companion.core.person import Contact, Person
from companion.errors import NotAllowed
from companion.store.alert_care import SeenAlert, seen_in
from companion.store.body_view import kinds, quarters, unit_of
from companion.store.consents import allowing, decisions_of
from companion.store.hospital import patients_in
from companion.store.hospital_view import kept_records
from companion.store.life import activity_of
from companion.store.people import contact_of, person_of
from companion.store.screenings import KeptObservation, KeptScreening, observations_in, screenings_in
from companion.store.tables.access import AccountRow
from companion.store.tables.body import ImportRow, ReadingRow
from companion.store.tables.life import ActivityRow
from companion.store.tables.people import ContactRow, PersonRow
from companion.store.tables.safety import AlertRow, ProtocolStepRow, RiskEventRow
from companion.store.tables.screening import AnswerRow, ScreeningRow
from companion.store.tables.talk import SessionRow
from companion.store.viewing import Viewer

BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)
"""Earlier than anything that is kept."""
END: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Later than anything that is kept, by a clock that runs ahead, too."""
_WRITTEN: Final = (SessionRow, ScreeningRow, RiskEventRow, ImportRow)
"""Tables in which a device that wrote for a person left its id."""
_BATCH: Final = 1000
_LASTING: Final = frozenset({Kind.CONDITION, Kind.MEDICATION, Kind.ALLERGY})


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for: half-open."""

    since: datetime
    until: datetime
    raw: bool = False
    """Whether readings are wanted one by one, too."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What was found. Sequences are oldest first."""

    at: datetime
    """When it was read."""
    account_id: str
    account: str
    role: str
    person: Person
    contacts: tuple[Contact, ...]
    """Without their channels and telephones."""
    decisions: tuple[Decision, ...]
    allowed: Allowed
    devices: tuple[str, ...]
    talks: tuple[Talk, ...] = ()
    activities: tuple[Activity, ...] = ()
    dangers: tuple[DangerFound, ...] = ()
    alerts: tuple[SeenAlert, ...] = ()
    screenings: tuple[KeptScreening, ...] = ()
    """All of the person up to the end of the window: a change needs the one before."""
    artifacts: Mapping[str, Mapping[int, str]] | None = None
    """Language models that gave an opinion, by screening and order of the answer."""
    observations: tuple[KeptObservation, ...] = ()
    quarters: Mapping[str, tuple[str, Sequence[Quarter]]] | None = None
    """Unit and readings by kind."""
    readings: tuple[Reading, ...] = ()
    hospital: tuple[KeptHospitalRecord, ...] = ()
    patients: tuple[HospitalPatient, ...] = ()
    """Of hospitals, who were confirmed to be the person."""


def excerpt(viewer: Viewer, person_id: str, window: Window, **details: str) -> Excerpt:
    """Read what is given out of a person; the audit says so before this returns, so before any file is written.

    Args:
        viewer: Of whoever asks.
        person_id: Whose record.
        window: Of time.
        **details: What the audit says of it besides: the kind of file.

    Raises:
        AccessError: Nobody is signed in by an account, or the record is not open to it.
        StorageFull: It could not be audited: nothing may be given out.
    """
    with viewer.read(Action.RECORD_EXPORTED, person_id) as view:
        if viewer.identity == OWNER:
            raise NotAllowed("export.needs_account")
        found = _head(view.session, viewer.identity.account_id, person_id, view.now)
        found = _of_safety(view.session, window, found)
        if found.allowed.conversation:
            found = _of_talk(view.session, window, found)
        if found.allowed.health:
            found = _of_health(view.session, window, found)
        view.seen |= {**details, "screenings": len(found.screenings), "alerts": len(found.alerts)}
        return found


def _head(session: Session, account_id: str, person_id: str, now: datetime) -> Excerpt:
    account = session.get_one(AccountRow, account_id)
    contacts = select(ContactRow).where(ContactRow.person_id == person_id).order_by(ContactRow.order, ContactRow.id)
    return Excerpt(
        at=now,
        account_id=account.id,
        account=account.name,
        role=account.role,
        person=person_of(session.get_one(PersonRow, person_id)),
        contacts=tuple(replace(contact_of(row), phone="", channels=()) for row in session.scalars(contacts)),
        decisions=tuple(decisions_of(session, person_id)),
        allowed=Allowed(
            conversation=bool(allowing(session, [person_id], Item.CONVERSATION, now)),
            health=bool(allowing(session, [person_id], Item.HEALTH, now)),
        ),
        devices=tuple(sorted(_devices(session, person_id))),
    )


def _devices(session: Session, person_id: str) -> set[str]:
    found: set[str] = set()
    for table in _WRITTEN:
        found |= set(session.scalars(select(table.device_id).where(table.person_id == person_id).distinct()))
    return found - {""}


def _of_talk(session: Session, window: Window, found: Excerpt) -> Excerpt:
    person_id = found.person.id
    activities = (activity_of(row) for row in _between(session, ActivityRow, person_id, window))
    if not found.allowed.health:
        activities = (replace(one, mood_before=None, mood_after=None) for one in activities)
    rows = _between(session, SessionRow, person_id, window, at=SessionRow.started_at)
    return replace(found, talks=tuple(_talk(row) for row in rows), activities=tuple(activities))


def _talk(row: SessionRow) -> Talk:
    return Talk(
        id=row.id,
        at=row.started_at,
        ended_at=row.ended_at,
        mode=row.mode,
        profile=row.profile,
        reply_driver=row.reply_driver,
        ended_by=row.ended_by,
        turns=row.heard_turns,
        bright=row.bright_turns,
        heavy=row.heavy_turns,
    )


def _of_safety(session: Session, window: Window, found: Excerpt) -> Excerpt:
    person_id = found.person.id
    steps: dict[tuple[str, int], list[ProtocolStepRow]] = {}
    for step in _between(session, ProtocolStepRow, person_id, window):
        steps.setdefault((step.session_id, step.turn_number), []).append(step)
    dangers = (
        _danger(row, steps.get((row.session_id or "", row.turn_number or 0), ()), words=found.allowed.conversation)
        for row in _between(session, RiskEventRow, person_id, window)
    )
    alerts = (seen_in(session, row) for row in _between(session, AlertRow, person_id, window))
    return replace(found, dangers=tuple(dangers), alerts=tuple(alerts))


def _danger(row: RiskEventRow, steps: Sequence[ProtocolStepRow], *, words: bool) -> DangerFound:
    return DangerFound(
        id=row.id,
        at=row.at,
        level=row.level,
        standing=row.standing,
        kind=row.kind,
        confidence=row.confidence,
        rule=row.evidence,
        basis=row.basis,
        words=row.words if words else None,
        session_id=row.session_id,
        lexicon_version=row.lexicon_version,
        protocol_version=steps[0].protocol_version if steps else "",
        steps=tuple(
            ProtocolStep(one.number, one.action, one.key, one.question, one.answer)
            for one in sorted(steps, key=lambda one: one.number)
        ),
    )


def _of_health(session: Session, window: Window, found: Excerpt) -> Excerpt:
    person_id = found.person.id
    screenings = tuple(one for one in screenings_in(session, person_id) if one.at < window.until)
    observations: Iterable[KeptObservation] = ()
    if found.allowed.conversation:
        observations = (one for one in observations_in(session, person_id) if window.since <= one.at < window.until)
    measured = {
        kind: (unit_of(session, person_id, kind), quarters(session, person_id, kind, window.since, window.until))
        for kind in kinds(session, person_id)
    }
    return replace(
        found,
        screenings=screenings,
        artifacts=_artifacts(session, person_id),
        observations=tuple(observations),
        quarters=measured,
        readings=tuple(_readings(session, person_id, window)) if window.raw else (),
        patients=tuple(patients_in(session, person_id)),
        hospital=tuple(one for one in reversed(kept_records(session, person_id)) if _bears_on(one, window)),
    )


def _bears_on(kept: KeptHospitalRecord, window: Window) -> bool:
    """Return whether a hospital's record belongs into a window: what lasts does though it began before."""
    at = kept.record.occurred_at
    if at is None:
        return True
    return at < window.until and (at >= window.since or kept.record.kind in _LASTING)


def _artifacts(session: Session, person_id: str) -> Mapping[str, Mapping[int, str]]:
    query = (
        select(AnswerRow.screening_id, AnswerRow.order, AnswerRow.model)
        .join(ScreeningRow, ScreeningRow.id == AnswerRow.screening_id)
        .where(ScreeningRow.person_id == person_id, AnswerRow.model != "")
    )
    found: dict[str, dict[int, str]] = {}
    for screening_id, order, artifact in session.execute(query):
        found.setdefault(screening_id, {})[order] = artifact
    return found


def _readings(session: Session, person_id: str, window: Window) -> Iterator[Reading]:
    query = (
        select(ReadingRow)
        .where(ReadingRow.person_id == person_id, ReadingRow.at >= window.since, ReadingRow.at < window.until)
        .order_by(ReadingRow.kind, ReadingRow.at, ReadingRow.id)
    )
    for row in session.scalars(query.execution_options(yield_per=_BATCH)):
        session.expunge(row)  # a year of minutes is held once, as values
        yield Reading(row.kind, row.value, row.unit, row.at, row.until, row.device, row.context, row.quality)


def _between(session: Session, table: Any, person_id: str, window: Window, at: Any = None) -> Iterable[Any]:  # noqa: ANN401 - any table of what happened to a person
    moment = table.at if at is None else at
    query = select(table).where(table.person_id == person_id, moment >= window.since, moment < window.until)
    return session.scalars(query.order_by(moment, table.id)).all()
