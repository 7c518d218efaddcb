"""The ear that listens to recordings: as fast as they can be read, one turn for each call.

With several recordings each is one turn, trimmed to its speech; one in which nobody speaks is a turn in which nothing
was heard. A single recording is cut into turns by its pauses. Time is the recording's own: what a pause lasts there is
what it lasts, however quickly it is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from companion.core.audio import HEARD_RATE, Samples, Span
from companion.core.heard import NOTHING_HEARD, Heard, Hearing
from companion.core.turn_taking import TurnEnded, TurnEvent, TurnTaking
from companion.errors import InferenceError, InputError
from companion.ports import Clock, Microphone, Recognizer, VoiceActivity
from companion.session.ear import ENDED, Listened, Utterance
from companion.session.listening import EarSettings, Notices
from companion.session.segmenting import Segmenter


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording and what it is called."""

    name: str
    source: Microphone


def hear_recording(
    source: Microphone, activity: VoiceActivity, recognizer: Recognizer, *, settings: EarSettings | None = None
) -> Heard:
    """Return what is said in a whole recording, as one turn, the way ``RecordedEar`` hears one of several.

    One longer than the longest turn is heard in stretches, which are joined.

    Raises:
        InputError: The recording is damaged.
        InferenceError: The recogniser or the voice activity detector failed.
    """
    machine = TurnTaking((settings or EarSettings()).turns, ends_on_pause=False)
    segmenter = Segmenter(activity, machine)
    parts: list[Heard] = []
    for frame in source.frames():
        parts += [recognizer.recognise(segmenter.sound(span)) for span in _ended(segmenter.feed(frame))]
    parts += [recognizer.recognise(segmenter.sound(span)) for span in _ended(segmenter.finish())]
    return _joined([part for part in parts if part.hearing is not Hearing.NOTHING])


def _ended(events: Iterable[TurnEvent]) -> list[Span]:
    return [event.span for event in events if isinstance(event, TurnEnded)]


def _joined(parts: Sequence[Heard]) -> Heard:
    if not parts:
        return NOTHING_HEARD
    return Heard(
        text=" ".join(part.text for part in parts),
        confidence=min(part.confidence for part in parts),
        hearing=Hearing.UNSURE if any(part.ask_again for part in parts) else Hearing.CLEAR,
        seconds=sum(part.seconds for part in parts),
    )


class RecordedEar:
    """Gives the turns of recordings in order, then ENDED."""

    def __init__(
        self,
        recordings: Sequence[Recorded],
        activity: VoiceActivity,
        recognizer: Recognizer,
        *,
        clock: Clock,
        notices: Notices,
        settings: EarSettings | None = None,
    ) -> None:
        """Nothing is read yet.

        Args:
            recordings: One is cut into turns by its pauses; of several each is a turn.
            activity: Used by this ear alone.
            recognizer: Used on one thread of this ear.
            clock: The session's.
            notices: Told, on that thread, where a recording is damaged in its midst; what came before it counts.
            settings: Pause rule and bounds.
        """
        self._recordings = tuple(recordings)
        self._activity, self._recognizer = activity, recognizer
        self._clock, self._notices = clock, notices
        self._settings = settings or EarSettings()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recordings")
        self._turns = self._all_turns()
        self._closed = False

    async def listen(self, patience: float) -> Listened:
        """Return the next turn, or ENDED after the last; silence within a recording is no silence of the session.

        Raises:
            InferenceError: The recogniser or the voice activity detector failed.
        """
        del patience
        if self._closed:
            return ENDED
        turn = await asyncio.get_running_loop().run_in_executor(self._thread, next, self._turns, None)
        if isinstance(turn, InferenceError):
            raise turn
        return ENDED if turn is None else turn

    async def speech(self) -> None:
        """Never return: a recording does not interrupt."""
        await asyncio.Event().wait()

    @property
    def busy(self) -> bool:
        """Always: recordings follow one another without a pause."""
        return True

    def mute(self) -> None:
        """Do nothing: a recording does not hear the speaker."""

    def unmute(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """End the recordings. Calling it twice does nothing."""
        self._closed = True
        for recording in self._recordings:
            recording.source.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _all_turns(self) -> Iterator[Utterance | InferenceError]:
        by_pauses = len(self._recordings) == 1
        for recording in self._recordings:
            found = False
            for turn in self._turns_of(recording, by_pauses=by_pauses):
                found = True
                yield turn
            if not found:
                now = self._clock.monotonic()
                yield Utterance(NOTHING_HEARD, speech_ended=now, turn_ended=now, source=recording.name)

    def _turns_of(self, recording: Recorded, *, by_pauses: bool) -> Iterator[Utterance | InferenceError]:
        settings = self._settings
        machine = TurnTaking(
            settings.turns, pause_rule=settings.pause_rule, bounds=settings.bounds, ends_on_pause=by_pauses
        )
        segmenter = Segmenter(self._activity, machine)
        for events in self._events(recording, segmenter):
            for event in events:
                if isinstance(event, TurnEnded):
                    yield self._utterance(recording.name, event, segmenter.sound(event.span))

    def _events(self, recording: Recorded, segmenter: Segmenter) -> Iterator[tuple[TurnEvent, ...]]:
        try:
            for frame in recording.source.frames():
                yield segmenter.feed(frame)
        except InputError as error:
            self._notices(error.key, **error.fields)
        yield segmenter.finish()

    def _utterance(self, name: str, event: TurnEnded, sound: Samples) -> Utterance | InferenceError:
        """Recognise one turn; a failure is a value here, so that the turns after it are not lost."""
        decided = self._clock.monotonic()
        ago = (event.decided_at - event.speech.end) / HEARD_RATE
        try:
            heard = self._recognizer.recognise(sound)
        except InferenceError as error:
            return error
        return Utterance(heard, speech_ended=decided - ago, turn_ended=decided, source=name)
