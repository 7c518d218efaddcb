"""What the session listens with: a microphone, recordings, or a keyboard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Protocol, TypeAlias

from companion.core.heard import Heard


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of the person, ended."""

    heard: Heard
    speech_ended: float
    """When the person stopped speaking, in seconds on the session's monotonic clock."""
    turn_ended: float
    """When it was decided that the turn was over, on the same clock."""
    source: str = ""
    """Name of the file that it came from; empty for a microphone or a keyboard."""

    def going_on(self, rest: str) -> Utterance | None:
        """Return what is left of it to be answered; None where nothing is."""
        return replace(self, heard=replace(self.heard, text=rest)) if rest else None


class Quiet(Enum):
    """Why there is no utterance."""

    SILENCE = "silence"
    """The person said nothing for as long as was waited."""
    ENDED = "ended"
    """The source is over: last file played, keyboard closed."""


SILENCE: Final = Quiet.SILENCE
ENDED: Final = Quiet.ENDED
Listened: TypeAlias = Utterance | Quiet


class Ear(Protocol):
    """Gives one turn of the person after another."""

    async def listen(self, patience: float) -> Listened:
        """Return the next utterance, or SILENCE after ``patience`` seconds in which nobody spoke.

        A microphone captures all the time, also between two calls: speech that began before the call is not lost.

        Raises:
            DeviceLost: The microphone went away.
            InferenceError: The recogniser failed.
        """
        ...

    async def speech(self) -> None:
        """Return when the person begins to speak while 말벗 does; never, where the ear cannot tell the two apart."""
        ...

    @property
    def busy(self) -> bool:
        """Whether the person is speaking or being understood, so that nothing else should use the processor."""
        ...

    def mute(self) -> None:
        """말벗 is about to speak: an ear that cannot tell its voice from the person's stops listening."""
        ...

    def unmute(self) -> None:
        """말벗 has spoken."""
        ...

    async def close(self) -> None:
        """Let the device go. Calling it twice does nothing."""
        ...
