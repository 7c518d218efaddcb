"""What to do with a verdict: keep the option, confirm it aloud, or ask again. Never guess.

The grammar alone may keep an option it is sure of. Where it doubts, a language model may be consulted: only where both
name the same option, the model plainly so, is it kept unasked; the model alone never keeps anything.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from companion.core.consult import Consult, Line
from companion.screening.answer.verdict import Reason, Verdict
from companion.screening.instrument import Item
from companion.screening.record import Decider
from companion.screening.requests import Opinion, Reply

_AGREES: Final = 0.9
"""From this probability on the model's opinion counts as agreement."""
_PROPOSES: Final = 0.8
"""From this probability on an option that only the model sees is proposed."""
_WORTH_ASKING: Final = frozenset({Reason.DOUBTFUL, Reason.OFF_TOPIC})


class Action(Enum):
    """What to do."""

    KEEP = auto()
    CONFIRM = auto()
    ASK_AGAIN = auto()


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, with which option, proposed by whom."""

    action: Action
    verdict: Verdict
    decider: Decider = Decider.NOBODY


@dataclass(frozen=True, slots=True)
class Consulting:
    """How a language model is asked for its opinion."""

    instruction: str
    none: str
    """The option that stands for no option at all."""


def decide(
    verdict: Verdict, reply: Reply, item: Item, asked: str, consulting: Consulting
) -> Generator[Consult, Opinion, Decision]:
    """Yield a consultation where it may help, and return the decision."""
    if verdict.is_firm:
        action = Action.CONFIRM if reply.doubtful else Action.KEEP
        return Decision(action, verdict, Decider.GRAMMAR)
    opinion: Opinion = None
    if verdict.reason in _WORTH_ASKING:
        opinion = yield _consultation(reply, item, asked, consulting)
    option, probability = _preferred(opinion, item)
    if verdict.option is not None:
        agreed = option == verdict.option and probability >= _AGREES and verdict.may_be_agreed
        if agreed and not reply.doubtful:
            return Decision(Action.KEEP, verdict, Decider.AGREED)
        return Decision(Action.CONFIRM, verdict, Decider.GRAMMAR)
    if option is not None and probability >= _PROPOSES:
        seen = Verdict(option, probability, Reason.DOUBTFUL, "model", ())
        return Decision(Action.CONFIRM, seen, Decider.MODEL)
    return Decision(Action.ASK_AGAIN, verdict)


def _consultation(reply: Reply, item: Item, asked: str, consulting: Consulting) -> Consult:
    options = (*(option.text for option in item.scale.options), consulting.none)
    lines = (Line("system", consulting.instruction), Line("assistant", asked), Line("user", reply.text))
    return Consult(lines, options)


def _preferred(opinion: Opinion, item: Item) -> tuple[str | None, float]:
    if opinion is None or len(opinion) != len(item.scale.options) + 1:
        return None, 0.0
    best = max(range(len(opinion)), key=lambda index: opinion[index])
    if best == len(item.scale.options):
        return None, opinion[best]
    return item.scale.options[best].id, opinion[best]
