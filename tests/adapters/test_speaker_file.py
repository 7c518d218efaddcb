"""Replies as WAV files."""

from __future__ import annotations

import errno
import wave
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.speaker_file import FileSpeaker
from companion.core.audio import SPOKEN_RATE, Sound, silence
from companion.core.cancellation import Cancellation
from companion.errors import InputError, StorageFull


def quiet(seconds: float) -> Sound:
    return Sound(np.full(int(seconds * SPOKEN_RATE), 0.1, dtype=np.float32))


def frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (SPOKEN_RATE, 1, 2)
        count: int = file.getnframes()
        return count


def test_each_reply_is_a_file(tmp_path: Path) -> None:
    """What is written between two drains is one file, its parts without a gap."""
    speaker = FileSpeaker(tmp_path / "out")
    for seconds in (0.5, 0.25):
        cancel = Cancellation()
        speaker.write(quiet(seconds), cancel)
        speaker.write(silence(100), cancel)
        speaker.drain(cancel)

    assert frames(tmp_path / "out/001-reply.wav") == int(0.6 * SPOKEN_RATE)
    assert frames(tmp_path / "out/002-reply.wav") == int(0.35 * SPOKEN_RATE)


def test_a_reply_without_sound_leaves_no_file(tmp_path: Path) -> None:
    """Draining with nothing written makes no empty file."""
    speaker = FileSpeaker(tmp_path)
    speaker.drain(Cancellation())

    assert list(tmp_path.glob("*.wav")) == []


def test_numbers_on_and_overwrites_nothing(tmp_path: Path) -> None:
    """A second session in the same folder continues the numbers."""
    (tmp_path / "007-reply.wav").write_bytes(b"earlier")
    (tmp_path / "note-reply.wav").write_bytes(b"not ours")
    speaker = FileSpeaker(tmp_path)
    speaker.write(quiet(0.1), Cancellation())
    speaker.close()

    assert (tmp_path / "007-reply.wav").read_bytes() == b"earlier"
    assert frames(tmp_path / "008-reply.wav") == int(0.1 * SPOKEN_RATE)


def test_does_not_wait_for_time_to_pass(tmp_path: Path) -> None:
    """An hour of sound counts as played at once."""
    speaker = FileSpeaker(tmp_path)
    cancel = Cancellation()
    for _ in range(6):
        speaker.write(quiet(10.0), cancel)

    assert speaker.played == pytest.approx(60.0)
    speaker.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file where the folder should be is an error for the operator, not a traceback."""
    (tmp_path / "out").write_text("a file")

    with pytest.raises(InputError) as caught:
        FileSpeaker(tmp_path / "out")
    assert caught.value.key == "speaker.unwritable"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """On a full disk the error says so, and closing afterwards does not fail."""
    (tmp_path / "001-reply.wav").symlink_to("/dev/full")
    (tmp_path / "000-reply.wav").write_bytes(b"")
    speaker = FileSpeaker(tmp_path)
    speaker._number = 0

    speaker.write(quiet(1.0), Cancellation())
    with pytest.raises(StorageFull) as caught:
        speaker.drain(Cancellation())
    assert caught.value.key == "speaker.disk_full"
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
    speaker.close()
