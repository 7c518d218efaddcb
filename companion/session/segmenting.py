"""Joins voice activity and turn taking, and holds just as much sound as a turn may still need."""

from __future__ import annotations

from collections import deque

import numpy as np

from companion.core.audio import Frame, SampleIndex, Samples, Span
from companion.core.turn_taking import TurnEvent, TurnTaking
from companion.ports import VoiceActivity


class Segmenter:
    """Frames in, events out; the sound of a span that an event names can be had until the next frame comes.

    Args:
        activity: Tells speech from everything else; its state is this segmenter's alone.
        machine: Decides on turns; fresh.
    """

    def __init__(self, activity: VoiceActivity, machine: TurnTaking) -> None:
        self._activity = activity
        self._machine = machine
        self._kept: deque[Frame] = deque()
        activity.reset()

    @property
    def speaking(self) -> bool:
        """Whether a turn has started and not ended."""
        return self._machine.speaking

    def feed(self, frame: Frame) -> tuple[TurnEvent, ...]:
        """Take the next frame.

        Raises:
            InferenceError: The voice activity detector failed.
        """
        while self._kept and self._kept[0].end <= self._machine.keep_from:
            self._kept.popleft()
        self._kept.append(frame)
        span = Span(frame.start, frame.end)
        return self._machine.step(span, self._activity.probability(frame.samples))

    def note_words(self, words: str) -> None:
        """Give the machine the speculative transcript of the turn so far."""
        self._machine.note_words(words)

    def finish(self) -> tuple[TurnEvent, ...]:
        """End the stream: a started turn ends here."""
        return self._machine.finish()

    def skip_to(self, at: SampleIndex) -> tuple[TurnEvent, ...]:
        """Go on at ``at`` as if the stream began there; nothing before it is held any more."""
        events = self._machine.skip_to(at)
        self._kept.clear()
        self._activity.reset()
        return events

    def sound(self, span: Span) -> Samples:
        """Return float32 [span.end - span.start]; zeros where a frame is no longer held."""
        samples = np.zeros(max(span.end - span.start, 0), dtype=np.float32)
        for frame in self._kept:
            begin, end = max(frame.start, span.start), min(frame.end, span.end)
            if begin < end:
                samples[begin - span.start : end - span.start] = frame.samples[begin - frame.start : end - frame.start]
        return samples
