"""The arc of a session, as a state machine that can be printed.

Greeting, perhaps a word about last time, free talk led by the person, perhaps one offer, a kind close. The person
leads: whatever they say moves the session to free talk, whatever was planned. Danger comes before everything and
leads back to free talk, never to an offer. Pure: what has an offer to make asks ``refusal`` and hears why not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from companion.core.turn import Feeling


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
    Stage.BEGINNING: {Event.GREETED: Stage.GREETED, Event.DANGER: Stage.SAFETY},
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
    Stage.FALLING_SILENT: {Event.SPOKE: Stage.TALKING, Event.SILENT: Stage.FALLING_SILENT, Event.DANGER: Stage.SAFETY},
    Stage.ENDED: {},
}
MOST_SILENCES: Final = 2
"""In a row, after which the session ends kindly. Source: clinical.md, section 10 (three silent turns, end kindly)."""
MOST_OFFERS: Final = 1
"""In one session: one screening or one activity."""
SETTLE_IN_MINUTES: Final = 2.0
"""Of free talk before anything is offered: the person speaks first. OWN."""
MOST_MINUTES: Final = 25.0
"""After which nothing new is begun: a session of behavioural activation lasts at most half an hour. Source:
clinical.md, section 10."""
FIRST_HOUR: Final = 9
LAST_HOUR: Final = 20
"""Of the day, between which something may be offered. OWN; quiet hours are the family's to set."""
_HEAVY: Final = frozenset({Feeling.SADNESS, Feeling.ANGER, Feeling.PAIN, Feeling.WORRY})


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


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What must be known to decide whether something may be offered now."""

    plan: SessionPlan
    minutes: float
    """Since the session began."""
    hour: int
    """Of the day, 0 to 23."""
    feeling: Feeling = Feeling.NEUTRAL
    """Of what was said last."""
    bad_news: bool = False
    """Whether a loss or an illness was told in this session or the last days."""
    question_open: bool = False
    """Whether 말벗 asked something that the person has not answered."""


class Refusal(StrEnum):
    """Why nothing is offered at a moment."""

    SAFETY = "safety"
    ENDED = "ended"
    NOT_YET_TALKING = "not_yet_talking"
    QUESTION_OPEN = "question_open"
    OFFERED_ALREADY = "offered_already"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    HOUR = "hour"
    HEAVY = "heavy"
    """The person is sad, angry, worried or in pain: they are listened to, nothing is offered."""
    BAD_NEWS = "bad_news"


def refusal(at: Opportunity) -> Refusal | None:
    """Return why nothing may be offered now, the gravest reason first; None where something may."""
    reasons = (
        (Refusal.SAFETY, at.plan.stage is Stage.SAFETY),
        (Refusal.ENDED, at.plan.stage is Stage.ENDED),
        (Refusal.NOT_YET_TALKING, at.plan.stage is not Stage.TALKING),
        (Refusal.QUESTION_OPEN, at.question_open),
        (Refusal.OFFERED_ALREADY, at.plan.offers >= MOST_OFFERS),
        (Refusal.TOO_SOON, at.minutes < SETTLE_IN_MINUTES),
        (Refusal.TOO_LATE, at.minutes > MOST_MINUTES),
        (Refusal.HOUR, not FIRST_HOUR <= at.hour < LAST_HOUR),
        (Refusal.HEAVY, at.feeling in _HEAVY),
        (Refusal.BAD_NEWS, at.bad_news),
    )
    return next((reason for reason, holds in reasons if holds), None)


def moves() -> Iterator[tuple[Stage, Event, Stage]]:
    """Yield every move of the machine, for whoever prints it; ``CLOSED`` ends the session from every stage."""
    for stage, by_event in _MOVES.items():
        for event, following in by_event.items():
            yield stage, event, following
        if stage is not Stage.ENDED:
            yield stage, Event.CLOSED, Stage.ENDED
