"""The arc of a session, as a state machine that can be printed.

Greeting, perhaps a word about last time, free talk led by the person, perhaps one offer, a kind close. The person
leads: whatever they say moves the session to free talk, whatever was planned. Danger comes before everything and
leads back to free talk, never to an offer. Pure. Whether something may be offered now is for ``opportunity``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a session stands."""

    BEGINNING = "beginning"
    GREETED = "greeted"
    TALKING = "talking"
    OFFERING = "offering"
    """Something was offered (a screening, an activity) and runs its course."""
    SAFETY = "safety"
    """A danger is open: nothing else is begun."""
    FALLING_SILENT = "falling_silent"
    ENDED = "ended"


class Event(StrEnum):
    """What moves a session on."""

    GREETED = "greeted"
    SPOKE = "spoke"
    """The person said something."""
    SILENT = "silent"
    OFFERED = "offered"
    SETTLED = "settled"
    """What was offered is done or refused."""
    DANGER = "danger"
    CALM = "calm"
    """The protocol of safety has nothing left to do."""
    CLOSED = "closed"


_MOVES: Final[Mapping[Stage, Mapping[Event, Stage]]] = {
    Stage.BEGINNING: {
        Event.GREETED: Stage.GREETED,
        Event.SPOKE: Stage.TALKING,
        Event.SILENT: Stage.FALLING_SILENT,
        Event.DANGER: Stage.SAFETY,
    },
    Stage.GREETED: {
        Event.SPOKE: Stage.TALKING,
        Event.SILENT: Stage.FALLING_SILENT,
        Event.OFFERED: Stage.OFFERING,
        Event.DANGER: Stage.SAFETY,
    },
    Stage.TALKING: {
        Event.SPOKE: Stage.TALKING,
        Event.SILENT: Stage.FALLING_SILENT,
        Event.OFFERED: Stage.OFFERING,
        Event.DANGER: Stage.SAFETY,
    },
    Stage.OFFERING: {
        Event.SETTLED: Stage.TALKING,
        Event.SPOKE: Stage.TALKING,
        Event.SILENT: Stage.FALLING_SILENT,
        Event.DANGER: Stage.SAFETY,
    },
    Stage.SAFETY: {Event.CALM: Stage.TALKING, Event.DANGER: Stage.SAFETY},
    Stage.FALLING_SILENT: {
        Event.SPOKE: Stage.TALKING,
        Event.SILENT: Stage.FALLING_SILENT,
        Event.OFFERED: Stage.OFFERING,
        Event.DANGER: Stage.SAFETY,
    },
    Stage.ENDED: {},
}
MOST_SILENCES: Final = 2
"""In a row, after which the session ends kindly. Source: clinical.md, section 10 (three silent turns, end kindly)."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """Where the session stands and what it has had. A new one comes with every event; none is ever changed."""

    stage: Stage = Stage.BEGINNING
    silences: int = 0
    """In a row."""
    offers: int = 0
    """Made so far."""

    def after(self, event: Event) -> SessionPlan:
        """Return the plan after an event. What cannot happen in a stage changes nothing; ``CLOSED`` always ends it."""
        if event is Event.CLOSED:
            return replace(self, stage=Stage.ENDED)
        stage = _MOVES[self.stage].get(event)
        if stage is None:
            return self
        silences = self.silences + 1 if event is Event.SILENT else 0
        if silences > MOST_SILENCES:
            return replace(self, stage=Stage.ENDED, silences=silences)
        return replace(self, stage=stage, silences=silences, offers=self.offers + (event is Event.OFFERED))


def moves() -> Iterator[tuple[Stage, Event, Stage]]:
    """Yield every move of the machine, for whoever prints it; ``CLOSED`` ends the session from every stage."""
    for stage, by_event in _MOVES.items():
        for event, following in by_event.items():
            yield stage, event, following
        if stage is not Stage.ENDED:
            yield stage, Event.CLOSED, Stage.ENDED
