"""Readings as they are looked at: summed by quarters of an hour, so that a year of minutes is read in no time.

Queries only, portable; who may call, and the audit of it, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Float, cast, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from companion.core.body import LookedAt, Quarter, Reading
from companion.store.tables.body import ImportRow, LimitRow, ReadingDayRow, ReadingRow

Lines = Mapping[str, tuple[float | None, float | None]]
_QUARTER: Final = 900
"""Seconds: every zone that is in use is whole quarters of an hour from UTC, so days of a zone are made of them."""
DAY: Final = timedelta(days=1)
_NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_AT_MOST: Final = 200
"""Readings beyond a limit that are returned, the newest first."""


def looked_at(
    session: Session, person_id: str, now: datetime, *, days: int, lines: Lines, only: Collection[str] | None = None
) -> LookedAt:
    """Return the readings of the last days.

    Args:
        session: Any that reads.
        person_id: Whose.
        now: Aware.
        days: How many.
        lines: Lowest and highest values within which no single reading is of interest, by kind.
        only: Kinds that are wanted; None for all.
    """
    since = now - timedelta(days=days)
    wanted = [kind for kind in kinds(session, person_id) if only is None or kind in only]
    return LookedAt(
        now,
        {kind: quarters(session, person_id, kind, since) for kind in wanted},
        {kind: beyond(session, person_id, kind, since, within=within) for kind, within in lines.items()},
        own_limits(session, person_id),
    )


def of_whole_imports(session: Session, person_id: str) -> Sequence[ColumnElement[bool]]:
    """Return the conditions under which readings are seen: none but while an import is coming in part by part."""
    query = select(ImportRow.id).where(ImportRow.person_id == person_id, ImportRow.coming_at.is_not(None))
    coming = session.scalars(query).all()
    return [or_(ReadingRow.import_id.is_(None), ReadingRow.import_id.not_in(coming))] if coming else []


def kinds(session: Session, person_id: str) -> Sequence[str]:
    """Return what was ever measured, in order of name: one step of the index for each, not one for each reading."""
    query = select(ReadingRow.kind).where(ReadingRow.person_id == person_id, *of_whole_imports(session, person_id))
    query = query.order_by(ReadingRow.kind).limit(1)
    found: list[str] = []
    while (kind := session.scalar(query.where(ReadingRow.kind > (found[-1] if found else "")))) is not None:
        found.append(kind)
    return found


def quarters(
    session: Session, person_id: str, kind: str, since: datetime, until: datetime | None = None
) -> Sequence[Quarter]:
    """Return the plausible readings of a kind from a moment on, summed by quarters of an hour, in order.

    Days that are kept summed (``reading_days``) are taken as they are, what lies between them is added up.

    Args:
        session: Any that reads.
        person_id: Whose.
        kind: Of reading.
        since: Inclusive.
        until: Exclusive; None for no end.
    """
    return list(_pieces(session, person_id, kind, (since, until or _NEVER), ReadingDayRow.quarters))


def within_days(
    session: Session, person_id: str, kind: str, between: tuple[datetime, datetime], zone: tzinfo
) -> Sequence[Quarter]:
    """Return what days of a zone are made of, in order: hours where they are kept, quarters of an hour elsewhere.

    An hour stands at the last quarter of it that has readings. Where an offset is no whole number of hours, an hour of
    UTC may lie on two days, and all are quarters.

    Args:
        session: Any that reads.
        person_id: Whose.
        kind: Of reading.
        between: Half-open.
        zone: Whose days.
    """
    days = (between[0] + DAY * number for number in range((between[1] - between[0]) // DAY + 2))
    by_hours = not any((zone.utcoffset(one.replace(tzinfo=None)) or timedelta()) % _HOUR for one in days)
    return list(_pieces(session, person_id, kind, between, ReadingDayRow.hours if by_hours else ReadingDayRow.quarters))


def _pieces(
    session: Session, person_id: str, kind: str, between: tuple[datetime, datetime], column: InstrumentedAttribute[Any]
) -> Iterator[Quarter]:
    """Yield kept days by a column of theirs, and what lies between them added up."""
    since, until = between
    mine = (ReadingDayRow.person_id == person_id, ReadingDayRow.kind == kind)
    query = select(ReadingDayRow.at, column).where(*mine, ReadingDayRow.at >= since, ReadingDayRow.at <= until - DAY)
    for day, told in session.execute(query.order_by(ReadingDayRow.at)):
        if since < day:
            yield from added_up(session, person_id, kind, (since, day))
        for minute, count, least, mean, most in told:
            yield Quarter(day + timedelta(minutes=minute), count, least, mean, most)
        since = day + DAY
    if since < until:
        yield from added_up(session, person_id, kind, (since, until))


def added_up(session: Session, person_id: str, kind: str, between: tuple[datetime, datetime]) -> list[Quarter]:
    """Return the plausible readings of a kind in a half-open span, added up by quarters of an hour, in order."""
    quarter = _quarter(session)
    value = ReadingRow.value
    query = (
        select(quarter, func.count(), func.min(value), cast(func.avg(value), Float), func.max(value))
        .where(ReadingRow.person_id == person_id, ReadingRow.kind == kind)
        .where(ReadingRow.at >= between[0], ReadingRow.at < between[1])
        .where(ReadingRow.quality == "", *of_whole_imports(session, person_id))
        .group_by(quarter)
        .order_by(quarter)
    )
    return [
        Quarter(datetime.fromtimestamp(int(number) * _QUARTER, UTC), count, least, mean, most)
        for number, count, least, mean, most in session.execute(query)
    ]


def unit_of(session: Session, person_id: str, kind: str) -> str:
    """Return the unit of the newest reading of a kind; empty where there is none."""
    query = select(ReadingRow.unit).where(ReadingRow.person_id == person_id, ReadingRow.kind == kind)
    return session.scalar(query.order_by(ReadingRow.at.desc()).limit(1)) or ""


def beyond(
    session: Session, person_id: str, kind: str, since: datetime, *, within: tuple[float | None, float | None]
) -> Sequence[Reading]:
    """Return the readings of a kind from a moment on that do not lie within two values, newest first."""
    below, above = within
    outside: list[ColumnElement[bool]] = []
    if below is not None:
        outside.append(ReadingRow.value < below)
    if above is not None:
        outside.append(ReadingRow.value > above)
    if not outside:
        return []
    query = (
        select(ReadingRow)
        .where(ReadingRow.person_id == person_id, ReadingRow.kind == kind, ReadingRow.at >= since)
        .where(ReadingRow.quality != "implausible", or_(*outside), *of_whole_imports(session, person_id))
        .order_by(ReadingRow.at.desc(), ReadingRow.id.desc())
        .limit(_AT_MOST)
    )
    return [
        Reading(row.kind, row.value, row.unit, row.at, row.until, row.device, row.context, row.quality)
        for row in session.scalars(query)
    ]


def own_limits(session: Session, person_id: str) -> Mapping[str, float]:
    """Return the doctor's limits that stand for a person, by id of the rule."""
    query = select(LimitRow.rule, LimitRow.value).where(LimitRow.person_id == person_id)
    rows = session.execute(query.order_by(LimitRow.at, LimitRow.id))
    newest = {row.rule: row.value for row in rows}
    return {rule: value for rule, value in newest.items() if value is not None}


def _quarter(session: Session) -> ColumnElement[int]:
    """Return the number of the quarter of an hour in which a reading was made, since the epoch."""
    if session.get_bind().dialect.name == "sqlite":
        seconds = cast(func.strftime("%s", ReadingRow.at), BigInteger)
    else:
        seconds = cast(func.floor(extract("epoch", ReadingRow.at)), BigInteger)
    return seconds.op("/")(_QUARTER)  # of whole numbers, in both
