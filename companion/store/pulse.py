"""Whether anybody wrote to the record: newest ids of the tables that screens show, and what changes in small ones.

Looked at every few seconds by screens that are open, so it is no look at anybody's record and is not audited: it holds
no person, no word and no count, and only says that something is to be read anew, through the gate.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from sqlalchemy import Integer, cast, func, select

from companion.store.database import Database
from companion.store.tables.access import GrantRow
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.life import ActivityRow, MemoryRow, ReminderRow
from companion.store.tables.people import ConsentRow, ContactRow, PersonRow
from companion.store.tables.safety import AlertNoteRow, AlertRow, DeliveryRow, RiskEventRow
from companion.store.tables.screening import AnswerRow, ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow

_TABLES: Final[tuple[Any, ...]] = (
    PersonRow, ContactRow, ConsentRow, GrantRow, SessionRow, TurnRow, RiskEventRow, AlertRow, AlertNoteRow, DeliveryRow,
    ScreeningRow, AnswerRow, MemoryRow, ActivityRow, ReminderRow, OccasionRow, ErrandRow,
)  # fmt: skip


def pulse(database: Database) -> str:
    """Return a digest of the newest id of each table, one seek each, and of what changes without a new row.

    Raises:
        StoreUnreadable: The record cannot be read.
    """
    newest = [func.max(table.id) for table in _TABLES]
    changing: list[Any] = [func.max(ErrandRow.settled_at), func.count(GrantRow.id), func.max(ReminderRow.last_said_at)]
    changing += [func.count(ReminderRow.id), func.sum(cast(ReminderRow.active, Integer))]
    asked = select(*(select(one).scalar_subquery() for one in (*newest, *changing)))
    with database.reading() as session:
        ids = session.execute(asked).one()
    return hashlib.sha256("\n".join(str(one) for one in ids).encode()).hexdigest()
