"""Screenings with every answer word for word, and signs observed in free talk, under the consent to health data.

A score is never kept: it is derived from the answers. A correction is another row; an answer that is there is never
changed but for being marked as superseded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
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

_NESTED: Final = ("evidence", "replies")
_ANSWER: Final = tuple(one.name for one in fields(Answer) if one.name not in _NESTED)
_OBSERVATION: Final = tuple(one.name for one in fields(Observation))


@dataclass(frozen=True, slots=True)
class KeptScreening:
    """A screening as it stands in the record."""

    id: str
    at: datetime
    """When willingness was asked."""
    ended_at: datetime | None
    screening: Screening


@dataclass(frozen=True, slots=True)
class KeptObservation:
    """A sign as it stands in the record."""

    id: str
    at: datetime
    observation: Observation


class Screenings:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, person_id: str, screening: Screening, at: datetime, *, mode: str, screening_id: str = "") -> str:
        """Commit a screening as far as it went and return its id: a new one, or more of one that is there.

        Args:
            person_id: Who answered.
            screening: With all its answers so far; those that are there already are left as they are.
            at: When willingness was asked, or, for one that is there, now; aware.
            mode: voice, recording or text.
            screening_id: Of the one that is gone on with.

        Raises:
            NotAllowed: Health data may not be kept.
            InputError: The person has no such screening.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.HEALTH, self._database.now())
            row = _row(session, person_id, screening_id) if screening_id else _new_row(person_id, screening, at, mode)
            row.status, row.suspended_by = screening.status, screening.suspended_by
            row.ended_at = None if screening.status.is_open else self._database.now()
            row.suspended_at = self._database.now() if screening.status.is_open else None
            session.add(row)
            session.flush()
            _append(session, row, screening.answers, self._database.now())
            return row.id

    def all(self, person_id: str, instrument: str = "") -> Sequence[KeptScreening]:
        """Return the screenings of a person, of one instrument or of all, oldest first; none where not agreed to."""
        query = select(ScreeningRow).where(ScreeningRow.person_id == person_id)
        if instrument:
            query = query.where(ScreeningRow.instrument == instrument)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            rows = session.scalars(query.order_by(ScreeningRow.at, ScreeningRow.id)).all()
            return [KeptScreening(row.id, row.at, row.ended_at, _screening(session, row)) for row in rows]

    def observe(self, person_id: str, observation: Observation, at: datetime) -> str:
        """Commit a sign that was heard in free talk and return its id.

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
            session.add(row)
            return row.id

    def observed(self, person_id: str) -> Sequence[KeptObservation]:
        """Return the signs of a person, oldest first; none where they may not be kept."""
        query = select(ObservationRow).where(ObservationRow.person_id == person_id)
        with self._database.reading() as session:
            now = self._database.now()
            if not all(allows(session, person_id, item, now) for item in (Item.HEALTH, Item.CONVERSATION)):
                return []
            rows = session.scalars(query.order_by(ObservationRow.at, ObservationRow.id))
            return [
                KeptObservation(row.id, row.at, Observation(**{name: getattr(row, name) for name in _OBSERVATION}))
                for row in rows
            ]


def _row(session: Session, person_id: str, screening_id: str) -> ScreeningRow:
    row = session.get(ScreeningRow, screening_id)
    if row is None or row.person_id != person_id:
        raise InputError("store.no_such_row", id=screening_id)
    return row


def _new_row(person_id: str, screening: Screening, at: datetime, mode: str) -> ScreeningRow:
    return ScreeningRow(
        id=new_id(at),
        person_id=person_id,
        at=at,
        zone=zone_of(at),
        instrument=screening.instrument,
        version=screening.version,
        digest=screening.digest,
        requested_by=screening.asked_by,
        mode=mode,
    )


def _append(session: Session, row: ScreeningRow, answers: Sequence[Answer], now: datetime) -> None:
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
