"""Brings every phrase to the loudness that the person asked for, without clipping.

Loudness is measured by ITU-R BS.1770 (pyloudnorm). Its blocks are 0.4 s long, so a phrase shorter than that is repeated
for the measurement until it fills three of them. Peaks that the gain would lift over the ceiling are lowered by a
look-ahead limiter: gain falls before a peak and rises after it, and no sample ever exceeds the ceiling.

Source of the measure: Recommendation ITU-R BS.1770-4, annex 1.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from companion.core.audio import Hertz, Samples, Sound

CEILING_DBFS: Final = -1.0
"""Highest sample peak that leaves here; the decibel below full scale is for what lies between samples."""
_LARGEST_GAIN_DB: Final = 24.0
_SHORTEST_SECONDS: Final = 1.3
_WINDOW_SECONDS: Final = 0.005
_SILENT_PEAK: Final = 1e-6
_SILENT_LUFS: Final = -70.0


class Leveller:
    """Measures and sets loudness. Making one loads the libraries, so that the first reply does not wait for them."""

    def __init__(self) -> None:
        import pyloudnorm
        import scipy.ndimage  # noqa: F401 - the limiter's

        self._meter_of = pyloudnorm.Meter
        self._meters: dict[Hertz, Any] = {}

    def loudness(self, sound: Sound) -> float:
        """Return the integrated loudness of ``sound`` in LUFS; ``-inf`` for silence."""
        if not len(sound.samples) or not float(np.abs(sound.samples).max()) > _SILENT_PEAK:
            return float("-inf")
        meter = self._meters.get(sound.rate) or self._meter_of(sound.rate)
        self._meters[sound.rate] = meter
        repeats = max(1, int(np.ceil(_SHORTEST_SECONDS / sound.seconds)))
        with np.errstate(divide="ignore"):
            return float(meter.integrated_loudness(np.tile(sound.samples, repeats).astype(np.float64)))

    def levelled(self, sound: Sound, lufs: float) -> Sound:
        """Return ``sound`` at ``lufs``, its peaks at or below the ceiling.

        A very peaky sound comes out softer than asked, never clipped; silence comes out as it is.

        Args:
            sound: Not changed.
            lufs: Target, such as -20.0.
        """
        measured = self.loudness(sound)
        if measured < _SILENT_LUFS:
            return sound
        gain_db = min(lufs - measured, _LARGEST_GAIN_DB)
        raised = sound.samples * np.float32(10 ** (gain_db / 20))
        return Sound(_limited(raised, sound.rate), sound.rate)


def _limited(samples: Samples, rate: Hertz) -> Samples:
    """Return ``samples`` with peaks above the ceiling lowered.

    The gain a sample needs is spread to its neighbours by a minimum over a window and then smoothed by a mean over the
    same window: the mean of gains none of which exceeds what the sample needs does not exceed it either.
    """
    ceiling = np.float32(10 ** (CEILING_DBFS / 20))
    peaks = np.abs(samples)
    if float(peaks.max()) <= ceiling:
        return samples
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    window = 2 * int(rate * _WINDOW_SECONDS) + 1
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9)).astype(np.float64)
    spread = minimum_filter1d(needed, size=window, mode="nearest")
    smooth = uniform_filter1d(spread, size=window, mode="nearest")
    limited: Samples = np.clip(samples * smooth, -ceiling, ceiling).astype(np.float32)
    return limited
