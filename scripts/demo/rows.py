"""Rows on their way into the record, table by table, and the quick road in: one executemany a table.

The bulk road passes by the ORM, so it stamps nothing, checks no consent and leaves nothing in the outbox: whoever fills
a batch does what is needed of that. Times in a batch are naive UTC.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from random import Random  # noqa: TID251 - the invented population is drawn by chance, from a seed
from typing import Any

from sqlalchemy import DateTime, Insert, Text, column, insert, table
from sqlalchemy.orm import Session

from companion.store.tables import Base
from companion.store.tables.base import UtcTime, Words

ZONE = "Asia/Seoul"
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC, as everything here


class Batch:
    """Rows by table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        """Take a row in and return it: it may be changed until the batch is written."""
        self.rows[name].append(row)
        return row

    def write(self, session: Session) -> int:
        """Write everything inside a transaction, parents first; return how many turns there were."""
        turns = len(self.rows["turns"])
        for name, statement in _INSERTS.items():
            if self.rows[name]:
                session.connection().execute(statement, self.rows[name])
        self.rows.clear()
        return turns


def new_id(at: datetime, chance: Random) -> str:
    """Return a UUID of version 7, as ``companion.store.ids`` makes them, but drawn from a seed."""
    milliseconds = int((at - EPOCH).total_seconds() * 1000)
    drawn = chance.getrandbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (drawn >> 62) << 64 | 0b10 << 62 | drawn & (2**62 - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def aware(at: datetime) -> datetime:
    """Return a naive UTC time as an aware one."""
    return at.replace(tzinfo=UTC)


def _inserts() -> dict[str, Insert]:
    """Return the insert of each table, without the care that foreign text needs: ours is known to be clean."""
    found = {}
    for one in Base.metadata.sorted_tables:
        columns = []
        for each in one.columns:
            kind = each.type
            plain = DateTime() if isinstance(kind, UtcTime) else Text() if isinstance(kind, Words) else kind
            columns.append(column(each.name, plain))
        found[one.name] = insert(table(one.name, *columns))
    return found


_INSERTS = _inserts()
