"""Writes conversations: a turn is one transaction, on the disk before ``add_turn`` returns.

The consent to keep conversations is asked inside each transaction, so that a withdrawal takes effect with the next
turn, whichever process took it down. Where it does not stand, nothing of a conversation is kept but danger: a risk
event without words, on the basis of the person's vital interest, with what the protocol did and who is to be told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.core.overview import BRIGHT, HEAVY
from companion.core.record import Lately, NewSession, NewTurn
from companion.safety.alerts import AlertStatus
from companion.store.consents import allows
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.safety import AlertRow, ProtocolStepRow, RiskEventRow
from companion.store.tables.talk import SessionRow, TurnRow

_SESSIONS_REMEMBERED: Final = 3
_NO_DANGER: Final = frozenset({"", "none"})
BY_CONSENT: Final = "consent"
VITAL_INTEREST: Final = "vital_interest"
"""Basis on which danger is kept without consent. Source: Personal Information Protection Act, article 18(2)3 (urgent
interests of life and body); an open question for counsel, see docs/law.md."""


class Conversations:
    """Over one database. One object holds the sessions that it began; it is used by one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begun: dict[str, NewSession] = {}

    def start_session(self, new: NewSession) -> str:
        """Return the id of a new session, committed where the person agreed to keep conversations.

        Raises:
            StorageFull: Nothing could be written.
        """
        session_id = new_id(new.started_at)
        with self._database.writing(new.person_id) as session:
            if self._may_keep(session, new.person_id):
                session.add(_session_row(session_id, new))
        self._begun[session_id] = new
        return session_id

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        """Commit what may be kept of a turn and return its id; it is on the disk when this returns.

        Raises:
            StorageFull: Nothing could be written; the turn may be handed in again.
        """
        turn_id = new_id(new.at)
        begun = self._begun[session_id]
        with self._database.writing(begun.person_id) as session:
            keeps = self._may_keep(session, begun.person_id)
            if keeps:
                if session.get(SessionRow, session_id) is None:
                    session.add(_session_row(session_id, begun))
                    session.flush()
                session.add(_turn_row(turn_id, session_id, number, new))
                _count(session, session_id, new)
            if new.risk_level not in _NO_DANGER:
                session.add(_risk_row(begun.person_id, session_id, number, new, keeps=keeps))
            session.add_all(_step_rows(begun.person_id, session_id, number, new))
            session.add_all(_alert_rows(begun.person_id, session_id, number, new))
        return turn_id

    def mark_spoken(self, turn_id: str, spoken: str) -> None:
        """Record what of a reply was really spoken, where the turn was kept.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing() as session:
            row = session.get(TurnRow, turn_id)
            if row is not None:
                session.info["person_id"] = (
                    self._begun[row.session_id].person_id if row.session_id in self._begun else ""
                )
                row.spoken = spoken

    def end_session(self, session_id: str, at: datetime, ended_by: str) -> None:
        """Commit the end of a session, where it was kept and may still be.

        Raises:
            StorageFull: Nothing could be written.
        """
        begun = self._begun[session_id]
        with self._database.writing(begun.person_id) as session:
            row = session.get(SessionRow, session_id)
            if row is not None and self._may_keep(session, begun.person_id):
                row.ended_at, row.ended_by = at, ended_by

    def session_count(self, person_id: str) -> int:
        """Return how many kept sessions a person has had."""
        with self._database.reading() as session:
            query = select(func.count()).select_from(SessionRow).where(SessionRow.person_id == person_id)
            return session.scalar(query) or 0

    def lately(self, person_id: str) -> Lately:
        """Return what the last three kept sessions of a person leave: when the last was, and which replies were said.

        Repetition is what people complain of. Source: clinical.md, section 7.3.
        """
        with self._database.reading() as session:
            last = session.execute(
                select(SessionRow.id, SessionRow.started_at)
                .where(SessionRow.person_id == person_id)
                .order_by(SessionRow.started_at.desc())
                .limit(_SESSIONS_REMEMBERED)
            ).all()
            if not last:
                return Lately()
            said = session.scalars(select(TurnRow.reply_id).where(TurnRow.session_id.in_([row.id for row in last])))
            return Lately(last[0].started_at, frozenset(said))

    def is_kept(self, session_id: str | None) -> bool:
        """Return whether anything of a conversation is in the record."""
        with self._database.reading() as session:
            return session_id is not None and session.get(SessionRow, session_id) is not None

    def _may_keep(self, session: Session, person_id: str) -> bool:
        return allows(session, person_id, Item.CONVERSATION, self._database.now())


def _session_row(session_id: str, new: NewSession) -> SessionRow:
    return SessionRow(
        id=session_id,
        person_id=new.person_id,
        started_at=new.started_at,
        zone=zone_of(new.started_at),
        mode=new.mode,
        profile=new.profile,
        reply_driver=new.reply_driver,
    )


def _count(session: Session, session_id: str, new: NewTurn) -> None:
    """Count a turn on its session. A count is derived, so it leaves nothing in the outbox."""
    heard = new.heard is not None and bool(new.heard.text)
    feeling = new.understanding.feeling if heard and new.understanding is not None else None
    session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id)
        .values(
            heard_turns=SessionRow.heard_turns + int(heard),
            bright_turns=SessionRow.bright_turns + int(feeling in BRIGHT),
            heavy_turns=SessionRow.heavy_turns + int(feeling in HEAVY),
            last_turn_at=new.at,
        )
        .execution_options(synchronize_session=False)
    )


def _turn_row(turn_id: str, session_id: str, number: int, new: NewTurn) -> TurnRow:
    row = TurnRow(id=turn_id, session_id=session_id, number=number, at=new.at, zone=zone_of(new.at), kind=new.kind)
    row.risk_level, row.risk_kind = new.risk_level, new.risk_kind
    row.reply, row.reply_id = new.reply.text, new.reply.id
    row.reply_source, row.guard = new.reply.source, new.reply.guard
    if new.heard is not None:
        row.heard = new.heard.text
        row.hearing, row.heard_confidence, row.heard_from = new.heard.hearing, new.heard.confidence, new.heard_from
    if (understood := new.understanding) is not None:
        row.act, row.topic, row.feeling = understood.act, understood.topic, understood.feeling
        row.situation, row.understanding_confidence = understood.situation, understood.confidence
    return row


def _risk_row(person_id: str, session_id: str, number: int, new: NewTurn, *, keeps: bool) -> RiskEventRow:
    return RiskEventRow(
        id=new_id(new.at),
        person_id=person_id,
        session_id=session_id,
        turn_number=number,
        at=new.at,
        zone=zone_of(new.at),
        level=new.risk_level,
        standing=new.risk_standing,
        kind=new.risk_kind,
        evidence=new.risk_evidence,
        confidence=new.risk_confidence,
        lexicon_version=new.lexicon_version,
        words=new.heard.text if keeps and new.heard is not None else None,
        basis=BY_CONSENT if keeps else VITAL_INTEREST,
    )


def _step_rows(person_id: str, session_id: str, turn: int, new: NewTurn) -> list[ProtocolStepRow]:
    """Return the steps of a turn; the answer that led to them stands with the first."""
    return [
        ProtocolStepRow(
            id=new_id(new.at),
            person_id=person_id,
            session_id=session_id,
            turn_number=turn,
            number=number,
            at=new.at,
            zone=zone_of(new.at),
            action=step.action,
            key=step.key,
            question=step.question,
            answer=new.answer if number == 1 else "",
            protocol_version=new.protocol_version,
        )
        for number, step in enumerate(new.steps, 1)
    ]


def _alert_rows(person_id: str, session_id: str, turn: int, new: NewTurn) -> list[AlertRow]:
    return [
        AlertRow(
            id=new_id(new.at),
            person_id=person_id,
            session_id=session_id,
            turn_number=turn,
            at=new.at,
            zone=zone_of(new.at),
            level=alert.level,
            kind=alert.kind,
            status=AlertStatus.OPEN,
            within_seconds=alert.within_seconds,
            contacts=list(alert.contacts),
            told_person=alert.told_person,
            protocol_version=new.protocol_version,
        )
        for alert in new.alerts
    ]
