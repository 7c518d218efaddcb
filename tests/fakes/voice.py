"""A voice that hums: one tone per syllable, at once. Passes the contract suite of the real ones."""

from __future__ import annotations

import hashlib
from threading import Event

import numpy as np

from companion.core.audio import SPOKEN_RATE, Sound, silence
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.errors import InferenceError

SYLLABLE_SECONDS = 0.27


class HummingVoice:
    """Each Hangul syllable is 0.27 s of a quiet tone, shorter when faster.

    Args:
        name: As the port has it.
        held: While set and unset, ``say`` waits for it (or for its cancellation): a synthesis that takes long.
        fails_on: A phrase holding these words makes the engine fail.
    """

    def __init__(self, name: str = "humming", *, held: Event | None = None, fails_on: str = "") -> None:
        self._name = name
        self._held = held
        self._fails_on = fails_on
        self.said: list[str] = []
        """What was synthesised, in order."""
        self.speeds: list[float] = []

    @property
    def name(self) -> str:
        return self._name

    def say(self, phrase: Phrase, *, speed: float = 1.0, cancel: Cancellation | None = None) -> Sound:
        if self._fails_on and self._fails_on in phrase.spoken:
            raise InferenceError("voice.failed", voice=self._name)
        if self._held is not None:
            if cancel is not None:
                cancel.on_cancel(self._held.set)
            self._held.wait(5.0)
        if cancel is not None and cancel.cancelled:
            return silence(0)
        self.said.append(phrase.spoken)
        self.speeds.append(speed)
        syllables = sum("가" <= letter <= "힣" for letter in phrase.spoken)
        times = np.arange(int(syllables * SYLLABLE_SECONDS / speed * SPOKEN_RATE)) / SPOKEN_RATE
        return Sound((0.1 * np.sin(2 * np.pi * 220.0 * times)).astype(np.float32), SPOKEN_RATE)


class PrintedVoice(HummingVoice):
    """A humming voice whose sounds can be kept."""

    def fingerprint(self, phrase: Phrase, *, speed: float = 1.0) -> str:
        return hashlib.sha256(f"{self._name} {phrase.spoken} {speed:.4f}".encode()).hexdigest()
