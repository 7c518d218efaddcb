"""Interludes inside whole conversations: when they are begun, and what comes before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from companion.core.record import KeptTurn
from companion.core.turn import Reply, ReplySource
from companion.dialogue.flow import Dialogue, Response
from companion.dialogue.opportunity import Offer
from companion.errors import DeviceLost, StorageFull
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Ending, Outcome, Parts
from companion.session.ear import ENDED, SILENCE, Listened, Utterance
from companion.session.interlude import Floor, Interlude, Moment, OnlyAsked
from companion.session.keeping import Keeper
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, opened, read_last

QUESTION = Reply("오늘은 무슨 요일이에요?", ReplySource.FIXED, "weekday.question")
THANKS = Reply("네, 알겠어요.", ReplySource.FIXED, "weekday.thanks")
TROUBLE = Reply("그게 잘 안 됐어요.", ReplySource.FIXED, "weekday.trouble")


class Weekday:
    """Asks for the day of the week."""

    def __init__(self, due: Callable[[Moment], bool] = lambda _: False) -> None:
        self._due = due
        self.moments: list[Moment] = []
        self.heard: list[Listened] = []
        self.turn_ids: list[str | None] = []
        self.held = 0
        self.fails = False

    @property
    def offer(self) -> Offer:
        return Offer.NEWS

    def due(self, moment: Moment) -> bool:
        self.moments.append(moment)
        return self._due(moment)

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        return response.command is None and utterance.heard.text == "요일 물어봐"

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        self.held += 1
        if self.fails:
            raise StorageFull("store.cannot_write", file="record")
        await floor.utter(QUESTION, utterance)
        listened = await floor.listen()
        self.heard.append(listened)
        if not isinstance(listened, Utterance):
            return None
        if floor.comes_first(listened):
            return listened
        await floor.utter(THANKS, listened, committed=lambda: self.turn_ids.append(floor.turn_id))
        return None

    def trouble(self) -> Reply:
        return TROUBLE


class Room:
    """A conversation with one interlude."""

    def __init__(self, dialogue: Dialogue, folder: Path, interlude: Weekday) -> None:
        self.record = opened(folder / "record")
        self.person = agreeing(self.record)
        self.mouth, self.screen = ScriptedMouth(), Notes()
        self.interlude = interlude
        self.interludes: tuple[Interlude, ...] = (interlude,)
        self._dialogue = dialogue

    async def talk(self, *turns: Turn) -> Outcome:
        clock, dialogue = FakeClock(), self._dialogue
        parts = Parts(
            ear=ScriptedEar(turns),
            mouth=self.mouth,
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
            screen=self.screen,
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: dialogue.setting(clock.now(), address="순자님"),
            interludes=self.interludes,
        )
        return await Conversation(parts, patience=20).run(new_session(self.person))

    def kept(self) -> list[KeptTurn]:
        return read_last(self.record)[1]


@pytest.fixture
def room(dialogue: Dialogue, tmp_path: Path) -> Iterator[Callable[[Weekday], Room]]:
    with ExitStack() as opened_rooms:

        def make(interlude: Weekday) -> Room:
            made = Room(dialogue, tmp_path, interlude)
            opened_rooms.callback(made.record.close)
            return made

        yield make


def once(when: Callable[[Moment], bool]) -> Callable[[Moment], bool]:
    """Return a rule that holds at the first moment of a kind."""
    done: list[Moment] = []

    def due(moment: Moment) -> bool:
        if done or not when(moment):
            return False
        done.append(moment)
        return True

    return due


async def test_what_is_asked_for_is_begun_and_its_turns_are_kept(room: Callable[[Weekday], Room]) -> None:
    """The wish, the question, the answer and the thanks stand in the record in their order."""
    here = room(Weekday())
    await here.talk("요일 물어봐", "금요일")

    assert [(turn.heard, turn.reply) for turn in here.kept()[1:3]] == [
        ("요일 물어봐", QUESTION.text),
        ("금요일", THANKS.text),
    ]


async def test_what_follows_a_committed_turn_knows_its_id(room: Callable[[Weekday], Room]) -> None:
    """An answer can be kept beside the turn in which it was given, before the person hears that it was taken."""
    here = room(Weekday())
    await here.talk("요일 물어봐", "금요일")

    assert here.interlude.turn_ids == [here.kept()[2].id]


async def test_danger_in_an_answer_ends_it_and_is_answered(room: Callable[[Weekday], Room]) -> None:
    """The words of safety come next, and nothing is asked after them."""
    here = room(Weekday(once(lambda moment: moment.turns == 0)))
    await here.talk("금요일이고 뭐고 죽고 싶어")

    assert THANKS.text not in here.mouth.said
    assert "109" in here.mouth.said[2]
    assert here.kept()[2].risk_level == "concern"


async def test_nothing_is_begun_while_a_danger_is_open(room: Callable[[Weekday], Room]) -> None:
    """Neither what is due nor what is asked for."""
    here = room(Weekday(lambda moment: moment.turns > 0))
    await here.talk("나 죽고 싶어", "요일 물어봐")

    assert here.interlude.held == 0


async def test_what_is_only_begun_when_asked_for_is_never_due(room: Callable[[Weekday], Room]) -> None:
    """At no moment by itself; where the person asks for it it is the interlude that it always was."""
    here = room(Weekday(lambda _: True))
    here.interludes = (OnlyAsked(here.interlude),)
    await here.talk("비가 오네", "요일 물어봐", "금요일")

    assert here.interlude.moments == []
    assert here.interlude.held == 1
    assert THANKS.text in here.mouth.said


async def test_what_is_only_begun_when_asked_for_says_its_own_trouble(room: Callable[[Weekday], Room]) -> None:
    """Where nothing can be written the person hears the sentence of the interlude."""
    here = room(Weekday())
    here.interlude.fails = True
    here.interludes = (OnlyAsked(here.interlude),)
    await here.talk("요일 물어봐")

    assert TROUBLE.text in here.mouth.said


async def test_nothing_is_offered_to_who_waves_off(room: Callable[[Weekday], Room]) -> None:
    """Who wants to be asked nothing is offered nothing in the turns that follow."""
    weekday = Weekday(lambda moment: moment.turns >= 1)
    await room(weekday).talk("그만 좀 물어봐", "비가 오네", "그래")
    assert weekday.held == 0


async def test_louder_is_obeyed_and_the_question_put_again(room: Callable[[Weekday], Room]) -> None:
    """A wish for the voice is no answer."""
    here = room(Weekday())
    await here.talk("요일 물어봐", "더 크게 말해 줘", "금요일")

    assert here.mouth.steps == 1
    assert here.mouth.said[2].endswith(QUESTION.text)
    assert here.kept()[3].heard == "금요일"


async def test_a_goodbye_ends_the_interlude_and_the_conversation(room: Callable[[Weekday], Room]) -> None:
    """Nobody has to answer first."""
    here = room(Weekday())
    outcome = await here.talk("요일 물어봐", "이제 그만 끊자")

    assert outcome.ended_by is Ending.PERSON
    assert THANKS.text not in here.mouth.said


async def test_it_is_offered_in_a_silence_instead_of_a_prompt(room: Callable[[Weekday], Room]) -> None:
    """Somebody who has fallen silent is asked, and then prompted as ever."""
    here = room(Weekday(once(lambda moment: moment.silent)))
    await here.talk(SILENCE, "금요일", SILENCE)

    assert here.mouth.said[1:3] == [QUESTION.text, THANKS.text]
    assert "silence_prompt" in here.kept()[3].reply_id


async def test_an_answer_of_silence_and_an_end_are_told_apart(room: Callable[[Weekday], Room]) -> None:
    """What an interlude does with a silence is its own affair; the end is the conversation's."""
    here = room(Weekday())
    await here.talk("요일 물어봐", SILENCE, "요일 물어봐", ENDED)

    assert here.interlude.heard == [SILENCE, ENDED]
    assert here.kept()[-1].kind == "closing"


async def test_a_lost_microphone_inside_is_told_and_ends_kindly(room: Callable[[Weekday], Room]) -> None:
    """The conversation meets the same trouble and says so."""
    here = room(Weekday())
    outcome = await here.talk("요일 물어봐", DeviceLost("hearing.microphone_lost"))

    assert outcome.ended_by is Ending.DEVICE
    assert here.screen.notices == ["hearing.microphone_lost"]


async def test_a_full_disk_is_said_and_the_talk_goes_on(room: Callable[[Weekday], Room]) -> None:
    """What could not be carried out is never said to be."""
    here = room(Weekday())
    here.interlude.fails = True
    outcome = await here.talk("요일 물어봐", "무릎이 아파")

    assert here.mouth.said[1] == TROUBLE.text
    assert outcome.turns == 2


async def test_the_moment_tells_how_far_the_conversation_is(room: Callable[[Weekday], Room]) -> None:
    """Just after the greeting nothing was said yet, and nobody is silent."""
    here = room(Weekday())
    await here.talk(SILENCE)

    assert [(one.turns, one.silent) for one in here.interlude.moments] == [(0, False), (0, True)]
