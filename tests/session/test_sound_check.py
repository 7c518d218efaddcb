from __future__ import annotations

import numpy as np

from companion.core.audio import Samples
from companion.session.sound_check import SoundCheck, SoundNotice
from tests.fakes.hearing import LOUD, ROOM, VOICE, ZEROS, frame_count


def heard(check: SoundCheck, samples: Samples, seconds: float) -> list[SoundNotice]:
    notices = [check.step(samples) for _ in range(frame_count(seconds))]
    return [notice for notice in notices if notice is not None]


def test_zeros_are_a_muted_microphone_and_not_a_quiet_room() -> None:
    """Three seconds of digital zeros are told once; the faintest noise is a room."""
    check = SoundCheck()
    assert heard(check, ROOM, 20.0) == []
    assert heard(check, ZEROS, 2.5) == []
    assert heard(check, ZEROS, 10.0) == [SoundNotice.MUTED]
    assert check.muted


def test_sound_that_comes_back_is_told() -> None:
    """After a notice of muting the first sound is told, once."""
    check = SoundCheck()
    heard(check, ZEROS, 5.0)
    assert heard(check, ROOM, 5.0) == [SoundNotice.SOUND_BACK]


def test_clipping_is_told_once_until_it_has_gone() -> None:
    """Frames at full scale are told; after three clean seconds a new stretch is told again."""
    check = SoundCheck()
    assert heard(check, LOUD, 3.0) == [SoundNotice.CLIPPING]
    assert heard(check, VOICE, 4.0) == []
    assert heard(check, LOUD, 3.0) == [SoundNotice.CLIPPING]


def test_one_peak_is_no_clipping() -> None:
    """A clap that reaches full scale for a frame or two is not worth a word."""
    check = SoundCheck()
    clap = np.array(VOICE)
    clap[:8] = 1.0
    assert heard(check, clap, 0.1) == []
    assert heard(check, VOICE, 3.0) == []
