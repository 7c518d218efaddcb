"""What a goodbye looks forward to: a thing that the person spoke of gladly, to be told more of next time. Pure."""

from __future__ import annotations

from typing import Final

from companion.core.turn import Feeling
from companion.dialogue.receiving import is_felt
from companion.dialogue.state import State
from companion.dialogue.tables import Parts
from companion.safety.risk import NO_RISK

_GLAD: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE, Feeling.LONGING, Feeling.NEUTRAL})


def look_forward(parts: Parts, state: State) -> str:
    """Return the last thing spoken of gladly; empty where there was none, or something hard was told after it.

    Whoever told of a child that died is not thanked for the story of the octopus.
    """
    for turn in reversed(state.turns):
        understood = turn.understanding
        if turn.risk != NO_RISK or (understood is not None and understood.feeling not in _GLAD and is_felt(understood)):
            return ""
        if understood is None or understood.feeling not in _GLAD:
            continue
        reading = parts.grammar.read(parts.analyser.analyse(turn.heard))
        things = parts.naming.find(turn.heard, reading).things
        if things:
            return things[-1]
    return ""
