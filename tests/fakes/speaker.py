"""A speaker without a device: time stands still, and what is written is played when the test says so."""

from __future__ import annotations

from threading import Condition

import numpy as np

from companion.adapters.sound_shape import resampled
from companion.core.audio import SPOKEN_RATE, Hertz, Samples, Sound
from companion.core.cancellation import Cancellation
from companion.errors import DeviceLost


class StillSpeaker:
    """Plays at once, up to ``stops_at`` seconds; there it waits until cancelled or, if ``dies``, is lost."""

    def __init__(self, *, stops_at: float = float("inf"), dies: bool = False) -> None:
        self._stops_at = stops_at
        self._dies = dies
        self._changed = Condition()
        self.sounds: list[Sound] = []
        self.closed = False
        self.reached = False
        """Whether it has come to where it stops."""
        self._played = 0.0

    @property
    def rate(self) -> Hertz:
        return SPOKEN_RATE

    @property
    def samples(self) -> Samples:
        """All that was written and played."""
        written = [resampled(sound.samples, sound.rate, SPOKEN_RATE) for sound in self.sounds]
        return np.concatenate([np.zeros(0, dtype=np.float32), *written])[: round(self._played * SPOKEN_RATE)]

    def write(self, sound: Sound, cancel: Cancellation) -> None:
        if cancel.cancelled:
            return
        self.sounds.append(sound)
        self._played = min(self._played + sound.seconds, self._stops_at)
        self._stop_here(cancel)

    def drain(self, cancel: Cancellation) -> None:
        self._stop_here(cancel)

    def _stop_here(self, cancel: Cancellation) -> None:
        if self._played < self._stops_at:
            return
        self.reached = True
        if self._dies:
            raise DeviceLost("speaker.lost")
        with self._changed:
            cancel.on_cancel(self._wake)
            self._changed.wait_for(lambda: cancel.cancelled, timeout=5.0)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    @property
    def played(self) -> float:
        return self._played

    def close(self) -> None:
        self.closed = True
