"""Who spoke: how many replies of the last days came from the reviewed bank, a model, or fixed sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from companion.core.access import Action
from companion.core.consent import Item
from companion.store.tables.talk import SessionRow, TurnRow
from companion.store.viewing import Viewer

DAYS: Final = 7
"""Looked back: a week of two hundred people is some tens of thousands of turns."""


def reply_sources(viewer: Viewer) -> Mapping[str, int]:
    """Return replies of the last ``DAYS`` by their source, of everybody whose conversations may be read.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    with viewer.read(Action.SESSIONS_LISTED, item=Item.CONVERSATION) as view:
        query = (
            select(TurnRow.reply_source, func.count())
            .join(SessionRow, SessionRow.id == TurnRow.session_id)
            .where(
                SessionRow.person_id.in_(view.people),
                SessionRow.started_at >= view.now - timedelta(days=DAYS),
                TurnRow.reply_source != "",
            )
            .group_by(TurnRow.reply_source)
        )
        found = {str(source): int(count) for source, count in view.session.execute(query)}
        view.saw(sorted(view.people), sum(found.values()))
        return found
