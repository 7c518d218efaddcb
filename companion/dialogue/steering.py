"""The small words by which people steer a talk: a goodbye, a pause, a word not heard.

They are gists like those of what is told (``prompts/gists/steering.toml``); where one is plain, it is answered before
any situation of the bank, and a goodbye or a word not heard does what the command does that it stands for. Pure.
"""

from __future__ import annotations

from typing import Final

from companion.core.turn import Act, Understanding
from companion.dialogue.bank import FALLBACK, GIST, Bank, Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.commands import Asked
from companion.dialogue.state import Command

GISTS: Final = frozenset(
    {"farewell", "greeting", "hold_on", "back", "agree", "disagree", "not_know", "other_topic", "misheard"}
)
_PLAIN: Final = 0.6
"""How probable one must be to be answered as such."""
_LEFT, _GREETED, _MISHEARD = (f"{FALLBACK}.{GIST}.{name}" for name in ("farewell", "greeting", "misheard"))
ACTS: Final = {_LEFT: Act.FAREWELL, _GREETED: Act.GREET, _MISHEARD: Act.ASK}
"""What is done by saying it, where it is something else than telling."""
_MEANT: Final = {_LEFT: Asked(Command.STOP, farewell=True), _MISHEARD: Asked(Command.REPEAT)}


def steered(bank: Bank, evidence: Evidence) -> Situation | None:
    """Return what answers words that plainly steer the talk; None where something is told or asked."""
    gists = evidence.labels.gists
    best = max(GISTS, key=lambda name: (gists.get(name, 0.0), name))
    return next(iter(bank.received(best)), None) if gists.get(best, 0.0) >= _PLAIN else None


def meant(understood: Understanding) -> Asked | None:
    """Return the command that plain steering words stand for; None where they stand for none."""
    return _MEANT.get(understood.situation) if ACTS.get(understood.situation) is understood.act else None
