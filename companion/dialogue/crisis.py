"""Danger in the conversation: assesses what was said, lets the protocol decide, and words its steps.

Comes before everything else in a turn. Pure.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from companion.core.consult import Consult
from companion.core.heard import Heard, Hearing
from companion.core.turn import Reply
from companion.dialogue.requests import Answer as Answering
from companion.dialogue.state import Exchange, State
from companion.dialogue.wording import Sentences
from companion.safety.alerts import Contact
from companion.safety.answers import Answers
from companion.safety.assessor import Assessor, Before
from companion.safety.consulting import Consulting
from companion.safety.protocol import Protocol
from companion.safety.protocol_state import Earlier, ProtocolState, Taken
from companion.safety.risk import NO_RISK, Kind, Level, Risk, Theme
from companion.safety.steps import Action, Answer, Question, Step

PREFIX: Final = "crisis"
"""Under which the sentences of ``prompts/safety/`` stand among the fixed ones."""
_READ_CHARACTERS: Final = 1000
"""Of an answer; danger is looked for in all of it."""
_SPOKEN: Final = (Action.SAY, Action.ASK)


@dataclass(frozen=True, slots=True)
class Met:
    """What danger makes of one turn."""

    risk: Risk
    answer: Answer | None
    """What the utterance answered to the question before; None where nothing was asked."""
    taken: Taken
    reply: Reply | None
    """What must be said instead of anything else; None where the conversation may go on as usual."""
    said: frozenset[str] = frozenset()
    """Ids of the sentences in ``reply``."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What the wording of a reply hangs on."""

    used: frozenset[str]
    chance: float
    values: Mapping[str, str]
    """Slots of the person and the moment."""
    contacts: Sequence[Contact] = ()


@dataclass(frozen=True, slots=True)
class Crisis:
    """Built once; holds no state of a conversation."""

    assessor: Assessor
    consulting: Consulting
    protocol: Protocol
    answers: Answers
    sentences: Sentences

    def meet(self, heard: Heard, risk: Risk, state: State, voice: Voice, *, stopping: bool = False) -> Met:
        """Say what must be said about what was heard, or about a silence.

        Args:
            heard: What was said.
            risk: The danger in it: see ``consulted``.
            state: Of the conversation before.
            voice: What the wording hangs on.
            stopping: Whether it is a command to stop or a goodbye.
        """
        silent = heard.hearing is Hearing.NOTHING or not heard.text.strip()
        waiting = state.protocol.waiting
        answer = Answer.SILENT if silent else self._answer(heard.text, risk, state.protocol)
        answer = Answer.STOP if stopping else answer
        taken = self.protocol.advance(state.protocol, risk, answer, voice.contacts)
        if taken.state.level is not state.protocol.level and risk.level is Level.NONE and waiting is not Question.NONE:
            risk = Risk(taken.state.level, taken.state.kind, f"answer.{waiting}", 0.8)
        elif answer is Answer.YES and waiting is Question.WISH and risk.level.rank < Level.CONCERN.rank:
            risk = Risk(Level.CONCERN, Kind.PASSIVE_WISH, "answer.wish", 0.8)
        return self._worded(risk, None if waiting is Question.NONE else answer, taken, voice)

    def raised(self, risk: Risk, state: State, voice: Voice) -> Met:
        """Say what must be said about a danger that was found elsewhere: an answer to a screening."""
        return self._worded(
            risk, None, self.protocol.advance(state.protocol, risk, Answer.UNCLEAR, voice.contacts), voice
        )

    def come_back(self, earlier: Earlier, voice: Voice) -> Met:
        """Return at the start of a session to what an earlier one left open."""
        return self._worded(NO_RISK, None, self.protocol.reopen(earlier), voice)

    def leave(self, state: State, voice: Voice) -> Met:
        """Say the last words of a session that ends, whoever ends it, while a case is open."""
        before = state.protocol
        taken = self.protocol.leave(before, voice.contacts)
        if taken.state.level is before.level:
            return self._worded(NO_RISK, None, taken, voice)
        risk = Risk(taken.state.level, taken.state.kind, f"answer.{before.waiting}", 0.8)
        return self._worded(risk, Answer.SILENT, taken, voice)

    def assess(self, text: str, turns: Sequence[Exchange]) -> Risk:
        """Assess what was said after the turns before."""
        return self.assessor.assess(text, _before(turns))

    def consulted(self, text: str, turns: Sequence[Exchange], *, may_ask: bool) -> Generator[Consult, Answering, Risk]:
        """Assess what was said; where that leaves a doubt, ask a language model, which may raise the level only.

        Args:
            text: What was said.
            turns: Those before.
            may_ask: Whether there is a model worth asking.
        """
        before = _before(turns)
        assessed = self.assessor.listen(text, before)
        question = self.consulting.about(text[:_READ_CHARACTERS], assessed, before) if may_ask else None
        if question is None:
            return assessed.risk
        opinion = yield question
        return self.consulting.raised(assessed.risk, opinion)

    def _answer(self, text: str, risk: Risk, before: ProtocolState) -> Answer:
        theme = before.theme if before.is_open else Theme.NONE
        # Of what is too long to be read nobody knows what is named at its end.
        calm = risk.level is Level.NONE and len(text) <= _READ_CHARACTERS
        return self.answers.read(text[:_READ_CHARACTERS], before.waiting, theme, calm=calm)

    def _worded(self, risk: Risk, answer: Answer | None, taken: Taken, voice: Voice) -> Met:
        replies = self._replies(taken.steps, voice)
        if not replies:
            return Met(risk, answer, taken, None)
        reply = replace(
            replies[0],
            text=" ".join(reply.text for reply in replies),
            ends_session=any(step.action is Action.CLOSE for step in taken.steps),
            uninterruptible=_is_grave(taken),
        )
        return Met(risk, answer, taken, reply, frozenset(reply.id for reply in replies))

    def _replies(self, steps: Sequence[Step], voice: Voice) -> list[Reply]:
        orders = [step.alert for step in steps if step.alert is not None]
        names = {contact.id: contact.name for contact in voice.contacts}
        told = [names[one] for order in orders for one in order.contacts] or list(names.values())
        comma = self.sentences.by_key[f"{PREFIX}.told.join.and"][0]
        values = {**voice.values, "contacts": comma.join(told)}
        return [
            self.sentences.say(f"{PREFIX}.{step.key}", used=voice.used, chance=voice.chance, values=values)
            for step in steps
            if step.action in _SPOKEN
        ]


def _before(turns: Sequence[Exchange]) -> list[Before]:
    return [Before(turn.heard, turn.risk) for turn in turns]


def _is_grave(taken: Taken) -> bool:
    """Whether the reply may not be cut: all that is said in an open case, and what ends it."""
    return taken.state.is_open or taken.state.level is not Level.NONE
