"""The shipped instruments and the real reader on the real analyser, made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from companion.screening.answer.reader import AnswerReader
from companion.screening.instrument import Instrument
from companion.screening.interview import Interview, Manner
from companion.screening.record import Screening
from companion.screening.requests import Ask, Consult, Opinion, Outcome, Reply, Response
from companion.wiring import language
from companion.wiring import screening as wired
from companion.wiring.instruments import instruments as shipped


@pytest.fixture(scope="session")
def instruments() -> Mapping[str, Instrument]:
    return shipped()


@pytest.fixture(scope="session")
def phq9(instruments: Mapping[str, Instrument]) -> Instrument:
    return instruments["phq9"]


@pytest.fixture(scope="session")
def gds15(instruments: Mapping[str, Instrument]) -> Instrument:
    return instruments["gds15"]


@pytest.fixture(scope="session")
def reader() -> AnswerReader:
    return wired.answer_reader(language.analyser())


@pytest.fixture(scope="session")
def interview(reader: AnswerReader) -> Interview:
    return wired.interview(reader)


Answering = Callable[[Ask], Reply]


def held(
    interview: Interview,
    instrument: Instrument,
    manner: Manner,
    answer: Answering,
    *,
    resumed: Screening | None = None,
    consult: Callable[[Consult], Opinion] = lambda _consult: None,
) -> tuple[Outcome, Sequence[Ask]]:
    """Hold an interview to its end and return the outcome with everything that was asked."""
    running = interview.administer(instrument, manner, resumed)
    asked: list[Ask] = []
    response: Response
    try:
        request = next(running)
        while True:
            if isinstance(request, Consult):
                response = consult(request)
            else:
                asked.append(request)
                response = answer(request)
            request = running.send(response)
    except StopIteration as finished:
        outcome: Outcome = finished.value
        return outcome, asked


def scripted(*replies: str | Reply) -> Answering:
    """Answer with these replies in order; a reply beyond them is silence."""
    left = list(replies)

    def answer(_ask: Ask) -> Reply:
        reply = left.pop(0) if left else Reply("")
        return Reply(reply) if isinstance(reply, str) else reply

    return answer
