"""The keyboard as an ear: each line that is typed is a turn. An empty line is silence; end of input ends it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TextIO

from companion.core.heard import Heard
from companion.session.ear import ENDED, SILENCE, Listened, Utterance


class KeyboardEar:
    """Reads lines on a thread of its own, so that waiting for one can time out and Ctrl-C is answered at once.

    Args:
        lines: Where they come from, such as standard input.
        now: The session's monotonic clock, in seconds.
    """

    def __init__(self, lines: TextIO, *, now: Callable[[], float]) -> None:
        self._lines = lines
        self._now = now
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._over = False
        self.blank_lines = 0
        """How many empty lines were typed: Enter as a button."""
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self._lines:
                self._loop.call_soon_threadsafe(self._typed.put_nowait, line)
            self._loop.call_soon_threadsafe(self._typed.put_nowait, None)
        except (OSError, ValueError, RuntimeError):
            # The terminal went away, or the loop is closed already: nobody listens any more.
            return

    async def listen(self, patience: float) -> Listened:
        """Return the next line as an utterance, SILENCE after ``patience`` seconds, ENDED at the end of input."""
        if self._over:
            return ENDED
        try:
            async with asyncio.timeout(patience):
                line = await self._typed.get()
        except TimeoutError:
            return SILENCE
        if line is None:
            self._over = True
            return ENDED
        heard = Heard.typed(line)
        if not heard.text:
            self.blank_lines += 1
            return SILENCE
        at = self._now()
        return Utterance(heard=heard, speech_ended=at, turn_ended=at)

    async def speech(self) -> None:
        """Never return: typing does not interrupt."""
        await asyncio.Event().wait()

    @property
    def busy(self) -> bool:
        """Never: reading a line costs nothing."""
        return False

    def mute(self) -> None:
        """Do nothing: a keyboard hears no voice."""

    def unmute(self) -> None:
        """Do nothing: a keyboard hears no voice."""

    async def close(self) -> None:
        """Forget what is typed from now on."""
        self._over = True
