"""Decides from frames when the person speaks, pauses and has finished. Made for older speakers.

A pure machine: facts about frames in, events out. It holds no sound; it says which stretch of it to keep
(``keep_from``) and which stretch a turn is. A turn goes

    quiet -> (first loud frames) -> SpeechStarted -> [SpeechPaused -> SpeechResumed]* -> TurnEnded

``SpeechPaused`` comes at the first 300 ms of a pause and is the seam for speculation: the span that it carries is the
span of the turn, to the sample, if the person does not go on.

Laws: every ``SpeechStarted`` is followed by exactly one ``TurnEnded``; turns are in order and never overlap; every
frame of speech from a start to its end lies in the turn; no turn is longer than the longest allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from companion.core.audio import HEARD_RATE, SampleIndex, Span

_PER_MS: Final = HEARD_RATE // 1000


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """The figures of turn taking, in milliseconds and probabilities."""

    start_probability: float = 0.5
    """A frame at or above this may begin speech. Source: the detector's own default."""
    stay_probability: float = 0.35
    """Within a turn a frame at or above this is still speech. Source: the detector's own default (0.15 below)."""
    least_speech_ms: int = 96
    """Speech shorter than this (a click, a spoon) begins no turn; a short "네" has about 150 ms."""
    forget_ms: int = 320
    """Loud frames that do not add up to ``least_speech_ms`` are forgotten after this much quiet."""
    seam_ms: int = 300
    """Length of a pause at which ``SpeechPaused`` comes. Source: design, "How a turn flows"."""
    pre_roll_ms: int = 480
    """Sound kept before the first frame of speech: soft first consonants; with less the recogniser errs more."""
    tail_ms: int = 288
    """Sound kept after the last frame of speech; below ``seam_ms``, so that the speculative span is the final one."""
    longest_ms: int = 60_000
    """A turn is ended here and answered, rather than lost."""


@dataclass(frozen=True, slots=True)
class PauseBounds:
    """Between which a pause rule may move. Source: design, "How a turn flows"."""

    least_ms: int = 1_200
    most_ms: int = 2_500
    after_screening_ms: int = 2_000
    """After a screening question never less than this."""

    def hold(self, ms: int, *, after_screening: bool) -> int:
        """Return ``ms`` moved into the bounds."""
        least = max(self.least_ms, self.after_screening_ms) if after_screening else self.least_ms
        return min(max(ms, least), max(self.most_ms, least))


@dataclass(frozen=True, slots=True)
class PauseContext:
    """What a pause rule may look at."""

    speech_ms: int
    """From the first to the last frame of speech of this turn."""
    words: str | None
    """The speculative transcript of exactly this much speech; None while it is not there."""
    after_screening: bool
    """Whether the person is answering a screening question."""


class PauseRule(Protocol):
    """How long a pause must be to end the turn."""

    def pause_ms(self, context: PauseContext) -> int:
        """Return milliseconds; asked at every frame of a pause, and held between the bounds by the machine."""
        ...


@dataclass(frozen=True, slots=True)
class FixedPause:
    """The same pause for everybody."""

    ms: int = 1_600

    def pause_ms(self, context: PauseContext) -> int:
        """Return the one length."""
        del context
        return self.ms


class EndReason(StrEnum):
    """Why a turn ended."""

    PAUSE = "pause"
    TOO_LONG = "too_long"
    SOURCE_ENDED = "source_ended"
    """The recording is over, or the ear was closed to the room."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody speaks: enough speech has been heard to be sure."""

    at: SampleIndex
    """First frame of speech."""


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """A pause has reached the seam."""

    span: Span
    """The turn, if it ends with this pause."""


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """The person went on after ``SpeechPaused``: what was begun there is void."""

    at: SampleIndex


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over."""

    span: Span
    """The sound of the turn, with pre-roll and tail."""
    speech: Span
    """From the first to the last frame of speech."""
    decided_at: SampleIndex
    """Where the stream stood when it was decided."""
    reason: EndReason


TurnEvent: TypeAlias = SpeechStarted | SpeechPaused | SpeechResumed | TurnEnded


@dataclass(slots=True)
class _Open:
    """A turn, or what may become one."""

    begin: SampleIndex
    """Start of the pre-roll."""
    first: SampleIndex
    last: SampleIndex
    """Just past the last frame of speech."""
    speech_samples: int = 0
    started: bool = False
    paused: bool = False
    words: str | None = None


class TurnTaking:
    """The machine. One instance follows one stream of frames whose spans are contiguous and in order."""

    def __init__(
        self,
        settings: TurnSettings | None = None,
        *,
        pause_rule: PauseRule | None = None,
        bounds: PauseBounds | None = None,
        ends_on_pause: bool = True,
    ) -> None:
        """Start in quiet.

        Args:
            settings: The figures.
            pause_rule: How long a pause ends a turn; 1.6 s where none is given.
            bounds: What the rule's answer is held between.
            ends_on_pause: False where the source says what a turn is: only its end, or the longest turn, ends one.
        """
        self._settings = settings or TurnSettings()
        self._rule = pause_rule or FixedPause()
        self._bounds = bounds or PauseBounds()
        self._ends_on_pause = ends_on_pause
        self._open: _Open | None = None
        self._taken = SampleIndex(0)
        self._position = SampleIndex(0)
        self.after_screening = False
        """Set by the session while the person answers a screening question."""

    @property
    def speaking(self) -> bool:
        """Whether a turn has started and not ended."""
        return self._open is not None and self._open.started

    @property
    def keep_from(self) -> SampleIndex:
        """No event to come will reach back before this sample."""
        if self._open is not None:
            return self._open.begin
        return self._pre_roll(self._position)

    def note_words(self, words: str) -> None:
        """Give the speculative transcript of the turn as it stands at its latest ``SpeechPaused``."""
        if self._open is not None and self._open.paused:
            self._open.words = words

    def skip_to(self, at: SampleIndex) -> tuple[TurnEvent, ...]:
        """Go on at ``at``: what came before it is over and was not all heard. A started turn ends.

        Returns:
            As for ``finish``.
        """
        events = self.finish()
        self._taken = self._position = at
        return events

    def step(self, span: Span, probability: float) -> tuple[TurnEvent, ...]:
        """Take one frame.

        Args:
            span: Where it lies; begins where the frame before it ended.
            probability: That it is speech, in [0, 1].

        Returns:
            What happened, in order.
        """
        self._position = span.end
        turn = self._open
        bar = self._settings.start_probability if turn is None else self._settings.stay_probability
        if probability >= bar:
            return self._loud(span)
        return self._quiet(turn, span.end) if turn is not None else ()

    def finish(self) -> tuple[TurnEvent, ...]:
        """End the stream: a started turn ends here. The machine can go on with later frames."""
        turn, self._open = self._open, None
        if turn is None or not turn.started:
            return ()
        return (self._ended(turn, EndReason.SOURCE_ENDED),)

    def _loud(self, span: Span) -> tuple[TurnEvent, ...]:
        if self._open is None:
            self._open = _Open(begin=self._pre_roll(span.start), first=span.start, last=span.end)
        turn = self._open
        events: list[TurnEvent] = []
        if turn.paused:
            events.append(SpeechResumed(span.start))
        turn.last, turn.paused, turn.words = span.end, False, None
        turn.speech_samples += span.end - span.start
        if not turn.started and turn.speech_samples >= self._settings.least_speech_ms * _PER_MS:
            turn.started = True
            events.append(SpeechStarted(turn.first))
        return (*events, *self._too_long(turn, span.end))

    def _quiet(self, turn: _Open, now: SampleIndex) -> tuple[TurnEvent, ...]:
        gap_ms = (now - turn.last) // _PER_MS
        if not turn.started:
            if gap_ms >= self._settings.forget_ms:
                self._open = None
            return ()
        events: list[TurnEvent] = []
        if gap_ms >= self._settings.seam_ms and not turn.paused:
            turn.paused = True
            events.append(SpeechPaused(self._span(turn)))
        if self._ends_on_pause and turn.paused and gap_ms >= self._pause_ms(turn):
            self._open = None
            events.append(self._ended(turn, EndReason.PAUSE))
            return tuple(events)
        return (*events, *self._too_long(turn, now))

    def _too_long(self, turn: _Open, now: SampleIndex) -> tuple[TurnEvent, ...]:
        if not turn.started or now - turn.begin < self._settings.longest_ms * _PER_MS:
            return ()
        self._open = None
        return (self._ended(turn, EndReason.TOO_LONG),)

    def _pause_ms(self, turn: _Open) -> int:
        context = PauseContext(
            speech_ms=(turn.last - turn.first) // _PER_MS, words=turn.words, after_screening=self.after_screening
        )
        return self._bounds.hold(self._rule.pause_ms(context), after_screening=self.after_screening)

    def _ended(self, turn: _Open, reason: EndReason) -> TurnEnded:
        span = self._span(turn)
        self._taken = span.end
        return TurnEnded(span, Span(turn.first, turn.last), self._position, reason)

    def _span(self, turn: _Open) -> Span:
        end = min(turn.last + self._settings.tail_ms * _PER_MS, self._position)
        return Span(turn.begin, SampleIndex(end))

    def _pre_roll(self, at: SampleIndex) -> SampleIndex:
        return SampleIndex(max(at - self._settings.pre_roll_ms * _PER_MS, self._taken, 0))
