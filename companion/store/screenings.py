"""Screenings with every answer word for word, and signs observed in free talk, under the consent to health data.

A score is never kept: it is derived from the answers. A correction is another row; an answer that is there is never
changed but for being marked as superseded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.errors import InputError
from companion.screening.record import (
    Answer,
    Asker,
    Confirmed,
    Decider,
    Evidence,
    Form,
    ItemOutcome,
    Observation,
    Said,
    Screening,
    Status,
)
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.screening import AnswerRow, ObservationRow, ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow

_NESTED: Final = ("evidence", "replies")
_ANSWER: Final = tuple(one.name for one in fields(Answer) if one.name not in _NESTED)
_BY_ARTIFACT: Final = frozenset({Decider.MODEL, Decider.AGREED})
_OBSERVATION: Final = tuple(one.name for one in fields(Observation))


@dataclass(frozen=True, slots=True)
class KeptScreening:
    """A screening as it stands in the record."""

    id: str
    person_id: str
    number: int
    """1, 2, 3 … for each person, in the order in which they were begun."""
    at: datetime
    """When willingness was asked."""
    gone_on_at: datetime
    """When it was last gone on with; never before ``at``."""
    ended_at: datetime | None
    suspended_at: datetime | None
    not_before: datetime | None
    session_id: str | None
    mode: str
    risk_level: str
    """Of the danger that suspended it; empty where none did."""
    screening: Screening


@dataclass(frozen=True, slots=True)
class Begun:
    """Where and how a screening is begun."""

    mode: str
    """voice, recording or text."""
    session_id: str | None = None
    """None where the conversation is not kept."""
    wording: str = ""
    """Digest of the sentences around the items."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside the newest answer."""

    turn_id: str | None = None
    """Of the turn in which it was given."""
    artifact: str = ""
    """Of the language model that gave an opinion."""
    not_before: datetime | None = None
    """After a suspension: when the rest may be offered."""
    risk_level: str = ""
    """Of the danger that suspends it; empty where it was suspended before and its rest is not wanted."""
    risk_kind: str = ""


ALONE: Final = Beside()


@dataclass(frozen=True, slots=True)
class KeptObservation:
    """A sign as it stands in the record."""

    id: str
    person_id: str
    at: datetime
    observation: Observation
    turn_id: str | None = None
    """Of the turn in which it was said, where that was kept."""
    offered: str | None = None
    """Id of the screening that it led to offering."""


class Screenings:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, person_id: str, screening: Screening, begun: Begun) -> str:
        """Commit that the person is asked whether they want to be, and return the id of the screening.

        Raises:
            NotAllowed: Health data may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            now = self._database.now()
            demand(session, person_id, Item.HEALTH, now)
            row = _new_row(session, person_id, screening, begun, now)
            session.add(row)
            _set(row, screening, ALONE, now)
            session.flush()
            _append(session, row, screening.answers, ALONE, now)
            return row.id

    def go_on(self, person_id: str, screening_id: str, screening: Screening, beside: Beside = ALONE) -> None:
        """Commit how far a screening went: answers that are there are left as they are, new ones are added.

        Raises:
            NotAllowed: Health data may not be kept any more: nothing is.
            InputError: The person has no such screening.
            StorageFull: Nothing could be written; it may be handed in again.
        """
        with self._database.writing(person_id) as session:
            now = self._database.now()
            demand(session, person_id, Item.HEALTH, now)
            row = _row(session, person_id, screening_id)
            _set(row, screening, beside, now)
            _append(session, row, screening.answers, beside, now)

    def allow(self, person_id: str, screening_id: str) -> None:
        """Commit that the rest of a suspended screening may be offered from now on.

        Raises:
            InputError: The person has no such screening.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            _row(session, person_id, screening_id).not_before = self._database.now()

    def expire(self, person_id: str, screening_ids: Sequence[str]) -> None:
        """Commit that screenings were not gone on with in time; what was answered stays.

        Raises:
            InputError: The person has no such screening.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            for one in screening_ids:
                row = _row(session, person_id, one)
                if Status(row.status).is_open:
                    row.status, row.ended_at = Status.EXPIRED, row.gone_on_at or row.at

    def all(self, person_id: str, instrument: str = "") -> Sequence[KeptScreening]:
        """Return the screenings of a person, of one instrument or of all, oldest first; none where not agreed to."""
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            return screenings_in(session, person_id, instrument)

    def observe(self, person_id: str, observation: Observation, at: datetime, *, turn_id: str | None = None) -> str:
        """Commit a sign that was heard in free talk and return its id.

        Args:
            person_id: Who said it.
            observation: What it touches, and the quote.
            at: When; aware.
            turn_id: Of the turn in which it was said, where that was kept.

        Raises:
            NotAllowed: Health data or conversations may not be kept: a quote is both.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            for item in (Item.HEALTH, Item.CONVERSATION):
                demand(session, person_id, item, self._database.now())
            row = ObservationRow(id=new_id(at), person_id=person_id, at=at, zone=zone_of(at))
            for name in _OBSERVATION:
                setattr(row, name, getattr(observation, name))
            turn = _turn(session, turn_id)
            if turn is not None:
                row.turn_id, row.session_id = turn.id, turn.session_id
            session.add(row)
            return row.id

    def led_to(self, person_id: str, observation_ids: Sequence[str], screening_id: str) -> None:
        """Commit that signs led to offering a screening.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            screening = _row(session, person_id, screening_id)
            for one in observation_ids:
                row = session.get(ObservationRow, one)
                if row is not None and row.person_id == person_id:
                    row.offered = screening.id

    def observed(self, person_id: str) -> Sequence[KeptObservation]:
        """Return the signs of a person, oldest first; none where they may not be kept."""
        with self._database.reading() as session:
            now = self._database.now()
            if not all(allows(session, person_id, item, now) for item in (Item.HEALTH, Item.CONVERSATION)):
                return []
            return observations_in(session, person_id)


def screenings_in(session: Session, person_id: str, instrument: str = "") -> list[KeptScreening]:
    """Return the screenings of a person inside a transaction, in the order in which they were begun."""
    query = select(ScreeningRow).where(ScreeningRow.person_id == person_id)
    if instrument:
        query = query.where(ScreeningRow.instrument == instrument)
    return [kept_of(session, row) for row in session.scalars(query.order_by(ScreeningRow.number)).all()]


def kept_of(session: Session, row: ScreeningRow) -> KeptScreening:
    """Return a screening with its answers inside a transaction."""
    return KeptScreening(
        id=row.id,
        person_id=row.person_id,
        number=row.number,
        at=row.at,
        gone_on_at=row.gone_on_at or row.at,
        ended_at=row.ended_at,
        suspended_at=row.suspended_at,
        not_before=row.not_before,
        session_id=row.session_id,
        mode=row.mode,
        risk_level=row.risk_level,
        screening=_screening(session, row),
    )


def observations_in(session: Session, person_id: str) -> list[KeptObservation]:
    """Return the signs of a person inside a transaction, oldest first."""
    query = select(ObservationRow).where(ObservationRow.person_id == person_id)
    return [
        KeptObservation(
            row.id,
            row.person_id,
            row.at,
            Observation(**{name: getattr(row, name) for name in _OBSERVATION}),
            row.turn_id,
            row.offered,
        )
        for row in session.scalars(query.order_by(ObservationRow.at, ObservationRow.id))
    ]


def _row(session: Session, person_id: str, screening_id: str) -> ScreeningRow:
    row = session.get(ScreeningRow, screening_id)
    if row is None or row.person_id != person_id:
        raise InputError("store.no_such_row", id=screening_id)
    return row


def _turn(session: Session, turn_id: str | None) -> TurnRow | None:
    """Return a turn, where it was kept."""
    return None if turn_id is None else session.get(TurnRow, turn_id)


def _new_row(session: Session, person_id: str, screening: Screening, begun: Begun, now: datetime) -> ScreeningRow:
    last = session.scalar(select(func.max(ScreeningRow.number)).where(ScreeningRow.person_id == person_id)) or 0
    kept = begun.session_id is not None and session.get(SessionRow, begun.session_id) is not None
    return ScreeningRow(
        id=new_id(now),
        person_id=person_id,
        number=last + 1,
        at=now,
        zone=zone_of(now),
        instrument=screening.instrument,
        version=screening.version,
        digest=screening.digest,
        wording=begun.wording,
        requested_by=screening.asked_by,
        mode=begun.mode,
        whole=screening.whole,
        session_id=begun.session_id if kept else None,
    )


def _set(row: ScreeningRow, screening: Screening, beside: Beside, now: datetime) -> None:
    """Write how far it went. No time lies before one that was written earlier, however far the clock is set back."""
    moment = max(now, row.at, row.gone_on_at or row.at)
    row.status, row.gated, row.replies = screening.status, screening.gated, screening.replies
    row.gone_on_at = moment
    row.ended_at = None if screening.status.is_open else moment
    if screening.status is not Status.SUSPENDED:
        return
    row.suspended_by, row.not_before = screening.suspended_by, beside.not_before
    if beside.risk_level:
        row.suspended_at, row.risk_level, row.risk_kind = moment, beside.risk_level, beside.risk_kind


def _append(session: Session, row: ScreeningRow, answers: Sequence[Answer], beside: Beside, now: datetime) -> None:
    """Add the answers that are not there yet; mark those that later ones replaced."""
    there = {one.order: one for one in session.scalars(select(AnswerRow).where(AnswerRow.screening_id == row.id))}
    for answer in answers:
        if (kept := there.get(answer.order)) is not None:
            kept.superseded = answer.superseded
            continue
        added = AnswerRow(id=new_id(now), screening_id=row.id, at=now, zone=row.zone)
        for name in _ANSWER:
            setattr(added, name, getattr(answer, name))
        added.evidence = [asdict(one) for one in answer.evidence]
        added.replies = [asdict(one) for one in answer.replies]
        turn = _turn(session, beside.turn_id)
        added.turn_id = None if turn is None else turn.id
        added.model = beside.artifact if answer.decider in _BY_ARTIFACT else ""
        session.add(added)


def _screening(session: Session, row: ScreeningRow) -> Screening:
    rows = session.scalars(select(AnswerRow).where(AnswerRow.screening_id == row.id).order_by(AnswerRow.order))
    return Screening(
        instrument=row.instrument,
        version=row.version,
        digest=row.digest,
        status=Status(row.status),
        asked_by=Asker(row.requested_by),
        answers=tuple(_answer(one) for one in rows),
        suspended_by=row.suspended_by,
        gated=row.gated,
        replies=row.replies,
        whole=row.whole,
    )


def _answer(row: AnswerRow) -> Answer:
    values: dict[str, Any] = {name: getattr(row, name) for name in _ANSWER}
    values |= {
        "outcome": ItemOutcome(row.outcome),
        "form": Form(row.form),
        "decider": Decider(row.decider),
        "confirmed": Confirmed(row.confirmed),
        "evidence": tuple(Evidence(**one) for one in row.evidence),  # type: ignore[arg-type]
        "replies": tuple(Said(**one) for one in row.replies),  # type: ignore[arg-type]
    }
    return Answer(**values)
