"""Loudness is what was asked for, and no sample is clipped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.adapters.loudness import CEILING_DBFS, Leveller
from companion.core.audio import SPOKEN_RATE, Samples, Sound, silence

LEVELLER = Leveller()
CEILING = 10 ** (CEILING_DBFS / 20)


def speechlike(seconds: float, level: float, seed: int = 7) -> Samples:
    """Noise in bursts of syllables."""
    chance = np.random.default_rng(seed)
    count = int(seconds * SPOKEN_RATE)
    times = np.arange(count) / SPOKEN_RATE
    envelope = 0.55 + 0.45 * np.sin(2 * np.pi * 4.0 * times)
    noise: Samples = np.clip(level * envelope * chance.standard_normal(count), -1, 1).astype(np.float32)
    return noise


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.39, 0.4, 1.0, 4.0])
@pytest.mark.parametrize("level", [0.005, 0.05, 0.2])
def test_reaches_the_target_however_short(seconds: float, level: float) -> None:
    """A phrase of any length, soft or loud, comes out within half a decibel of the target."""
    levelled = LEVELLER.levelled(Sound(speechlike(seconds, level)), -23.0)

    assert LEVELLER.loudness(levelled) == pytest.approx(-23.0, abs=0.5)


def test_silence_stays_silence() -> None:
    """Nothing is raised out of nothing, and no sound at all is no error."""
    assert not np.any(LEVELLER.levelled(silence(500), -20.0).samples)
    assert len(LEVELLER.levelled(silence(0), -20.0).samples) == 0
    assert LEVELLER.loudness(silence(0)) == float("-inf")


def test_a_soft_sound_is_not_raised_without_end() -> None:
    """What is almost silence is raised by no more than 24 dB: noise is not made speech."""
    faint = Sound(speechlike(1.0, 0.0005))
    before = LEVELLER.loudness(faint)

    assert LEVELLER.loudness(LEVELLER.levelled(faint, -14.0)) == pytest.approx(before + 24.0, abs=0.5)


@settings(deadline=None, max_examples=60)
@given(
    level=st.floats(0.001, 1.0),
    target=st.floats(-30.0, -6.0),
    spikes=st.lists(st.integers(0, SPOKEN_RATE - 1), max_size=5),
)
def test_never_above_the_ceiling(level: float, target: float, spikes: list[int]) -> None:
    """Law: whatever the sound and the target, no sample leaves above -1 dBFS, and none is not a number."""
    samples = speechlike(1.0, level)
    samples[spikes] = 1.0

    levelled = LEVELLER.levelled(Sound(samples), target).samples

    assert float(np.abs(levelled).max()) <= CEILING + 1e-6
    assert bool(np.isfinite(levelled).all())


def test_the_limiter_lowers_peaks_and_leaves_the_rest() -> None:
    """A single spike is brought under the ceiling; a tenth of a second away nothing is changed."""
    samples = speechlike(1.0, 0.05)
    samples[12_000] = 0.9
    levelled = LEVELLER.levelled(Sound(samples), -15.0).samples

    gain = levelled[:9_000] / np.where(np.abs(samples[:9_000]) > 1e-4, samples[:9_000], np.nan)
    assert float(np.nanmax(gain) - np.nanmin(gain)) < 1e-3
    assert float(np.abs(levelled[12_000])) <= CEILING + 1e-6
