"""Measures replies: says each case in a conversation of its own, and looks at what is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from companion.core.record import NewTurn
from companion.core.turn import ReplySource
from companion.evaluation.cases import Before, ReplyCase


@dataclass(frozen=True, slots=True)
class Answered:
    """How the last thing that was said in a conversation was answered."""

    turn: NewTurn
    """As it was committed: with the first reply to it."""
    milliseconds: float
    """From when it was heard until its reply was ready to be spoken."""


Conversing: TypeAlias = Callable[[Sequence[str | Before]], Answered]
"""Says one thing after another to 말벗, to which the person is no stranger and nothing else was said before."""


@dataclass(frozen=True, slots=True)
class ReplyResult:
    """What came of one case."""

    id: str
    answered: Answered
    missing: tuple[str, ...]
    """Of ``must``, what does not stand in the reply."""
    forbidden: tuple[str, ...]
    """Of ``must_not``, what does."""

    @property
    def passed(self) -> bool:
        """Whether the reply holds all it must and nothing it must not."""
        return not self.missing and not self.forbidden

    def row(self) -> dict[str, object]:
        """Return the line that is written for this case."""
        turn = self.answered.turn
        reply, understood = turn.reply, turn.understanding
        return {
            "id": self.id,
            "reply": reply.text,
            "source": reply.source.value,
            "reply_id": reply.id,
            "understanding": None
            if understood is None
            else {
                "act": understood.act.value,
                "topic": understood.topic,
                "feeling": understood.feeling.value,
                "confidence": understood.confidence,
                "situation": understood.situation,
                "voices": list(understood.voices),
            },
            "risk": {"level": str(turn.risk_level), "kind": str(turn.risk_kind)},
            "guard": reply.guard,
            "milliseconds": round(self.answered.milliseconds, 2),
            "passed": self.passed,
            "missing": list(self.missing),
            "forbidden": list(self.forbidden),
        }


def evaluate_reply(case: ReplyCase, converse: Conversing) -> ReplyResult:
    """Return what comes of one case, its context said first."""
    answered = converse((*case.context, case.user))
    text = answered.turn.reply.text
    return ReplyResult(
        id=case.id,
        answered=answered,
        missing=tuple(wanted for wanted in case.must if not _holds(text, wanted)),
        forbidden=tuple(unwanted for unwanted in case.must_not if _holds(text, unwanted)),
    )


def summarise(results: Sequence[ReplyResult]) -> dict[str, object]:
    """Return n, share passed, sources, guard results and the median time."""
    times = sorted(result.answered.milliseconds for result in results)
    replies = [result.answered.turn.reply for result in results]
    return {
        "n": len(results),
        "passed": round(sum(result.passed for result in results) / len(results), 4) if results else None,
        "failed": [result.id for result in results if not result.passed],
        "sources": {source.value: sum(reply.source is source for reply in replies) for source in ReplySource},
        "guard": dict(Counter(reply.guard for reply in replies)),
        "median_ms": round(times[len(times) // 2], 2) if times else None,
    }


def _holds(text: str, wanted: str) -> bool:
    return any(option in text for option in wanted.split("|") if option)
