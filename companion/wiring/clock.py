"""The real clock, and one that hurries: a day is lived through in minutes, to look at what is said in it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.session.ear import Ear, Listened


class SystemClock:
    """Wall clock in the zone of the device, and the monotonic clock of the system."""

    def now(self) -> datetime:
        """Return the time of day, aware."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    async def rest(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class HurriedClock:
    """Starts at a moment and runs faster than time."""

    start: datetime
    """Aware."""
    pace: float = 1.0
    """Seconds of this clock for each real one; positive."""
    began: float = field(default_factory=time.monotonic)

    def restart(self) -> None:
        """Begin now: what was loaded before took no time."""
        self.began = time.monotonic()

    def now(self) -> datetime:
        """Return the time of day of this clock."""
        return self.start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return (time.monotonic() - self.began) * self.pace

    async def rest(self, seconds: float) -> None:
        """Wait for so many seconds of this clock."""
        await asyncio.sleep(seconds / self.pace)


class HurriedEar:
    """An ear whose patience is counted on a clock that hurries.

    Args:
        ear: What hears.
        pace: Of the clock.
    """

    def __init__(self, ear: Ear, pace: float) -> None:
        self._ear = ear
        self._pace = pace

    async def listen(self, patience: float) -> Listened:
        """Return what the ear hears.

        Raises:
            DeviceLost: The microphone went away.
            InferenceError: The recogniser failed.
        """
        return await self._ear.listen(patience / self._pace)

    async def speech(self) -> None:
        """Return when the person begins to speak."""
        await self._ear.speech()

    @property
    def busy(self) -> bool:
        """Whether the person is speaking."""
        return self._ear.busy

    def mute(self) -> None:
        """말벗 is about to speak."""
        self._ear.mute()

    def unmute(self) -> None:
        """말벗 has spoken."""
        self._ear.unmute()

    async def close(self) -> None:
        """Let the device go."""
        await self._ear.close()
