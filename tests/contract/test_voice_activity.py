"""What every voice activity detector must do: the fake and the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.recording import Recording
from companion.adapters.vad_silero import SileroActivity
from companion.core.audio import FRAME_SAMPLES, Samples
from companion.ports import VoiceActivity
from tests.fakes.hearing import LoudnessActivity

RECORDINGS = Path(__file__).parent.parent / "recordings"
ZEROTH = RECORDINGS / "zeroth_104_003_0294.flac"

Making = Callable[[], VoiceActivity]
detectors = pytest.mark.parametrize("make", [LoudnessActivity, SileroActivity])


def speech() -> list[Samples]:
    return [frame.samples for frame in Recording(ZEROTH).frames()]


@detectors
def test_speech_is_likely_and_silence_is_not(make: Making) -> None:
    """Most frames of a sentence are speech; digital silence never is."""
    activity = make()
    said = [activity.probability(samples) for samples in speech()]
    assert all(0.0 <= probability <= 1.0 for probability in said)
    assert float(np.mean([probability > 0.5 for probability in said])) > 0.6
    activity.reset()
    silent = [activity.probability(np.zeros(FRAME_SAMPLES, dtype=np.float32)) for _ in range(60)]
    assert max(silent) < 0.3


@detectors
def test_reset_forgets(make: Making) -> None:
    """After ``reset`` the same sound gives the same figures, whatever was heard before."""
    activity = make()
    frames = speech()[:40]
    first = [activity.probability(samples) for samples in frames]
    activity.reset()
    assert [activity.probability(samples) for samples in frames] == first


def test_silero_by_the_frame_is_silero_at_once() -> None:
    """State and context are kept, so that frame by frame gives what the library's own pass over the whole gives."""
    from faster_whisper.vad import get_vad_model

    frames = speech()[:-1]
    activity = SileroActivity()
    by_frame = [activity.probability(samples) for samples in frames]
    at_once = get_vad_model()(np.concatenate(frames)).reshape(-1)
    # The library blanks the context of the very last frame.
    assert np.allclose(by_frame[:-1], at_once[:-1], atol=1e-4)


def test_music_and_hum_are_not_speech() -> None:
    """A hum of 120 Hz and white noise stay below the bar that starts a turn."""
    rng = np.random.default_rng(7)
    times = np.arange(16_000 * 3) / 16_000
    for sound in (0.3 * np.sin(2 * np.pi * 120 * times), rng.normal(0, 0.05, len(times))):
        activity = SileroActivity()
        frames = sound.astype(np.float32)[: len(times) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
        loud = [activity.probability(samples) >= 0.5 for samples in frames]
        assert sum(loud) < 3
