"""Kill -9 at each step of an interview: what was acknowledged is there, and the interview goes on from there."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.core.consent import Item
from companion.screening.interview import Interview, Manner
from companion.screening.record import Asker, Screening, Status
from companion.screening.requests import Ask, AskKind, Outcome, Reply
from companion.store.opening import Place
from companion.store.screenings import Begun, Beside, KeptScreening
from companion.wiring import screening as wired
from tests.fakes.clock import START
from tests.store.dying import Ending, killed_at_statement
from tests.store.records import PERSON, begun, decision, opened, session, turn

PHQ9 = wired.instruments()["phq9"]
WHOLE = Manner(asked_by=Asker.PLAN, gate=False)
REPLIES = ["사흘쯤", "나흘", "닷새", "엿새", "전혀요", "없어요", "전혀", "전혀요", "그런 생각은 안 해", "조금 힘들었어"]


def kept_of(place: Place) -> list[KeptScreening]:
    with closing(opened(place)) as record:
        return list(record.screenings.all(PERSON.id))


def interviewing(place: Place, interview: Interview, said: int) -> Callable[[], None]:
    """Return work that holds the interview from where it is, and says which answers are on the disk."""

    def work() -> None:
        with closing(opened(place)) as record:
            kept = list(record.screenings.all(PERSON.id))
            resumed = kept[-1].screening if kept and kept[-1].screening.status.is_open else None
            session_id = record.conversations.start_session(session())
            asking = interview.administer(PHQ9, WHOLE, resumed)
            request = next(asking)
            assert isinstance(request, Ask)
            assert request.so_far is not None
            screening_id = kept[-1].id if resumed is not None else ""
            if not screening_id:
                screening_id = record.screenings.begin(PERSON.id, request.so_far, Begun("text", session_id))
            number = 0
            try:
                while True:
                    assert isinstance(request, Ask)
                    reply = REPLIES[[item.id for item in PHQ9.items].index(request.item)] if request.item else "네"
                    request = asking.send(Reply(reply))
                    assert isinstance(request, Ask)
                    assert request.so_far is not None
                    number += 1
                    turn_id = record.conversations.add_turn(session_id, number, turn(reply))
                    record.screenings.go_on(PERSON.id, screening_id, request.so_far, Beside(turn_id))
                    os.write(said, f"{len(request.so_far.answers)}\n".encode())
            except StopIteration as finished:
                outcome: Outcome = finished.value
                record.screenings.go_on(PERSON.id, screening_id, outcome.screening)
                os.write(said, b"10\n")

    return work


def check(kept: list[KeptScreening], acknowledged: int) -> None:
    """Hold what is on the disk against what was said to be: all that, at most one answer more, nothing half."""
    assert len(kept) <= 1
    answers = kept[0].screening.answers if kept else ()
    assert acknowledged <= len(answers) <= acknowledged + 1
    assert [answer.order for answer in answers] == list(range(1, len(answers) + 1))
    assert [answer.reply for answer in answers] == REPLIES[: len(answers)]
    assert all(answer.score is not None and answer.decider and answer.replies for answer in answers)


def test_a_kill_at_each_statement_of_an_interview_loses_no_answer(memory_folder: Path) -> None:
    """Each child goes on where the killed one was; at the end one whole screening stands there, as if nothing was."""
    interview = wired.interview(wired.answer_reader(MecabAnalyser()))
    template = begun(memory_folder / "begun")
    with closing(opened(template)) as record:
        record.consents.decide(PERSON.id, decision(Item.HEALTH))
    places, acknowledged = template, 0
    for step in count(1):
        read_end, write_end = os.pipe()
        ending = killed_at_statement(step, interviewing(places, interview, write_end))
        os.close(write_end)
        with os.fdopen(read_end) as said:
            acknowledged = max([acknowledged, *map(int, said.read().split())])
        check(kept_of(places), acknowledged)
        if ending is Ending.DONE:
            break

    (kept,) = kept_of(places)
    assert step > 30
    assert (kept.screening.status, kept.at, kept.ended_at) == (Status.COMPLETE, START, START)
    assert what(kept.screening) == what(uninterrupted(interview))


def what(screening: Screening) -> list[tuple[object, ...]]:
    """Return what was answered; a question that is put again after an interruption is framed as a first one."""
    return [(one.order, one.item, one.reply, one.option, one.score, one.rule) for one in screening.answers]


def uninterrupted(interview: Interview) -> Screening:
    """Return what the same interview comes to where nobody is killed."""
    asking, request = interview.administer(PHQ9, replace(WHOLE, willing=True)), None
    try:
        request = next(asking)
        while True:
            assert isinstance(request, Ask)
            assert request.kind is AskKind.ITEM
            request = asking.send(Reply(REPLIES[[item.id for item in PHQ9.items].index(request.item)]))
    except StopIteration as finished:
        outcome: Outcome = finished.value
        return outcome.screening
