"""Measures interviews: a simulated person answers a whole instrument, and confirmations from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from companion.evaluation.agreement import icc_2_1
from companion.evaluation.answers import ScreeningInstruments
from companion.evaluation.screening_cases import InterviewCase
from companion.screening.interview import Manner
from companion.screening.record import Asker, Screening, Status
from companion.screening.requests import Ask, AskKind, Consult, Outcome, Reply, Response
from companion.screening.scoring import score, score_of

_MANNER: Final = Manner(asked_by=Asker.OPERATOR, gate=False, unscored=False, willing=True)


@dataclass(frozen=True, slots=True)
class InterviewResult:
    """What came of one interview."""

    case: InterviewCase
    given: tuple[str | None, ...]
    """For each item the option that was kept."""
    turns: int
    """Requests to the person, confirmations included."""
    put: int
    """Items that were put."""
    total: float | None
    expected_total: float | None

    @property
    def agreeing(self) -> int:
        """How many items were kept as the truth has them; unanswered counts where it should be."""
        return sum(given == truth for given, truth in zip(self.given, self.case.expected, strict=True))

    @property
    def identical(self) -> bool:
        """Whether both totals are the same; both missing is the same, one missing is not."""
        return self.total == self.expected_total

    def row(self) -> dict[str, object]:
        """Return the line that is written for this case."""
        return {
            "id": self.case.id,
            "instrument": self.case.instrument.id,
            "given": list(self.given),
            "expected": list(self.case.expected),
            "total": self.total,
            "expected_total": self.expected_total,
            "turns": self.turns,
        }


class _Person:
    """Takes each item's next reply; answers a confirmation from the truth."""

    def __init__(self, case: InterviewCase, instruments: ScreeningInstruments) -> None:
        self._instruments = instruments
        names = [item.id for item in case.instrument.scored]
        self._left = {name: list(replies) for name, replies in zip(names, case.replies, strict=True)}
        self._truth = dict(zip(names, case.expected, strict=True))
        self.turns = 0
        self.put: set[str] = set()

    def answer(self, ask: Ask) -> Reply:
        self.put.add(ask.item)
        if ask.kind is AskKind.CONFIRM:
            self.turns += 1
            agrees = self._truth[ask.item] == ask.proposal
            return Reply(self._instruments.yes if agrees else self._instruments.no)
        left = self._left[ask.item]
        if not left:
            return Reply("", passes=True)
        self.turns += 1
        return Reply(left.pop(0))


def evaluate_interview(case: InterviewCase, instruments: ScreeningInstruments) -> InterviewResult:
    """Return what comes of one interview.

    One that is suspended because of a critical item is gone on with at once, as after the safety protocol.
    """
    person = _Person(case, instruments)
    outcome = _administered(case, instruments, person, None)
    while outcome.screening.status is Status.SUSPENDED:
        outcome = _administered(case, instruments, person, outcome.screening)
    current = outcome.screening.current()
    given = tuple(current[item.id].option if item.id in current else None for item in case.instrument.scored)
    truth = {item.id: option for item, option in zip(case.instrument.scored, case.expected, strict=True) if option}
    total = score_of(case.instrument, outcome.screening.answers).total
    expected = score(case.instrument, truth).total
    return InterviewResult(
        case=case,
        given=given,
        turns=person.turns,
        put=len(person.put),
        total=None if total is None else float(total),
        expected_total=None if expected is None else float(expected),
    )


def _administered(
    case: InterviewCase, instruments: ScreeningInstruments, person: _Person, resumed: Screening | None
) -> Outcome:
    running = instruments.interview.administer(case.instrument, _MANNER, resumed)
    response: Response
    try:
        request = next(running)
        while True:
            response = instruments.consult(request) if isinstance(request, Consult) else person.answer(request)
            request = running.send(response)
    except StopIteration as finished:
        outcome: Outcome = finished.value
        return outcome


def summarise_interviews(results: Sequence[InterviewResult]) -> dict[str, object]:
    """Return the figures over all interviews, and the same by instrument."""
    names = dict.fromkeys(result.case.instrument.id for result in results)
    by_instrument = {
        name: _figures([result for result in results if result.case.instrument.id == name]) for name in names
    }
    return {**_figures(results), **by_instrument}


def _figures(results: Sequence[InterviewResult]) -> dict[str, object]:
    both = [
        (one.total, one.expected_total) for one in results if one.total is not None and one.expected_total is not None
    ]
    icc = icc_2_1([given for given, _ in both], [truth for _, truth in both])
    items = sum(len(one.given) for one in results)
    put = sum(one.put for one in results)
    return {
        "n": len(results),
        "item_agreement": round(sum(one.agreeing for one in results) / items, 4) if items else None,
        "icc": None if icc is None else round(icc, 4),
        "identical_totals": round(sum(one.identical for one in results) / len(results), 4) if results else None,
        "mean_turns": round(sum(one.turns for one in results) / put, 3) if put else None,
    }
