"""What a language model is shown, and what is made of its answer before the guard sees it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from companion.core.reading import Reading
from companion.core.turn import Reply, ReplySource, Understanding
from companion.dialogue.bank import Situation
from companion.dialogue.guard import PASSED
from companion.dialogue.requests import Answer, Generate, Line, Request
from companion.dialogue.slots import can_fill, filled
from companion.dialogue.state import Exchange
from companion.dialogue.tables import Parts
from companion.dialogue.understanding import OTHER, SMALL_TALK

if TYPE_CHECKING:
    from companion.dialogue.taken import Taken

_MODEL_TOKENS: Final = 80
_SHOWN_TURNS: Final = 4
_LIKE: Final = 0.15
_EXAMPLES: Final = 2


def generated(
    parts: Parts,
    persona: str,
    heard: Taken,
    understood: Understanding,
    situations: Sequence[Situation],
    *,
    instead_of: Reply,
) -> Generator[Request, Answer, Reply]:
    """Ask for a written reply; return it if guard and relevance let it pass, else the one of the bank.

    Args:
        parts: What guards it.
        persona: The constant beginning of the prompt.
        heard: What is answered.
        understood: What it was understood as.
        situations: Those of the bank that fit: examples of its style.
        instead_of: What is said where it does not pass.
    """
    examples = examples_of(situations, heard.slots)
    answer = yield Generate(lines_for(persona, heard.state.turns, heard.text, examples), _MODEL_TOKENS)
    if not isinstance(answer, str):
        return instead_of
    draft = drafted(answer)
    refusal = parts.guard.refused_by(draft, [turn.reply for turn in heard.state.turns], persona)
    if refusal == PASSED and not is_relevant(draft, heard.reading, understood, parts):
        refusal = "relevance"
    if refusal != PASSED:
        return replace(instead_of, guard=refusal)
    return Reply(draft, ReplySource.MODEL, "generated")


def examples_of(situations: Sequence[Situation], values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what people say and what is answered in the nearest situations of the bank: examples of its style."""
    found = [
        (situation.says[0], filled(reply, values))
        for situation in situations
        if situation.says
        for reply in situation.replies[:1]
        if can_fill(reply, values)
    ]
    return tuple(found[:_EXAMPLES])


def lines_for(
    persona: str, turns: Sequence[Exchange], text: str, examples: Sequence[tuple[str, str]] = ()
) -> tuple[Line, ...]:
    """Return the messages: the constant persona first (its evaluation is kept), examples, the last turns, the words."""
    lines = [Line("system", persona)]
    for said, answered in examples:
        lines += [Line("user", said), Line("assistant", answered)]
    for turn in turns[-_SHOWN_TURNS:]:
        if turn.heard and turn.reply:
            lines += [Line("user", turn.heard), Line("assistant", turn.reply)]
    lines.append(Line("user", text))
    return tuple(lines)


def drafted(answer: str) -> str:
    """Return the answer on one line, without the quotation marks that small models put around it."""
    return " ".join(answer.split()).strip("\"'“”‘’ ")


def is_relevant(draft: str, reading: Reading, understood: Understanding, parts: Parts) -> bool:
    """Whether a reply speaks of what was said: a content word in common, or words of the same topic or situation."""
    reply = parts.grammar.read(parts.analyser.analyse(draft))
    said = {word.form for word in reading.words if word.kind in {"n", "v"}}
    if said & {word.form for word in reply.words}:
        return True
    topics = parts.understander.lexicon.topics(reply)
    if understood.topic in topics or understood.topic in {OTHER, SMALL_TALK}:
        return True
    return parts.likeness.by_words(reply).get(understood.situation, 0.0) >= _LIKE
