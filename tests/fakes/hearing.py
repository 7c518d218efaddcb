"""Fakes at the ports of hearing: a fed microphone, activity by loudness, a recogniser with fixed answers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence

import numpy as np

from companion.core.audio import FRAME_SAMPLES, Frame, SampleIndex, Samples
from companion.core.heard import NOTHING_HEARD, Heard, Hearing

FRAMES_PER_SECOND = 31.25
VOICE = np.full(FRAME_SAMPLES, 0.25, dtype=np.float32)
ROOM = np.full(FRAME_SAMPLES, 0.001, dtype=np.float32)
ZEROS = np.zeros(FRAME_SAMPLES, dtype=np.float32)
LOUD = np.ones(FRAME_SAMPLES, dtype=np.float32)


def frame_count(seconds: float) -> int:
    """Frames that cover so many seconds."""
    return round(seconds * FRAMES_PER_SECOND)


class FedMicrophone:
    """Gives what the test feeds it, and waits for more until it is closed or told how it ends."""

    def __init__(self) -> None:
        self._fed: queue.Queue[Frame | Exception | None] = queue.Queue()
        self._position = 0

    def feed(self, samples: Samples, *, seconds: float = 0.0, overflowed: bool = False) -> None:
        """Put the same frame in for so many seconds; once for 0."""
        for _ in range(max(frame_count(seconds), 1)):
            self._fed.put(Frame(samples, SampleIndex(self._position), overflowed))
            self._position += len(samples)

    def end(self, error: Exception | None = None) -> None:
        """End after what was fed: quietly, or by an error."""
        self._fed.put(error)

    def frames(self) -> Iterator[Frame]:
        while (fed := self._fed.get()) is not None:
            if isinstance(fed, Exception):
                raise fed
            yield fed

    def close(self) -> None:
        self._fed.put(None)


class LoudnessActivity:
    """Takes every sound above -34 dB for speech."""

    def __init__(self) -> None:
        self.resets = 0

    def probability(self, samples: Samples) -> float:
        return 0.95 if float(np.abs(samples).max(initial=0.0)) > 0.02 else 0.02

    def reset(self) -> None:
        self.resets += 1


class ScriptedRecognizer:
    """Gives the next of its answers for each sound, the last one for ever; silence is nothing."""

    def __init__(self, answers: Sequence[Heard | Exception]) -> None:
        self._answers = list(answers)
        self.sounds: list[Samples] = []
        self.release = threading.Event()
        """Clear it to have the recogniser take as long as the test likes."""
        self.release.set()
        self.asked = threading.Event()
        """Set once a sound has come."""

    def recognise(self, samples: Samples) -> Heard:
        self.sounds.append(samples)
        self.asked.set()
        self.release.wait()
        if not samples.any():
            return NOTHING_HEARD
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def clearly(text: str) -> Heard:
    """Something that was heard well."""
    return Heard(text=text, confidence=0.9, hearing=Hearing.CLEAR)
