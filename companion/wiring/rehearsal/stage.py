"""Where a rehearsed session is held: an ear that nobody speaks into, a screen that nobody looks at, a real record."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from companion.core.heard import Heard
from companion.core.record import NewSession, NewTurn
from companion.core.turn import Reply
from companion.session.ear import ENDED, Listened

if TYPE_CHECKING:
    from companion.ports import Store


class Stage:
    """The ear, the screen and, over the real one, the record of conversations of one session.

    Args:
        store: What is committed is committed there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def listen(self, patience: float) -> Listened:  # noqa: ARG002 - nobody is waited for
        """Return what is said next: here nothing, and nothing more."""
        return ENDED

    async def speech(self) -> None:
        """Never return: nobody interrupts."""
        await asyncio.Event().wait()

    @property
    def busy(self) -> bool:
        """Never."""
        return False

    def mute(self) -> None:
        """Do nothing."""

    def unmute(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""

    def said(self, reply: Reply) -> None:
        """Do nothing."""

    def heard(self, heard: Heard, source: str) -> None:
        """Do nothing."""

    def listening(self) -> None:
        """Do nothing."""

    def notice(self, key: str, **fields: object) -> None:
        """Do nothing: what could not be done shows in what is said and kept."""

    def start_session(self, new: NewSession) -> str:
        """Commit a session."""
        return self._store.start_session(new)

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        """Commit a turn."""
        return self._store.add_turn(session_id, number, new)

    def mark_spoken(self, turn_id: str, spoken: str) -> None:
        """Commit what was spoken."""
        self._store.mark_spoken(turn_id, spoken)

    def end_session(self, session_id: str, at: datetime, ended_by: str) -> None:
        """Commit the end of a session."""
        self._store.end_session(session_id, at, ended_by)
