"""The small words by which people steer a talk: a goodbye, a pause, a word not heard.

They are gists like those of what is told (``prompts/gists/steering.toml``); where one is plain, it is answered before
any situation of the bank, and a goodbye or a word not heard does what the command does that it stands for. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from companion.core.turn import Act, Understanding
from companion.dialogue.bank import FALLBACK, GIST, Bank, Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.commands import Asked
from companion.dialogue.state import Command

GISTS: Final = frozenset(
    {"farewell", "greeting", "hold_on", "back", "agree", "disagree", "not_know", "other_topic", "misheard"}
)
_FAREWELL: Final = "farewell"
_PARTING: Final = frozenset({_FAREWELL, "greeting", "hold_on", "back"})
_MEETS: Final = frozenset({"short_answer", "unclear", "not_know"})
"""What answers a question as well."""
_LIKELY: Final = 0.2
"""How probable the likeliest of all gists must be to be answered as steering: of 450 turns of whole talks 18 were so
sure of a goodbye, and 16 of them were one."""
_PLAIN: Final = 0.6
"""From which it counts as what it is without another voice: a goodbye then ends the talk."""
_SURE: Final = 0.8
"""From which a telling is a goodbye as well: 나 오늘 고추밭에 약 치고 왔어 is none."""
_LEFT, _GREETED, _MISHEARD = (f"{FALLBACK}.{GIST}.{name}" for name in ("farewell", "greeting", "misheard"))
_ACTS: Final = {_LEFT: Act.FAREWELL, _GREETED: Act.GREET, _MISHEARD: Act.ASK}
"""What is done by saying it, where it is something else than telling."""
_MEANT: Final = {_LEFT: Asked(Command.STOP, farewell=True), _MISHEARD: Asked(Command.REPEAT)}


def steered(bank: Bank, evidence: Evidence, *, told: bool = False) -> tuple[Situation, Act | None] | None:
    """Return what answers words that steer the talk, and what plain ones do; None where something is told or asked.

    Args:
        bank: Where the answers are.
        evidence: What the words are made out of.
        told: Whether they are a whole telling by their grammar: then only a sure goodbye is one.
    """
    gists = evidence.labels.gists
    best = max(gists, key=lambda name: gists[name], default="")
    if best not in GISTS or gists[best] < (_SURE if told and best == _FAREWELL else _LIKELY):
        return None
    found = next(iter(bank.received(best)), None)
    return None if found is None else (found, _ACTS.get(found.id) if gists[best] >= _PLAIN else None)


def staying(evidence: Evidence) -> Evidence:
    """Return the evidence of an answer without gists of going and coming that are not sure: 울릉도까정 갔소."""
    return _unless_sure(evidence, _PARTING)


def only_told(bank: Bank, evidence: Evidence) -> Evidence:
    """Return the evidence of what only tells, without what is said to 말벗 that is not sure: 쪼매, 소파."""
    return _unless_sure(
        evidence, (name for name in evidence.labels.gists if bank.is_said_to(name) and name not in _MEETS)
    )


def _unless_sure(evidence: Evidence, gists: Iterable[str]) -> Evidence:
    labels = evidence.labels
    for gist in gists:
        labels = labels if evidence.labels.gists.get(gist, 0.0) >= _SURE else labels.without(gist)
    return replace(evidence, labels=labels)


def meant(understood: Understanding) -> Asked | None:
    """Return the command that plain steering words stand for; None where they stand for none."""
    return _MEANT.get(understood.situation) if _ACTS.get(understood.situation) is understood.act else None


def greets_nobody(understood: Understanding, evidence: Evidence) -> bool:
    """Whether what the head takes for a greeting is none: 아이고 전화 왔다, 잠깐만."""
    return understood.act is Act.GREET and evidence.labels.gists.get("greeting", 1.0) < _LIKELY
