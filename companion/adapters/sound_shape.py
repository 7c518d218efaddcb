"""What is done to every synthesised sound before anybody hears it: silence cut, edges faded, rate made 24 kHz.

Pure functions over arrays; numpy only, but for ``resampled``, which asks soxr.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.core.audio import Hertz, Samples

_BLOCK_SECONDS: Final = 0.005
_QUIET_RATIO: Final = 10 ** (-46 / 20)
"""A block this far below the loudest block is silence; the weakest onsets of ㅎ and ㅅ stand about 35 dB below."""
_SILENT_LEVEL: Final = 1e-5
_KEEP_BEFORE: Final = 0.015
_KEEP_AFTER: Final = 0.030
_FADE_IN: Final = 0.004
_FADE_OUT: Final = 0.015


def trimmed(samples: Samples, rate: Hertz) -> Samples:
    """Return ``samples`` without the silence at both ends, faded in and out so that no edge clicks.

    15 ms before the first and 30 ms after the last audible block are kept: soft onsets and unreleased codas live there.

    Args:
        samples: float32 [n], mono, in [-1, 1]; not changed.
        rate: Of ``samples``.

    Returns:
        float32 [m], m <= n; [0] where nothing is audible.
    """
    block = _block(rate)
    audible = _audible(samples, block)
    if not len(audible):
        return np.zeros(0, dtype=np.float32)
    start = max(0, int(audible[0]) * block - int(rate * _KEEP_BEFORE))
    end = min(len(samples), (int(audible[-1]) + 1) * block + int(rate * _KEEP_AFTER))
    return _faded(samples[start:end], rate)


def closed_up(samples: Samples, rate: Hertz, longest: float) -> Samples:
    """Return ``samples`` with every silence between two audible blocks cut to ``longest`` seconds, in its middle.

    Args:
        samples: float32 [n], mono; not changed.
        rate: Of ``samples``.
        longest: Longer than the closure of a stop, or speech itself is cut.

    Returns:
        float32 [m], m <= n.
    """
    block = _block(rate)
    kept = int(longest * rate)
    pieces: list[Samples] = []
    begun = 0
    audible = _audible(samples, block)
    for before, after in pairwise(audible):
        silent = (int(before) + 1) * block, int(after) * block
        if silent[1] - silent[0] > kept:
            pieces.append(samples[begun : silent[0] + kept // 2])
            begun = silent[1] - (kept - kept // 2)
    return np.concatenate([*pieces, samples[begun:]])


def _block(rate: Hertz) -> int:
    return max(1, int(rate * _BLOCK_SECONDS))


def _audible(samples: Samples, block: int) -> npt.NDArray[np.intp]:
    """Return the indices of the blocks that are not silent."""
    whole = len(samples) // block
    if whole == 0:
        return np.zeros(0, dtype=np.intp)
    level = np.sqrt(np.mean(np.square(samples[: whole * block], dtype=np.float64).reshape(whole, block), axis=1))
    loudest = float(level.max())
    if not np.isfinite(loudest) or loudest < _SILENT_LEVEL:
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(level > loudest * _QUIET_RATIO)


def _faded(samples: Samples, rate: Hertz) -> Samples:
    faded = np.clip(samples, -1.0, 1.0).astype(np.float32)
    for seconds, edge in ((_FADE_IN, faded), (_FADE_OUT, faded[::-1])):
        length = min(int(rate * seconds), len(faded) // 2)
        if length:
            edge[:length] *= np.sin(np.linspace(0.0, np.pi / 2, length, dtype=np.float32)) ** 2
    return faded


def resampled(samples: Samples, from_rate: int, to_rate: int) -> Samples:
    """Return ``samples`` at ``to_rate``, kept in [-1, 1]."""
    if from_rate == to_rate or not len(samples):
        return samples
    import soxr

    changed: Samples = np.clip(soxr.resample(samples, from_rate, to_rate), -1.0, 1.0).astype(np.float32)
    return changed
