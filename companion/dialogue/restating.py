"""Says back what was told and no more, where what would be said besides is worth less. Pure.

A sentence beside the point hurts more than none: what a reply is worth after a telling is known (``weighing``), and
what was learnt of listeners says most tellings back rightly (``models/restating``). Where the last reply only said
back, less is asked of the next: nobody wants to talk to an echo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from companion.core.turn import Act, Tone
from companion.dialogue.bank import RECEIVE, Bank, Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.weighing import SITUATION, Weighing, source_of, weighed

WORTH: Final = 0.25
"""What anything must be worth to be said behind what was told, or instead of it."""
AGAIN: Final = 0.0
"""The same where the last reply only listened."""
_REPLACED: Final = frozenset({SITUATION, "frame", "motif", "gist", "family"})
"""Kinds of replies that may be worth less: what receives a tone that is sure, a death, or a body that hurts is said."""
_TOLD: Final = frozenset({Act.TELL, Act.COMPLAIN})
_KEPT: Final = frozenset({"malbeot", "body_pain", "illness_hospital", "medicine", "phone_scam"})
"""Topics of which more is said in any case: where to turn, what to beware of, and 말벗 itself."""
_GIST: Final = ".gist."
"""In the names of what answers what is said to 말벗, where it does not receive."""
_ORDINARY: Final = f"{RECEIVE}.gist.ordinary_now"
"""Fits any telling but a grave one: what is said back is better."""


def worth_needed(*, again: bool) -> float:
    """Return what anything must be worth beside a telling said back; ``again``: the last reply only listened."""
    return AGAIN if again else WORTH


def only_back(
    bank: Bank,
    weighing: Weighing,
    offered: Sequence[Situation],
    evidence: Evidence,
    fits: Mapping[str, float],
    *,
    again: bool,
) -> tuple[Situation, ...]:
    """Return what says a telling back and no more, where the best of what is offered is worth less; else nothing.

    What is said to 말벗 itself, asked or thanked, is answered and not said back.

    Args:
        bank: Where it is.
        weighing: What replies are worth.
        offered: What would be said, best first.
        evidence: What the telling was made out of.
        fits: How well replies fit it; where nobody knows, nothing is replaced.
        again: Whether the last reply only listened.
    """
    if not offered:
        return bank.toned(Tone.PLAIN)
    best = offered[0]
    told = best.act in _TOLD and best.topic not in _KEPT and (best.id.startswith(RECEIVE) or _GIST not in best.id)
    if source_of(best.id) not in _REPLACED or not told or not fits:
        return ()
    weak = weighing.worth(*weighed(best, evidence, fits)) < worth_needed(again=again)
    return bank.toned(Tone.PLAIN) if weak or best.id == _ORDINARY else ()
