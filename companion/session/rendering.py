"""From a phrase to its sound: kept, remembered, or made by the voice on its one thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum

from companion.core.audio import Sound
from companion.core.cancellation import Cancellation
from companion.core.phrase import Manner, Phrase
from companion.core.speech_settings import SpeechSettings
from companion.ports import Voice
from companion.session.kept_sounds import Fingerprinting, KeptSounds


class Keeping(Enum):
    """What may happen to a sound after it was played."""

    NOT = "not"
    MEMORY = "memory"
    """It names a person: kept while the session lasts, never on disk."""
    DISK = "disk"
    """A fixed sentence."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A phrase and its sound, before its loudness is set."""

    phrase: Phrase
    sound: Sound
    was_kept: bool


class Renderer:
    """Makes sounds, one at a time, on a thread of its own.

    Args:
        voice: What speaks.
        kept: Where sounds are kept; None to make each anew. A voice without fingerprints keeps nothing.
    """

    def __init__(self, voice: Voice, kept: KeptSounds | None) -> None:
        self._voice = voice
        self._prints = voice if isinstance(voice, Fingerprinting) else None
        self._kept = kept if self._prints is not None else None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")

    @property
    def keeps(self) -> bool:
        """Whether sounds of this voice are kept at all."""
        return self._kept is not None

    async def render(
        self, phrase: Phrase, settings: SpeechSettings, keeping: Keeping, cancel: Cancellation
    ) -> Rendered:
        """Return the sound of ``phrase``; empty once cancelled.

        Raises:
            InferenceError: The voice failed.
        """
        speed = phrase_speed(phrase, settings)
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self._render, phrase, speed, keeping, cancel
        )

    async def kept_already(self, phrase: Phrase, settings: SpeechSettings) -> bool:
        """Return whether the sound of ``phrase`` is kept, so that it would start at once."""
        if self._kept is None or self._prints is None:
            return False
        kept, prints, speed = self._kept, self._prints, phrase_speed(phrase, settings)
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: kept.has(prints.fingerprint(phrase, speed=speed))
        )

    def close(self) -> None:
        """Let the thread go once it is done."""
        self._thread.shutdown(wait=False)

    def _render(self, phrase: Phrase, speed: float, keeping: Keeping, cancel: Cancellation) -> Rendered:
        key = ""
        if self._kept is not None and self._prints is not None:
            key = self._prints.fingerprint(phrase, speed=speed)
            found = self._kept.find(key)
            if found is not None:
                return Rendered(phrase, found, was_kept=True)
        sound = self._voice.say(phrase, speed=speed, cancel=cancel)
        if self._kept is not None and len(sound.samples) and not cancel.cancelled:
            if keeping is Keeping.DISK:
                self._kept.keep(key, sound)
            elif keeping is Keeping.MEMORY:
                self._kept.remember(key, sound)
        return Rendered(phrase, sound, was_kept=False)


def phrase_speed(phrase: Phrase, settings: SpeechSettings) -> float:
    """Return the speed at which ``phrase`` is said: digits by a factor of theirs, and never slower than their limit."""
    if phrase.manner is not Manner.SLOW:
        return settings.speed
    return max(settings.speed * settings.limits.slow_factor, settings.limits.slow_least)


def phrase_lufs(phrase: Phrase, settings: SpeechSettings, *, safety: bool = False) -> float:
    """Return the loudness at which ``phrase`` is said: safety speech, its digits too, never below its floor."""
    if safety or phrase.manner is Manner.SAFETY:
        return max(settings.lufs, settings.limits.safety_lufs)
    return settings.lufs
