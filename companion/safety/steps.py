"""What the crisis protocol does, step by step, as values that the session speaks and the store keeps.

Pure: standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from companion.safety.alerts import AlertOrder
from companion.safety.risk import Kind, Level, Risk, Theme


class Action(StrEnum):
    """What one step does."""

    SAY = "say"
    """Say a fixed sentence."""
    ASK = "ask"
    """Say a fixed question and wait for its answer."""
    ALERT = "alert"
    """Have the named contacts told."""
    ALLOW = "allow"
    """The conversation may go on as usual."""
    CLOSE = "close"
    """The session ends behind this turn; the alert stands."""


class Question(StrEnum):
    """What the protocol asks. Local code system ``malbeot-crisis-1``: our own wording, no published instrument."""

    NONE = "none"
    MOOD = "mood"
    """Whether they are having a hard time: asked first where only the trained voices hear something, and faintly."""
    WISH = "wish"
    """Whether they wish to be dead."""
    MEANT = "meant"
    """Whether what only sounded like a danger to themselves was meant."""
    THOUGHTS = "thoughts"
    """Whether they thought of ending their life."""
    METHOD = "method"
    """Whether they thought of how."""
    INTENT = "intent"
    """Whether they mean to do it."""
    PLAN = "plan"
    """Whether a time or a way is settled."""
    PAST = "past"
    """Whether they ever did something to end their life."""
    MEANS = "means"
    """Whether something to do it with is at hand."""
    NEARBY = "nearby"
    """Whether somebody is with them."""
    CALLED = "called"
    """Whether 119 was called."""
    SAFE = "safe"
    """Whether they are safe now."""
    CONFIRM = "confirm"
    """Whether a danger to the body that was not plain is real; silence counts as yes."""
    SYMPTOMS = "symptoms"
    """Whether the person feels what a device measured."""
    COUNTED = "counted"
    """The same, after a spoken count-down; silence counts as yes."""


MEASURED: Final = frozenset({Question.SYMPTOMS, Question.COUNTED})
SENSED: Final = MEASURED | {Question.CONFIRM}
"""Questions whether a danger to the body is real: nobody was told yet, and no answer counts as yes."""


class Answer(StrEnum):
    """What was made of an answer. Only a yes or a no answers a question; the rest is missing, never no."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    ELSEWHERE = "elsewhere"
    """Talk of other things at length, in which nothing of the danger is named."""
    SILENT = "silent"
    TAKEN_BACK = "taken_back"
    """"농담이야", "괜찮아": lowers nothing."""
    MISHEARD = "misheard"
    """What was taken for a danger to the body, a fire, an intruder or a way lost was none: "옛날 일이라니까".

    Of harm to oneself: a plain denial, "죽다니요, 그런 말 한 적 없습니다"; it takes two, and lowers nothing."""
    SECRET = "secret"  # noqa: S105 - what was asked for, no password
    """"아무한테도 말하지 마"."""
    STOP = "stop"
    """"그만": no more questions."""


def not_ending(answer: Answer) -> Answer:
    """Return what an answer is in a turn in which a danger was heard.

    Who speaks of dying has not asked to be left alone, whatever word they used: 그만 살고 싶다.
    """
    ending = (Answer.STOP, Answer.TAKEN_BACK, Answer.SILENT, Answer.MISHEARD)
    return Answer.UNCLEAR if answer in ending else answer


def of_symptoms(risk: Risk, answer: Answer) -> Answer:
    """Who tells of a danger to the body feels it; who takes it back says that they do not.

    Nobody is taken to talk of other things where a device measured a danger: confused talk may be a sign of it.
    """
    if answer in (Answer.ELSEWHERE, Answer.MISHEARD):
        return Answer.UNCLEAR
    if risk.level.rank >= Level.CONCERN.rank:
        return Answer.YES if risk.theme is Theme.MEDICAL else not_ending(answer)
    return Answer.NO if answer is Answer.TAKEN_BACK else answer


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in the order in which they are taken."""

    action: Action
    key: str = ""
    """Key of the fixed sentence in ``prompts/safety/``; empty for what is not spoken."""
    question: Question = Question.NONE
    """Of an ASK."""
    alert: AlertOrder | None = None
    """Of an ALERT."""
    wait_seconds: int = 0
    """Of an ASK: silence after which it counts as unanswered; 0 for the patience of the session."""


@dataclass(frozen=True, slots=True)
class RiskEvent:
    """A level other than none, as it stands in the record."""

    session_id: str
    turn_number: int
    at: datetime
    level: Level
    """Of this utterance."""
    standing: Level
    """The highest of the session so far: never falls within it."""
    kind: Kind
    evidence: str
    confidence: float
    words: str
    """What decided, as heard; encrypted like every word of the person."""
    lexicon_version: str


@dataclass(frozen=True, slots=True)
class ProtocolStep:
    """A step as it stands in the record."""

    session_id: str
    turn_number: int
    number: int
    """Within the turn, from 1."""
    at: datetime
    action: Action
    key: str
    question: Question
    answer: Answer | None
    """What the turn's utterance answered to the question before; on the first step of a turn only."""
    protocol_version: str
