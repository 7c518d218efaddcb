"""All that is outside, as Protocols: what the session needs and adapters give.

Everything here is blocking unless it is said to be a coroutine; the session runs each blocking port on one thread of
its own. Adapters translate third-party errors to ``companion.errors``; fakes in ``tests/fakes`` pass the same contract
suites as the real ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from companion.core.audio import Frame, Hertz, Samples, Sound
from companion.core.body import SensorService
from companion.core.cancellation import Cancellation
from companion.core.heard import Heard
from companion.core.phrase import Phrase
from companion.core.record import NewSession, NewTurn
from companion.safety.alerts import Alert, Contact, Delivery, DeliveryOutcome
from companion.safety.delivering import PlannedTry


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent to a contact."""

    title: str
    body: str
    urgent: bool = False
    """Whether a channel that knows of it should pass through whatever keeps it quiet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of sending."""

    outcome: DeliveryOutcome
    """SENT, FAILED, REFUSED, or INTERRUPTED where it may have arrived."""
    error_key: str = ""
    """Key of the operator sentence."""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that nobody has taken on, and all that decides what is sent next."""

    alert: Alert
    contacts: Mapping[str, Contact]
    """Those who may be told of it now, by id."""
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class BegunTry:
    """What a try takes that was just begun."""

    address: str = field(repr=False)
    person: str = field(repr=False)
    """As the contact knows them."""
    alert: Alert
    words: str = field(default="", repr=False)
    """What the person said; empty where it may not be told."""


class Microphone(Protocol):
    """A stream of frames: a device, or a recording played as if it were one."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames without a gap until the source ends or ``close`` is called.

        Raises:
            DeviceMissing: No such device is there.
            DeviceLost: It went away while listening.
        """
        ...

    def close(self) -> None:
        """End ``frames`` soon, from any thread. Calling it twice does nothing."""
        ...


class Button(Protocol):
    """Something to press."""

    def presses(self) -> Iterator[None]:
        """Yield at each press until ``close`` is called.

        Raises:
            DeviceMissing: No such device is there.
            DeviceLost: It went away.
        """
        ...

    def close(self) -> None:
        """End ``presses`` soon, from any thread. Calling it twice does nothing."""
        ...


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """A health device in range."""

    address: str
    name: str
    services: frozenset[SensorService]
    strength: int
    """Of its signal, dBm; nearer is higher."""


class SensorLink(Protocol):
    """A connection to a health device; characteristics by their 16-bit number. Raises what ``Sensors`` does."""

    def has(self, characteristic: int) -> bool:
        """Return whether the device has it."""
        ...

    async def read(self, characteristic: int) -> bytes:
        """Return its value."""
        ...

    async def subscribe(self, characteristic: int, heard: Callable[[bytes], None]) -> None:
        """Have every value that the device sends handed over, until the connection ends."""
        ...

    async def write(self, characteristic: int, packet: bytes) -> None:
        """Write a value and wait until the device took it."""
        ...

    async def lost(self) -> None:
        """Return when the device went away."""
        ...


class Sensors(Protocol):
    """Health devices over the air.

    Raises ``DeviceMissing`` (``bluetooth.no_radio``: none, or off; ``bluetooth.not_running``: the system's service), or
    ``DeviceLost`` (``bluetooth.out_of_range``, ``bluetooth.lost``, ``bluetooth.refused``: to be paired first).
    """

    async def scan(self, seconds: float) -> Sequence[FoundSensor]:
        """Return the health devices in range, the nearest first."""
        ...

    async def pair(self, address: str, passkey: Callable[[], Awaitable[int | None]]) -> None:
        """Pair with a device in range; ``passkey`` asks for the six digits it shows, None where nobody tells them."""
        ...

    async def forget(self, address: str) -> None:
        """Undo the pairing; a device that the system does not know is forgotten already."""
        ...

    def connect(self, address: str, seconds: float) -> AbstractAsyncContextManager[SensorLink]:
        """Give a connection as soon as the device is in range, within so many seconds."""
        ...


class VoiceActivity(Protocol):
    """Tells speech from everything else, frame by frame."""

    def probability(self, samples: Samples) -> float:
        """Return the probability in [0, 1] that this frame (float32 [512], 16 kHz) is speech; keeps state."""
        ...

    def reset(self) -> None:
        """Forget what was heard before."""
        ...


class Recognizer(Protocol):
    """Speech to text."""

    def recognise(self, samples: Samples) -> Heard:
        """Return what was said in float32 [n], mono, 16 kHz.

        Raises:
            InferenceError: The recogniser itself failed; odd sound is a value, not an error.
        """
        ...


class LanguageModel(Protocol):
    """A chat model. The model proposes; rules dispose."""

    @property
    def name(self) -> str:
        """Id of the artifact behind it."""
        ...

    def generate(
        self,
        messages: Sequence[Message],
        *,
        stop: Sequence[str] = (),
        max_tokens: int = 80,
        on_token: Callable[[str], bool] | None = None,
    ) -> str:
        """Return the reply, without any of the ``stop`` strings.

        Args:
            messages: System first, then user and assistant in turn, the last from the user.
            stop: Strings that end the reply; excluded from it.
            max_tokens: At least 1.
            on_token: Called with each new piece of text; returning False ends the generation. The pieces join to the
                returned text.

        Raises:
            InferenceError: The model failed.
        """
        ...

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> tuple[float, ...]:
        """Return one probability per option, summing to 1, in the order of ``options``.

        Raises:
            InferenceError: The model failed.
            ValueError: Fewer than two options, a blank one, or two the same.
        """
        ...


class Encoder(Protocol):
    """Sentences to vectors whose cosine says how near in meaning they are."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return float32 [n, d], one row of unit length per text; [0, d] for no texts."""
        ...


class Voice(Protocol):
    """Text to sound, phrase by phrase. Never raises on odd text: what it cannot say is silence."""

    @property
    def name(self) -> str:
        """Name of the voice as ``companion voice list`` shows it."""
        ...

    def say(self, phrase: Phrase, *, speed: float = 1.0, cancel: Cancellation | None = None) -> Sound:
        """Return the sound of one phrase, 24 kHz mono float32, trimmed, without its ``pause_after_ms``.

        Cancelling ends a running synthesis within 100 ms; the sound is then empty.

        Args:
            phrase: What to say.
            speed: 1.0 is the voice's default (about 3.7 syllables a second); 0.6 to 1.6.
            cancel: Ends it early.

        Raises:
            InferenceError: The engine itself failed.
        """
        ...


class Speaker(Protocol):
    """One output without gaps. Blocking calls from one thread; a cancelled one stops the sound within 50 ms."""

    @property
    def rate(self) -> Hertz:
        """Rate of the sounds it takes."""
        ...

    def write(self, sound: Sound, cancel: Cancellation) -> None:
        """Queue sound; returns once little of the queue is unplayed.

        Raises:
            DeviceLost: The device went away.
        """
        ...

    def drain(self, cancel: Cancellation) -> None:
        """Return when all that was queued has been played, or dropped because of ``cancel``.

        Raises:
            DeviceLost: The device went away.
        """
        ...

    @property
    def played(self) -> float:
        """Seconds of queued sound that have been heard since it was opened; never decreases."""
        ...

    def close(self) -> None:
        """Let the device go. Calling it twice does nothing."""
        ...


class Store(Protocol):
    """The record of conversations: what is committed is on the disk when a call returns."""

    def start_session(self, new: NewSession) -> str:
        """Commit a session and return its id.

        Raises:
            StorageFull: Nothing could be written.
        """
        ...

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        """Commit a turn and return its id.

        Raises:
            StorageFull: Nothing could be written; the turn may be handed in again.
        """
        ...

    def mark_spoken(self, turn_id: str, spoken: str) -> None:
        """Record what of a reply was really spoken.

        Raises:
            StorageFull: Nothing could be written.
        """
        ...

    def end_session(self, session_id: str, at: datetime, ended_by: str) -> None:
        """Commit the end of a session.

        Raises:
            StorageFull: Nothing could be written.
        """
        ...


class Notifier(Protocol):
    """Takes a message to somebody through the channel that an address names."""

    def send(self, address: str, notice: Notice) -> Sent:
        """Send, and return what became of it; a channel that is down or refuses is a value, not an error.

        Args:
            address: URL of the channel with its credentials. Never logged.
            notice: What is sent.
        """
        ...

    def is_usable(self, address: str) -> bool:
        """Return whether an address names a channel that people can be reached by; nothing is sent."""
        ...


class AlertStore(Protocol):
    """The record of alerts, for whoever delivers them: what is committed is on the disk when a call returns."""

    def open(self) -> Sequence[OpenAlert]:
        """Return the alerts that nobody has taken on, gravest first.

        Raises:
            StoreUnreadable: The record cannot be read.
        """
        ...

    def plan(self, tries: Iterable[PlannedTry]) -> None:
        """Commit tries that are to be made.

        Raises:
            StorageFull: Nothing could be written.
        """
        ...

    def begin(self, key: str) -> BegunTry | None:
        """Commit that a try is about to be made; None where it must not be made.

        Raises:
            StorageFull: Nothing could be written: it must not be sent.
        """
        ...

    def finish(self, key: str, outcome: DeliveryOutcome, error_key: str = "") -> None:
        """Commit what became of a try.

        Raises:
            StorageFull: Nothing could be written.
        """
        ...


class Clock(Protocol):
    """Time, so that tests can pass their own."""

    def now(self) -> datetime:
        """Wall clock, aware, in the zone of the device."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        ...
