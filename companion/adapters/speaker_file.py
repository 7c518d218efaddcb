"""A speaker that writes what would be played: one WAV file per reply, for machines without a sound card.

It does not wait: what is written counts as played at once. A reply ends at ``drain``. Files are numbered on from those
that are already in the folder; nothing is overwritten.
"""

from __future__ import annotations

import errno
import io
import wave
from pathlib import Path
from typing import Final

import numpy as np

from companion.adapters.sound_shape import resampled
from companion.core.audio import SPOKEN_RATE, Hertz, Samples, Sound
from companion.core.cancellation import Cancellation
from companion.errors import CompanionError, InputError, StorageFull

_SUFFIX: Final = "-reply.wav"


class FileSpeaker:
    """Writes ``001-reply.wav``, ``002-reply.wav`` … (16 bit PCM, mono, 24 kHz) into a folder.

    Raises:
        InputError: The folder cannot be made or written.
        StorageFull: No room is left.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reply: list[Samples] = []
        self._samples = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            taken = [int(path.name[: -len(_SUFFIX)]) for path in folder.glob(f"*{_SUFFIX}") if _numbered(path)]
        except OSError as error:
            raise _explained(error, self._folder) from error
        self._number = max(taken, default=0)

    @property
    def rate(self) -> Hertz:
        """24 kHz."""
        return SPOKEN_RATE

    def write(self, sound: Sound, cancel: Cancellation) -> None:
        """Append ``sound`` to this reply; nothing once cancelled."""
        samples = resampled(sound.samples, sound.rate, self.rate)
        if not cancel.cancelled and len(samples):
            self._reply.append(samples)
            self._samples += len(samples)

    def drain(self, cancel: Cancellation) -> None:  # noqa: ARG002 - what is written is played, cancelled or not
        """Write the file of this reply.

        Raises:
            StorageFull: No room is left.
            InputError: The folder cannot be written.
        """
        self.close()

    @property
    def played(self) -> float:
        """Seconds written since the speaker was opened."""
        return self._samples / self.rate

    def close(self) -> None:
        """Write the file of this reply, if one is begun. Calling it twice does nothing.

        Raises:
            StorageFull: No room is left.
            InputError: The folder cannot be written.
        """
        reply, self._reply = self._reply, []
        if reply:
            self._number += 1
            write_wav(self._folder / f"{self._number:03d}{_SUFFIX}", Sound(np.concatenate(reply), self.rate))


def _numbered(path: Path) -> bool:
    return path.name[: -len(_SUFFIX)].isascii() and path.name[: -len(_SUFFIX)].isdigit()


def write_wav(path: Path, sound: Sound) -> None:
    """Write one sound as a WAV file (16 bit PCM, mono), making its folder.

    Raises:
        StorageFull: No room is left.
        InputError: It cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_wav(sound))
    except OSError as error:
        raise _explained(error, path.parent) from error


def _wav(sound: Sound) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes((np.clip(sound.samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
    return content.getvalue()


def _explained(error: OSError, folder: Path) -> CompanionError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("speaker.disk_full", folder=folder)
    return InputError("speaker.unwritable", folder=folder)
