"""What is said on 말벗's own account: begun on the disk before the first sound, so that no restart says it again.

It rests on no consent: it holds nothing that the person said, and without it medicines would be said twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from companion.core.occasion import KeptOccasion, Occasion, Outcome
from companion.core.record import NewAlert
from companion.safety.alerts import AlertStatus
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.daily import OccasionRow
from companion.store.tables.life import ReminderRow
from companion.store.tables.safety import AlertRow
from companion.store.tables.talk import SessionRow

_MARGIN: Final = timedelta(days=1)
"""Rows are given a day beyond what is asked for: a clock that was set back still finds them."""


class Occasions:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, person_id: str, moment: datetime) -> Sequence[KeptOccasion]:
        """Return what was due or done since a moment, in the order in which it was written.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        begins = moment - _MARGIN
        query = select(OccasionRow).where(
            OccasionRow.person_id == person_id, or_(OccasionRow.due_at > begins, OccasionRow.at > begins)
        )
        with self._database.reading() as session:
            return [_kept(row) for row in session.scalars(query.order_by(OccasionRow.id))]

    def begin(self, person_id: str, calls: Iterable[tuple[Occasion, int]]) -> bool:
        """Commit that these are about to be said, all or nothing; False where one of them was begun before.

        Raises:
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        with self._database.writing(person_id) as session:
            wanted = list(calls)
            if any(self._find(session, person_id, one.key, number) is not None for one, number in wanted):
                return False
            for one, number in wanted:
                session.add(_row(person_id, one, number, now, Outcome.BEGUN))
                reminder = session.get(ReminderRow, one.source_id) if one.source_id else None
                if reminder is not None and reminder.person_id == person_id:
                    reminder.last_said_at = now
        return True

    def finish(self, person_id: str, key: str, number: int, outcome: Outcome) -> None:
        """Commit what came of what was begun; anything else stays as it is.

        Raises:
            StorageFull: Nothing could be written: after a restart it counts as interrupted.
        """
        with self._database.writing(person_id) as session:
            row = self._find(session, person_id, key, number)
            if row is not None and row.outcome in (Outcome.BEGUN, Outcome.INTERRUPTED):
                row.outcome = outcome

    def settle(self, person_id: str, settled: Iterable[tuple[Occasion, int, Outcome]]) -> None:
        """Commit that these are over without having been said.

        Raises:
            StorageFull: Nothing could be written: they are settled again.
        """
        now = self._database.now()
        with self._database.writing(person_id) as session:
            for occasion, number, outcome in settled:
                if self._find(session, person_id, occasion.key, number) is None:
                    session.add(_row(person_id, occasion, number, now, outcome))

    def interrupt_begun(self, person_id: str) -> int:
        """Commit that whatever is begun was interrupted: its process died. Return how many there were.

        Raises:
            StorageFull: Nothing could be written.
        """
        query = select(OccasionRow).where(OccasionRow.person_id == person_id, OccasionRow.outcome == Outcome.BEGUN)
        with self._database.writing(person_id) as session:
            rows = session.scalars(query).all()
            for row in rows:
                row.outcome = Outcome.INTERRUPTED
            return len(rows)

    def tell(self, person_id: str, occasion: Occasion, number: int, alert: NewAlert) -> bool:
        """Commit that nobody answered, and the alert that says so, in one; False where it was done before.

        Raises:
            StorageFull: Nothing could be written.
        """
        now = self._database.now()
        with self._database.writing(person_id) as session:
            if self._find(session, person_id, occasion.key, number) is not None:
                return False
            session.add(_row(person_id, occasion, number, now, Outcome.TOLD))
            session.add(
                AlertRow(
                    id=new_id(now),
                    person_id=person_id,
                    session_id=None,
                    turn_number=None,
                    at=now,
                    zone=zone_of(now),
                    level=alert.level,
                    kind=alert.kind,
                    status=AlertStatus.OPEN,
                    within_seconds=alert.within_seconds,
                    contacts=list(alert.contacts),
                    told_person=alert.told_person,
                    protocol_version="",
                )
            )
        return True

    def met_at(self, person_id: str) -> datetime | None:
        """Return when the last conversation was in which the person said something, as far as it was kept.

        Raises:
            StoreUnreadable: It cannot be read.
        """
        query = select(func.max(SessionRow.last_turn_at)).where(
            SessionRow.person_id == person_id, SessionRow.heard_turns > 0
        )
        with self._database.reading() as session:
            return session.scalar(query)

    def _find(self, session: Session, person_id: str, key: str, number: int) -> OccasionRow | None:
        query = select(OccasionRow).where(
            OccasionRow.person_id == person_id, OccasionRow.key == key, OccasionRow.number == number
        )
        return session.scalar(query)


def _row(person_id: str, one: Occasion, number: int, at: datetime, outcome: Outcome) -> OccasionRow:
    return OccasionRow(
        id=new_id(at),
        person_id=person_id,
        key=one.key,
        number=number,
        kind=str(one.kind),
        source_id=one.source_id,
        due_at=one.due_at,
        at=at,
        zone=zone_of(at),
        outcome=outcome,
    )


def _kept(row: OccasionRow) -> KeptOccasion:
    return KeptOccasion(row.key, row.number, row.kind, row.source_id, row.due_at, row.at, Outcome(row.outcome))
