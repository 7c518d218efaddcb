"""The last resort: espeak-ng's Korean, an optional extra, run as a separate process because its licence is the GPL.

People and recognisers understand little of it, so where it speaks the words stand large on the screen.
"""

from __future__ import annotations

import importlib
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

from companion.adapters.sound_shape import resampled, trimmed
from companion.core.audio import SPOKEN_RATE, Samples, Sound, silence
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.errors import ArtifactMissing, InferenceError

_RUNNER: Final = Path(__file__).with_name("espeak_runner.py")
_WORDS_A_MINUTE: Final = 135
"""About 4 Korean syllables a second."""
_SLOWEST_WORDS: Final = 80
_FASTEST_WORDS: Final = 300
_LOW_PITCH: Final = 30
_TIMEOUT_SECONDS: Final = 30.0
_LONGEST: Final = 300
"""Characters in one run of the process; about a minute of sound."""


class EspeakVoice:
    """espeak-ng in Korean, low and slow.

    Raises:
        ArtifactMissing: The extra ``companion[espeak]`` is not installed.
    """

    def __init__(self) -> None:
        try:
            loader = importlib.import_module("espeakng_loader")
        except ImportError as error:
            raise ArtifactMissing("voice.extra_missing", voice="espeak", extra="espeak") from error
        self._library = str(loader.get_library_path())
        self._data = str(loader.get_data_path())

    @property
    def name(self) -> str:
        """Name of the voice."""
        return "espeak"

    def say(self, phrase: Phrase, *, speed: float = 1.0, cancel: Cancellation | None = None) -> Sound:
        """Return the sound of one phrase, 24 kHz mono float32 in [-1, 1], trimmed; empty where nothing can be said.

        Raises:
            InferenceError: The process failed.
        """
        text = "".join(letter if letter.isprintable() else " " for letter in phrase.spoken).strip()
        if not any(letter.isalnum() for letter in text) or (cancel is not None and cancel.cancelled):
            return silence(0)
        pieces = []
        for at in range(0, len(text), _LONGEST):
            pieces.append(_samples(self._run(text[at : at + _LONGEST], speed, cancel)))
            if cancel is not None and cancel.cancelled:
                return silence(0)
        return Sound(trimmed(np.concatenate(pieces), SPOKEN_RATE), SPOKEN_RATE)

    def _run(self, text: str, speed: float, cancel: Cancellation | None) -> bytes:
        words = min(max(round(_WORDS_A_MINUTE * speed), _SLOWEST_WORDS), _FASTEST_WORDS)
        command = [sys.executable, "-I", str(_RUNNER), self._library, self._data, "ko", str(words), str(_LOW_PITCH)]
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise InferenceError("voice.failed", voice=self.name) from error
        with process:
            if cancel is not None:
                cancel.on_cancel(process.kill)
            try:
                pcm, _ = process.communicate(text.encode("utf-8", "ignore"), timeout=_TIMEOUT_SECONDS)
            except (subprocess.TimeoutExpired, BrokenPipeError, ValueError) as error:
                process.kill()
                if cancel is not None and cancel.cancelled:
                    return b""
                raise InferenceError("voice.failed", voice=self.name) from error
        if cancel is not None and cancel.cancelled:
            return b""
        if process.returncode != 0:
            raise InferenceError("voice.failed", voice=self.name)
        return pcm


def _samples(output: bytes) -> Samples:
    """Return what the runner wrote, at 24 kHz."""
    header = struct.calcsize("<i")
    if len(output) <= header:
        return np.zeros(0, dtype=np.float32)
    (rate,) = struct.unpack_from("<i", output)
    whole = output[header : header + (len(output) - header) // 2 * 2]
    return resampled(np.frombuffer(whole, dtype="<i2").astype(np.float32) / np.float32(32768.0), rate, SPOKEN_RATE)
