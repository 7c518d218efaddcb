"""One person as a screen shows them, read for whoever may see it: page and row of the overview at once; memories.

Gated and audited like every look (``store.viewing``); queries as in ``store.page`` and ``store.board``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from companion.core.access import Action
from companion.core.consent import Item
from companion.core.life import Memory
from companion.core.overview import PersonPage
from companion.store.board import SeenOnBoard, beside
from companion.store.life import memory_of
from companion.store.page import page
from companion.store.tables.life import MemoryRow
from companion.store.tables.talk import SessionRow, TurnRow
from companion.store.viewing import Viewer


def page_seen(viewer: Viewer, person_id: str) -> tuple[SeenOnBoard, PersonPage]:
    """Return one person's row and page.

    Raises:
        AccessError: The record is not open to whoever asks.
    """
    with viewer.read(Action.PAGE_READ, person_id) as view:
        found = page(view.session, person_id, view.now)
        (row,) = beside(view.session, (found.line,), view.now)
        view.saw([person_id], 1)
        return row, found


def memories_seen(viewer: Viewer, person_id: str) -> Sequence[Memory]:
    """Return what is remembered of a person, newest first.

    Raises:
        AccessError: The record is not open, or conversations may not be kept any more.
    """
    with viewer.read(Action.MEMORIES_READ, person_id, item=Item.CONVERSATION) as view:
        query = select(MemoryRow).where(MemoryRow.person_id == person_id, MemoryRow.superseded.is_(False))
        rows = view.session.scalars(query.order_by(MemoryRow.at.desc(), MemoryRow.id.desc())).all()
        view.saw([person_id], len(rows))
        return [memory_of(row) for row in rows]


def mentions_seen(viewer: Viewer, person_id: str, topic: str, since: datetime) -> Mapping[datetime, int]:
    """Return in how many turns of each conversation a topic was spoken of, by when the conversation began.

    Raises:
        AccessError: The record is not open, or conversations may not be kept any more.
    """
    with viewer.read(Action.TIMELINE_READ, person_id, item=Item.CONVERSATION) as view:
        query = (
            select(SessionRow.started_at, func.count())
            .join(TurnRow, TurnRow.session_id == SessionRow.id)
            .where(SessionRow.person_id == person_id, SessionRow.started_at >= since)
            .where(TurnRow.topic == topic, TurnRow.heard != "")
            .group_by(SessionRow.id, SessionRow.started_at)
            .order_by(SessionRow.started_at)
        )
        found = {at: count for at, count in view.session.execute(query)}  # noqa: C416 - rows are no pairs to mypy
        view.saw([person_id], len(found))
        return found
