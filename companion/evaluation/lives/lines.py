"""What a simulated person says, with why they say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from companion.evaluation.lives.persona import Change, Fact, Probe, Promise, ScriptTurn


class Why(StrEnum):
    """Why a line is said."""

    SCRIPT = "script"
    FACT = "fact"
    """Something of their life is told."""
    CHANGE = "change"
    """Something told before is corrected."""
    PROBE = "probe"
    """Something told before is asked for."""
    FORGET = "forget"
    """Something told before is to be forgotten."""
    PROMISE = "promise"
    """Something that will happen on a day is told."""
    OUTCOME = "outcome"
    """What became of it is told, because 말벗 asked."""
    ANSWER = "answer"
    """A question of 말벗 is answered."""
    OWN = "own"
    """They begin with something of their own."""
    NOD = "nod"
    MISHEARD = "misheard"
    SILENCE = "silence"
    FAREWELL = "farewell"


Of: TypeAlias = ScriptTurn | Fact | Probe | Change | Promise | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    text: str
    """Empty where nothing is said."""
    why: Why
    of: Of = None
    """What of the persona it comes from."""
    fact_id: str = ""
    """Of the fact that it tells, corrects, asks for or wants forgotten."""
