"""What a caregiver sees of many people: a line for each.

Queries only, each with a plan that is understood (decision record 0009): an overview reads counts that sessions keep of
their turns, never a turn. Portable SQL, for SQLite and PostgreSQL alike. What consent does not cover is not asked for.
Who may call is decided elsewhere, and so is the audit of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Row, ScalarSelect, and_, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.core.overview import (
    DAYS,
    WEEKS,
    Allowed,
    OpenAlerts,
    OverviewLine,
    ScreeningLine,
    WeekOfMood,
)
from companion.safety.risk import Level
from companion.store.consents import allowing
from companion.store.people import person_of
from companion.store.tables.life import ReminderRow
from companion.store.tables.people import PersonRow
from companion.store.tables.safety import AlertRow, RiskEventRow
from companion.store.tables.screening import AnswerRow, ScreeningRow
from companion.store.tables.talk import SessionRow

_WEEK: Final = timedelta(days=DAYS)
_UNRESOLVED: Final = ("open", "acknowledged")
_GRAVITY: Final = {str(level): level.rank for level in Level}
_NOT_SCORED: Final = "%.function"
"""What an instrument asks about difficulty beside its scored items, such as ``phq9.function``."""
_AT_ONCE: Final = 1000
"""Ids in one query: a database takes some tens of thousands."""
_OF_EACH_INSTRUMENT: Final = 2
"""In a line: the latest screening and the one before, so that a change can be shown."""


def overview(session: Session, person_ids: Sequence[str], now: datetime) -> tuple[OverviewLine, ...]:
    """Return a line for each person, in the order of the ids; ids that are not there are left out.

    Args:
        session: Any that reads.
        person_ids: At most some thousands.
        now: Aware.
    """
    allowed = _allowed(session, person_ids, now)
    talked = [one for one in person_ids if allowed[one].conversation]
    people = {row.id: row for row in session.execute(_people(person_ids))}
    moods = _moods(session, talked, now)
    silences = _unanswered(session, talked, now)
    alerts = _open_alerts(session, person_ids)
    screenings = screenings_of(session, [one for one in person_ids if allowed[one].health], _OF_EACH_INSTRUMENT)
    return tuple(
        _line(
            people[one],
            allowed[one],
            alerts.get(one, OpenAlerts()),
            (moods.get(one, ()), silences.get(one, 0)),
            screenings.get(one, ()),
            now,
        )
        for one in person_ids
        if one in people
    )


def _allowed(session: Session, person_ids: Sequence[str], now: datetime) -> Mapping[str, Allowed]:
    conversation = allowing(session, person_ids, Item.CONVERSATION, now)
    health = allowing(session, person_ids, Item.HEALTH, now)
    return {one: Allowed(conversation=one in conversation, health=one in health) for one in person_ids}


def _people(person_ids: Sequence[str]) -> Any:  # noqa: ANN401 - a select of a person and four times
    """Ask for people, each with the end of three indexes: one seek a person and index, whatever their length."""
    return select(
        *PersonRow.__table__.columns,
        _last_session(SessionRow.started_at).label("session_at"),
        _last_session(SessionRow.last_turn_at).label("turn_at"),
        _latest_of(RiskEventRow.at, RiskEventRow.person_id).label("risk_at"),
        _latest_of(ReminderRow.last_said_at, ReminderRow.person_id).label("said_at"),
    ).where(PersonRow.id.in_(person_ids))


def _last_session(column: Any) -> ScalarSelect[Any]:  # noqa: ANN401 - any column of a session
    newest = select(column).where(SessionRow.person_id == PersonRow.id).order_by(SessionRow.started_at.desc())
    return newest.limit(1).scalar_subquery()


def _latest_of(at: Any, person_id: Any) -> ScalarSelect[Any]:  # noqa: ANN401 - columns of any table
    return select(func.max(at)).where(person_id == PersonRow.id).scalar_subquery()


def _line(
    row: Row[Any],
    allowed: Allowed,
    alerts: OpenAlerts,
    talk: tuple[tuple[WeekOfMood, ...], int],
    screenings: tuple[ScreeningLine, ...],
    now: datetime,
) -> OverviewLine:
    person, (mood, unanswered) = person_of(row), talk
    last = row.session_at if allowed.conversation else None
    turn_at = row.turn_at if allowed.conversation else None
    zone = zone_called(person.zone)
    return OverviewLine(
        person=person,
        allowed=allowed,
        alerts=alerts,
        last_session_at=last,
        days_since=None if last is None else max(0, (now.astimezone(zone).date() - last.astimezone(zone).date()).days),
        heard_last_week=mood[-1].heard if mood else 0,
        unanswered_last_week=unanswered,
        mood=mood,
        screenings=screenings,
        device_seen_at=max((at for at in (last, turn_at, row.risk_at, row.said_at) if at is not None), default=None),
    )


def _moods(session: Session, person_ids: Sequence[str], now: datetime) -> Mapping[str, tuple[WeekOfMood, ...]]:
    """Return eight weeks of counts for each person, from one index, without a turn or a session read.

    One part for each week: its rows come out of the index in the order of people, so nothing is sorted to be summed.
    """
    begins = [now.astimezone(UTC) - _WEEK * back for back in range(WEEKS, -1, -1)]
    parts = (_week(person_ids, number, begins[number], begins[number + 1]) for number in range(WEEKS))
    sums = {(row[1], row[0]): tuple(map(int, row[2:])) for row in session.execute(union_all(*parts))}
    return {
        one: tuple(WeekOfMood(begins[week], *sums.get((one, week), (0, 0, 0, 0))) for week in range(WEEKS))
        for one in person_ids
    }


def _week(person_ids: Sequence[str], number: int, begins: datetime, ends: datetime) -> Any:  # noqa: ANN401 - a select
    return (
        select(
            literal_column(str(number)),
            SessionRow.person_id,
            func.count(),
            func.sum(SessionRow.heard_turns),
            func.sum(SessionRow.bright_turns),
            func.sum(SessionRow.heavy_turns),
        )
        .where(SessionRow.person_id.in_(person_ids), SessionRow.started_at >= begins, SessionRow.started_at < ends)
        .group_by(SessionRow.person_id)
    )


def _unanswered(session: Session, person_ids: Sequence[str], now: datetime) -> Mapping[str, int]:
    query = (
        select(SessionRow.person_id, func.count())
        .where(
            SessionRow.person_id.in_(person_ids),
            SessionRow.started_at >= now - _WEEK,
            SessionRow.heard_turns == 0,
            SessionRow.ended_at.is_not(None),
        )
        .group_by(SessionRow.person_id)
    )
    return {one: number for one, number in session.execute(query)}  # noqa: C416 - rows are no pairs to the type checker


def _open_alerts(session: Session, person_ids: Sequence[str]) -> Mapping[str, OpenAlerts]:
    query = select(AlertRow.person_id, AlertRow.status, AlertRow.level, AlertRow.at).where(
        AlertRow.status.in_(_UNRESOLVED), AlertRow.person_id.in_(person_ids)
    )
    found: dict[str, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.person_id, []).append(row)
    return {
        one: OpenAlerts(
            open=sum(row.status == "open" for row in rows),
            acknowledged=sum(row.status != "open" for row in rows),
            gravest=max((row.level for row in rows), key=lambda level: _GRAVITY.get(level, 0)),
            newest_at=max(row.at for row in rows),
        )
        for one, rows in found.items()
    }


def screenings_of(session: Session, person_ids: Sequence[str], newest: int) -> Mapping[str, tuple[ScreeningLine, ...]]:
    """Return the newest screenings of each person and instrument, by instrument, newest first, with raw sums."""
    rank = func.row_number().over(
        partition_by=(ScreeningRow.person_id, ScreeningRow.instrument), order_by=ScreeningRow.at.desc()
    )
    # Ranked by what the index holds, so that only the rows that are shown are read.
    key = (ScreeningRow.person_id, ScreeningRow.instrument, ScreeningRow.at)
    ranked = select(*key, rank.label("rank")).where(ScreeningRow.person_id.in_(person_ids)).subquery()
    same = (column == ranked.c[column.key] for column in key)
    shown = (getattr(ScreeningRow, name) for name in ("id", "version", "ended_at", "status", "gated"))
    query = (
        select(*key, *shown)
        .join_from(ranked, ScreeningRow, and_(*same))
        .where(ranked.c.rank <= newest)
        .order_by(ScreeningRow.person_id, ScreeningRow.instrument, ScreeningRow.at.desc())
    )
    rows = session.execute(query).all()
    sums = sums_of(session, [row.id for row in rows])
    lines: dict[str, list[ScreeningLine]] = {}
    for row in rows:
        lines.setdefault(row.person_id, []).append(_screening(row, sums.get(row.id)))
    return {one: tuple(of_one) for one, of_one in lines.items()}


def sums_of(session: Session, screening_ids: Sequence[str]) -> Mapping[str, Row[Any]]:
    """Return, by screening, how many scored items were put (``items``), answered, and the raw sum (``total``)."""
    sums: dict[str, Row[Any]] = {}
    for start in range(0, len(screening_ids), _AT_ONCE):
        asked = screening_ids[start : start + _AT_ONCE]
        sums |= {row.screening_id: row for row in session.execute(_sums(asked))}
    return sums


def _sums(screening_ids: Sequence[str]) -> Any:  # noqa: ANN401 - a select with four columns
    return (
        select(
            AnswerRow.screening_id,
            func.count().label("items"),
            func.count(AnswerRow.score).label("answered"),
            func.sum(AnswerRow.score).label("total"),
        )
        .where(
            AnswerRow.screening_id.in_(screening_ids),
            AnswerRow.superseded.is_(False),
            AnswerRow.item.not_like(_NOT_SCORED),
        )
        .group_by(AnswerRow.screening_id)
    )


def _screening(row: Row[Any], sums: Row[Any] | None) -> ScreeningLine:
    items, answered = (sums.items, sums.answered) if sums is not None else (0, 0)
    is_whole = sums is not None and row.status == "complete" and not row.gated and items == answered
    return ScreeningLine(
        id=row.id,
        instrument=row.instrument,
        version=row.version,
        at=row.at,
        ended_at=row.ended_at,
        status=row.status,
        items=items,
        answered=answered,
        sum=int(sums.total) if sums is not None and is_whole else None,
    )


def zone_called(name: str) -> tzinfo:
    """Return a zone by its name or offset; UTC where it is neither."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        pass
    try:
        return datetime.strptime(name, "%z").tzinfo or UTC
    except ValueError:
        return UTC
