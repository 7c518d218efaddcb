"""The measures by which a hearing profile is judged behave as what they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from companion.core.audio import SPOKEN_RATE, Samples
from companion.evaluation.intelligibility import stoi
from companion.evaluation.old_ear import OldEar, beside, pink_noise, speaking_rms
from companion.prompts import prompt_table
from tests.adapters.test_loudness import speechlike

TABLE = prompt_table("speech/hearing.toml")
SPEECH = speechlike(3.0, 0.1)
RMS = speaking_rms(SPEECH, SPOKEN_RATE)


def with_noise(ratio_db: float) -> Samples:
    return beside(SPEECH, pink_noise(SPOKEN_RATE, SPOKEN_RATE, 3), speech_rms=RMS, ratio_db=ratio_db)


def test_speech_is_wholly_intelligible_as_itself() -> None:
    """A sound against itself has 1, however loud either is."""
    assert stoi(SPEECH, SPEECH, SPOKEN_RATE) == pytest.approx(1.0, abs=1e-6)
    assert stoi(SPEECH, (SPEECH * np.float32(0.1)).astype(np.float32), SPOKEN_RATE) == pytest.approx(1.0, abs=1e-6)


def test_the_more_noise_the_less_is_intelligible() -> None:
    """Each 10 dB of noise take something; speech far below it has next to nothing left."""
    scores = [stoi(SPEECH, with_noise(ratio), SPOKEN_RATE) for ratio in (20.0, 10.0, 0.0, -10.0, -30.0)]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.9
    assert scores[-1] < 0.3


@pytest.mark.parametrize(("one", "other"), [(1000, 999), (1000, 1000)])
def test_what_cannot_be_compared_is_refused(one: int, other: int) -> None:
    """Sounds of different length, or of less than 0.4 s, have no figure."""
    with pytest.raises(ValueError, match="cannot be"):
        stoi(SPEECH[:one], SPEECH[:other], SPOKEN_RATE)


def test_noise_lies_as_far_below_speech_as_asked() -> None:
    """A television at 10 dB is a third as loud as the speech."""
    noise = with_noise(10.0) - SPEECH

    assert np.sqrt(np.mean(noise.astype(np.float64) ** 2)) == pytest.approx(RMS * 10 ** (-0.5), rel=0.02)


@pytest.mark.parametrize(("hertz", "loss"), [(500.0, 17.4), (4000.0, 46.6)])
def test_an_old_ear_takes_what_its_table_says(hertz: float, loss: float) -> None:
    """A strong tone comes through an ear of 80 weaker by its loss at that frequency."""
    tone = (0.5 * np.sin(2 * np.pi * hertz * np.arange(SPOKEN_RATE) / SPOKEN_RATE)).astype(np.float32)
    # Far above the threshold, so that its noise is nothing.
    heard = OldEar.of(TABLE, "age_80").heard(tone, SPOKEN_RATE, speech_rms=1e-6, seed=1)

    ratio = np.sqrt(np.mean(heard.astype(np.float64) ** 2) / np.mean(tone.astype(np.float64) ** 2))
    assert 20 * np.log10(ratio) == pytest.approx(-loss, abs=0.3)


def test_the_older_the_ear_the_less_is_intelligible() -> None:
    """A sound ear misses next to nothing of speech in quiet, one of 70 more, one of 80 most."""
    scores = [
        stoi(SPEECH, OldEar.of(TABLE, age).heard(SPEECH, SPOKEN_RATE, speech_rms=RMS, seed=1), SPOKEN_RATE)
        for age in ("sound", "age_70", "age_80")
    ]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.98


def test_silence_has_no_level() -> None:
    """Where nothing is said the level of speech is nought."""
    assert speaking_rms(np.zeros(SPOKEN_RATE, dtype=np.float32), SPOKEN_RATE) == 0.0
