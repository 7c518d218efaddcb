"""Measures replies: runs each case through the same dialogue that talks to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from companion.core.heard import Heard
from companion.core.turn import ReplySource
from companion.dialogue.flow import Dialogue, Response, Setting, State
from companion.dialogue.requests import Answer, Request
from companion.evaluation.cases import ReplyCase

Answering: TypeAlias = Callable[[Request], Answer]
"""Answers what the dialogue asks; None where nobody can."""


@dataclass(frozen=True, slots=True)
class ReplyInstruments:
    """What replies are measured with."""

    dialogue: Dialogue
    setting: Setting
    answer: Answering
    now: Callable[[], float]
    """Seconds on a clock that never goes back."""


@dataclass(frozen=True, slots=True)
class ReplyResult:
    """What came of one case."""

    id: str
    response: Response
    milliseconds: float
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
        reply, understood, risk = self.response.reply, self.response.understanding, self.response.risk
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
            "risk": {"level": risk.level.value, "kind": risk.kind.value},
            "guard": reply.guard,
            "milliseconds": round(self.milliseconds, 2),
            "passed": self.passed,
            "missing": list(self.missing),
            "forbidden": list(self.forbidden),
        }


def converse(instruments: ReplyInstruments, text: str, state: State, chance: float = 0.0) -> Response:
    """Return the response to one utterance, all requests answered."""
    thought = instruments.dialogue.respond(Heard.typed(text), instruments.setting, state, chance)
    try:
        request = next(thought)
        while True:
            request = thought.send(instruments.answer(request))
    except StopIteration as finished:
        response: Response = finished.value
        return response


def evaluate_reply(case: ReplyCase, instruments: ReplyInstruments) -> ReplyResult:
    """Return what comes of one case, its context said first."""
    state = State.start()
    for said in case.context:
        state = converse(instruments, said, state).state
    began = instruments.now()
    response = converse(instruments, case.user, state)
    milliseconds = (instruments.now() - began) * 1000
    text = response.reply.text
    return ReplyResult(
        id=case.id,
        response=response,
        milliseconds=milliseconds,
        missing=tuple(wanted for wanted in case.must if not _holds(text, wanted)),
        forbidden=tuple(unwanted for unwanted in case.must_not if _holds(text, unwanted)),
    )


def summarise(results: Sequence[ReplyResult]) -> dict[str, object]:
    """Return n, share passed, sources, guard results and the median time."""
    times = sorted(result.milliseconds for result in results)
    guards: dict[str, int] = {}
    for result in results:
        guards[result.response.reply.guard] = guards.get(result.response.reply.guard, 0) + 1
    return {
        "n": len(results),
        "passed": round(sum(result.passed for result in results) / len(results), 4) if results else None,
        "failed": [result.id for result in results if not result.passed],
        "sources": {
            source.value: sum(result.response.reply.source is source for result in results) for source in ReplySource
        },
        "guard": guards,
        "median_ms": round(times[len(times) // 2], 2) if times else None,
    }


def _holds(text: str, wanted: str) -> bool:
    return any(option in text for option in wanted.split("|") if option)
