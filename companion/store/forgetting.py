"""Removes a remembered fact with everything that still tells it: forgotten is gone, not hidden."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion.store.tables.life import MemoryRow
from companion.store.tables.outbox import ChangeRow
from companion.store.tables.talk import TurnRow

GONE: Final = "…"
"""In the place of words that the person wants forgotten: that something was said still counts."""


def erase_memory(session: Session, row: MemoryRow) -> None:
    """Remove a fact inside a transaction, those that it had taken the place of, and the words that it was read from."""
    older = select(MemoryRow).where(
        MemoryRow.person_id == row.person_id,
        MemoryRow.superseded.is_(True),
        MemoryRow.kind == row.kind,
        MemoryRow.aspect == row.aspect,
    )
    for one in (row, *session.scalars(older)):
        if one.turn_id is not None and (turn := session.get(TurnRow, one.turn_id)) is not None:
            _erase_words(session, turn, one)
        session.execute(delete(ChangeRow).where(ChangeRow.row_id == one.id))
        session.delete(one)


def erase_turn(session: Session, turn: TurnRow) -> None:
    """Blank inside a transaction what was heard and answered in a turn. Danger keeps what it was, without its words."""
    turn.heard, turn.reply, turn.spoken = GONE, GONE, GONE
    session.execute(delete(ChangeRow).where(ChangeRow.row_id == turn.id))


def _erase_words(session: Session, turn: TurnRow, memory: MemoryRow) -> None:
    """Blank what was heard, and what of the answer repeats it."""
    told = [word for word in (memory.value, memory.about) if word]
    reply, spoken = turn.reply, turn.spoken
    erase_turn(session, turn)
    if not any(word in reply for word in told):
        turn.reply, turn.spoken = reply, spoken
