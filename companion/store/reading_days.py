"""Days with many readings, added up by quarters of an hour beforehand: a year of minutes is half a million rows.

Law: where a day of a kind is kept, it says what adding up its readings would say. Whatever writes or removes readings
forgets their days in the same transaction (``forget``); a day that is not kept is added up when it is looked at
(``body_view.quarters``). So a missing one costs time and nothing else, and none is ever wrong.

A day is one of UTC: what is a day to the person is made of quarters where it is looked at. Days with few readings, and
the day that is not over, are not kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from companion.core.body import Quarter, Reading
from companion.core.consent import Item
from companion.store.body_view import DAY, added_up, kinds, of_whole_imports
from companion.store.consents import allows
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.body import ReadingDayRow, ReadingRow

MANY: Final = 200
"""Readings of a day from which on it is kept: a sensor has 288, a watch 1440, whoever measures by hand a few."""
_AT_ONCE: Final = 5
"""Days of one transaction: a few hundredths of a second of the write lock."""
_BREATH: Final = 0.05
"""Seconds between two of them, in which a talk that waits gets the lock: nobody waits for this."""
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
Span = tuple[datetime, datetime]


def forget(session: Session, person_id: str, readings: Iterable[Reading]) -> None:
    """Forget the days of readings that are written or removed in this transaction."""
    days: dict[str, set[datetime]] = {}
    for one in readings:
        days.setdefault(one.kind, set()).add(day_of(one.at))
    for kind, those in sorted(days.items()):
        forget_between(session, person_id, kind, (min(those), max(those)))


def forget_between(session: Session, person_id: str, kind: str, between: Span) -> None:
    """Forget the days of a kind from the one moment to the other, both included."""
    alone(session, person_id)
    first, last = (day_of(one) for one in between)
    mine = (ReadingDayRow.person_id == person_id, ReadingDayRow.kind == kind)
    session.execute(
        delete(ReadingDayRow).where(*mine, ReadingDayRow.at >= first, ReadingDayRow.at <= last),
        execution_options={"synchronize_session": False},
    )


def forget_before(session: Session, cutoff: datetime) -> None:
    """Forget everybody's days that begin before a moment: whatever of them was removed, it began before it, too."""
    session.execute(delete(ReadingDayRow).where(ReadingDayRow.at < cutoff))


def alone(session: Session, person_id: str) -> None:
    """Wait until nobody else writes readings of the person, where more than one at a time may write at all.

    Somebody who adds a day up while its readings are being written elsewhere would keep it without them.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('readings ' || :person))"), {"person": person_id})


def sum_up(database: Database, person_id: str, *, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Add up the days that are over and not kept yet; return how many those were.

    Args:
        database: Of the record.
        person_id: Whose.
        goes_on: Asked between two parts; what is left is added up the next time.

    Raises:
        StorageFull: Nothing could be written.
    """
    with database.reading() as session:
        if not allows(session, person_id, Item.HEALTH, database.now()):
            return 0
        measured, now = kinds(session, person_id), database.now()
        wanting = [(kind, day) for kind in measured for day in _wanting(session, person_id, kind, now)]
    waiting, kept = iter(wanting), 0
    while goes_on() and (some := list(islice(waiting, _AT_ONCE))):
        with database.writing(person_id) as session:
            if not allows(session, person_id, Item.HEALTH, database.now()):
                return kept
            alone(session, person_id)
            kept += sum(_keep(session, person_id, kind, day) for kind, day in some)
        time.sleep(_BREATH)
    return kept


def _wanting(session: Session, person_id: str, kind: str, now: datetime) -> Iterator[datetime]:
    """Yield the days of a kind with many readings that are over and not kept, from reading to reading."""
    mine = (ReadingRow.person_id == person_id, ReadingRow.kind == kind, *of_whole_imports(session, person_id))
    kept = set(
        session.scalars(
            select(ReadingDayRow.at).where(ReadingDayRow.person_id == person_id, ReadingDayRow.kind == kind)
        )
    )
    today, after = day_of(now), datetime.min.replace(tzinfo=UTC)
    while (found := session.scalar(select(func.min(ReadingRow.at)).where(*mine, ReadingRow.at >= after))) is not None:
        day = day_of(found)
        if day >= today:
            return
        after = day + DAY
        if day not in kept:
            some = select(ReadingRow.at).where(*mine, ReadingRow.at >= day, ReadingRow.at < after).limit(MANY)
            if (session.scalar(select(func.count()).select_from(some.subquery())) or 0) >= MANY:
                yield day


def _keep(session: Session, person_id: str, kind: str, day: datetime) -> bool:
    """Add a day up and keep it, unless somebody did, or took it away."""
    mine = (ReadingDayRow.person_id == person_id, ReadingDayRow.kind == kind, ReadingDayRow.at == day)
    if session.scalar(select(ReadingDayRow.id).where(*mine)) is not None:
        return False
    found = added_up(session, person_id, kind, (day, day + DAY))
    if sum(one.count for one in found) < MANY:
        return False
    row = ReadingDayRow(id=new_id(day), person_id=person_id, kind=kind, at=day, zone="UTC")
    row.quarters = [_told(one, day) for one in found]
    hours = groupby(found, key=lambda one: (one.at - day) // _HOUR)
    row.hours = [_told(_joined(list(of_hour)), day) for _, of_hour in hours]
    session.add(row)
    return True


def _told(one: Quarter, day: datetime) -> list[float]:
    return [(one.at - day) // _MINUTE, one.count, one.least, one.mean, one.most]


def _joined(those: Sequence[Quarter]) -> Quarter:
    """Return several as one, at the last of them."""
    count = sum(one.count for one in those)
    mean = sum(one.mean * one.count for one in those) / count
    return Quarter(those[-1].at, count, min(one.least for one in those), mean, max(one.most for one in those))


def day_of(at: datetime) -> datetime:
    """Return the beginning of the day of UTC in which a moment lies."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
