"""When nothing is asked: where the person wishes to be left in peace, for several turns, and after enough questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from companion.dialogue.state import Exchange

_TURNS: Final = 5
"""OWN: about as long as somebody who waved off goes on talking of their own accord."""
_WAVED_OFF: Final = frozenset({"question.stop_asking", "question.left_alone", "question.just_listen"})
_QUESTIONS_IN_A_ROW: Final = 2


def wants_quiet(turns: Sequence[Exchange]) -> bool:
    """Return whether the person said lately that they want to be asked nothing, or to be left alone."""
    understood = (turn.understanding for turn in turns[-_TURNS:])
    return any(one is not None and one.situation in _WAVED_OFF for one in understood)


def asked_enough(turns: Sequence[Exchange]) -> bool:
    """Return whether the last replies all asked something: a listener does not only ask."""
    last = turns[-_QUESTIONS_IN_A_ROW:]
    return len(last) == _QUESTIONS_IN_A_ROW and all("?" in turn.reply for turn in last)
