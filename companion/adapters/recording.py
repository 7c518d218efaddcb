"""Recorded speech as if it came from a microphone: any file that libsndfile reads, in frames of 16 kHz mono.

Reads in blocks, so that hours of sound need no more memory than seconds. Imports soundfile and soxr, lazily.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import numpy as np

from companion.core.audio import FRAME_SAMPLES, HEARD_RATE, Frame, SampleIndex, Samples
from companion.errors import InputError

if TYPE_CHECKING:
    import soundfile

_BLOCK_SECONDS: Final = 1
_QUALITY: Final = "HQ"


class Recording:
    """One file: WAV, FLAC, OGG or MP3, any rate, any number of channels (mixed to one)."""

    def __init__(self, path: Path, *, paced: bool = False, trailing_silence_s: float = 0.0) -> None:
        """Open the file far enough to know that it is sound.

        Args:
            path: The file.
            paced: True gives the frames in real time, as a microphone would; False as fast as they are taken.
            trailing_silence_s: Seconds of digital silence after its end, in which a listener may decide on the turn.

        Raises:
            InputError: It is missing, empty, or not audio.
        """
        self._path = path
        self._paced = paced
        self._trailing_samples = round(max(trailing_silence_s, 0.0) * HEARD_RATE)
        self._closed = Event()
        with _opened(path) as file:
            self._seconds = float(file.frames / file.samplerate)

    @property
    def seconds(self) -> float:
        """Length of the file by its header, without the trailing silence."""
        return self._seconds

    def frames(self) -> Iterator[Frame]:
        """Yield the whole file in frames, the last padded with zeros; ends early after ``close``.

        Raises:
            InputError: The file is damaged further on: what came before has been yielded.
        """
        began = time.monotonic()
        position = 0
        for samples in _cut(self._resampled()):
            if self._closed.is_set():
                return
            frame = Frame(samples, SampleIndex(position))
            position = frame.end
            if self._paced:
                # Given when its last sample would have been heard.
                self._closed.wait(max(0.0, began + position / HEARD_RATE - time.monotonic()))
            yield frame

    def close(self) -> None:
        """End ``frames`` soon, from any thread. Calling it twice does nothing."""
        self._closed.set()

    def _resampled(self) -> Iterator[Samples]:
        """Yield mono blocks at 16 kHz, then the trailing silence."""
        import soxr

        with _opened(self._path) as file:
            rate = file.samplerate
            stream = soxr.ResampleStream(rate, HEARD_RATE, 1, dtype="float32", quality=_QUALITY)
            for block in self._blocks(file):
                yield block if rate == HEARD_RATE else stream.resample_chunk(block)
            if rate != HEARD_RATE:
                yield stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
        left = self._trailing_samples
        while left > 0:
            yield np.zeros(min(left, HEARD_RATE), dtype=np.float32)
            left -= HEARD_RATE

    def _blocks(self, file: soundfile.SoundFile) -> Iterator[Samples]:
        """Yield mono blocks at the file's own rate, finite and in [-1, 1]."""
        import soundfile

        while True:
            try:
                block = file.read(file.samplerate * _BLOCK_SECONDS, dtype="float32", always_2d=True)
            except soundfile.SoundFileError as error:
                raise InputError("hearing.file_damaged", file=self._path.name) from error
            if len(block) == 0:
                return
            mono = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0).mean(axis=1)
            yield np.clip(mono, -1.0, 1.0).astype(np.float32)


def read_samples(path: Path) -> Samples:
    """Return a whole short file: float32 [n], mono, 16 kHz, in [-1, 1].

    Raises:
        InputError: As for ``Recording``.
    """
    recording = Recording(path)
    blocks = [np.clip(block, -1.0, 1.0) for block in recording._resampled()]  # noqa: SLF001 (same file)
    return np.concatenate(blocks).astype(np.float32) if blocks else np.zeros(0, dtype=np.float32)


def _opened(path: Path) -> soundfile.SoundFile:
    """Open a sound file that has at least one sample.

    Raises:
        InputError: It is missing, empty, or not audio.
    """
    import soundfile

    if not path.is_file():
        raise InputError("hearing.file_missing", file=str(path))
    try:
        empty = path.stat().st_size == 0
        file = None if empty else soundfile.SoundFile(path)
    except OSError as error:
        raise InputError("hearing.file_unreadable", file=path.name) from error
    except soundfile.SoundFileError as error:
        raise InputError("hearing.not_audio", file=path.name) from error
    if file is None or file.frames == 0:
        raise InputError("hearing.file_empty", file=path.name)
    return file


def _cut(blocks: Iterator[Samples]) -> Iterator[Samples]:
    """Yield frames of 512 samples in [-1, 1] out of blocks of any length; the last is padded with zeros."""
    rest = np.zeros(0, dtype=np.float32)
    for block in blocks:
        # Resampling may overshoot full scale by a little.
        joined = np.concatenate([rest, np.clip(block, -1.0, 1.0)])
        whole = len(joined) // FRAME_SAMPLES * FRAME_SAMPLES
        for start in range(0, whole, FRAME_SAMPLES):
            yield joined[start : start + FRAME_SAMPLES]
        rest = joined[whole:]
    if len(rest):
        yield np.pad(rest, (0, FRAME_SAMPLES - len(rest)))
