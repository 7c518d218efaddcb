"""Notices from the samples alone that a microphone is muted or set too loud.

Digital zeros come from a muted or broken device, never from a room; sound that stands at full scale is cut off and
cannot be recognised well. Both are said once, and once more only after they had gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from companion.core.audio import FRAME_MS, Samples


class SoundNotice(StrEnum):
    """What whoever set the device up should know. The value is the key of the sentence."""

    MUTED = "hearing.muted"
    SOUND_BACK = "hearing.sound_back"
    CLIPPING = "hearing.clipping"


@dataclass(frozen=True, slots=True)
class SoundCheckSettings:
    """When a notice is due."""

    muted_ms: int = 3_000
    """So long only zeros."""
    full_scale: float = 0.985
    """At or above this magnitude a sample is at full scale."""
    clipped_samples: int = 4
    """A frame with so many of them is clipped."""
    clipped_frames: int = 8
    """So many clipped frames among the last ``window_frames`` are clipping."""
    window_frames: int = 94
    """About three seconds."""


_DEFAULTS: Final = SoundCheckSettings()


class SoundCheck:
    """Follows one stream of frames."""

    def __init__(self, settings: SoundCheckSettings = _DEFAULTS) -> None:
        self._settings = settings
        self._zero_ms = 0
        self._muted = False
        self._clipping = False
        self._clipped: list[bool] = []

    @property
    def muted(self) -> bool:
        """Whether only zeros come."""
        return self._muted

    def step(self, samples: Samples) -> SoundNotice | None:
        """Take one frame, float32 [512] in [-1, 1]; return what is to be said now, if anything."""
        loudness = np.abs(samples)
        if not loudness.any():
            self._zero_ms += FRAME_MS
            if not self._muted and self._zero_ms >= self._settings.muted_ms:
                self._muted = True
                return SoundNotice.MUTED
            return None
        self._zero_ms = 0
        if self._muted:
            self._muted = False
            return SoundNotice.SOUND_BACK
        return self._check_clipping(loudness)

    def _check_clipping(self, loudness: Samples) -> SoundNotice | None:
        settings = self._settings
        clipped = int(np.count_nonzero(loudness >= settings.full_scale)) >= settings.clipped_samples
        self._clipped = [*self._clipped[-(settings.window_frames - 1) :], clipped]
        count = sum(self._clipped)
        if not self._clipping and count >= settings.clipped_frames:
            self._clipping = True
            return SoundNotice.CLIPPING
        if count == 0:
            self._clipping = False
        return None
