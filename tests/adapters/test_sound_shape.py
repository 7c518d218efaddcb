"""Silence is cut off, edges are faded, nothing of the speech is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.sound_shape import closed_up, resampled, trimmed
from companion.core.audio import SPOKEN_RATE, Samples


def padded(before: float, seconds: float, after: float) -> Samples:
    times = np.arange(int(seconds * SPOKEN_RATE)) / SPOKEN_RATE
    tone = 0.3 * np.sin(2 * np.pi * 300 * times)
    rate = SPOKEN_RATE
    return np.concatenate([np.zeros(int(before * rate)), tone, np.zeros(int(after * rate))]).astype(np.float32)


@pytest.mark.parametrize(("before", "after"), [(0.45, 0.7), (0.0, 0.0), (0.01, 1.0)])
def test_cuts_the_silence_and_keeps_the_speech(before: float, after: float) -> None:
    """Up to 15 ms before and 30 ms after the speech are kept, and all of the speech."""
    cut = trimmed(padded(before, 0.5, after), SPOKEN_RATE)

    assert 0.5 <= len(cut) / SPOKEN_RATE <= 0.5 + 0.015 + 0.030 + 0.010


def test_edges_begin_and_end_at_zero() -> None:
    """A sound that is cut in the middle of a wave is faded, so that it does not click."""
    cut = trimmed(np.full(2_400, 0.5, dtype=np.float32), SPOKEN_RATE)

    assert abs(float(cut[0])) < 0.01
    assert abs(float(cut[-1])) < 0.01
    assert float(np.abs(np.diff(cut)).max()) < 0.02


def test_silence_becomes_nothing() -> None:
    """A sound without anything audible is empty."""
    assert len(trimmed(np.zeros(SPOKEN_RATE, dtype=np.float32), SPOKEN_RATE)) == 0
    assert len(trimmed(np.zeros(0, dtype=np.float32), SPOKEN_RATE)) == 0


@given(st.lists(st.floats(-1.5, 1.5, width=32), max_size=3_000))
def test_never_longer_and_never_out_of_range(values: list[float]) -> None:
    """Law: trimming neither adds samples nor leaves [-1, 1], and leaves its argument as it was."""
    samples = np.array(values, dtype=np.float32)
    before = samples.copy()
    cut = trimmed(samples, SPOKEN_RATE)

    assert len(cut) <= len(samples)
    assert float(np.abs(cut).max(initial=0.0)) <= 1.0
    assert np.array_equal(before, samples)


def test_resampling_keeps_the_length_in_time() -> None:
    """A second stays a second."""
    assert len(resampled(padded(0, 1.0, 0), 24_000, 48_000)) == pytest.approx(48_000, abs=2)
    assert len(resampled(np.zeros(0, dtype=np.float32), 24_000, 44_100)) == 0


@pytest.mark.parametrize(("silent", "left"), [(0.6, 0.2), (0.1, 0.1)])
def test_long_silences_within_speech_are_cut(silent: float, left: float) -> None:
    """What is silent for longer than asked for lasts as long as asked for; closures of stops and speech stay."""
    speech = padded(0.0, 0.3, 0.0)
    cut = closed_up(np.concatenate([speech, padded(silent, 0.4, 0.0)]), SPOKEN_RATE, 0.2)

    assert len(cut) / SPOKEN_RATE == pytest.approx(0.7 + left, abs=0.011)
    assert np.array_equal(cut[: len(speech)], speech)
    assert float(np.abs(np.diff(cut)).max()) < 0.05


def test_nothing_is_closed_up_where_nothing_is_silent() -> None:
    """Neither silence alone nor speech alone is changed."""
    for whole in (np.zeros(SPOKEN_RATE, dtype=np.float32), padded(0.0, 0.5, 0.0)):
        assert np.array_equal(closed_up(whole, SPOKEN_RATE, 0.2), whole)
