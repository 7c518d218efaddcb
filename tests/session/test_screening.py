"""A screening held over the ports of a session: the real interview, dialogue, safety and record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.core.heard import Heard, Hearing
from companion.core.record import KeptTurn
from companion.dialogue.flow import Dialogue
from companion.errors import DeviceLost
from companion.prompts import prompt_table
from companion.screening.interview import Interview, Manner
from companion.screening.record import Confirmed, Status
from companion.screening.requests import Outcome
from companion.session.answering import Answerer
from companion.session.ear import SILENCE
from companion.session.keeping import Keeper
from companion.session.screening import ScreeningParts, ScreeningTalk
from companion.wiring import language
from companion.wiring import screening as wired
from companion.wiring.screening_session import Safety
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, opened, read_last

PHQ9 = wired.instruments()["phq9"]
CRISIS_LINE = str(prompt_table("safety/numbers.toml")["numbers"]["crisis_line"]["number"])


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    return language.dialogue(MecabAnalyser())


@pytest.fixture(scope="module")
def interview() -> Interview:
    return wired.interview(wired.answer_reader(MecabAnalyser()))


class Room:
    """A screening session and everything around it."""

    def __init__(self, dialogue: Dialogue, folder: Path, turns: list[Turn]) -> None:
        self.record = opened(folder / "record")
        self.person = agreeing(self.record)
        self.mouth = ScriptedMouth()
        self.attention: list[bool] = []
        clock = FakeClock()
        self.parts = ScreeningParts(
            ear=ScriptedEar(turns),
            mouth=self.mouth,
            dialogue=dialogue,
            safety=Safety(dialogue),
            answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
            screen=Notes(),
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: dialogue.setting(clock.now(), address="순자님"),
            attend=self.attention.append,
        )

    def hold(self, interview: Interview, manner: Manner) -> Outcome:
        talk = ScreeningTalk(self.parts, patience=10.0)
        return asyncio.run(talk.run(new_session(self.person), interview.administer(PHQ9, manner)))

    def kept(self) -> tuple[KeptTurn, ...]:
        return tuple(read_last(self.record)[1])


Rooms = Callable[[list[Turn]], Room]


@pytest.fixture
def rooms(dialogue: Dialogue, tmp_path: Path) -> Iterator[Rooms]:
    with ExitStack() as opened_rooms:

        def make(turns: list[Turn]) -> Room:
            made = Room(dialogue, tmp_path, turns)
            opened_rooms.callback(made.record.close)
            return made

        yield make


WHOLE = Manner(willing=True, gate=False)
NINE = ["사흘쯤", "나흘", "밤마다 못 자", "닷새", "전혀요", "없어요", "전혀", "전혀요", "그런 생각은 안 해"]


def test_a_whole_phq9_is_asked_answered_and_kept(rooms: Rooms, interview: Interview) -> None:
    """Every question and every reply stand in the record, and the ear is told to wait for slow answers."""
    room = rooms([*NINE, "조금 힘들었어"])
    outcome = room.hold(interview, WHOLE)

    assert outcome.screening.status is Status.COMPLETE
    assert [answer.score for answer in outcome.screening.answers] == [1, 1, 3, 1, 0, 0, 0, 0, 0, 1]
    assert [turn.heard for turn in room.kept() if turn.heard] == [*NINE, "조금 힘들었어"]
    assert room.attention == [True, False]


def test_item_nine_leads_to_the_crisis_line_at_once(rooms: Rooms, interview: Interview) -> None:
    """The next words after the answer are those of safety; the functional item is not asked."""
    room = rooms([*NINE[:8], "그런 생각이 들지", "고마워"])
    outcome = room.hold(interview, WHOLE)

    assert outcome.screening.status is Status.SUSPENDED
    assert CRISIS_LINE in room.mouth.said[9]
    assert all(PHQ9.items[-1].text not in text for text in room.mouth.said)


def test_danger_in_an_answer_is_heard_before_the_interview(rooms: Rooms, interview: Interview) -> None:
    """A wish to be dead is never taken for a mere answer."""
    room = rooms(["사흘", "매일 죽고 싶어", "응"])
    outcome = room.hold(interview, WHOLE)

    assert (outcome.screening.status, outcome.screening.suspended_by) == (Status.SUSPENDED, "danger")
    assert CRISIS_LINE in room.mouth.said[2]
    assert room.kept()[2].risk_level == "concern"


def test_a_lost_microphone_interrupts_and_keeps_it(rooms: Rooms, interview: Interview) -> None:
    """What was answered until then can be gone on with."""
    room = rooms(["사흘", DeviceLost("device.lost", device="x")])
    outcome = room.hold(interview, WHOLE)

    assert outcome.screening.status is Status.INTERRUPTED
    assert list(outcome.screening.current()) == ["phq9.1"]


def test_silence_and_doubtful_hearing_are_asked_about(rooms: Rooms, interview: Interview) -> None:
    """After silence the item is read again; words that the recogniser doubts are confirmed."""
    doubtful = Heard("매일 그래", 0.3, Hearing.UNSURE, seconds=1.0)
    room = rooms([SILENCE, doubtful, "네 맞아요"])
    outcome = room.hold(interview, WHOLE)
    answer = outcome.screening.current()["phq9.1"]

    assert PHQ9.items[0].text in room.mouth.said[1]
    assert (answer.option, answer.confirmed) == ("3", Confirmed.YES)
