"""Reads on threads: a screen asks, goes on answering keys, and is told.

    class Errands(Reads, Place):
        def on_mount(self) -> None:
            self.read("errands", errands_of, self.show, into="#errands")

The newest request of a group wins; what comes back for an older one is thrown away. What may come later (a record that
is being replaced, a lock) is tried again every few seconds, with the sentence on the screen; so is everything when the
record changed (``RecordChanged``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from textual import events, work
from textual.screen import Screen

from companion.dashboard.messages import Arrived, RecordChanged, SignInEnded
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import explain, say
from companion.errors import CompanionError, NotAllowed, SignInRefused, StoreError
from companion.wiring.desk import Desk, Door

if TYPE_CHECKING:
    from companion.dashboard.app import Dashboard

T = TypeVar("T")
RETRY_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Wish:
    """One reading that a screen wants, kept so that it can be tried again."""

    reading: Callable[[Desk], Any]
    show: Callable[[Any], Awaitable[None] | None]
    into: str
    ticket: int = 0


class Reads(Screen[None]):
    """A screen that reads the record."""

    RELOADS: ClassVar[bool] = True
    """Whether it reads anew when the record changed."""

    def __init__(self) -> None:
        super().__init__()
        self._wishes: dict[str, _Wish] = {}
        self._tickets = 0
        self._is_old_news = False
        self.answered = asyncio.Event()
        """Set when the first reading came back, well or not: for whoever waits before showing the screen."""

    @property
    def dashboard(self) -> Dashboard:
        """The program."""
        return cast("Dashboard", self.app)

    def read(
        self, group: str, reading: Callable[[Desk], T], show: Callable[[T], Awaitable[None] | None], *, into: str
    ) -> None:
        """Read on a thread and show what was found.

        Args:
            group: Which reading; a newer one of the same group takes its place.
            reading: Called on a thread.
            show: Called here with what was found; calls ``empty`` of its view where that is nothing.
            into: Selector of the ``StateView``.
        """
        self._wishes[group] = _Wish(reading, show, into)
        self._start(group)

    def is_wanted(self, group: str) -> bool:
        """Return whether something of a group was asked for already."""
        return group in self._wishes

    def reload(self) -> None:
        """Read everything anew; what is shown stays until it comes."""
        for group in list(self._wishes):
            self._start(group)

    def _start(self, group: str) -> None:
        self._tickets += 1
        wish = self._wishes[group]
        wish.ticket = self._tickets
        for view in self.query(wish.into).results(StateView):
            view.reading()
        self._read_on_thread(group, wish.ticket, wish.reading)

    @work(exit_on_error=False)
    async def _read_on_thread(self, group: str, ticket: int, reading: Callable[[Desk], object]) -> None:
        """Read; whatever comes is posted here, so that a screen may read before it is shown."""
        if not self._is_old(group, ticket):
            self.post_message(await asyncio.to_thread(_looked, self.dashboard.door, Arrived(group, ticket), reading))
            self.answered.set()

    def _is_old(self, group: str, ticket: int) -> bool:
        wish = self._wishes.get(group)
        return wish is None or wish.ticket != ticket

    async def on_arrived(self, message: Arrived) -> None:
        """Show what came, or why it did not."""
        message.stop()
        if self._is_old(message.group, message.ticket):
            return
        wish = self._wishes[message.group]
        view = next(iter(self.query(wish.into).results(StateView)), None)
        if view is None:
            return
        if message.error is None:
            view.there()
            shown = wish.show(message.found)
            if shown is not None:
                await shown
            self.call_after_refresh(self.settle)
        else:
            self.tell(message.error, view, message.group)

    def tell(self, error: CompanionError, view: StateView, group: str) -> None:
        """Say why nothing came; what may come later is tried again."""
        if isinstance(error, SignInRefused):
            self.app.post_message(SignInEnded(error))
        elif isinstance(error, NotAllowed):
            view.closed(explain(error))
        elif isinstance(error, StoreError):
            view.failed(say("state.retrying", why=explain(error)))
            self.set_timer(RETRY_SECONDS, partial(self._again, group, self._wishes[group].ticket))
        else:
            view.failed(explain(error))

    def _again(self, group: str, ticket: int) -> None:
        if not self._is_old(group, ticket):
            self._start(group)

    def settle(self) -> None:
        """Do what can be done only once something that was read is on the screen."""

    def tell_who(self) -> None:
        """Show who is signed in, and the time."""

    def on_record_changed(self, message: RecordChanged) -> None:
        """Read anew: now if it is shown, else when it is shown again, for nobody looks at it."""
        message.stop()
        if not self.RELOADS:
            return
        if self.is_current:
            self.reload()
        else:
            self._is_old_news = True

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Read anew what changed meanwhile."""
        if self._is_old_news:
            self._is_old_news = False
            self.reload()


def _looked(door: Door, arrived: Arrived, reading: Callable[[Desk], object]) -> Arrived:
    """Return what a reading found, or why it did not; called on a thread."""
    try:
        arrived.found = door.look(reading)
    except CompanionError as error:
        arrived.error = error
    except Exception as defect:  # noqa: BLE001 - a thread's edge: a sentence, no traceback
        _log.error("a reading failed: %s: %s at %s", arrived.group, type(defect).__name__, _place(defect))
        arrived.error = CompanionError("dashboard.defect")
    return arrived


def _place(defect: Exception) -> str:
    """Return where in the code it happened; the text of an exception may quote what was said."""
    frames = extract_tb(defect.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"
