"""Sound as values: samples, frames, spans.

Everything heard is mono float32 in [-1, 1] at 16 kHz, cut into frames of 512 samples (32 ms). Everything said is mono
float32 in [-1, 1] at 24 kHz. Positions are sample indices on the one clock of the device that made them; spans are
half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NewType, TypeAlias

import numpy as np
import numpy.typing as npt

Hertz = NewType("Hertz", int)
SampleIndex = NewType("SampleIndex", int)
Milliseconds = NewType("Milliseconds", int)

Samples: TypeAlias = npt.NDArray[np.float32]
"""float32 [n], mono, in [-1, 1]."""

HEARD_RATE: Final = Hertz(16_000)
SPOKEN_RATE: Final = Hertz(24_000)
FRAME_SAMPLES: Final = 512
FRAME_MS: Final = Milliseconds(FRAME_SAMPLES * 1000 // HEARD_RATE)


@dataclass(frozen=True, slots=True)
class Frame:
    """One block from a microphone or a recording."""

    samples: Samples
    """float32 [512], mono, 16 kHz, in [-1, 1]; the last frame of a recording is padded with zeros."""
    start: SampleIndex
    """Index of the first sample since the source was opened, at 16 kHz."""
    overflowed: bool = False
    """True if sound was lost just before this frame."""

    @property
    def end(self) -> SampleIndex:
        """Index just past the last sample."""
        return SampleIndex(self.start + len(self.samples))


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of samples at 16 kHz: ``start`` included, ``end`` not."""

    start: SampleIndex
    end: SampleIndex

    @property
    def ms(self) -> Milliseconds:
        """Length in milliseconds."""
        return Milliseconds((self.end - self.start) * 1000 // HEARD_RATE)


@dataclass(frozen=True, slots=True)
class Sound:
    """Something to be played."""

    samples: Samples
    """float32 [n], mono, in [-1, 1]."""
    rate: Hertz = SPOKEN_RATE

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


def silence(ms: int, rate: Hertz = SPOKEN_RATE) -> Sound:
    """Return ``ms`` milliseconds of digital silence."""
    return Sound(np.zeros(rate * max(ms, 0) // 1000, dtype=np.float32), rate)
