"""What a short turn answers: what 말벗 asked last or only invited, or the feeling that was told before. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from companion.core.turn import Act, Understanding
from companion.dialogue.bank import RECEIVE, Situation
from companion.dialogue.receiving import is_felt
from companion.dialogue.understanding import OTHER

if TYPE_CHECKING:
    from companion.dialogue.replying import Heard
    from companion.dialogue.tables import Parts

_INVITED: Final = "any"


def as_answer(
    parts: Parts, heard: Heard, understood: Understanding, *, is_short: bool
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


def reaction(parts: Parts, heard: Heard, understood: Understanding) -> str:
    """Return how the words answer a question; empty where they answer none."""
    return parts.own_questions.reaction(heard.text, heard.reading, understood.act)


def nodded(parts: Parts, heard: Heard, understood: Understanding) -> tuple[Situation, ...]:
    """Return what receives a bare yes: the feeling that was told before, held for another turn."""
    last = heard.state.turns[-1].understanding
    if understood.act not in {Act.YES, Act.ACKNOWLEDGE} or last is None or not is_felt(last):
        return ()
    held = parts.bank.situations.get(f"{RECEIVE}.{last.topic}.{last.feeling}")
    return () if held is None else (held,)
