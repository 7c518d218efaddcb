"""Keeps the turns of one session, each on the disk before its reply is spoken.

When the disk is full or read-only the conversation goes on: turns wait in memory, each next turn tries again, and
whoever runs 말벗 is told once. Where an alert waits among them, room that was held back is given up for it: it must not
be lost if the talk ends, or the device dies, before there is room again. A silent loss is never possible: what could
not be written is counted at the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from companion.core.record import NewSession, NewTurn
from companion.errors import CompanionError, StorageFull, StoreError
from companion.ports import Store


@dataclass(slots=True)
class _Waiting:
    number: int
    turn: NewTurn
    spoken: str | None = None


class Keeper:
    """Writes one session through the store.

    Args:
        store: Where it is kept.
        on_trouble: Told once when something could not be written.
        on_kept: Told of every turn that is on the disk, with its id.
        make_room: Gives up room that was held back on the disk; returns whether there was any.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_trouble: Callable[[CompanionError], None],
        on_kept: Callable[[str, NewTurn], None] = lambda _turn_id, _turn: None,
        make_room: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._make_room = make_room
        self._on_trouble = on_trouble
        self._on_kept = on_kept
        self._session: NewSession | None = None
        self._session_id: str | None = None
        self._number = 0
        self._waiting: deque[_Waiting] = deque()
        self._last_turn_id: str | None = None
        self._troubled = False

    @property
    def session_id(self) -> str | None:
        """Id of the session, once it is on the disk."""
        return self._session_id

    @property
    def turn_id(self) -> str | None:
        """Id of the last turn that was handed in; None while it could not be written."""
        return None if self._waiting else self._last_turn_id

    @property
    def unwritten(self) -> int:
        """How many turns could not be written so far."""
        return len(self._waiting)

    def start(self, new: NewSession) -> None:
        """Begin a session."""
        self._session = new
        self._try_writing()

    def keep(self, turn: NewTurn) -> None:
        """Commit a turn; it is on the disk when this returns, or waits for the next try."""
        self._number += 1
        self._waiting.append(_Waiting(self._number, turn))
        self._try_writing()

    def spoken(self, words: str) -> None:
        """Record what was really spoken of the last turn's reply."""
        if self._waiting:
            self._waiting[-1].spoken = words
        elif self._last_turn_id is not None:
            turn_id = self._last_turn_id
            self._guarded(lambda: self._store.mark_spoken(turn_id, words))

    def end(self, at: datetime, ended_by: str) -> None:
        """Commit the end of the session after a last try at what waits."""
        self._try_writing()
        if self._session_id is not None:
            session_id = self._session_id
            self._guarded(lambda: self._store.end_session(session_id, at, ended_by))

    def _try_writing(self) -> None:
        self._guarded(self._write_urgently)

    def _write_urgently(self) -> None:
        """Write what waits; with an alert among it, into the room that was held back if there is no other."""
        try:
            self._write_waiting()
        except StorageFull:
            if not (any(one.turn.alerts for one in self._waiting) and self._make_room()):
                raise
            self._write_waiting()

    def _write_waiting(self) -> None:
        if self._session_id is None and self._session is not None:
            self._session_id = self._store.start_session(self._session)
        while self._waiting and self._session_id is not None:
            first = self._waiting[0]
            self._last_turn_id = self._store.add_turn(self._session_id, first.number, first.turn)
            self._waiting.popleft()
            if first.spoken is not None:
                self._store.mark_spoken(self._last_turn_id, first.spoken)
            self._on_kept(self._last_turn_id, first.turn)

    def _guarded(self, write: Callable[[], None]) -> None:
        try:
            write()
        except StoreError as error:
            if not self._troubled:
                self._troubled = True
                self._on_trouble(error)
