"""Deletes what is older than its rule allows, in one transaction, and leaves a ``delete`` in the outbox for every row.

Rows are found by statements over whole tables: a year of two hundred people is not loaded to be deleted. What the
outbox still held of a row that goes, goes with it: nothing that was deleted here is sent to a centre afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from companion.core.retention import SETTLED, Count, Kind, Plan, Rules, is_doubtful
from companion.errors import InputError
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.reading_days import forget_before
from companion.store.tables.access import AuditRow
from companion.store.tables.base import Base
from companion.store.tables.body import ImportRow, ReadingRow
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.hospital import HospitalRecordRow
from companion.store.tables.life import ActivityRow, MemoryRow
from companion.store.tables.outbox import ChangeRow
from companion.store.tables.people import ConsentRow, PersonRow
from companion.store.tables.safety import AlertNoteRow, AlertRow, DeliveryRow, ProtocolStepRow, RiskEventRow
from companion.store.tables.screening import AnswerRow, ObservationRow, ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow

_RESOLVED: Final = "resolved"
"""Status of an alert that a named person has closed; any other alert stays however old it is."""
_AT_ONCE: Final = 5000
_VOUCHING: Final[tuple[InstrumentedAttribute[datetime], ...]] = (
    SessionRow.started_at,
    ScreeningRow.at,
    RiskEventRow.at,
    ImportRow.at,
    ConsentRow.at,
    PersonRow.at,
    AuditRow.at,
)
"""Times of writing by the clock of this device, in tables small enough to be looked through."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which rows of one table go."""

    kind: Kind
    row: type[Base]
    is_old: Callable[[datetime], ColumnElement[bool]]
    parent: type[Base] | None = None
    """The table whose rows take these with them, and name the person."""
    through: InstrumentedAttribute[str] | None = None
    """The column that names the parent."""

    def going(self, cutoff: datetime, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
        """Return the statement that finds them."""
        query = select(*columns).select_from(self.row)
        if self.parent is not None and self.through is not None:
            query = query.join(self.parent, self.parent.id == self.through)
        return query.where(self.is_old(cutoff))

    @property
    def person(self) -> Any:  # noqa: ANN401 - a mixed-in column
        """The column that names the person."""
        return (self.parent or self.row).person_id  # type: ignore[attr-defined] # mixed in by OfPerson


def _old_session(cutoff: datetime) -> ColumnElement[bool]:
    return func.coalesce(SessionRow.ended_at, SessionRow.started_at) < cutoff


def _old_screening(cutoff: datetime) -> ColumnElement[bool]:
    return func.coalesce(ScreeningRow.ended_at, ScreeningRow.at) < cutoff


def _old_memory(cutoff: datetime) -> ColumnElement[bool]:
    """What is still to happen is not old, however long ago it was said."""
    return and_(MemoryRow.at < cutoff, or_(MemoryRow.due_at.is_(None), MemoryRow.due_at < cutoff))


def _old_errand(cutoff: datetime) -> ColumnElement[bool]:
    """What waits for an answer, or whose answer the person has not heard, is not old."""
    return and_(ErrandRow.at < cutoff, ErrandRow.told_at.is_not(None))


def _old_occasion(cutoff: datetime) -> ColumnElement[bool]:
    """What is due on a clock that was set wrong keeps its row: it says that it was said."""
    return and_(OccasionRow.at < cutoff, OccasionRow.due_at < cutoff)


def _old_alert(cutoff: datetime) -> ColumnElement[bool]:
    return and_(AlertRow.at < cutoff, AlertRow.status == _RESOLVED)


def _old_reading(cutoff: datetime) -> ColumnElement[bool]:
    return func.coalesce(ReadingRow.until, ReadingRow.at) < cutoff


def _old_import(cutoff: datetime) -> ColumnElement[bool]:
    """An import goes after its last reading, and after the last record of a hospital that it brought."""
    stays = select(ReadingRow.id).where(ReadingRow.import_id == ImportRow.id, not_(_old_reading(cutoff)))
    brought = select(HospitalRecordRow.id).where(HospitalRecordRow.import_id == ImportRow.id)
    return and_(ImportRow.at < cutoff, not_(stays.exists()), not_(brought.exists()))


_RULES: Final[Sequence[_Rule]] = (
    _Rule(Kind.CONVERSATION, MemoryRow, _old_memory),
    _Rule(Kind.CONVERSATION, ErrandRow, _old_errand),
    _Rule(Kind.CONVERSATION, OccasionRow, _old_occasion),
    _Rule(Kind.CONVERSATION, TurnRow, _old_session, SessionRow, TurnRow.session_id),
    _Rule(Kind.CONVERSATION, SessionRow, _old_session),
    _Rule(Kind.HEALTH, ObservationRow, lambda cutoff: ObservationRow.at < cutoff),
    _Rule(Kind.HEALTH, ActivityRow, lambda cutoff: ActivityRow.at < cutoff),
    _Rule(Kind.READING, ImportRow, _old_import),
    _Rule(Kind.HEALTH, HospitalRecordRow, lambda cutoff: HospitalRecordRow.at < cutoff),
    _Rule(Kind.HEALTH, AnswerRow, _old_screening, ScreeningRow, AnswerRow.screening_id),
    _Rule(Kind.HEALTH, ScreeningRow, _old_screening),
    _Rule(Kind.SAFETY, RiskEventRow, lambda cutoff: RiskEventRow.at < cutoff),
    _Rule(Kind.SAFETY, ProtocolStepRow, lambda cutoff: ProtocolStepRow.at < cutoff),
    _Rule(Kind.SAFETY, DeliveryRow, _old_alert, AlertRow, DeliveryRow.alert_id),
    _Rule(Kind.SAFETY, AlertNoteRow, _old_alert, AlertRow, AlertNoteRow.alert_id),
    _Rule(Kind.SAFETY, AlertRow, _old_alert),
    _Rule(Kind.READING, ReadingRow, _old_reading),
)
"""Rows that go with a parent stand before it. An import stands before what it brought, since that says whether it is
done with."""


class Retention:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, rules: Rules) -> Plan:
        """Return what would go now. Nothing is changed.

        Raises:
            StoreError: The record cannot be read.
        """
        with self._database.reading() as session:
            return self._plan(session, rules)

    def apply(self, rules: Rules, *, clock_trusted: bool = False) -> Plan:
        """Delete what goes now, all of it or nothing, and return what went.

        Args:
            rules: Days by kind.
            clock_trusted: Whether somebody said that the clock is right although it seems to run far ahead.

        Raises:
            InputError: The clock is doubtful and nobody said that it is right. Nothing was deleted.
            StoreError: The record cannot be written. Nothing was deleted.
        """
        with self._database.writing() as session:
            plan = self._plan(session, rules)
            if plan.clock_doubtful and plan.rows and not clock_trusted:
                raise InputError("retention.clock_doubtful", newest=f"{plan.newest:%Y-%m-%d}")
            for rule in _RULES:
                if rule.kind in plan.cutoffs:
                    self._delete(session, rule, plan.cutoffs[rule.kind])
            if Kind.READING in plan.cutoffs:
                forget_before(session, plan.cutoffs[Kind.READING])
        self._empty_wal()
        return plan

    def _plan(self, session: Session, rules: Rules) -> Plan:
        now = self._database.now()
        cutoffs = rules.cutoffs(now)
        newest = _newest_before(session, now - SETTLED)
        return Plan(cutoffs, tuple(_counts(session, cutoffs)), newest, is_doubtful(now, newest))

    def _delete(self, session: Session, rule: _Rule, cutoff: datetime) -> None:
        table = rule.row.__tablename__
        going = rule.going(cutoff, rule.row.id)
        session.execute(delete(ChangeRow).where(ChangeRow.table == table, ChangeRow.row_id.in_(going)))
        found = session.execute(rule.going(cutoff, rule.row.id, rule.person)).all()
        for start in range(0, len(found), _AT_ONCE):
            changes = [self._change(table, row_id, person) for row_id, person in found[start : start + _AT_ONCE]]
            session.execute(insert(ChangeRow), changes)
        session.execute(
            delete(rule.row).where(rule.row.id.in_(going)), execution_options={"synchronize_session": False}
        )

    def _change(self, table: str, row_id: str, person_id: str) -> dict[str, object]:
        now, stamp = self._database.now(), self._database.stamp
        return {
            "id": new_id(now),
            "at": now,
            "zone": "UTC",
            "device_id": stamp.device_id,
            "centre_id": stamp.centre_id,
            "table": table,
            "row_id": row_id,
            "operation": "delete",
            "person_id": person_id,
            "sealed": None,
            "sent_at": None,
        }

    def _empty_wal(self) -> None:
        """Let no page of what went lie on in the write-ahead log, unless somebody is reading it just now."""
        if self._database.is_server:
            return
        with self._database.mapped():
            connection = self._database.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.close()


def _counts(session: Session, cutoffs: dict[Kind, datetime]) -> Iterator[Count]:
    for rule in _RULES:
        if rule.kind in cutoffs:
            query = rule.going(cutoffs[rule.kind], rule.person, func.count()).group_by(rule.person)
            for person_id, rows in session.execute(query.order_by(rule.person)):
                yield Count(rule.kind, person_id, rule.row.__tablename__, rows)


def _newest_before(session: Session, moment: datetime) -> datetime | None:
    found = (session.scalar(select(func.max(column)).where(column <= moment)) for column in _VOUCHING)
    return max((at for at in found if at is not None), default=None)
