"""The speaker as the mouth sees it: opened when needed, on one thread, counting what was written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from companion.core.audio import Sound
from companion.core.cancellation import Cancellation
from companion.ports import Speaker

_Result = TypeVar("_Result")


class Outlet:
    """One speaker at a time; after ``close`` it can be opened again.

    Args:
        open_speaker: Opens the speaker; blocking.
    """

    def __init__(self, open_speaker: Callable[[], Speaker]) -> None:
        self._open_speaker = open_speaker
        self._speaker: Speaker | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speaker")
        self._played = 0.0
        self.written = 0.0
        """Seconds written since the speaker was opened, and where the next sound will begin."""

    @property
    def played(self) -> float:
        """Seconds heard since the speaker was opened; keeps its last value once closed."""
        if self._speaker is not None:
            self._played = self._speaker.played
        return self._played

    async def open(self) -> None:
        """Open the speaker unless it is open.

        Raises:
            DeviceMissing: It is not there.
            StorageFull: It writes files and no room is left.
        """
        if self._speaker is None:
            self._speaker = await self.on_thread(self._open_speaker)
            self._played = self.written = 0.0

    async def write(self, sound: Sound, cancel: Cancellation) -> None:
        """Queue ``sound``; return when little of it is unplayed.

        Raises:
            DeviceLost: The device went away.
            StorageFull: It writes files and no room is left.
        """
        if self._speaker is not None and len(sound.samples):
            self.written += sound.seconds
            await self.on_thread(partial(self._speaker.write, sound, cancel))

    async def drain(self, cancel: Cancellation) -> None:
        """Return when all was played or dropped. What was dropped is no longer counted as written.

        Raises:
            DeviceLost: The device went away.
            StorageFull: It writes files and no room is left.
        """
        if self._speaker is not None:
            await self.on_thread(partial(self._speaker.drain, cancel))
            self.written = self.played

    async def close(self) -> None:
        """Let the device go."""
        speaker, self._speaker = self._speaker, None
        if speaker is not None:
            self._played = speaker.played
            await self.on_thread(speaker.close)

    async def on_thread(self, work: Callable[[], _Result]) -> _Result:
        """Run ``work`` on the speaker's thread, between two writes."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
