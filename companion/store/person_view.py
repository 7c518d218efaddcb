"""One person as a screen shows them, read for whoever may see it: page and row of the overview at once; memories.

Gated and audited like every look (``store.viewing``); queries as in ``store.page`` and ``store.board``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from companion.core.access import Action
from companion.core.consent import Item
from companion.core.life import Memory
from companion.core.overview import PersonPage
from companion.core.person import Person
from companion.core.summary import Facts
from companion.store.board import SeenOnBoard, beside
from companion.store.life import memory_of
from companion.store.overview import overview
from companion.store.page import page
from companion.store.summaries import facts_in, facts_of, noted
from companion.store.tables.life import MemoryRow
from companion.store.tables.talk import SessionRow, TurnRow
from companion.store.viewing import View, Viewer


@dataclass(frozen=True, slots=True)
class Opened:
    """What a person's page begins with."""

    row: SeenOnBoard
    week: Facts
    latest: Facts | None
    """Of the latest conversation; None where there is none that may be shown."""


def row_seen(viewer: Viewer, person_id: str) -> SeenOnBoard:
    """Return one person's row, as the overview reads everybody's.

    Raises:
        AccessError: The record is not open to whoever asks.
    """
    with viewer.read(Action.PAGE_READ, person_id) as view:
        return _row(view)


def opened_page(viewer: Viewer, person_id: str, week_of: Callable[[Person], tuple[datetime, datetime]]) -> Opened:
    """Return one person's row, and what the summaries of the week and of the latest conversation are made from.

    One transaction: all of it is of the same moment, and its entries in the audit (the page, the summaries) are on the
    disk together, before any of it is shown.

    Args:
        viewer: Of whoever looks.
        person_id: Whose.
        week_of: Beginning and end of the week, in the person's zone.

    Raises:
        AccessError: The record is not open to whoever asks.
    """
    with viewer.read(Action.PAGE_READ, person_id) as view:
        row = _row(view)
        allowed = row.line.allowed
        week = facts_in(view, person_id, allowed, *week_of(row.line.person))
        talk = _latest(view) if allowed.conversation else None
        latest = None if talk is None else facts_of(view, talk, allowed)
        view.also.append((Action.SUMMARY_READ, noted(*(one for one in (latest, week) if one is not None))))
        return Opened(row, week, latest)


def page_seen(viewer: Viewer, person_id: str) -> PersonPage:
    """Return one person's page.

    Raises:
        AccessError: The record is not open to whoever asks.
    """
    with viewer.read(Action.PAGE_READ, person_id) as view:
        view.saw([person_id], 1)
        return page(view.session, person_id, view.now)


def _row(view: View) -> SeenOnBoard:
    (row,) = beside(view.session, overview(view.session, (view.person_id,), view.now), view.now)
    view.saw([view.person_id], 1)
    return row


def _latest(view: View) -> SessionRow | None:
    newest = select(SessionRow).where(SessionRow.person_id == view.person_id).order_by(SessionRow.started_at.desc())
    return view.session.scalar(newest.limit(1))


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
