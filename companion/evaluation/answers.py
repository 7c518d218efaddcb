"""Measures answers: puts one item, hears one answer, and looks at what the interview does next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from companion.evaluation.screening_cases import AnswerCase
from companion.screening.answer.reader import AnswerReader
from companion.screening.asking import ItemAsking, ItemEnd
from companion.screening.interview import Interview
from companion.screening.record import Answer
from companion.screening.requests import Ask, AskKind, Consult, Opinion, Reply, Request, Response

Consulting: TypeAlias = Callable[[Consult], Opinion]
"""Answers a consultation; None where nobody can."""


@dataclass(frozen=True, slots=True)
class ScreeningInstruments:
    """What screening is measured with: the parts that talk to a person."""

    interview: Interview
    reader: AnswerReader
    consult: Consulting
    yes: str
    """What a person says who agrees to a confirmation."""
    no: str


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """What came of one answer."""

    case: AnswerCase
    kept: Answer | None
    """Kept without asking."""
    proposed: str | None
    """Option that would be confirmed aloud."""

    @property
    def right(self) -> bool:
        """Whether the option kept or proposed is the expected one; for none expected, whether nothing would be kept."""
        if self.case.expected is None:
            return not self.committed
        return self.case.expected == (self.kept.option if self.kept is not None else self.proposed)

    @property
    def committed(self) -> bool:
        """Whether an option was kept without asking."""
        return self.kept is not None and self.kept.option is not None

    def row(self) -> dict[str, object]:
        """Return the line that is written for this case."""
        kept = self.kept
        return {
            "id": self.case.id,
            "expected": self.case.expected,
            "kept": kept.option if kept is not None else None,
            "proposed": self.proposed,
            "right": self.right,
            "rule": kept.rule if kept is not None else None,
            "confidence": kept.confidence if kept is not None else None,
            "evidence": [one.text for one in kept.evidence] if kept is not None else [],
        }


def evaluate_answer(case: AnswerCase, instruments: ScreeningInstruments) -> AnswerResult:
    """Return what comes of one answer."""
    question = case.question or instruments.interview.question(case.instrument, case.item)
    asking = ItemAsking(
        instrument=case.instrument,
        item=case.item,
        reader=instruments.reader,
        wording=instruments.interview.wording_for(case.instrument),
        question=question,
        opening=question,
        order=1,
    )
    running = asking.run()
    next(running)
    try:
        request = _sent(running.send, Reply(case.answer), instruments.consult)
    except StopIteration as finished:
        end: ItemEnd = finished.value
        return AnswerResult(case, end.answer, None)
    proposed = request.proposal if request.kind is AskKind.CONFIRM else None
    return AnswerResult(case, None, proposed)


def _sent(send: Callable[[Response], Request], reply: Reply, consult: Consulting) -> Ask:
    """Send a reply, answer the consultations, and return what is asked next."""
    request = send(reply)
    while isinstance(request, Consult):
        request = send(consult(request))
    return request


def summarise_answers(results: Sequence[AnswerResult]) -> dict[str, object]:
    """Return the figures; shares are of all cases, ``committed_accuracy`` of the committed ones."""
    committed = [result for result in results if result.committed]
    confirmed = [result for result in results if result.proposed is not None]
    return {
        "n": len(results),
        "accuracy": _share([result.right for result in results]),
        "committed": _share([result.committed for result in results]),
        "committed_accuracy": _share([result.right for result in committed]),
        "wrong_commitments": [result.case.id for result in committed if not result.right],
        "confirmations": _share([result.proposed is not None for result in results]),
        "unnecessary_confirmations": _share([result.proposed is not None and result.right for result in results]),
        "rejected_proposals": [result.case.id for result in confirmed if not _fits(result)],
        "by_item": _by([(f"{one.case.item.id}", one) for one in results]),
        "by_kind": _by([(one.case.kind, one) for one in results if one.case.kind]),
    }


def _fits(result: AnswerResult) -> bool:
    return result.proposed == result.case.expected


def _by(results: Sequence[tuple[str, AnswerResult]]) -> dict[str, dict[str, object]]:
    groups: dict[str, list[AnswerResult]] = {}
    for name, result in results:
        groups.setdefault(name, []).append(result)
    return {name: {"n": len(group), "accuracy": _share([one.right for one in group])} for name, group in groups.items()}


def _share(marks: Sequence[bool]) -> float | None:
    return round(sum(marks) / len(marks), 4) if marks else None
