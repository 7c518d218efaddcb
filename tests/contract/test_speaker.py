"""What every speaker does: the fake, the one that writes files, and a real device where this machine has one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.speaker_file import FileSpeaker
from companion.adapters.speaker_sounddevice import SounddeviceSpeaker
from companion.core.audio import SPOKEN_RATE, Hertz, Sound
from companion.core.cancellation import Cancellation
from companion.errors import DeviceMissing
from companion.ports import Speaker
from tests.fakes.speaker import StillSpeaker


def tone(seconds: float, rate: int = SPOKEN_RATE) -> Sound:
    times = np.arange(int(seconds * rate)) / rate
    return Sound((0.2 * np.sin(2 * np.pi * 330.0 * times)).astype(np.float32), Hertz(rate))


@pytest.fixture(params=["fake", "file", "sounddevice"])
def speaker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Speaker]:
    made: Speaker
    if request.param == "fake":
        made = StillSpeaker()
    elif request.param == "file":
        made = FileSpeaker(tmp_path / "out")
    else:
        try:
            made = SounddeviceSpeaker()
        except DeviceMissing:
            pytest.skip("this machine has no speaker")
    yield made
    made.close()


def test_plays_all_that_is_written(speaker: Speaker) -> None:
    """After a drain, all that was written has been played, to within a block of the device."""
    cancel = Cancellation()
    speaker.write(tone(0.3), cancel)
    speaker.write(tone(0.2), cancel)
    speaker.drain(cancel)

    assert speaker.rate == SPOKEN_RATE
    assert speaker.played == pytest.approx(0.5, abs=0.02)


def test_played_never_decreases(speaker: Speaker) -> None:
    """What has been played is counted on from one reply to the next."""
    seen = [speaker.played]
    for _ in range(3):
        cancel = Cancellation()
        speaker.write(tone(0.1), cancel)
        seen.append(speaker.played)
        speaker.drain(cancel)
        seen.append(speaker.played)

    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(0.3, abs=0.05)


def test_takes_sound_at_another_rate(speaker: Speaker) -> None:
    """A sound at 16 kHz lasts as long as it did."""
    cancel = Cancellation()
    speaker.write(Sound(tone(0.4, 16_000).samples, Hertz(16_000)), cancel)
    speaker.drain(cancel)

    if not isinstance(speaker, SounddeviceSpeaker):
        assert speaker.played == pytest.approx(0.4, abs=0.02)


def test_an_empty_sound_is_nothing(speaker: Speaker) -> None:
    """Writing no samples and draining returns at once."""
    cancel = Cancellation()
    speaker.write(tone(0.0), cancel)
    speaker.drain(cancel)

    assert speaker.played == 0.0


def test_what_is_cancelled_beforehand_is_not_played(speaker: Speaker) -> None:
    """Nothing is played once the reply has been cancelled."""
    cancel = Cancellation()
    cancel.cancel()
    speaker.write(tone(0.5), cancel)
    speaker.drain(cancel)

    assert speaker.played == 0.0


def test_cancelling_ends_a_drain(speaker: Speaker) -> None:
    """A drain that is cancelled from another thread returns soon, and the next reply is played whole."""
    cancel = Cancellation()
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    began = time.perf_counter()
    speaker.write(tone(3.0), cancel)
    speaker.drain(cancel)
    timer.join()

    assert time.perf_counter() - began < 1.0
    cut_at = speaker.played
    fresh = Cancellation()
    speaker.write(tone(0.2), fresh)
    speaker.drain(fresh)
    assert speaker.played == pytest.approx(cut_at + 0.2, abs=0.06)


def test_closing_twice_does_nothing(speaker: Speaker) -> None:
    """A speaker may be closed again."""
    speaker.write(tone(0.1), Cancellation())
    speaker.close()
    speaker.close()
