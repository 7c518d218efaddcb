"""Gives a pitch curve other tones: the embedded voice's own melody is Japanese. Pure; numpy only.

The voice's curve says where it is voiced and how consonants pull at the pitch; both stay. Only the slow movement
between syllables is replaced by what the tones ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.core.score import Tone

Curve: TypeAlias = npt.NDArray[np.float32]
"""float32 [n]: pitch in hertz, near 0 where unvoiced."""

LEAST_VOICED: Final = 60.0
"""Hertz; what lies below is unvoiced."""
_SILENT: Final = 25.0
"""Hertz; between this and LEAST_VOICED the curve rises or falls at the edge of a voiced stretch, and is moved too."""
_HIGHEST: Final = 600.0
_FEWEST_VOICED: Final = 4
_SLOW_STEPS: Final = 21
_ROUNDED_STEPS: Final = 9
_KEPT: Final = 0.5
"""Share of the fast movements that stays."""
_OCTAVE: Final = 12.0


def tuned(curve: Curve, begins: Sequence[int], tones: Sequence[Tone], *, raised: float = 1.0) -> Curve:
    """Return ``curve`` with the pitch going where ``tones`` say.

    Args:
        curve: Pitch as the voice would have it; not changed.
        begins: For each phone the index in ``curve`` at which it begins, and at last where the last one ends.
        tones: In order of time; none leaves the curve as it is.
        raised: What the pitch that counts as 0 semitones is multiplied by; it is the median of ``curve``.
    """
    voiced = curve > LEAST_VOICED
    if not tones or int(voiced.sum()) < _FEWEST_VOICED:
        return curve
    base = float(np.median(curve[voiced])) * raised
    steps = np.arange(len(curve))
    semitones = _OCTAVE * np.log2(np.maximum(curve, 1.0) / base)
    own = np.interp(steps, steps[voiced], semitones[voiced])
    wanted = _rounded(_towards(voiced, begins, tones), _ROUNDED_STEPS)
    change = wanted + _KEPT * (own - _rounded(own, _SLOW_STEPS)) - own
    moved = curve * 2.0 ** (change / _OCTAVE)
    moved = np.where(voiced, np.clip(moved, LEAST_VOICED, _HIGHEST), np.where(curve > _SILENT, moved, curve))
    return moved.astype(np.float32)


def _towards(voiced: npt.NDArray[np.bool_], begins: Sequence[int], tones: Sequence[Tone]) -> npt.NDArray[np.float64]:
    """Return the semitones asked for at every step: straight lines between the tones, each in its voiced vowel."""
    places: list[float] = []
    for tone in tones:
        start, end = begins[tone.start], max(begins[tone.end], begins[tone.start] + 1)
        heard = np.flatnonzero(voiced[start:end])
        first, last = (start + int(heard[0]), start + int(heard[-1])) if len(heard) else (start, end - 1)
        places.append(first + tone.share * (last - first))
    asked = np.array([tone.semitones for tone in tones])
    line: npt.NDArray[np.float64] = np.interp(np.arange(len(voiced)), np.maximum.accumulate(places), asked)
    return line


def _rounded(values: npt.NDArray[np.float64], steps: int) -> npt.NDArray[np.float64]:
    window = np.hanning(steps + 2)[1:-1]
    padded = np.pad(values, steps // 2, mode="edge")
    rounded: npt.NDArray[np.float64] = np.convolve(padded, window / window.sum(), "valid")
    return rounded
