"""What a short turn answers: what 말벗 asked last or only invited, or what was told before. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from companion.core.turn import Act, Understanding
from companion.dialogue.bank import ANSWER, GIST, RECEIVE, Bank, Situation
from companion.dialogue.receiving import is_felt
from companion.dialogue.understanding import OTHER
from companion.dialogue.wants import NONE

if TYPE_CHECKING:
    from companion.dialogue.choice import Evidence
    from companion.dialogue.requests import Labels
    from companion.dialogue.tables import Parts
    from companion.dialogue.taken import Taken

_INVITED: Final = "any"
_MEANT: Final = {"yes": "yes", "no": "no", "not_sure": "unsure", "fine_anyway": "fine"}
"""Of the wants (``prompts/wants``): how short words meet what was told."""
_REACTED: Final = {"yes": "yes", "no": "no", "so_so": "unsure", "unknown": "unsure"}
_AGREEING: Final = frozenset({"", "yes", "content"})
_SAID_TO: Final = frozenset({Act.GREET, Act.FAREWELL, Act.ASK, Act.REQUEST, Act.THANK, Act.APOLOGISE})
GENERAL: Final = {"yes": "yes", "no": "not_much", "unsure": "unsure", "fine": "fine"}
"""What meets a short word where it is not plain what was told: the situations ``answer.any.NAME``."""
_MEANT_SURE: Final = 0.4
_TOLD_SURE: Final = 0.2
"""How probable the gist of what was told must be for a short word to be met from there."""


def as_answer(
    parts: Parts, heard: Taken, understood: Understanding, *, is_short: bool
) -> tuple[tuple[Situation, ...], str]:
    """Return the situations of an answer to what 말벗 asked last, and what that question was about.

    Short words that mean nothing by themselves answer what was only invited, too.
    """
    last = heard.state.turns[-1] if heard.state.turns else None
    kind = parts.own_questions.kind(last.reply) if last is not None else ""
    kind = kind or (_INVITED if is_short else "")
    how = reaction(parts, heard, understood)
    if last is None or not kind or not how:
        return (), ""
    topics = parts.understander.lexicon.topics(parts.grammar.read(parts.analyser.analyse(last.reply)))
    named = max(topics, key=lambda name: topics[name], default="")
    topic = last.understanding.topic if last.understanding is not None else named
    return parts.bank.answered(kind, how, topic if topic != OTHER else named), topic


def reaction(parts: Parts, heard: Taken, understood: Understanding) -> str:
    """Return how the words answer a question; empty where they answer none."""
    return parts.own_questions.reaction(heard.text, heard.reading, understood.act)


def only_telling(understood: Understanding) -> Understanding:
    """Return what was understood of what surely only tells: it greets nobody and asks for nothing."""
    told = Act.TELL if understood.act in _SAID_TO else understood.act
    return replace(understood, act=told, noticed=replace(understood.noticed, wants=(NONE,)))


def nodded(parts: Parts, heard: Taken, understood: Understanding) -> tuple[Situation, ...]:
    """Return what receives a bare yes: the feeling that was told before, held for another turn."""
    last = heard.state.turns[-1].understanding
    agrees = understood.act in {Act.YES, Act.ACKNOWLEDGE} and reaction(parts, heard, understood) in _AGREEING
    if not agrees or last is None or not is_felt(last):
        return ()
    held = parts.bank.situations.get(f"{RECEIVE}.{last.topic}.{last.feeling}")
    return () if held is None else (held,)


def nodded_to(parts: Parts, heard: Taken, understood: Understanding, evidence: Evidence, *, short: bool) -> str:
    """Return how short words meet what was told: ``yes``, ``no``, ``unsure`` or ``fine``; empty where they do not.

    What 말벗 asked is answered by them instead. ``short``: whether they mean nothing without what was said before, as
    far as others know.
    """
    last = heard.state.turns[-1] if heard.state.turns else None
    if last is None or parts.own_questions.kind(last.reply):
        return ""
    if parts.own_questions.waits(heard.text):
        return "yes"
    wants = evidence.labels.wants
    best = max(wants, key=lambda name: wants[name], default="")
    if best in _MEANT and wants[best] >= _MEANT_SURE:
        return _MEANT[best]
    return _REACTED.get(reaction(parts, heard, understood), "") if short else ""


def met(bank: Bank, before: Labels, how: str) -> tuple[Situation, ...]:
    """Return what meets a short word from the gist of what was told before; nothing where that is not plain.

    Args:
        bank: Where it is.
        before: What the turns before are, together.
        how: As ``nodded_to`` returns it.
    """
    told = {name: share for name, share in before.gists.items() if bank.is_told(name)}
    best = max(told, key=lambda name: told[name], default="")
    if told.get(best, 0.0) < _TOLD_SURE:
        return ()
    found = bank.situations.get(f"{ANSWER}.{GIST}.{best}.{how}")
    return () if found is None else (found,)
