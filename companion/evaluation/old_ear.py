"""What an old ear is left with: speech at a known level, attenuated by age, over the noise of the absolute threshold.

A simulation of audibility alone. It knows nothing of recruitment, of blurred time and frequency, or of any one person;
what helps through it may help, and what does not help through it will hardly help an ear that is worse in other ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from companion.core.audio import Hertz, Samples

_Floats = npt.NDArray[np.float64]
_TINY: Final = 1e-12
_LOWEST_HZ: Final = 50.0
"""Below this a small loudspeaker gives nothing."""


@dataclass(frozen=True, slots=True)
class OldEar:
    """An ear of one age, by the table ``prompts/speech/hearing.toml``."""

    loss_hz: tuple[float, ...]
    loss_db: tuple[float, ...]
    """What is lost at each of ``loss_hz``, in dB; all zero for a sound ear."""
    threshold_hz: tuple[float, ...]
    threshold_db: tuple[float, ...]
    """Spectrum level of the noise of the absolute threshold, in dB SPL a hertz."""
    speech_db_spl: float
    """Level at which speech arrives."""

    @classmethod
    def of(cls, table: Mapping[str, Any], age: str) -> OldEar:
        """Return the ear of ``age`` (``age_70``), or one without loss for any other word.

        Raises:
            KeyError: A figure is missing.
        """
        loss, threshold = table["loss"], table["threshold"]
        return cls(
            loss_hz=_floats(loss["hz"]),
            loss_db=_floats(loss.get(age, [0.0] * len(loss["hz"]))),
            threshold_hz=_floats(threshold["hz"]),
            threshold_db=_floats(threshold["spectrum_db"]),
            speech_db_spl=float(threshold["speech_db_spl"]),
        )

    def heard(self, arriving: Samples, rate: Hertz, *, speech_rms: float, seed: int) -> Samples:
        """Return what is left of ``arriving``.

        Args:
            arriving: float32 [n], mono: speech, and whatever else sounds in the room.
            rate: Of it.
            speech_rms: Root mean square of the speech alone while it is spoken: this is what lies at ``speech_db_spl``.
            seed: Of the noise.

        Returns:
            float32 [n] on the scale of ``arriving``.
        """
        hertz = np.fft.rfftfreq(len(arriving), 1 / rate).astype(np.float64)
        spectrum = np.fft.rfft(arriving.astype(np.float64)) * _factor(-_between(hertz, self.loss_hz, self.loss_db))
        attenuated = np.fft.irfft(spectrum, len(arriving))
        return (attenuated + self._threshold(len(arriving), rate, speech_rms, seed)).astype(np.float32)

    def _threshold(self, count: int, rate: Hertz, speech_rms: float, seed: int) -> _Floats:
        """Return noise [count] at the spectrum level of the absolute threshold, beside speech of ``speech_rms``."""
        hertz = np.fft.rfftfreq(count, 1 / rate).astype(np.float64)
        white = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
        # White noise of root mean square 1 has a spectrum level of 1 / (rate / 2) a hertz.
        levels = _between(hertz, self.threshold_hz, self.threshold_db) + 10 * np.log10(rate / 2)
        unit = speech_rms / _factor(np.array(self.speech_db_spl))
        noise: _Floats = np.fft.irfft(white * _factor(levels) * unit, count)
        return noise


def beside(speech: Samples, noise: Samples, *, speech_rms: float, ratio_db: float) -> Samples:
    """Return ``speech`` beside ``noise``, repeated to its length, which lies ``ratio_db`` below it."""
    looped = np.resize(noise, len(speech)).astype(np.float64)
    level = float(np.sqrt(np.mean(looped**2))) + _TINY
    return (speech + looped * (speech_rms / level) * 10 ** (-ratio_db / 20)).astype(np.float32)


def pink_noise(count: int, rate: Hertz, seed: int) -> Samples:
    """Return noise [count] that falls by 3 dB an octave from 50 Hz, of root mean square 1."""
    hertz = np.fft.rfftfreq(count, 1 / rate)
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    pink = np.fft.irfft(np.where(hertz >= _LOWEST_HZ, white / np.sqrt(np.maximum(hertz, _LOWEST_HZ)), 0.0), count)
    noise: Samples = (pink / (np.sqrt(np.mean(pink**2)) + _TINY)).astype(np.float32)
    return noise


def speaking_rms(speech: Samples, rate: Hertz) -> float:
    """Return the root mean square of the 20 ms frames in which something is said: none 40 dB below the loudest."""
    size = rate // 50
    frames = speech[: len(speech) // size * size].reshape(-1, size).astype(np.float64)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    spoken = levels[levels > levels.max(initial=0.0) / 100]
    return float(np.sqrt(np.mean(spoken**2))) if len(spoken) else 0.0


def _between(hertz: _Floats, at: Sequence[float], db: Sequence[float]) -> _Floats:
    """Return the decibels at ``hertz``, straight between the given ones on a logarithmic scale and flat beyond them."""
    return np.interp(np.log(np.maximum(hertz, 1.0)), np.log(at), db)


def _factor(db: _Floats) -> _Floats:
    factor: _Floats = 10 ** (db / 20)
    return factor


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(map(float, values))
