"""A button, read on a thread of its own and waited for on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from companion.errors import DeviceError
from companion.ports import Button


class PressedButton:
    """Made inside a running event loop.

    Args:
        button: Read until ``close``.
        on_trouble: Told, on the event loop, that it cannot be read (any more).
    """

    def __init__(self, button: Button, *, on_trouble: Callable[[DeviceError], None]) -> None:
        self._button = button
        self._on_trouble = on_trouble
        self._loop = asyncio.get_running_loop()
        self._pressed = asyncio.Event()
        threading.Thread(target=self._read, name="button", daemon=True).start()

    async def pressed(self) -> None:
        """Return when it is pressed, at once where it was pressed since the last time."""
        await self._pressed.wait()
        self._pressed.clear()

    def close(self) -> None:
        """Let it go."""
        self._button.close()

    def _read(self) -> None:
        # RuntimeError: the loop is closed; nobody waits any more.
        with suppress(RuntimeError):
            try:
                for _ in self._button.presses():
                    self._loop.call_soon_threadsafe(self._pressed.set)
            except DeviceError as error:
                self._loop.call_soon_threadsafe(self._on_trouble, error)
