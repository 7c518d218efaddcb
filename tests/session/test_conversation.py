"""Whole conversations on a clock of their own: the real dialogue and record, a scripted ear and mouth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from companion.core.heard import NOTHING_HEARD, Heard, Hearing
from companion.core.record import KeptTurn, TurnKind
from companion.core.turn import Reply, ReplySource
from companion.dialogue.flow import Dialogue
from companion.errors import DeviceLost, InferenceError
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Ending, Outcome, Parts
from companion.session.ear import SILENCE
from companion.session.keeping import Keeper
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, opened, read_last


class Room:
    """A conversation and everything around it."""

    def __init__(self, dialogue: Dialogue, folder: Path, turns: list[Turn]) -> None:
        self.record = opened(folder / "record")
        self.person = agreeing(self.record)
        self.ear = ScriptedEar(turns)
        self.mouth = ScriptedMouth()
        self.screen = Notes()
        clock = FakeClock()
        self.parts = Parts(
            ear=self.ear,
            mouth=self.mouth,
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
            screen=self.screen,
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: dialogue.setting(clock.now(), address="순자님", first_time=True),
        )
        self.conversation = Conversation(self.parts, patience=20.0)

    async def run(self) -> Outcome:
        return await self.conversation.run(new_session(self.person))

    def kept(self) -> list[KeptTurn]:
        return read_last(self.record)[1]


@pytest.fixture
def room(dialogue: Dialogue, tmp_path: Path) -> Iterator[Callable[..., Room]]:
    with ExitStack() as opened_rooms:

        def make(*turns: Turn) -> Room:
            made = Room(dialogue, tmp_path, list(turns))
            opened_rooms.callback(made.record.close)
            return made

        yield make


async def test_a_conversation_greets_answers_and_says_goodbye(room: Callable[..., Room]) -> None:
    """Opening, one exchange and closing are spoken and kept in this order."""
    here = room("무릎이 아파")

    outcome = await here.run()

    assert [turn.kind for turn in here.kept()] == [TurnKind.OPENING, TurnKind.EXCHANGE, TurnKind.CLOSING]
    assert here.kept()[1].heard == "무릎이 아파"
    assert (outcome.turns, outcome.ended_by, outcome.unwritten) == (1, Ending.SOURCE, 0)
    assert [turn.reply for turn in here.kept()] == here.mouth.said


async def test_the_opening_says_that_it_is_an_ai_and_no_doctor(room: Callable[..., Room]) -> None:
    """The disclosure comes before anything is asked of the person."""
    here = room()
    await here.run()

    assert "인공지능" in here.mouth.said[0]
    assert "의사" in here.mouth.said[0]


async def test_a_turn_is_in_the_record_before_its_reply_is_spoken(room: Callable[..., Room]) -> None:
    """If the power fails while a reply is spoken the turn is kept."""
    here = room("어제 손주가 왔어")
    seen: list[tuple[str, str | None]] = []
    here.mouth.on_say = lambda reply: seen.append((here.kept()[-1].reply, here.kept()[-1].spoken))

    await here.run()

    assert seen == [(reply, None) for reply in here.mouth.said]
    assert [turn.spoken for turn in here.kept()] == here.mouth.said


async def test_the_person_ends_it_by_saying_so(room: Callable[..., Room]) -> None:
    """그만 is obeyed at once, and nothing is asked after it."""
    here = room("그만", "이 말은 듣지 않는다")

    outcome = await here.run()

    assert outcome.ended_by is Ending.PERSON
    assert len(here.mouth.said) == 2
    assert "?" not in here.mouth.said[-1]


async def test_silence_is_met_gently_and_then_with_a_goodbye(room: Callable[..., Room]) -> None:
    """Two prompts, then a kind goodbye, and the record says that nobody answered."""
    here = room(SILENCE, SILENCE, SILENCE, "너무 늦었다")

    outcome = await here.run()

    assert outcome.ended_by is Ending.SILENCE
    assert [turn.kind for turn in here.kept()[1:]] == [TurnKind.SILENCE] * 3
    assert len(set(here.mouth.said[1:])) == 3


async def test_what_was_not_heard_is_asked_again_at_most_twice(room: Callable[..., Room]) -> None:
    """Misheard words are asked for kindly, twice, and then the talk goes on."""
    unsure = Heard(text="그 뭐시냐", confidence=0.2, hearing=Hearing.UNSURE, seconds=1.0)
    here = room(unsure, unsure, unsure)
    await here.run()

    asked = [turn.reply_id for turn in here.kept() if turn.kind is TurnKind.EXCHANGE]
    assert [("ask_again" in reply_id and "giving_up" not in reply_id) for reply_id in asked] == [True, True, False]


async def test_a_recording_without_speech_is_met_like_silence(room: Callable[..., Room]) -> None:
    """Nothing heard is never answered as if it were words."""
    here = room(NOTHING_HEARD)
    outcome = await here.run()

    assert here.kept()[1].reply_id.startswith("session.session.silence_prompt")
    assert outcome.turns == 0


async def test_louder_is_obeyed_until_the_limit_and_then_said(room: Callable[..., Room]) -> None:
    """The mouth is asked to speak up, and at its limit the reply says so."""
    here = room("더 크게 말해 줘", "더 크게 말해 줘", "더 크게 말해 줘")
    await here.run()

    replies = [turn.reply_id for turn in here.kept() if turn.kind is TurnKind.EXCHANGE]
    assert here.mouth.steps == 3
    assert [reply.split("#")[0] for reply in replies] == [
        "session.session.louder",
        "session.session.louder",
        "session.session.louder_limit",
    ]


async def test_speech_cuts_a_reply_and_what_was_spoken_is_kept(room: Callable[..., Room]) -> None:
    """Barge-in stops the mouth; the record holds what the person can have heard."""
    here = room("어제 손주가 왔어")

    def interrupt(reply: Reply) -> None:
        if reply.source is ReplySource.BANK:
            here.ear.interrupts.set()

    here.mouth.on_say = interrupt
    await here.run()

    cut = here.kept()[1]
    assert cut.spoken is not None
    assert cut.spoken != cut.reply
    assert cut.reply.startswith(cut.spoken)


async def test_a_safety_sentence_is_not_cut_by_speech(room: Callable[..., Room]) -> None:
    """109 is said to its end whatever is said meanwhile."""
    here = room("나 죽고 싶어")

    def interrupt(reply: Reply) -> None:
        if reply.uninterruptible:
            here.ear.interrupts.set()

    here.mouth.on_say = interrupt
    await here.run()

    said = here.kept()[1]
    assert "109" in said.reply
    assert said.spoken == said.reply
    assert said.risk_level in {"concern", "urgent"}


async def test_ctrl_c_says_goodbye_and_keeps_everything(room: Callable[..., Room]) -> None:
    """Being asked to stop while listening ends kindly."""
    here: Room = room("비가 오네", lambda: here.conversation.stop(), "이 말은 듣지 않는다")  # noqa: PLW0108 - bound later

    outcome = await here.run()

    assert outcome.ended_by is Ending.INTERRUPTED
    assert [turn.heard for turn in here.kept()] == ["", "비가 오네", ""]
    assert read_last(here.record)[0].ended_by == "interrupted"


async def test_a_second_ctrl_c_ends_at_once_with_the_record_closed(room: Callable[..., Room]) -> None:
    """Cancelling the conversation leaves a session that is marked as ended."""
    here: Room = room("비가 오네")
    running = asyncio.ensure_future(here.run())

    def end_at_once(reply: Reply) -> None:
        if reply.source is ReplySource.BANK:
            running.cancel()

    here.mouth.on_say = end_at_once
    with pytest.raises(asyncio.CancelledError):
        await running

    assert [turn.heard for turn in here.kept()] == ["", "비가 오네"]
    assert read_last(here.record)[0].ended_by == "interrupted"


async def test_a_lost_microphone_ends_kindly_and_is_told(room: Callable[..., Room]) -> None:
    """Unplugging loses nothing: the operator is told, the person hears a goodbye, the session is kept."""
    here = room("비가 오네", DeviceLost("hearing.microphone_lost"))

    outcome = await here.run()

    assert outcome.ended_by is Ending.DEVICE
    assert here.screen.notices == ["hearing.microphone_lost"]
    assert [turn.kind for turn in here.kept()][-1] is TurnKind.CLOSING


async def test_a_failing_recogniser_is_told_and_the_talk_goes_on(room: Callable[..., Room]) -> None:
    """One failure of a model is no end."""
    here = room(InferenceError("hearing.recogniser_failed"), "비가 오네")

    outcome = await here.run()

    assert here.screen.notices == ["hearing.recogniser_failed"]
    assert outcome.turns == 1


async def test_the_ear_is_muted_exactly_while_something_is_said(room: Callable[..., Room]) -> None:
    """Without echo cancelling 말벗 does not listen to itself."""
    here = room("비가 오네")
    during: list[int] = []
    here.mouth.on_say = lambda reply: during.append(here.ear.muted)

    await here.run()

    assert during == [1, 1, 1]
    assert here.ear.muted == 0
