"""Measures understanding: topic, feeling and act against what a person made of the same utterance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from companion.core.turn import Understanding
from companion.dialogue.flow import Dialogue
from companion.dialogue.requests import Answer, Request
from companion.evaluation.cases import UnderstandingCase

Answering: TypeAlias = Callable[[Request], Answer]
"""Answers what the dialogue asks; None where nobody can."""


def understood(dialogue: Dialogue, text: str, answer: Answering) -> Understanding:
    """Return what the dialogue makes of an utterance, whatever it would answer."""
    thought = dialogue.understand(text)
    try:
        request = next(thought)
        while True:
            request = thought.send(answer(request))
    except StopIteration as finished:
        result: Understanding = finished.value
        return result


def evaluate_understanding(
    cases: Sequence[UnderstandingCase], dialogue: Dialogue, answer: Answering
) -> dict[str, object]:
    """Return n and the shares of cases whose act, topic and feeling are right; None for no cases."""
    results = [(case, understood(dialogue, case.text, answer)) for case in cases]

    def share(right: int) -> float | None:
        return round(right / len(results), 4) if results else None

    return {
        "n": len(results),
        "act": share(sum(found.act is case.act for case, found in results)),
        "topic": share(sum(found.topic == case.topic for case, found in results)),
        "feeling": share(sum(found.feeling is case.feeling for case, found in results)),
    }
