"""How dangerous an utterance is, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """What is to be done, from nothing to everything at once. Ordered: see ``rank``."""

    NONE = "none"
    WATCH = "watch"
    """One gentle question; recorded."""
    CONCERN = "concern"
    """A wish to be dead or the like: follow-up questions, 109, an alert within fifteen minutes."""
    URGENT = "urgent"
    """A plan, a means, or a body in danger: 109 or 119 in the same turn, the alert at once."""

    @property
    def rank(self) -> int:
        """0 for none … 3 for urgent."""
        return _RANKS[self]


_RANKS: Final = {level: rank for rank, level in enumerate(Level)}


class Theme(StrEnum):
    """What a danger is about, as far as the protocol differs."""

    NONE = "none"
    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    MEDICAL = "medical"
    FIRE = "fire"
    INTRUDER = "intruder"
    LOST = "lost"
    NO_ANSWER = "no_answer"


class Kind(StrEnum):
    """What the danger is."""

    NONE = "none"
    PASSIVE_WISH = "passive_wish"
    """A wish to be dead or gone, to be fetched, not to wake up."""
    ACTIVE_THOUGHT = "active_thought"
    """A thought of ending one's life oneself, without a way or a time."""
    PLAN = "plan_or_means"
    """An intent, a way, a time, a means at hand, a letter, affairs set in order; an attempt."""
    SELF_INJURY = "self_injury"
    """Hurting oneself, not said to be in order to die."""
    REFUSAL = "refusal"
    """Refusing food or medicine in order to die."""
    ABUSE = "abuse"
    MEDICAL = "medical"
    """A fall, pain in the chest, signs of a stroke, no breath, a wrong dose …"""
    LOW_SUGAR = "low_sugar"
    LOW_READING = "low_reading"
    """A device measured sugar that is dangerously low. Nothing was said."""
    FIRE = "fire"
    """Fire, smoke or gas."""
    INTRUDER = "intruder"
    LOST = "lost"
    NO_ANSWER = "no_answer"
    """Nothing dangerous was heard: nobody answered when 말벗 called. Only an alert is of this kind."""

    @property
    def theme(self) -> Theme:
        """What it is about."""
        return _THEMES[self]

    @property
    def is_measured(self) -> bool:
        """Whether a device says so and no person: it is asked about before anybody is told."""
        return self is Kind.LOW_READING


_THEMES: Final = {
    Kind.NONE: Theme.NONE,
    Kind.PASSIVE_WISH: Theme.SELF_HARM,
    Kind.ACTIVE_THOUGHT: Theme.SELF_HARM,
    Kind.PLAN: Theme.SELF_HARM,
    Kind.SELF_INJURY: Theme.SELF_HARM,
    Kind.REFUSAL: Theme.SELF_HARM,
    Kind.ABUSE: Theme.ABUSE,
    Kind.MEDICAL: Theme.MEDICAL,
    Kind.LOW_SUGAR: Theme.MEDICAL,
    Kind.LOW_READING: Theme.MEDICAL,
    Kind.FIRE: Theme.FIRE,
    Kind.INTRUDER: Theme.INTRUDER,
    Kind.LOST: Theme.LOST,
    Kind.NO_ANSWER: Theme.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Risk:
    """What was found in one utterance."""

    level: Level
    kind: Kind = Kind.NONE
    evidence: str = ""
    """Id of the rule that decided: ASCII, safe to log."""
    confidence: float = 1.0
    """In [0, 1]: how plainly the rule speaks; lower where a context lowered its level."""
    words: str = field(default="", repr=False)
    """The words of the person that decided, as heard. For the encrypted record only: never logged, never sent."""
    unsure: bool = False
    """Whether only trained voices heard it and are far from sure, or they gainsay the one rule that did: it is
    asked about first (decisions 0051, 0057)."""

    @property
    def theme(self) -> Theme:
        """What the danger is about."""
        return self.kind.theme


NO_RISK: Final = Risk(Level.NONE)
