"""The only way in which people read what is kept: every read is looked at and audited in one transaction.

A new one is two lines::

    with self.read(Action.PAGE_READ, person_id) as view:
        return page_of(view.session, person_id)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.core.access import Action, AuditEntry, Identity
from companion.core.body import LookedAt
from companion.core.consent import Item
from companion.core.hospital import KeptHospitalRecord
from companion.core.record import KeptTurn, SessionSummary, TurnKind
from companion.errors import InputError, NotAllowed
from companion.screening.record import Status
from companion.store.audit import Audit
from companion.store.body_view import Lines, looked_at
from companion.store.consents import allowing
from companion.store.database import Database
from companion.store.gate import Entrance, Gate
from companion.store.grants import readable
from companion.store.hospital_view import kept_records, states_of
from companion.store.ids import is_whole
from companion.store.screenings import KeptObservation, KeptScreening, kept_of, observations_in, screenings_in
from companion.store.tables.base import storable
from companion.store.tables.screening import ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow

_PREFIX_AT_LEAST: Final = 4
_OfPeople = TypeVar("_OfPeople", SessionRow, ScreeningRow)


@dataclass(slots=True)
class View:
    """One read that was let in."""

    session: Session
    people: frozenset[str]
    """Ids of those whose record may be read here, and who agreed that it is kept."""
    now: datetime
    person_id: str = ""
    """Whose record is read; may be set during the read."""
    seen: dict[str, object] = field(default_factory=dict)
    """What the audit says of it besides: counts, ids, kinds."""

    also: list[tuple[Action, Mapping[str, object]]] = field(default_factory=list)
    """What else was done in the same look: each an entry of its own in the audit, in the same transaction."""

    def saw(self, people: Sequence[str], count: int) -> None:
        """Note whose record was seen in a read of several, and how much of it."""
        self.seen |= {"people": sorted(set(people)), "count": count}


class Viewer:
    """What one identity may read.

    Args:
        database: Opened.
        audit: Of the same database.
        identity: From ``Accounts.whoami``; looked at again before every read.
    """

    def __init__(self, database: Database, audit: Audit, identity: Identity) -> None:
        self.identity = identity
        self._audit = audit
        self._gate = Gate(database, audit)

    @contextmanager
    def read(self, action: Action, person_id: str = "", *, item: Item | None = None) -> Iterator[View]:
        """Give a look at the record, audited when the block ends well; what is refused is audited too.

        Args:
            action: What the audit calls it.
            person_id: Whose record; empty reads of everybody that may be read.
            item: Consent under which it was kept, which has to stand now.

        Raises:
            SignInRefused: The sign-in is over, or nobody is signed in.
            NotAllowed: The record is not open to whoever asks, or its keeping is not agreed to any more.
            StorageFull: The read could not be audited.
        """
        with self._gate.entered(self.identity, person_id=person_id) as entrance:
            people = readable(entrance, person_id)
            if person_id and person_id not in people:
                raise NotAllowed("access.not_open")
            if item is not None:
                people = allowing(entrance.session, people, item, entrance.now)
            if person_id and person_id not in people:
                raise NotAllowed(f"consent.missing_{item}")
            view = View(entrance.session, people, entrance.now, person_id)
            yield view
            for done, seen in ((action, view.seen), *view.also):
                self._note(entrance, done, view.person_id, seen)

    def sessions(self, *, limit: int = 20, person_id: str = "") -> Sequence[SessionSummary]:
        """Return the newest conversations of one person or of everybody whose record is open, newest first.

        Raises:
            AccessError: Nobody is signed in any more, or the person's record is not open.
        """
        with self.read(Action.SESSIONS_LISTED, person_id, item=Item.CONVERSATION) as view:
            newest = select(SessionRow).where(SessionRow.person_id.in_(view.people))
            rows = view.session.scalars(newest.order_by(SessionRow.id.desc()).limit(limit)).all()
            said = _said(view.session, [row.id for row in rows])
            view.saw([row.person_id for row in rows], len(rows))
            return [session_summary(row, said.get(row.id, 0)) for row in rows]

    def session(self, prefix: str) -> tuple[SessionSummary, Sequence[KeptTurn]]:
        """Return one conversation with its turns, by its id, the end of its id, or ``"last"``.

        Raises:
            AccessError: Nobody is signed in any more.
            InputError: No conversation that may be read, or more than one, has such an id.
        """
        with self.read(Action.SESSION_READ, item=Item.CONVERSATION) as view:
            row = _meant(view, SessionRow, prefix, "session")
            turns = select(TurnRow).where(TurnRow.session_id == row.id).order_by(TurnRow.number)
            kept = [kept_turn(turn) for turn in view.session.scalars(turns)]
            view.person_id = row.person_id
            view.seen |= {"session": row.id, "count": len(kept)}
            return session_summary(row, sum(1 for turn in kept if turn.heard)), kept

    def screenings(self, *, limit: int = 20, person_id: str = "") -> Sequence[KeptScreening]:
        """Return the newest screenings of one person or of everybody, newest first, without their answers' turns.

        Raises:
            AccessError: Nobody is signed in any more, or the person's record is not open.
        """
        with self.read(Action.SCREENINGS_LISTED, person_id, item=Item.HEALTH) as view:
            newest = select(ScreeningRow).where(ScreeningRow.person_id.in_(view.people))
            rows = view.session.scalars(newest.order_by(ScreeningRow.at.desc(), ScreeningRow.id.desc()).limit(limit))
            found = [kept_of(view.session, row) for row in rows]
            view.saw([one.person_id for one in found], len(found))
            return found

    def screening(self, prefix: str) -> tuple[KeptScreening, KeptScreening | None]:
        """Return one screening by its id, the end of its id, or ``"last"``; and the last whole one before it.

        Raises:
            AccessError: Nobody is signed in any more.
            InputError: No screening that may be read, or more than one, has such an id.
        """
        with self.read(Action.SCREENING_READ, item=Item.HEALTH) as view:
            row = _meant(view, ScreeningRow, prefix, "screening")
            own = screenings_in(view.session, row.person_id, row.instrument)
            whole = [one for one in own if one.number < row.number and one.screening.status is Status.COMPLETE]
            view.person_id = row.person_id
            view.seen |= {"screening": row.id, "count": len(own)}
            return next(one for one in own if one.id == row.id), whole[-1] if whole else None

    def observations(self, *, limit: int = 50) -> Sequence[KeptObservation]:
        """Return the newest signs in free talk, newest first: a quote is health and conversation at once.

        Raises:
            AccessError: Nobody is signed in any more.
        """
        with self.read(Action.OBSERVATIONS_LISTED, item=Item.HEALTH) as view:
            people = allowing(view.session, view.people, Item.CONVERSATION, view.now)
            found = [one for person in people for one in observations_in(view.session, person)]
            shown = sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:limit]
            view.saw([one.person_id for one in shown], len(shown))
            return shown

    def readings(self, person_id: str, *, days: int, lines: Lines, only: Collection[str] | None = None) -> LookedAt:
        """Return the readings of one person over some days, of all kinds or some, and those beyond some values.

        Raises:
            AccessError: The record is not open, or health data may not be kept any more.
        """
        with self.read(Action.READINGS_READ, person_id, item=Item.HEALTH) as view:
            found = looked_at(view.session, person_id, view.now, days=days, lines=lines, only=only)
            view.saw([person_id], sum(len(one) for one in found.quarters.values()))
            return found

    def hospital_records(self, person_id: str, *, kind: str = "", limit: int = 200) -> Sequence[KeptHospitalRecord]:
        """Return the newest of what hospitals recorded of one person, newest first.

        Raises:
            AccessError: The record is not open, or health data may not be kept any more.
        """
        with self.read(Action.HOSPITAL_LISTED, person_id, item=Item.HEALTH) as view:
            found = kept_records(view.session, person_id, kind=kind, limit=limit)
            view.saw([person_id], len(found))
            return found

    def hospital_record(self, person_id: str, prefix: str) -> Sequence[KeptHospitalRecord]:
        """Return one thing that a hospital recorded, by the end of its id: the state that stands, then earlier ones.

        Raises:
            AccessError: The record is not open, or health data may not be kept any more.
            InputError: There is none with such an id, or more than one.
        """
        with self.read(Action.HOSPITAL_READ, person_id, item=Item.HEALTH) as view:
            if len(prefix) < _PREFIX_AT_LEAST:
                raise InputError("store.id_too_short", id=prefix, least=_PREFIX_AT_LEAST)
            states = states_of(view.session, person_id, storable(prefix))
            view.seen |= {"record": states[0].id, "count": len(states)}
            return states

    def audit_entries(self, *, limit: int = 50, person_id: str = "") -> Sequence[AuditEntry]:
        """Return the newest entries of the audit, newest first: all, or those about one person.

        Raises:
            AccessError: Whoever asks is no administrator, or is not signed in any more.
        """
        with self._gate.entered(self.identity, person_id=person_id) as entrance:
            entrance.demand_administrator()
            found = self._audit.entries(entrance.session, limit=limit, person_id=person_id)
            self._note(entrance, Action.AUDIT_LISTED, person_id, {"count": len(found)})
            return found

    def _note(self, entrance: Entrance, action: Action, person_id: str, seen: Mapping[str, object]) -> None:
        self._audit.append(entrance.session, self.identity, action, person_id=person_id, details=seen)


def _said(session: Session, session_ids: Sequence[str]) -> Mapping[str, int]:
    """Return in how many turns of each conversation the person said something."""
    query = select(TurnRow.session_id, func.count().label("turns")).where(
        TurnRow.session_id.in_(session_ids), TurnRow.heard != ""
    )
    return {row.session_id: row.turns for row in session.execute(query.group_by(TurnRow.session_id))}


def _meant(view: View, table: type[_OfPeople], prefix: str, kind: str) -> _OfPeople:
    """Return the one row of a table that may be read and has such an id.

    Raises:
        InputError: There is none, or more than one.
    """
    query = select(table).where(table.person_id.in_(view.people)).order_by(table.id.desc())
    if prefix == "last":
        query = query.limit(1)
    elif len(prefix) < _PREFIX_AT_LEAST:
        raise InputError("store.id_too_short", id=prefix, least=_PREFIX_AT_LEAST)
    else:
        is_it = (
            table.id == storable(prefix) if is_whole(prefix) else table.id.endswith(storable(prefix), autoescape=True)
        )
        query = query.where(is_it).limit(2)
    rows = view.session.scalars(query).all()
    if len(rows) != 1:
        raise InputError(f"store.no_such_{kind}" if not rows else "store.id_not_unique", id=prefix)
    return rows[0]


def session_summary(row: SessionRow, turns: int) -> SessionSummary:
    """Return a conversation as a value; ``turns`` are those in which the person said something."""
    return SessionSummary(
        id=row.id,
        person_id=row.person_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        mode=row.mode,
        profile=row.profile,
        reply_driver=row.reply_driver,
        ended_by=row.ended_by,
        turns=turns,
    )


def kept_turn(row: TurnRow) -> KeptTurn:
    """Return a turn as a value."""
    return KeptTurn(
        id=row.id,
        number=row.number,
        at=row.at,
        kind=TurnKind(row.kind),
        heard=row.heard,
        hearing=row.hearing,
        heard_confidence=row.heard_confidence,
        heard_from=row.heard_from,
        act=row.act,
        topic=row.topic,
        feeling=row.feeling,
        situation=row.situation,
        understanding_confidence=row.understanding_confidence,
        risk_level=row.risk_level,
        risk_kind=row.risk_kind,
        reply=row.reply,
        reply_id=row.reply_id,
        reply_source=row.reply_source,
        guard=row.guard,
        spoken=row.spoken,
    )
