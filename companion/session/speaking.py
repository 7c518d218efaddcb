"""The mouth: says replies phrase by phrase, the next one made while one plays.

The voice and the speaker each work on a thread of their own; the mouth awaits them. It knows no language: whoever wires
it hands in the way from a reply to phrases and the way to level a sound. What cannot be heard is on the screen: without
a voice, or while the speaker is lost, ``say`` returns at once and the reply counts as shown.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from companion.core.audio import Sound, silence
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.core.speech_settings import SpeechSettings
from companion.core.turn import Reply
from companion.errors import CompanionError, InferenceError
from companion.ports import Speaker, Voice
from companion.session.kept_sounds import KeptSounds
from companion.session.playing import Outlet
from companion.session.rendering import Keeping, Rendered, Renderer, phrase_lufs
from companion.session.spoken import Placed, Spoken, spoken_words

__all__ = ["Keeping", "Mouth", "MouthParts", "Prepared", "Spoken"]

RETRY_SECONDS: Final = 5.0
"""How long after it was lost the speaker is first looked for; each wait is twice the one before."""
LONGEST_RETRY_SECONDS: Final = 60.0
IDLE_CHECK_SECONDS: Final = 0.5
"""How often it is asked whether the person still speaks while sounds wait to be made ahead."""
_AHEAD: Final = 2
"""Phrases that are made, or wait to be, while one plays; a change of speed is heard after these."""


@dataclass(frozen=True, slots=True)
class MouthParts:
    """What a mouth is made of."""

    voice: Voice | None
    """None: the words are on the screen only."""
    open_speaker: Callable[[], Speaker]
    """Opens the speaker; blocking. Called when something is first said, and again after it was lost."""
    phrasing: Callable[[Reply], tuple[Phrase, ...]]
    level: Callable[[Sound, float], Sound]
    """Brings a sound to a loudness in LUFS."""
    kept: KeptSounds | None
    keeping: Callable[[Phrase], Keeping]
    """What may be kept of the sound of a phrase that is said. Kept sounds are used in any case."""
    notice: Callable[[CompanionError], None]
    """Told, once each, that the speaker or the voice is lost."""
    back: Callable[[], None]
    """Told that the speaker is back."""
    monotonic: Callable[[], float]
    changed: Callable[[SpeechSettings], None] = lambda _: None
    """Told how it speaks from now on, whenever the person asked for another speed or loudness."""
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits so many seconds before the speaker is looked for again."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing came to."""

    made: int
    there: int
    """Sounds that were kept already."""


class Mouth:
    """Speaks, one reply at a time.

    Args:
        parts: The ports and functions it is made of.
        settings: How fast and how loud it begins.
    """

    def __init__(self, parts: MouthParts, settings: SpeechSettings) -> None:
        self._parts = parts
        self._settings = settings
        self._renderer = None if parts.voice is None else Renderer(parts.voice, parts.kept)
        self._outlet = Outlet(parts.open_speaker)
        self._turn = asyncio.Lock()
        self._cancel: Cancellation | None = None
        self._cuttable = True
        self._preparing: Cancellation | None = None
        self._wanted = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._unsaid: list[Reply] = []
        self._lost = False
        self._mender: asyncio.Task[None] | None = None
        self._voice_failed = False

    @property
    def settings(self) -> SpeechSettings:
        """How fast and how loud it speaks now, to be remembered."""
        return self._settings

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return self._cancel is not None

    @property
    def audible(self) -> bool:
        """Whether replies are heard: a voice is there and the speaker is not lost."""
        return self._renderer is not None and not self._lost

    @property
    def keeps(self) -> bool:
        """Whether sounds of this voice are kept."""
        return self._renderer is not None and self._renderer.keeps

    def louder(self) -> bool:
        """One step louder from the next phrase; False at the limit."""
        return self._set(self._settings.louder())

    def softer(self) -> bool:
        """One step softer from the next phrase; False at the limit."""
        return self._set(self._settings.softer())

    def slower(self) -> bool:
        """One step slower from the next phrase that is not made yet; False at the limit."""
        return self._set(self._settings.slower())

    def faster(self) -> bool:
        """One step faster from the next phrase that is not made yet; False at the limit."""
        return self._set(self._settings.faster())

    def _set(self, settings: SpeechSettings) -> bool:
        changed = settings != self._settings
        self._settings = settings
        if changed:
            self._parts.changed(settings)
        return changed

    def interrupt(self) -> bool:
        """Stop what is being said, within 50 ms; return whether it stopped. Safety speech is not cut."""
        if self._cancel is None or not self._cuttable:
            return False
        self._cancel.cancel()
        return True

    async def open(self) -> bool:
        """Open the speaker before anything is said; return whether replies will be heard."""
        if self._renderer is not None and not self._lost:
            try:
                await self._outlet.open()
            except CompanionError as error:
                self._speaker_lost(error)
        return self.audible

    async def say(self, reply: Reply) -> Spoken:
        """Say ``reply`` and return what was really spoken of it.

        Args:
            reply: What to say; an uninterruptible one is not cut, and said again if the speaker was lost.
        """
        if self._renderer is None or self._lost:
            self._remember_unsaid(reply)
            return Spoken(reply.text, complete=True, first_sound=None)
        self._give_way()
        try:
            async with self._turn:
                return await self._say(reply, self._renderer)
        finally:
            self._end_giving_way()

    async def at_once(self, reply: Reply) -> bool:
        """Return whether ``reply`` would start at once: its first phrase is kept, or no sound is made of it."""
        if self._renderer is None or self._lost:
            return True
        phrases = self._parts.phrasing(reply)
        if not phrases:
            return True
        self._give_way()
        try:
            return await self._renderer.kept_already(phrases[0], self._settings)
        finally:
            self._end_giving_way()

    async def prepare(
        self,
        replies: Iterable[Reply],
        *,
        keeping: Keeping = Keeping.DISK,
        progress: Callable[[int, int], None] | None = None,
        busy: Callable[[], bool] = lambda: False,
    ) -> Prepared:
        """Make the sounds of fixed sentences ahead, giving way to whatever is to be said meanwhile.

        Args:
            replies: Those needed first come first: safety, instruments, greetings, the rest.
            keeping: DISK for fixed sentences, MEMORY for those that name a person.
            progress: Called with how many phrases are done, of how many.
            busy: Asked before each phrase; while it is so, nothing is begun.
        """
        if self._renderer is None or not self._renderer.keeps:
            return Prepared(0, 0)
        phrases = [phrase for reply in replies for phrase in self._parts.phrasing(reply)]
        made = there = 0
        for number, phrase in enumerate(phrases, start=1):
            if await self._renderer.kept_already(phrase, self._settings):
                there += 1
            elif await self._made_when_idle(phrase, keeping, self._renderer, busy):
                made += 1
            if progress is not None:
                progress(number, len(phrases))
        return Prepared(made, there)

    async def close(self) -> None:
        """Stop, and let voice and speaker go. Calling it twice does nothing."""
        if self._cancel is not None:
            self._cancel.cancel()
        if self._preparing is not None:
            self._preparing.cancel()
        if self._mender is not None:
            self._mender.cancel()
            with suppress(asyncio.CancelledError):
                await self._mender
        await self._outlet.close()
        if self._renderer is not None:
            self._renderer.close()

    def _give_way(self) -> None:
        """Make room on the voice's thread for what is to be said now."""
        self._wanted += 1
        self._idle.clear()
        if self._preparing is not None:
            self._preparing.cancel()

    def _end_giving_way(self) -> None:
        self._wanted -= 1
        if not self._wanted:
            self._idle.set()

    async def _made_when_idle(
        self, phrase: Phrase, keeping: Keeping, renderer: Renderer, busy: Callable[[], bool]
    ) -> bool:
        """Make and keep one phrase, beginning again as often as something else is to be said."""
        while True:
            await self._idle.wait()
            if busy():
                await self._parts.pause(IDLE_CHECK_SECONDS)
                continue
            self._preparing = cancel = Cancellation()
            try:
                rendered = await renderer.render(phrase, self._settings, keeping, cancel)
            except InferenceError as error:
                self._voice_lost(error)
                return False
            finally:
                self._preparing = None
            if not cancel.cancelled:
                return bool(len(rendered.sound.samples))

    async def _say(self, reply: Reply, renderer: Renderer) -> Spoken:
        self._cancel = cancel = Cancellation()
        self._cuttable = not reply.uninterruptible
        saying = _Saying()
        failed = False
        try:
            await self._play(self._making(reply, renderer, cancel), saying, cancel)
        except CompanionError as error:
            failed = True
            self._speaker_lost(error, reply)
        finally:
            if not saying.ended:
                cancel.cancel()
            self._cancel = None
        complete = saying.ended and not (failed or cancel.cancelled or saying.skipped)
        text = reply.text if complete else spoken_words(saying.placed, self._outlet.played)
        return Spoken(text, complete, saying.first_sound)

    async def _making(
        self, reply: Reply, renderer: Renderer, cancel: Cancellation
    ) -> AsyncIterator[tuple[Rendered, bool]]:
        """Yield the sounds of ``reply`` in order, each with whether it is the last, while the next are being made."""
        waiting: deque[tuple[Phrase, asyncio.Task[Rendered]]] = deque()
        phrases = deque(self._parts.phrasing(reply))
        try:
            while phrases or waiting:
                while phrases and len(waiting) <= _AHEAD:
                    phrase = phrases.popleft()
                    made = asyncio.create_task(
                        renderer.render(phrase, self._settings, self._parts.keeping(phrase), cancel)
                    )
                    waiting.append((phrase, made))
                phrase, made = waiting.popleft()
                try:
                    rendered = await made
                except InferenceError as error:
                    self._voice_lost(error)
                    rendered = Rendered(phrase, silence(0), was_kept=False)
                yield rendered, not (phrases or waiting)
        finally:
            for _, made in waiting:
                made.cancel()

    async def _play(self, making: AsyncIterator[tuple[Rendered, bool]], saying: _Saying, cancel: Cancellation) -> None:
        """Play what is made until it ends or is cancelled.

        Raises:
            CompanionError: The speaker cannot be opened or was lost.
        """
        async for rendered, last in making:
            if cancel.cancelled:
                break
            phrase = rendered.phrase
            if not len(rendered.sound.samples):
                saying.skipped = saying.skipped or _has_letters(phrase)
                continue
            await self._outlet.open()
            sound = await self._outlet.on_thread(
                partial(
                    self._parts.level, rendered.sound, phrase_lufs(phrase, self._settings, safety=not self._cuttable)
                )
            )
            saying.placed.append(Placed(phrase, self._outlet.written, sound.seconds))
            if saying.first_sound is None:
                saying.first_sound = self._parts.monotonic()
            await self._outlet.write(sound, cancel)
            if not last:
                await self._outlet.write(silence(phrase.pause_after_ms), cancel)
        await self._outlet.drain(cancel)
        saying.ended = True

    def _voice_lost(self, error: InferenceError) -> None:
        if not self._voice_failed:
            self._voice_failed = True
            self._parts.notice(error)

    def _speaker_lost(self, error: CompanionError, reply: Reply | None = None) -> None:
        if reply is not None:
            self._remember_unsaid(reply)
        self._lost = True
        self._parts.notice(error)
        self._mender = asyncio.ensure_future(self._mend())

    def _remember_unsaid(self, reply: Reply) -> None:
        if reply.uninterruptible and self._renderer is not None and reply not in self._unsaid:
            self._unsaid.append(reply)

    async def _mend(self) -> None:
        """Look for the speaker until it is back, ever more seldom; then say again what must not be missed."""
        await self._outlet.close()
        wait = RETRY_SECONDS
        while self._lost:
            await self._parts.pause(wait)
            wait = min(2 * wait, LONGEST_RETRY_SECONDS)
            with suppress(CompanionError):
                await self._outlet.open()
                self._lost = False
        self._parts.back()
        unsaid, self._unsaid = self._unsaid, []
        for reply in unsaid:
            await self.say(reply)


class _Saying:
    """How far one reply has come."""

    def __init__(self) -> None:
        self.placed: list[Placed] = []
        self.first_sound: float | None = None
        self.ended = False
        self.skipped = False
        """A phrase could not be made."""


def _has_letters(phrase: Phrase) -> bool:
    return any(letter.isalnum() for letter in phrase.spoken)
