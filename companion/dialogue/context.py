"""What was told before bears on what is said now: named together with it, or received once more. Pure."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from typing import Final

from companion.core.reading import Reading
from companion.core.turn import Act, Understanding
from companion.dialogue.answering import met
from companion.dialogue.bank import Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.guard import PASSED
from companion.dialogue.receiving import BODILY, MOURNED, held, is_plain, with_context
from companion.dialogue.requests import (
    UNNAMED,
    Alike,
    Answer,
    FindAlike,
    FindFits,
    Fits,
    Labels,
    Name,
    React,
    Reacted,
    Request,
    Restate,
    Restated,
)
from companion.dialogue.slots import without_slots
from companion.dialogue.state import State
from companion.dialogue.tables import Parts
from companion.dialogue.taken import Taken
from companion.dialogue.understanding import OTHER, SMALL_TALK
from companion.dialogue.wants import Want

NEAR_CHARACTERS: Final = 200
"""What the encoder is shown: the end of a long turn, because its time grows with the text."""
_JOINED_TURNS: Final = 2
_FAREWELL: Final = "farewell"
OF_ANIMALS: Final = frozenset({"pets"})
"""Topics after which a telling without a subject speaks of somebody who is not honoured."""
_TOPIC_HELD: Final = 0.85
_TOPIC_SURE: Final = 0.4
"""Confidence from which a short utterance has a topic of its own, whatever was spoken of before."""
_MOURNED_SURE: Final = 0.4
"""Who speaks of the dead is not turned to what else the words may mean."""
_OF_THE_DEAD: Final = frozenset(
    {"illness_hospital", "spouse", "family_children", "sleep", "mood", "loneliness", "work_past", "music", "meal"}
)
_TOLD: Final = frozenset({Act.TELL, Act.COMPLAIN, Act.ASK, Act.YES, Act.NO, Act.UNCLEAR})
DEAD: Final = "dead"
OF_DEATH: Final = frozenset({DEAD, "anniversary"})
"""Claims of a telling."""
_MOURNED_TURNS: Final = 3
_NO_TOPIC: Final = frozenset({OTHER, SMALL_TALK})
_NOT_HELD: Final = _NO_TOPIC | {"malbeot", "mood", "loneliness"}
"""Who asked 말벗 its name and tells of their flight now does not speak of 말벗; nor is a mood what is told."""


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


def alike(parts: Parts, text: str) -> Generator[Request, Answer, tuple[Alike, ...]]:
    """Return the exemplars that are nearest to what is told; none where nobody knows."""
    if not len(parts.exemplars):
        return ()
    answer = yield FindAlike(text[-NEAR_CHARACTERS:])
    return tuple(one for one in answer if isinstance(one, Alike)) if isinstance(answer, tuple) else ()


def fits(text: str, replies: Iterable[str]) -> Generator[Request, Answer, Mapping[str, float]]:
    """Return how well replies fit what is told; none of those that nobody knows.

    Args:
        text: What is told.
        replies: Of exemplars and of the bank, as they are written.
    """
    written = {reply: without_slots(reply) for reply in replies}
    answer = yield FindFits(text[-NEAR_CHARACTERS:], tuple(dict.fromkeys(filter(None, written.values()))))
    of = answer.of if isinstance(answer, Fits) else {}
    return {reply: of[plain] for reply, plain in written.items() if plain in of}


def with_back(parts: Parts, heard: Taken) -> Generator[Request, Answer, Taken]:
    """Return what was heard with it said back by what was learnt; as it is where nobody can, or it only corrects.

    A short answer is said back with the words of the question, where no other sentence of it is surely worth more.
    """
    if parts.naming.correction(heard.text) is not None:
        return heard
    answered = parts.mirror.answered(heard.text, heard.asked, parts.analyser.analyse) if heard.asked else ""
    answer = yield Restate(heard.text, heard.asked)
    restated = tuple(one for one in answer if isinstance(one, Restated)) if isinstance(answer, tuple) else ()
    best = parts.mirror.restatements.best(restated, answers=bool(heard.asked))
    firm = best is not None and parts.mirror.restatements.is_firm(best)
    learnt = best.text if best is not None else ""
    said = learnt if firm and len(learnt) > len(answered) else answered or learnt
    if not said or parts.guard.refused_by(said) != PASSED:
        return heard
    return replace(heard, back=said, back_is_firm=firm or said == answered)


def with_reactions(heard: Taken) -> Generator[Request, Answer, Taken]:
    """Return what was heard with how probable each reaction to it is, as far as anybody knows."""
    if heard.reacted.of:
        return heard
    answer = yield React(heard.text, heard.asked or heard.remarked)
    return replace(heard, reacted=answer) if isinstance(answer, Reacted) else heard


def wanted_by(parts: Parts, heard: Taken, labels: Labels) -> Want | None:
    """Return what is plainly wanted of 말벗; None where nothing is, or it is surely only told."""
    return None if heard.only_tells else parts.wants.find(heard.text, labels, answers=heard.answers)


def mirrored(parts: Parts, heard: Taken, act: Act, *, of_others: bool = False) -> str:
    """Return the telling said back; nothing where it is none, or cannot be."""
    if act not in _TOLD:
        return ""
    learnt = f"{heard.back}." if heard.back else ""
    if heard.back_is_firm:
        return "" if parts.mirror.honours_another(learnt, heard.asked) else learnt
    said = parts.mirror.slot(parts.mirror.back(heard.text, parts.analyser.analyse, of_others=of_others), heard.text)
    said = said or learnt
    wrong = parts.mirror.honours_another(said, heard.asked) or parts.guard.refused_by(said) != PASSED
    return "" if wrong else said


def mourned(parts: Parts, heard: Taken) -> bool:
    """Return whether a death is told, or was spoken of in the last turns."""
    texts = [heard.text, *(turn.heard for turn in heard.state.turns[-_MOURNED_TURNS:])]
    return any(not OF_DEATH.isdisjoint(parts.claims.said(text, read(parts, text))) for text in texts)


def read(parts: Parts, text: str) -> Reading:
    """Return the reading of a text."""
    return parts.grammar.read(parts.analyser.analyse(text))


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


def held_topic(state: State, alone: Understanding, together: Understanding, evidence: Evidence) -> str:
    """Return the topic of short words: their own where it is plain, else the one that is being spoken of.

    Args:
        state: Something was said before.
        alone: What the words are by themselves.
        together: What they are behind what was said before.
        evidence: What they were made out of.
    """
    before = state.turns[-1].understanding
    if before is not None and before.topic in OF_ANIMALS and alone.topic in BODILY:
        return before.topic  # 어제부터 물도 안 먹어, of a dog
    own = evidence.labels.topics.get(alone.topic, alone.confidence)
    mourned = before is not None and before.topic == MOURNED and alone.topic in _OF_THE_DEAD
    needed = _MOURNED_SURE if alone.topic == MOURNED else _TOPIC_HELD if mourned else _TOPIC_SURE
    if alone.topic not in _NO_TOPIC and own >= needed:
        return alone.topic
    earlier = (turn.understanding.topic for turn in reversed(state.turns) if turn.understanding is not None)
    spoken_of = next((topic for topic in earlier if topic not in _NOT_HELD), together.topic)
    agreed = together.topic == alone.topic and alone.topic not in _NO_TOPIC
    return together.topic if agreed else alone.topic if spoken_of in _NOT_HELD else spoken_of
