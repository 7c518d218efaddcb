"""The ear of a spoken conversation: listens all the time, also while a reply is made.

A capture thread takes frames, decides on turns and never waits for anybody; one more thread recognises. Recognition
begins at the first 300 ms of a pause and is thrown away if the person goes on, so that its time passes within the pause
that ends the turn. Patience is counted on the microphone's own samples.

Without an echo canceller the ear must not hear 말벗's own voice: it is then half-duplex, and while it is muted every
frame is dropped.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from companion.core.audio import HEARD_RATE, Frame, SampleIndex, Span
from companion.core.heard import Heard, Hearing
from companion.core.turn_taking import (
    FixedPause,
    PauseBounds,
    PauseRule,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TurnEnded,
    TurnEvent,
    TurnSettings,
    TurnTaking,
)
from companion.ports import Clock, Microphone, Recognizer, VoiceActivity
from companion.session.ear import ENDED, SILENCE, Listened, Utterance
from companion.session.segmenting import Segmenter
from companion.session.sound_check import SoundCheck


class Notices(Protocol):
    """Where sentences for whoever set the device up go."""

    def __call__(self, key: str, **fields: object) -> None:
        """Take one by its key."""
        ...


@dataclass(frozen=True, slots=True)
class EarSettings:
    """How the ear listens."""

    pause_rule: PauseRule = field(default_factory=FixedPause)
    bounds: PauseBounds = field(default_factory=PauseBounds)
    turns: TurnSettings = field(default_factory=TurnSettings)
    half_duplex: bool = True
    """False only where an echo canceller stands before the ear."""
    echo_tail_ms: int = 250
    """After ``unmute`` the room still sounds for so long."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """A recognition begun before the turn was known to be over."""

    span: Span
    heard: Future[Heard]


@dataclass(frozen=True, slots=True)
class _Turn:
    heard: Future[Heard]
    speech_ended: float
    turn_ended: float


@dataclass(frozen=True, slots=True)
class _Patience:
    """One call of ``listen``: silent until this sample means SILENCE. Also the token that ends the call."""

    until: SampleIndex


@dataclass(frozen=True, slots=True)
class _Over:
    error: Exception | None


class VoiceEar:
    """Listens to a microphone from its making to ``close``. Made inside a running event loop."""

    def __init__(
        self,
        microphone: Microphone,
        activity: VoiceActivity,
        recognizer: Recognizer,
        *,
        clock: Clock,
        notices: Notices,
        settings: EarSettings | None = None,
    ) -> None:
        """Begin to listen.

        Args:
            microphone: Gives frames in real time.
            activity: Used by this ear alone.
            recognizer: Used on one thread of this ear.
            clock: The session's.
            notices: Told, on the event loop, that the microphone is muted, clipping, or losing sound.
            settings: Pause rule, bounds, half-duplex.
        """
        self._settings = settings or EarSettings()
        self._microphone, self._recognizer = microphone, recognizer
        self._clock, self._notices = clock, notices
        self._machine = TurnTaking(
            self._settings.turns, pause_rule=self._settings.pause_rule, bounds=self._settings.bounds
        )
        self._segmenter = Segmenter(activity, self._machine)
        self._check = SoundCheck()
        self._recognising = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recogniser")
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[_Turn | _Patience | _Over] = asyncio.Queue()
        self._lock = threading.Lock()
        self._position = SampleIndex(0)
        self._patience: _Patience | None = None
        self._unanswered = 0
        self._turn: _Turn | None = None
        self._guess: _Guess | None = None
        self._over: _Over | None = None
        self._speech = asyncio.Event()
        self._muted = self._deaf = False
        self._deaf_until = SampleIndex(0)
        self._overflow_said = False
        self._capturing = threading.Thread(target=self._capture, name="capture", daemon=True)
        self._capturing.start()

    async def listen(self, patience: float) -> Listened:
        """Return the next utterance, or SILENCE after ``patience`` seconds in which nobody spoke.

        Sounds that turn out to be no words (a cough, a spoon) are passed over. Speech that began before the call is
        not lost, nor is a turn whose ``listen`` was cancelled.

        Raises:
            DeviceMissing: The microphone could not be opened.
            DeviceLost: The microphone went away. What had been said by then was given before.
            InferenceError: The recogniser failed.
        """
        with self._lock:
            waiting = _Patience(SampleIndex(self._position + round(patience * HEARD_RATE)))
            self._patience = waiting
        try:
            while True:
                if self._turn is None:
                    item = self._over or await self._items.get()
                    match item:
                        case _Over(error):
                            self._over = item
                            if error is not None:
                                raise error
                            return ENDED
                        case _Patience():
                            if item is waiting:
                                return SILENCE
                            continue
                        case _Turn():
                            self._turn = item
                utterance = await self._answered(self._turn)
                if utterance.heard.hearing is not Hearing.NOTHING:
                    return utterance
        finally:
            with self._lock:
                self._patience = None

    async def _answered(self, turn: _Turn) -> Utterance:
        """Wait for the words of a turn; it stays the next one if this is cancelled."""
        try:
            heard = await asyncio.shield(asyncio.wrap_future(turn.heard))
        except asyncio.CancelledError:
            raise
        except Exception:
            self._done()
            raise
        self._done()
        return Utterance(heard, speech_ended=turn.speech_ended, turn_ended=turn.turn_ended)

    def _done(self) -> None:
        self._turn = None
        with self._lock:
            self._unanswered -= 1

    async def speech(self) -> None:
        """Return when the person begins to speak, or at once if they do already; never while half-duplex."""
        if self._settings.half_duplex:
            await asyncio.Event().wait()
        self._speech.clear()
        if not self._segmenter.speaking:
            await self._speech.wait()

    @property
    def busy(self) -> bool:
        """Whether somebody speaks or words are being recognised."""
        return self._segmenter.speaking or self._unanswered > 0

    def expect_screening_answer(self, expected: bool) -> None:  # noqa: FBT001 (a switch)
        """Say whether the next turns answer a screening question: the pause is then never under two seconds."""
        self._machine.after_screening = expected

    def mute(self) -> None:
        """Drop every frame from now on: 말벗 is about to speak. What the person was saying ends as a turn."""
        self._muted = self._settings.half_duplex

    def unmute(self) -> None:
        """Listen again, once the room has died away."""
        self._muted = False

    async def close(self) -> None:
        """Let the device go. Calling it twice does nothing."""
        self._microphone.close()
        await asyncio.to_thread(self._capturing.join, 2.0)
        self._recognising.shutdown(wait=False, cancel_futures=True)
        self._over = self._over or _Over(None)

    # From here on: the capture thread.

    def _capture(self) -> None:
        over = _Over(None)
        try:
            for frame in self._microphone.frames():
                self._take(frame)
        except Exception as error:  # noqa: BLE001 (the thread's edge: ``listen`` raises it)
            over = _Over(error)
        with suppress(RuntimeError):
            # RuntimeError: closed meanwhile; nobody waits for the words.
            self._handle(self._segmenter.finish())
        self._call(self._items.put_nowait, over)

    def _take(self, frame: Frame) -> None:
        notice = self._check.step(frame.samples)
        if notice is not None:
            self._call(self._notices, notice.value)
        if frame.overflowed and not self._overflow_said:
            self._overflow_said = True
            self._call(self._notices, "hearing.overflow")
        if not self._is_deaf(frame):
            if self._guess is not None and self._guess.heard.done():
                self._give_words(self._guess)
            self._handle(self._segmenter.feed(frame))
        with self._lock:
            self._position = frame.end
            waiting = self._patience
            if waiting and frame.end >= waiting.until and not self._segmenter.speaking and not self._unanswered:
                self._patience = None
                self._call(self._items.put_nowait, waiting)

    def _is_deaf(self, frame: Frame) -> bool:
        if self._muted:
            if not self._deaf:
                self._deaf = True
                self._handle(self._segmenter.finish())
            self._deaf_until = SampleIndex(frame.end + self._settings.echo_tail_ms * HEARD_RATE // 1000)
            return True
        if frame.start < self._deaf_until:
            return True
        if self._deaf:
            self._deaf = False
            self._segmenter.skip_to(frame.start)
        return False

    def _handle(self, events: Iterable[TurnEvent]) -> None:
        for event in events:
            match event:
                case SpeechStarted():
                    self._call(self._speech.set)
                case SpeechPaused(span):
                    self._guess = self._recognise(span)
                case SpeechResumed():
                    self._forget_guess()
                case TurnEnded():
                    self._end_turn(event)

    def _end_turn(self, event: TurnEnded) -> None:
        guess = self._guess
        if guess is None or guess.span != event.span:
            self._forget_guess()
            guess = self._recognise(event.span)
        self._guess = None
        now = self._clock.monotonic()
        ago = (event.decided_at - event.speech.end) / HEARD_RATE
        with self._lock:
            self._unanswered += 1
        self._call(self._items.put_nowait, _Turn(guess.heard, speech_ended=now - ago, turn_ended=now))

    def _recognise(self, span: Span) -> _Guess:
        sound = self._segmenter.sound(span)
        return _Guess(span, self._recognising.submit(self._recognizer.recognise, sound))

    def _forget_guess(self) -> None:
        if self._guess is not None:
            self._guess.heard.cancel()
            self._guess = None

    def _give_words(self, guess: _Guess) -> None:
        if not guess.heard.cancelled() and guess.heard.exception() is None:
            self._segmenter.note_words(guess.heard.result().text)

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        """Have something done on the event loop; nothing once the loop is closed."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)
