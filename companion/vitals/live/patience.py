"""How long a device is waited for, and when an operator is told that something is wrong with it. Pure.

Laws: a wait is never longer than ``LONGEST``; of one trouble it is told once, until the device was there again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

LONGEST: Final = 300.0
"""Seconds."""
_SHORTEST: Final = 5.0
_OFF_THE_AIR: Final = 60.0
"""Seconds after which a meter is looked for again that gave all it had: it sends for a minute or two after each use."""
_PATIENT: Final = 3
"""Failures in a row after which it is said that a device that should be worn is out of range."""


class Event(StrEnum):
    """What became of one try to be in touch."""

    CONNECTED = "connected"
    FINISHED = "finished"
    """The device gave all it had."""
    LOST = "lost"
    """It was there and went away."""
    OUT_OF_RANGE = "out_of_range"
    NO_RADIO = "no_radio"
    NOT_RUNNING = "not_running"
    REFUSED = "refused"
    """It wants to be paired first."""

    @classmethod
    def of(cls, key: str) -> Event:
        """Return what an error of the port says."""
        name = key.removeprefix("bluetooth.")
        return cls(name) if name in {*cls} - {cls.CONNECTED, cls.FINISHED} else cls.LOST


_LASTING: Final = frozenset({Event.NO_RADIO, Event.NOT_RUNNING, Event.REFUSED})
"""Nothing mends itself in seconds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one device."""

    failures: int = 0
    """In a row."""
    told: frozenset[Event] = frozenset()
    """Of what an operator was told since the device was there last."""
    wait: float = 0.0
    """Seconds until the next try."""
    say: Event | None = None
    """Of what an operator is to be told now."""

    def after(self, event: Event, *, worn: bool) -> Standing:
        """Return how it stands after one more try.

        Args:
            event: What became of it.
            worn: Whether the device should be there all the time; a meter is there after each use only.
        """
        match event:
            case Event.CONNECTED:
                return Standing(say=event if self.told else None)
            case Event.FINISHED:
                return replace(self, failures=0, wait=_OFF_THE_AIR, say=None)
        failures = self.failures + 1
        says = event in _LASTING or (event is Event.OUT_OF_RANGE and worn and failures >= _PATIENT)
        say = event if says and event not in self.told else None
        told = self.told if say is None else self.told | {say}
        return Standing(failures, told, _wait(event, failures, worn=worn), say)


def _wait(event: Event, failures: int, *, worn: bool) -> float:
    if not worn and event in (Event.OUT_OF_RANGE, Event.LOST):
        return _SHORTEST
    longest = LONGEST if event in _LASTING else LONGEST / 5
    return min(_SHORTEST * float(1 << min(failures - 1, 10)), longest)
