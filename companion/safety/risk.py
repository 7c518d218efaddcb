"""How dangerous an utterance is, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """What is to be done, from nothing to everything at once. Ordered: see ``rank``."""

    NONE = "none"
    WATCH = "watch"
    """One gentle question; recorded."""
    CONCERN = "concern"
    """A wish to be dead or the like: follow-up questions, 109."""
    URGENT = "urgent"
    """A plan, a means, or a body in danger: 109 or 119 in the same turn."""

    @property
    def rank(self) -> int:
        """0 for none … 3 for urgent."""
        return list(Level).index(self)


class Kind(StrEnum):
    """What the danger is."""

    NONE = "none"
    SELF_HARM = "self_harm"
    MEDICAL = "medical"
    FIRE = "fire"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True)
class Risk:
    """What was found in one utterance."""

    level: Level
    kind: Kind = Kind.NONE
    evidence: str = ""
    """Id of the rule that decided, never the words of the person."""
    confidence: float = 1.0
    """In [0, 1]: how plainly the rule speaks; lower where a context lowered its level."""


NO_RISK: Final = Risk(Level.NONE)
