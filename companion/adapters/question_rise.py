"""Lifts the pitch at the end of a question: the embedded voice lets it fall as it does in a statement.

Time-domain pitch-synchronous overlap-add (TD-PSOLA) over the last voiced stretch: grains two periods wide, centred on
the peaks of the wave, are laid closer and closer together. Length, rhythm and vowel colour stay; the pitch goes up.
Source of the method: E. Moulines and F. Charpentier, Speech Communication 9 (1990), 453-467. numpy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.core.audio import Hertz, Samples

RISE: Final = 1.5
"""The last period is so much shorter. At 1.35 and 1.6 as many words were heard as at 1.0, and the recogniser wrote
question marks that it had not written before (docs/decisions/0014-voice-again.md)."""
_LONGEST_SECONDS: Final = 0.30
_SHORTEST_SECONDS: Final = 0.08
_LOWEST_HZ: Final = 70.0
_HIGHEST_HZ: Final = 420.0
_WINDOW_SECONDS: Final = 0.04
_STEP_SECONDS: Final = 0.005
_VOICED: Final = 0.5
"""Least normalised autocorrelation of a voiced window."""
_FEWEST_PEAKS: Final = 5
_QUIET: Final = 0.05
"""Share of the loudest window below which nothing is voiced."""


def risen(samples: Samples, rate: Hertz, *, rise: float = RISE) -> Samples:
    """Return ``samples`` with the pitch of their last voiced stretch, at most 0.3 s, gliding up.

    Args:
        samples: float32 [n], mono, in [-1, 1]; not changed.
        rate: Of ``samples``.
        rise: Pitch at the very end, as a multiple of what it was; 1.0 and above.

    Returns:
        float32 [n]; a copy, equal to ``samples`` where no voiced stretch of 80 ms is found at the end.
    """
    made = samples.astype(np.float32)
    stretch = _last_voiced(samples, rate)
    if stretch is None:
        return made
    begin, end, period = stretch
    peaks = _peaks(samples, begin, end, period)
    if len(peaks) < _FEWEST_PEAKS:
        return made
    first, last = peaks[0], peaks[-1]
    made[first:last] = _laid_closer(samples, peaks, rise)
    return np.clip(made, -1.0, 1.0)


def _last_voiced(samples: Samples, rate: Hertz) -> tuple[int, int, int] | None:
    """Return begin, end and median period, in samples, of the last voiced stretch."""
    width, step = int(rate * _WINDOW_SECONDS), int(rate * _STEP_SECONDS)
    floor = _QUIET * float(np.abs(samples).max(initial=0.0))
    periods: list[int] = []
    end = 0
    for start in range(len(samples) - width, -1, -step):
        found = _period(samples[start : start + width], rate, floor)
        if found:
            end = end or start + width
            periods.append(found)
        elif end:
            break
        if end and end - start >= rate * _LONGEST_SECONDS:
            break
    begin = end - (len(periods) - 1) * step - width
    if not end or end - begin < rate * _SHORTEST_SECONDS:
        return None
    return max(begin, 0), end, int(np.median(periods))


def _period(window: Samples, rate: Hertz, floor: float) -> int:
    """Return the period of a window in samples; 0 where it is quiet or not voiced."""
    centred = window.astype(np.float64) - float(np.mean(window))
    if float(np.abs(centred).max(initial=0.0)) <= floor:
        return 0
    spectrum = np.fft.rfft(centred, 2 * len(centred))
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[: len(centred)]
    likeness /= np.arange(len(centred), 0, -1) * max(likeness[0] / len(centred), 1e-12)
    low, high = int(rate / _HIGHEST_HZ), min(int(rate / _LOWEST_HZ), 3 * len(centred) // 4)
    best = low + int(np.argmax(likeness[low:high]))
    return best if likeness[best] >= _VOICED else 0


def _peaks(samples: Samples, begin: int, end: int, period: int) -> list[int]:
    """Return the peaks of the wave, one a period."""
    at = begin + int(np.argmax(samples[begin : begin + period]))
    peaks = [at]
    while at + 5 * period // 4 < end:
        low = at + 3 * period // 4
        at = low + int(np.argmax(samples[low : at + 5 * period // 4]))
        peaks.append(at)
    return peaks


def _laid_closer(samples: Samples, peaks: Sequence[int], rise: float) -> npt.NDArray[np.float64]:
    """Return what stands between the first and the last peak, its periods shorter and shorter."""
    first, last = peaks[0], peaks[-1]
    marks = np.array(peaks)
    laid, weight = np.zeros(last - first), np.zeros(last - first)
    at = float(first)
    while at < last:
        near = int(np.argmin(np.abs(marks - at)))
        period = peaks[min(near + 1, len(peaks) - 1)] - peaks[min(near, len(peaks) - 2)]
        _lay(laid, weight, samples, centre=peaks[near], to=round(at) - first, half=period)
        at += period / (1 + (rise - 1) * (at - first) / (last - first))
    return np.divide(laid, weight, out=laid, where=weight > 1e-3)  # noqa: PLR2004 (a window's very edge)


def _lay(
    laid: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
    samples: Samples,
    *,
    centre: int,
    to: int,
    half: int,
) -> None:
    """Add one grain of twice ``half`` samples around ``centre``, and its window, at ``to``."""
    left = min(half, to, centre)
    right = min(half, len(laid) - to, len(samples) - centre)
    window = np.hanning(2 * half + 1)[half - left : half + right]
    laid[to - left : to + right] += window * samples[centre - left : centre + right]
    weight[to - left : to + right] += window
