"""The pitch at the end of a question goes up, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.question_rise import risen
from companion.core.audio import SPOKEN_RATE, Samples


def vowel(hertz: float, seconds: float) -> Samples:
    """Return a buzz of ten harmonics that fall off as a voice's do."""
    time = np.arange(int(seconds * SPOKEN_RATE)) / SPOKEN_RATE
    waves = [np.cos(2 * np.pi * hertz * number * time) / number for number in range(1, 11)]
    summed: Samples = (0.2 * np.sum(waves, axis=0)).astype(np.float32)
    return summed


def pitch(samples: Samples) -> float:
    """Return the pitch of a short stretch in hertz."""
    likeness = np.correlate(samples, samples, "full")[len(samples) - 1 :]
    low = SPOKEN_RATE // 450
    return SPOKEN_RATE / (low + int(np.argmax(likeness[low : SPOKEN_RATE // 80])))


@pytest.mark.parametrize("hertz", [96, 180, 231, 260])
def test_the_end_is_higher_and_the_beginning_is_as_it_was(hertz: int) -> None:
    """A flat vowel ends about four tenths higher; before its last 0.3 s no sample changes."""
    flat = vowel(hertz, 0.8)
    made = risen(flat, SPOKEN_RATE)
    end = made[-int(0.06 * SPOKEN_RATE) :]
    assert 1.3 < pitch(end) / pitch(flat[-len(end) :]) < 1.55
    before = len(flat) - int(0.36 * SPOKEN_RATE)
    np.testing.assert_array_equal(made[:before], flat[:before])


def test_loudness_stays() -> None:
    """Grains that lie closer do not add up to a louder sound."""
    flat = vowel(220, 0.6)
    made = risen(flat, SPOKEN_RATE)
    assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(np.mean(flat**2)), rel=0.15)


def test_what_has_no_pitch_is_left_alone() -> None:
    """Silence, noise and a voice too short to glide come back as they were."""
    noise = np.random.default_rng(1).normal(0, 0.1, SPOKEN_RATE // 2).astype(np.float32)
    for sound in (np.zeros(4_800, dtype=np.float32), noise, vowel(220, 0.05), np.zeros(0, dtype=np.float32)):
        np.testing.assert_array_equal(risen(sound, SPOKEN_RATE), sound)


@given(st.floats(75, 400), st.floats(0.0, 0.7), st.floats(1.0, 2.0))
def test_length_and_bounds_stay(hertz: float, seconds: float, rise: float) -> None:
    """Law: as many samples come out, all of them finite and in [-1, 1]."""
    sound = vowel(hertz, seconds)
    made = risen(sound, SPOKEN_RATE, rise=rise)
    assert made.shape == sound.shape
    assert made.dtype == np.float32
    assert np.all(np.abs(made) <= 1.0)
