"""Short-time objective intelligibility (STOI): how much of clean speech is left in what arrives, from about 0 to 1.

Source: C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen, "An Algorithm for Intelligibility Prediction of
Time-Frequency Weighted Noisy Speech", IEEE Trans. Audio, Speech, Language Processing 19(7), 2011. Both sounds are taken
at 10 kHz; frames more than 40 dB below the loudest of the clean sound are left out; 15 one-third octaves from 150 Hz.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from companion.core.audio import Hertz, Samples

_RATE: Final = 10_000
_FRAME: Final = 256
_HOP: Final = _FRAME // 2
_BINS: Final = 512
_BANDS: Final = 15
_LOWEST_HZ: Final = 150.0
_SEGMENT: Final = 30
"""Frames that are compared at a time: 384 ms."""
_RANGE_DB: Final = 40.0
_CLIP: Final = 1 + 10 ** (15 / 20)
"""What arrives counts as no more than this times the clean: a signal-to-distortion ratio of -15 dB."""
_TINY: Final = 1e-12

_Floats = npt.NDArray[np.float64]


def stoi(clean: Samples, arrived: Samples, rate: Hertz) -> float:
    """Return the intelligibility of ``arrived``, in about [0, 1]; law: of a sound against itself it is 1.

    Args:
        clean: float32 [n], mono, at ``rate``: the speech that was meant.
        arrived: float32 [n], mono, at ``rate``, aligned with it: the same with what was taken from it or added.
        rate: Of both.

    Raises:
        ValueError: They differ in length, or hold less than 0.4 s of speech.
    """
    if len(clean) != len(arrived):
        raise ValueError(f"{len(clean)} and {len(arrived)} samples cannot be compared")
    wanted, came = _without_pauses(_at_10_khz(clean, rate), _at_10_khz(arrived, rate))
    bands = _one_third_octaves()
    wanted_bands, came_bands = _energies(wanted, bands), _energies(came, bands)
    count = wanted_bands.shape[1]
    if count < _SEGMENT:
        raise ValueError("less than 0.4 s of speech cannot be judged")
    scores = [
        _likeness(wanted_bands[:, end - _SEGMENT : end], came_bands[:, end - _SEGMENT : end])
        for end in range(_SEGMENT, count + 1)
    ]
    return float(np.mean(scores))


def _at_10_khz(samples: Samples, rate: Hertz) -> _Floats:
    divisor = int(np.gcd(int(rate), _RATE))
    resampled: _Floats = resample_poly(samples.astype(np.float64), _RATE // divisor, int(rate) // divisor)
    return resampled


def _frames(samples: _Floats) -> _Floats:
    """Return windowed frames [count, 256]."""
    if len(samples) < _FRAME:
        return np.zeros((0, _FRAME))
    window = np.hanning(_FRAME + 2)[1:-1]
    framed: _Floats = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP] * window
    return framed


def _without_pauses(clean: _Floats, arrived: _Floats) -> tuple[_Floats, _Floats]:
    """Return both without the frames in which the clean speech pauses, overlapped and added again."""
    wanted, came = _frames(clean), _frames(arrived)
    levels = 20 * np.log10(np.linalg.norm(wanted, axis=1) + _TINY)
    speaks = levels > (levels.max() if len(levels) else 0.0) - _RANGE_DB
    return _joined(wanted[speaks]), _joined(came[speaks])


def _joined(frames: _Floats) -> _Floats:
    joined = np.zeros(_HOP * (len(frames) + 1))
    for number, frame in enumerate(frames):
        joined[number * _HOP : number * _HOP + _FRAME] += frame
    return joined


def _one_third_octaves() -> _Floats:
    """Return which bins of the spectrum belong to which band, [15, 257]."""
    hertz = np.linspace(0, _RATE, _BINS + 1)[: _BINS // 2 + 1]
    centres = _LOWEST_HZ * 2 ** (np.arange(_BANDS) / 3)
    bands = np.zeros((_BANDS, len(hertz)))
    for band, centre in enumerate(centres):
        low = int(np.argmin((hertz - centre * 2 ** (-1 / 6)) ** 2))
        high = int(np.argmin((hertz - centre * 2 ** (1 / 6)) ** 2))
        bands[band, low:high] = 1
    return bands


def _energies(samples: _Floats, bands: _Floats) -> _Floats:
    """Return the magnitude of each band in each frame, [15, count]."""
    spectrum = np.abs(np.fft.rfft(_frames(samples), _BINS, axis=1)) ** 2
    energies: _Floats = np.sqrt(bands @ spectrum.T)
    return energies


def _likeness(wanted: _Floats, came: _Floats) -> float:
    """Return the mean over bands of the correlation of two segments [15, 30], the second scaled and clipped."""
    scale = np.linalg.norm(wanted, axis=1, keepdims=True) / (np.linalg.norm(came, axis=1, keepdims=True) + _TINY)
    clipped = np.minimum(came * scale, wanted * _CLIP)
    a, b = (part - part.mean(axis=1, keepdims=True) for part in (wanted, clipped))
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1) + _TINY
    return float(np.mean((a * b).sum(axis=1) / norms))
