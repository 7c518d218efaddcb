"""What was told before bears on what is said now: named together with it, or received once more. Pure."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from companion.dialogue.answering import met
from companion.dialogue.bank import Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.receiving import held, is_plain, with_context
from companion.dialogue.requests import UNNAMED, Answer, Labels, Name, Request
from companion.dialogue.state import State
from companion.dialogue.tables import Parts

NEAR_CHARACTERS: Final = 200
"""What the encoder is shown: the end of a long turn, because its time grows with the text."""
_JOINED_TURNS: Final = 2
_FAREWELL: Final = "farewell"


def named(parts: Parts, text: str, said: str) -> Generator[Request, Answer, Labels]:
    """Return how probable each label of the end of a text is; none where nobody knows.

    Args:
        parts: Of the dialogue.
        text: What is to be named.
        said: What the person said just now: it takes leave only where it can.
    """
    answer = yield Name(text[-NEAR_CHARACTERS:])
    labels = answer if isinstance(answer, Labels) else UNNAMED
    return labels if parts.commands.may_part(said) else labels.without(_FAREWELL)


def told_before(state: State) -> list[str]:
    """Return what was said in the last turns."""
    return [turn.heard for turn in state.turns[-_JOINED_TURNS:] if turn.heard]


def in_context(parts: Parts, state: State, text: str, evidence: Evidence) -> Generator[Request, Answer, Evidence]:
    """Return the evidence with the gist of what is told and what was told before, where it alone is not plain."""
    before = told_before(state)
    if not before or is_plain(evidence):
        return evidence
    return with_context(evidence, (yield from named(parts, ". ".join((*before, text)), text)))


def met_before(parts: Parts, state: State, how: str) -> Generator[Request, Answer, tuple[Situation, ...]]:
    """Return what meets a short word from what was told before it; ``how`` as ``answering.nodded_to`` returns it."""
    if not how:
        return ()
    before = ". ".join(told_before(state))
    return met(parts.bank, (yield from named(parts, before, before)), how)


def held_gist(parts: Parts, state: State, evidence: Evidence) -> Generator[Request, Answer, tuple[Situation, ...]]:
    """Return what receives an answer by what it is an answer about: 쌀 포대를 옮겼거든, of an aching shoulder."""
    last = state.turns[-1] if state.turns else None
    if last is None or "?" not in last.reply or not last.heard:
        return ()
    return held(parts.bank, (yield from named(parts, last.heard, last.heard)), evidence)
