"""What tells, while nobody talks, that the person wants to: their name for 말벗, distress, any speech, or a button.

What is heard and calls nobody is forgotten at once; it is neither kept nor shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from companion.core.audio import HEARD_RATE, Samples
from companion.core.heard import NOTHING_HEARD, Heard
from companion.dialogue.daily.waking import WakeWords
from companion.dialogue.daily.words import Opening
from companion.ports import Recognizer
from companion.session.ear import ENDED, Ear, Listened, Utterance

NAME: Final = "name"
VOICE: Final = "voice"
BUTTON: Final = "button"
_LONGEST_CALL: Final = 10.0
"""Seconds of speech beyond which nobody is calling: a television is on."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The person wants to talk."""

    opening: Opening
    first: Utterance | None = None
    """What they said besides the name, to be answered first."""


class Over:
    """The source is over: no ring will come any more."""


OVER: Final = Over()


class Bell(Protocol):
    """Rings when the person wants to talk."""

    async def ring(self, patience: float) -> Ring | Over | None:
        """Return a ring as soon as there is one, None after so many seconds without, OVER where none can come.

        Raises:
            DeviceError: The microphone went away.
            InferenceError: The recogniser failed.
        """
        ...


class Drowsy:
    """A recogniser that does not listen to television: while nobody talks with 말벗, long speech is not recognised.

    Args:
        recognizer: Recognises.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.awake = False

    def recognise(self, samples: Samples) -> Heard:
        """Return what was said; nothing, where nobody can have called with it.

        Raises:
            InferenceError: The recogniser failed.
        """
        if not self.awake and len(samples) > _LONGEST_CALL * HEARD_RATE:
            return NOTHING_HEARD
        return self._recognizer.recognise(samples)


class EarBell:
    """Over an ear, and a button where there is one.

    Args:
        ear: The one with which conversations are held.
        words: By what 말벗 is woken.
        wake: What wakes: ``name``, ``voice``, ``button``. Distress always does.
        pressed: Returns when the button is pressed; None for no button.
        blank_lines: Counts the empty lines of a keyboard, for which Enter is the button.
        typed: Whether the ear is a keyboard: whoever types means 말벗.
    """

    def __init__(
        self,
        ear: Ear,
        words: WakeWords,
        *,
        wake: Collection[str],
        pressed: Callable[[], Awaitable[None]] | None = None,
        blank_lines: Callable[[], int] = lambda: 0,
        typed: bool = False,
    ) -> None:
        self._ear = ear
        self._words = words
        self._wake = frozenset(wake)
        self._pressed = pressed
        self._blank_lines = blank_lines
        self._typed = typed

    async def ring(self, patience: float) -> Ring | Over | None:
        """Return a ring, None after ``patience`` seconds or at anything that calls nobody, OVER at the end.

        Raises:
            DeviceError: The microphone went away.
            InferenceError: The recogniser failed.
        """
        blanks = self._blank_lines()
        listened = await self._heard_or_pressed(patience)
        if listened is None or self._blank_lines() > blanks:
            return Ring(Opening.BUTTON)
        if listened is ENDED:
            return OVER
        return self._meant(listened) if isinstance(listened, Utterance) else None

    async def _heard_or_pressed(self, patience: float) -> Listened | None:
        """Return what was heard, or None where the button was pressed before."""
        listening = asyncio.ensure_future(self._ear.listen(patience))
        waiting: set[asyncio.Future[Any]] = {listening}
        if self._pressed is not None and BUTTON in self._wake:
            waiting.add(asyncio.ensure_future(self._pressed()))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return listening.result() if listening.done() else None
        finally:
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    def _meant(self, utterance: Utterance) -> Ring | None:
        """Return the ring that something said is."""
        woken = self._words.find(utterance.heard.text)
        if woken is not None and (NAME in self._wake or woken.distress):
            rest = replace(utterance, heard=replace(utterance.heard, text=woken.rest)) if woken.rest else None
            return Ring(Opening.NAME if rest is None else Opening.HEARD, rest)
        if self._typed:
            return Ring(Opening.HEARD, utterance)
        return Ring(Opening.VOICE) if VOICE in self._wake else None
