"""Brings readings into the record in small parts, so that a talk can write its turn in between, and all or nothing.

An import is begun, its readings come part by part, each in a transaction of its own, and one small transaction says
that it is whole. Until then nobody sees any of them (``body_view.of_whole_imports``). One that breaks off is taken back
at once; one whose process died is taken back by whoever brings something in next, or by ``sweep``.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from companion.core.body import Brought, Import, Reading
from companion.core.consent import Item
from companion.errors import StorageFull, StoreBusy, StoreError
from companion.store.consents import demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.reading_days import Span, forget, forget_between, sum_up
from companion.store.tables.base import zone_of
from companion.store.tables.body import ImportRow, ReadingRow

READING: Final = tuple(one.name for one in fields(Reading))
IMPORT: Final = tuple(one.name for one in fields(Import) if one.name != "id")
_PART: Final = 1000
"""Readings of one transaction: less than a tenth of a second of the write lock."""
_KEPT_FREE: Final = 32 << 20
"""Bytes of the disk that an import leaves to talks, and to its own taking back."""
_BREATH: Final = 0.01
"""Seconds between two of them at least, in which a talk that waits gets the lock."""
_BREATHING: Final = 0.4
"""Of the time that the last one took, where that is more: whoever waits looks every tenth of a second, and a machine
that has much to do holds the lock longer."""
_ABANDONED: Final = timedelta(minutes=10)
"""After which the process that brought the last part must have died."""
_MINUTE: Final = timedelta(minutes=1)
_BY_THE_MINUTE: Final = "glucose"
"""A meter's record over the air has seconds and the same in its app's table has none: one value in a minute is one."""
_FEW: Final = 100
"""Moments that are looked for one minute each; of more, the whole minute stands for them."""


def bring_in(database: Database, person_id: str, what: Import, readings: Iterable[Reading]) -> Brought | None:
    """Commit an import with those of its readings that are not there yet, or nothing at all.

    Returns:
        What became of it; None where the same file was brought in before.

    Raises:
        NotAllowed: Health data may not be kept.
        StorageFull: Nothing could be written.
        StoreBusy: Another process brings the same file in.
    """
    sweep(database, person_id, digest=what.digest)
    import_id = _begun(database, person_id, what)
    if import_id is None:
        return None
    waiting, added, known = iter(readings), 0, 0
    spans: dict[str, Span] = {}
    try:
        while part := list(islice(waiting, _PART)):
            began = time.monotonic()
            fresh = _kept_part(database, person_id, import_id, part)
            added += fresh
            known += len(part) - fresh
            _widen(spans, part)
            time.sleep(max(_BREATH, _BREATHING * (time.monotonic() - began)))
        with database.writing(person_id) as session:
            _coming(session, import_id, database, person_id).coming_at = None
            for kind, span in sorted(spans.items()):  # from now on its readings are seen
                forget_between(session, person_id, kind, span)
    except BaseException:
        with suppress(StoreError):  # what is left is seen by nobody, and taken back by whoever comes next
            _take_back(database, person_id, import_id)
        raise
    with suppress(StoreError):  # what is not added up now is the next time, or where it is looked at
        sum_up(database, person_id)
    return Brought(import_id, added, known)


def _widen(spans: dict[str, Span], part: Iterable[Reading]) -> None:
    """Let the span of each kind hold the readings of a part."""
    for one in part:
        first, last = spans.get(one.kind, (one.at, one.at))
        spans[one.kind] = min(first, one.at), max(last, one.at)


def add(database: Database, person_id: str, stream: Import, readings: Sequence[Reading]) -> int:
    """Commit readings of a stream in one transaction, under one import for each digest; return how many were new.

    Raises:
        NotAllowed: Health data may not be kept.
        StorageFull: Nothing could be written.
    """
    with database.writing(person_id) as session:
        demand(session, person_id, Item.HEALTH, database.now())
        row = session.scalar(_called(person_id, stream)) or import_row(session, person_id, stream)
        return add_readings(session, database, person_id, row.id, readings)[0]


def sweep(database: Database, person_id: str, *, digest: str = "", goes_on: Callable[[], bool] = lambda: True) -> int:
    """Take back what a process that died left half brought in; return how many imports that were.

    Args:
        database: Of the record.
        person_id: Whose.
        digest: Of a file that is brought in now: an earlier try at it is over, however young it is.
        goes_on: Asked between two parts; what is left when it says no is seen by nobody, and taken back the next time.

    Raises:
        StorageFull: Nothing could be written.
    """
    query = select(ImportRow).where(ImportRow.person_id == person_id, ImportRow.coming_at.is_not(None))
    with database.reading() as session:
        now = database.now()
        left = [
            row.id
            for row in session.scalars(query)
            if row.digest == digest or (row.coming_at is not None and abs(now - row.coming_at) > _ABANDONED)
        ]
    for import_id in left:
        _take_back(database, person_id, import_id, goes_on)
    return len(left)


def _begun(database: Database, person_id: str, what: Import) -> str | None:
    with database.writing(person_id) as session:
        demand(session, person_id, Item.HEALTH, database.now())
        if is_known(session, person_id, what):
            return None
        row = import_row(session, person_id, what)
        row.coming_at = database.now()
        return row.id


def _called(person_id: str, what: Import) -> Select[ImportRow]:
    query = select(ImportRow).where(ImportRow.person_id == person_id, ImportRow.digest == what.digest)
    return query.where(ImportRow.kind == what.kind)


def is_known(session: Session, person_id: str, what: Import) -> bool:
    """Return whether the same was brought in for a person before, in the same way."""
    return session.scalar(_called(person_id, what)) is not None


def import_row(session: Session, person_id: str, what: Import) -> ImportRow:
    """Add an import inside a transaction; return its row."""
    row = ImportRow(id=new_id(what.at), person_id=person_id, zone=zone_of(what.at))
    for name in IMPORT:
        setattr(row, name, getattr(what, name))
    row.counts = dict(what.counts)
    session.add(row)
    session.flush()
    return row


def add_readings(
    session: Session, database: Database, person_id: str, import_id: str, readings: Iterable[Reading]
) -> tuple[int, int]:
    """Add inside a transaction the readings of an import that are not there yet.

    Returns:
        How many were added, and how many were there already.
    """
    waiting, added, known = iter(readings), 0, 0
    while part := list(islice(waiting, _PART)):
        fresh = _without_known(session, person_id, import_id, part)
        forget(session, person_id, fresh)
        rows = [_reading_row(person_id, import_id, one) for one in fresh]
        database.add_many(session, ReadingRow, rows, of=import_id)
        added += len(fresh)
        known += len(part) - len(fresh)
    return added, known


def _kept_part(database: Database, person_id: str, import_id: str, part: Sequence[Reading]) -> int:
    """Commit one part; return how many of it are new."""
    _keep_room(database)
    with database.writing(person_id) as session:
        row = _coming(session, import_id, database, person_id)
        added, _ = add_readings(session, database, person_id, import_id, part)
        row.coming_at = database.now()
        return added


def _keep_room(database: Database) -> None:
    """Stop before the disk is full: then neither a talk could be kept, nor what came be taken back.

    Raises:
        StorageFull: There is hardly room left.
    """
    if isinstance(database.place, Path) and shutil.disk_usage(database.place.parent).free < _KEPT_FREE:
        raise StorageFull("vitals.no_room", free=_KEPT_FREE >> 20)


def _coming(session: Session, import_id: str, database: Database, person_id: str) -> ImportRow:
    """Return the import, as long as it is ours to go on with and the person agrees."""
    demand(session, person_id, Item.HEALTH, database.now())
    row = session.get(ImportRow, import_id)
    if row is None or row.coming_at is None:
        raise StoreBusy("vitals.taken_over")
    return row


def _take_back(database: Database, person_id: str, import_id: str, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Remove what came of an import, part by part, and the import last."""
    some = select(ReadingRow.id).where(ReadingRow.import_id == import_id).limit(_PART)
    while goes_on():
        with database.writing(person_id) as session:
            row = session.get(ImportRow, import_id)
            if row is None or row.coming_at is None:
                return
            gone = session.scalars(some).all()
            if not gone:
                database.take_back_many(session, ReadingRow, of=import_id, person_id=person_id)
                session.delete(row)
                return
            session.execute(delete(ReadingRow).where(ReadingRow.id.in_(gone)))
        time.sleep(_BREATH)


Identity = tuple[object, ...]


def _without_known(session: Session, person_id: str, import_id: str, part: Sequence[Reading]) -> list[Reading]:
    """Return the readings that are neither in the record, from whichever file, nor twice in this one."""
    others, own = _kept(session, person_id, import_id, part)
    fresh: list[Reading] = []
    for reading in part:
        exact = _identity(reading.kind, reading.at, reading.until, reading.value, reading.unit)
        if exact not in own and _roughly(exact) not in others:
            own.add(exact)
            fresh.append(reading)
    return fresh


def _kept(
    session: Session, person_id: str, import_id: str, part: Sequence[Reading]
) -> tuple[set[Identity], set[Identity]]:
    """Return what other imports brought around the moments of a part, and what this one brought itself."""
    others: set[Identity] = set()
    own: set[Identity] = set()
    coming = select(ImportRow.id).where(ImportRow.person_id == person_id, ImportRow.coming_at.is_not(None))
    of_others = [one for one in session.scalars(coming) if one != import_id]
    for kind in {one.kind for one in part}:
        moments = {one.at for one in part if one.kind == kind}
        query = select(
            ReadingRow.import_id, ReadingRow.kind, ReadingRow.at, ReadingRow.until, ReadingRow.value, ReadingRow.unit
        ).where(ReadingRow.person_id == person_id, ReadingRow.kind == kind, _around(kind, moments))
        for row in session.execute(query):
            kept = _identity(row.kind, row.at, row.until, row.value, row.unit)
            if row.import_id == import_id:
                own.add(kept)
            elif row.import_id not in of_others:
                others.add(_roughly(kept))
    return others, own


def _around(kind: str, moments: set[datetime]) -> ColumnElement[bool]:
    """Return the condition of the moments; for what is told by the minute, of their minutes too."""
    if kind != _BY_THE_MINUTE:
        return ReadingRow.at.in_(moments)
    minutes = {one.replace(second=0, microsecond=0) for one in moments}
    if len(minutes) > _FEW:
        return ReadingRow.at.in_(moments | minutes)
    return or_(*(and_(ReadingRow.at >= one, ReadingRow.at < one + _MINUTE) for one in minutes))


def _identity(kind: str, at: datetime, until: datetime | None, value: float, unit: str) -> Identity:
    """What makes two readings of one file one."""
    return kind, at.timestamp(), None if until is None else until.timestamp(), round(value, 4), unit


def _roughly(identity: Identity) -> Identity:
    """What makes readings of two files one."""
    kind, at, *rest = identity
    return (kind, int(at) // 60, *rest) if kind == _BY_THE_MINUTE and isinstance(at, float) else identity


def _reading_row(person_id: str, import_id: str, reading: Reading) -> dict[str, object]:
    """Return a row as values: half a million rows as objects would take minutes."""
    values: dict[str, object] = {name: getattr(reading, name) for name in READING}
    return values | {
        "id": new_id(reading.at),
        "person_id": person_id,
        "import_id": import_id,
        "zone": zone_of(reading.at),
    }
