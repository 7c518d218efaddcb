"""The conversation that runs on a device now, as far as it is kept: turns are on the disk before they are spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from companion.core.access import Action
from companion.core.consent import Item
from companion.core.record import KeptTurn, SessionSummary
from companion.store.tables.people import PersonRow
from companion.store.tables.talk import SessionRow, TurnRow
from companion.store.viewing import Viewer, kept_turn, session_summary

_RUNS: Final = timedelta(minutes=15)
"""A conversation that was cut off by a power failure has no end either: after this long without a turn it is over."""


@dataclass(frozen=True, slots=True)
class LiveTalk:
    """What is being said."""

    session: SessionSummary
    person: str
    """Name or 호칭."""
    turns: Sequence[KeptTurn]


def live_talk(viewer: Viewer, device_id: str) -> LiveTalk | None:
    """Return the conversation that runs on a device, if any that may be read.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    with viewer.read(Action.SESSION_READ, item=Item.CONVERSATION) as view:
        running = select(SessionRow).where(
            SessionRow.person_id.in_(view.people),
            SessionRow.device_id == device_id,
            SessionRow.ended_at.is_(None),
            SessionRow.started_at > view.now - timedelta(days=1),
        )
        row = view.session.scalars(running.order_by(SessionRow.started_at.desc()).limit(1)).first()
        if row is None or (row.last_turn_at or row.started_at) < view.now - _RUNS:
            return None
        person = view.session.get(PersonRow, row.person_id)
        turns = view.session.scalars(select(TurnRow).where(TurnRow.session_id == row.id).order_by(TurnRow.number))
        kept = [kept_turn(turn) for turn in turns]
        view.person_id = row.person_id
        view.seen |= {"session": row.id, "count": len(kept)}
        said = sum(1 for turn in kept if turn.heard)
        return LiveTalk(session_summary(row, said), "" if person is None else person.name or person.address, kept)


def stopped(viewer: Viewer, talk: LiveTalk) -> None:
    """Write down that whoever looks ends a conversation.

    Raises:
        AccessError: They may not.
        StorageFull: It could not be written down: it must not be done.
    """
    with viewer.read(Action.SESSION_STOPPED, talk.session.person_id) as view:
        view.seen["session"] = talk.session.id
