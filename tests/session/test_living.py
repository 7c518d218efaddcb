"""Whole days of a device on a clock of their own: what is said, when, to whom, and what survives a death."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from companion.config import Settings
from companion.core.access import OWNER
from companion.core.consent import Item
from companion.core.errand import Errand, Purpose, Standing
from companion.core.heard import Heard
from companion.core.life import Memory, Reminder
from companion.core.occasion import Outcome
from companion.core.person import Contact
from companion.core.record import NewSession
from companion.core.turn import Reply
from companion.dialogue.daily.words import Opening
from companion.dialogue.flow import Dialogue, Setting
from companion.errors import DeviceLost, StorageFull
from companion.session.answering import Answerer
from companion.session.bell import OVER, Over, Ring
from companion.session.conversation import Conversation, Parts
from companion.session.daybook import Daybook
from companion.session.ear import SILENCE, Listened, Utterance
from companion.session.errands import Errands
from companion.session.keeping import Keeper
from companion.session.living import Life, LifeEnd, LifeParts, Pressing
from companion.session.spoken import Spoken
from companion.session.telling_back import TellingBack
from companion.store.errand_care import errands_seen
from companion.store.viewing import Viewer
from companion.wiring.daily import (
    RecordErrands,
    RecordOccasions,
    daily_rules,
    daily_words,
    errand_finder,
    offer_answers,
    wake_words,
)
from tests.fakes.clock import START, FakeClock
from tests.fakes.ear import ScriptedMouth
from tests.fakes.screen import Notes
from tests.records import agreeing, decision, opened
from tests.session.home import consents_of

MORNING = START.replace(hour=7, minute=30)
EVENING = START.replace(hour=20)
Answering = Callable[[str], str | None]
"""What the person says to what they heard; None for nothing."""


class Killed(BaseException):
    """The process died."""


def said(words: str) -> Utterance:
    return Utterance(Heard.typed(words), speech_ended=0.0, turn_ended=0.0)


class Home:
    """A room with a person in it who answers what they hear, over a real record and a clock that jumps."""

    def __init__(self, dialogue: Dialogue, folder: Path) -> None:
        self.folder, self.dialogue = folder, dialogue
        self.clock = FakeClock(MORNING)
        self.record = opened(folder / "record", self.clock)
        self.person = agreeing(self.record)
        self.settings = Settings.model_validate({"daily": {"check_ins": []}})
        self.answers: Answering = lambda _: None
        self.rings: dict[datetime, Ring | Over | Exception] = {}
        self.said: list[tuple[str, str]] = []
        self.screen, self.busy_for, self.alarms = Notes(), 0, 0
        self.pressing: Pressing | None = None
        self.dies: Callable[[str], bool] = lambda _: False
        self._last, self._mouth = "", ScriptedMouth()
        self.at_once = self._mouth.at_once

    async def say(self, reply: Reply) -> Spoken:
        self.said.append((f"{self.clock.now():%H:%M}", reply.text))
        self._last = reply.text
        self.clock.advance(4)
        if self.dies(reply.text):
            raise Killed
        return await self._mouth.say(reply)

    def interrupt(self) -> bool:
        return True

    def louder(self) -> bool:
        return True

    def softer(self) -> bool:
        return True

    slower = faster = louder

    # The ear.

    async def listen(self, patience: float) -> Listened:
        answer = self.answers(self._last)
        self._last = ""
        if answer is None:
            self.clock.advance(patience)
            return SILENCE
        return said(answer)

    async def speech(self) -> None:
        return None

    @property
    def busy(self) -> bool:
        self.busy_for -= 1
        return self.busy_for >= 0

    def mute(self) -> None: ...

    def unmute(self) -> None: ...

    async def close(self) -> None: ...

    async def ring(self, patience: float) -> Ring | Over | None:
        ends = self.clock.now() + timedelta(seconds=patience)
        due = [at for at in self.rings if at <= ends]
        if not due:
            self.clock.advance(patience)
            return None
        ring = self.rings.pop(min(due))
        if isinstance(ring, Exception):
            raise ring
        return ring

    async def rest(self, seconds: float) -> None:
        self.clock.advance(seconds)

    # The conversations.

    @asynccontextmanager
    async def conversation(self, greeting: str) -> AsyncIterator[Conversation]:
        errands, words = RecordErrands(self.record, self.person.id), daily_words()
        allowed, hears = consents_of(self.record, self.person), offer_answers()
        with ThreadPoolExecutor(1) as thread:
            parts = Parts(
                ear=self,
                mouth=self,
                dialogue=self.dialogue,
                answerer=Answerer(language=None, situations=None, thread=thread),
                keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
                screen=self.screen,
                clock=self.clock,
                chance=lambda: 0.0,
                setting=lambda: replaced(self.dialogue, self.clock, greeting),
                interludes=(
                    Errands(errands, errand_finder(), words, answers=hears, permission=allowed, clock=self.clock),
                    TellingBack(errands, words, clock=self.clock),
                ),
            )
            yield Conversation(parts, patience=20.0)

    def session(self) -> NewSession:
        return NewSession(self.person.id, self.clock.now(), "text", "embedded", "bank")

    def awake(self, awake: bool) -> None: ...  # noqa: FBT001 - a switch

    # The whole.

    def contacts(self) -> tuple[Contact, ...]:
        return self.record.alerts.contacts(self.person.id)  # type: ignore[return-value] # name and id are all that is read

    def life(self, until: datetime = EVENING) -> Life:
        def alarm() -> None:
            self.alarms += 1

        parts = LifeParts(
            daybook=Daybook(
                RecordOccasions(self.record, self.person, self.settings),
                clock=self.clock,
                on_trouble=lambda error: self.screen.notice(error.key),
            ),
            bell=self,
            ear=self,
            mouth=self,
            screen=self.screen,
            talks=self,
            words=daily_words(),
            wake=wake_words(),
            rules=daily_rules(),
            clock=self.clock,
            rest=self.rest,
            chance=lambda: 0.0,
            address=self.person.address,
            time_spoken=lambda at: f"{at.astimezone(START.tzinfo):%H:%M}",
            contacts=self.contacts,  # type: ignore[arg-type] # name and id are all that is read
            pressing=self.pressing,
            alarm=alarm,
            look_every=900.0,
        )
        return Life(parts, until=until)

    def sets(self, kind: str, words: str = "", **schedule: object) -> None:
        self.record.reminders.set(self.person.id, Reminder(kind, words, "큰딸", MORNING, schedule))

    def outcomes(self) -> list[Outcome]:
        kept = self.record.occasions.since(self.person.id, MORNING)
        return [one.outcome for one in sorted(kept, key=lambda one: (one.due_at, one.number))]


def replaced(dialogue: Dialogue, clock: FakeClock, greeting: str) -> Setting:
    return replace(dialogue.setting(clock.now(), address="순자님"), greeting=greeting)


@pytest.fixture
def home(dialogue: Dialogue, tmp_path: Path) -> Iterator[Home]:
    made = Home(dialogue, tmp_path)
    yield made
    made.record.close()


async def test_a_day_of_reminders_is_said_at_its_times_and_once(home: Home) -> None:
    """As they were set, and nothing at night."""
    home.sets("medicine", "혈압약", times=["08:00", "19:00"])
    home.sets("water", "물", times=["12:00", "22:00"])
    assert await home.life(START + timedelta(hours=20)).run() is LifeEnd.UNTIL
    assert home.said == [
        ("08:00", "순자님, 말벗이에요. 혈압약 드실 시간이에요."),
        ("12:00", "순자님, 말벗이에요. 물 드실 시간이에요."),
        ("19:00", "순자님, 말벗이에요. 혈압약 드실 시간이에요."),
    ]
    assert home.outcomes() == [Outcome.SAID] * 3 + [Outcome.PASSED]


@pytest.mark.parametrize("dies_at", [0, 1, 2])
async def test_a_death_in_the_middle_of_a_word_says_nothing_twice(home: Home, dies_at: int) -> None:
    """What was begun is interrupted, what was still to come is said by the next process."""
    home.sets("medicine", "아침 약", times=["08:00"])
    home.sets("medicine", "점심 약", times=["13:00"])
    home.sets("medicine", "저녁 약", times=["19:00"])
    home.dies = lambda _: len(home.said) == dies_at + 1
    with pytest.raises(Killed):
        await home.life().run()
    home.dies = lambda _: False
    await home.life().run()
    assert [at for at, _ in home.said] == ["08:00", "13:00", "19:00"]
    outcomes = [Outcome.SAID] * 3
    outcomes[dies_at] = Outcome.INTERRUPTED
    assert home.outcomes() == outcomes


async def test_whoever_answers_a_check_in_is_talked_with(home: Home) -> None:
    """A mere answer is greeted as ever; the call is not repeated."""
    home.sets("check_in", times=["10:30"])
    answers = {"순자님, 계세요? 말벗이에요.": "응 나 여기 있어"}
    home.answers = answers.get
    await home.life().run()
    assert home.outcomes() == [Outcome.ANSWERED]
    assert home.said[1][1].startswith("안녕하세요, 순자님.")


async def test_an_answer_of_danger_is_met_before_anything_else(home: Home) -> None:
    """No greeting stands between a fall and 119."""
    home.sets("check_in", times=["10:30"])
    answers = {"순자님, 계세요? 말벗이에요.": "넘어져서 못 일어나겠어 머리에서 피가 나"}
    home.answers = answers.get
    await home.life().run()
    assert "119" in home.said[1][1]
    assert "인공지능" not in home.said[1][1]


async def test_people_are_told_of_whoever_does_not_answer(home: Home) -> None:
    """After six calls, the last of which says who will be told, and once."""
    contact = home.record.people.add_contact(Contact("", home.person.id, "큰따님", channels=("json://127.0.0.1:9/x",)))
    home.record.consents.decide(home.person.id, decision(Item.ALERTS, named="큰따님"))
    home.sets("check_in", times=["10:30"])
    await home.life().run()
    assert len(home.said) == 6
    assert "큰따님께 알릴게요" in home.said[-1][1]
    (alert,) = (one.alert for one in home.record.alerts.open())
    assert (alert.order.kind, alert.order.contacts, alert.order.told_person) == ("no_answer", (contact.id,), True)
    assert home.alarms == 1


async def test_a_name_begins_a_conversation(home: Home) -> None:
    """Whoever only calls is asked; whoever says more is answered."""
    home.rings[MORNING + timedelta(minutes=5)] = Ring(Opening.NAME)
    home.rings[MORNING + timedelta(hours=2)] = Ring(Opening.HEARD, said("오늘 며칠이야"))
    await home.life().run()
    assert home.said[0][1].startswith("네, 순자님. ")
    assert home.said[0][1].endswith("부르셨어요?")
    begun = next(number for number, (_, text) in enumerate(home.said) if text.startswith("네, 순자님. 말씀 들었어요."))
    assert "11월 23일" in home.said[begun + 1][1]


async def test_nobody_is_spoken_over(home: Home) -> None:
    """While the person speaks, what is due waits."""
    home.sets("medicine", "혈압약", times=["08:00"])
    home.busy_for = 100
    await home.life().run()
    assert [text for _, text in home.said] == ["순자님, 말벗이에요. 혈압약 드실 시간이에요."]
    assert home.busy_for < 0


async def test_a_television_does_not_keep_a_medicine_from_being_said(home: Home) -> None:
    """Five minutes of speech without a pause are enough."""
    home.sets("medicine", "혈압약", times=["08:00"])
    home.busy_for = 10**6
    await home.life(MORNING + timedelta(hours=1)).run()
    assert [at for at, _ in home.said] == ["08:05"]


async def test_a_promise_is_asked_after_in_the_words_of_the_person(home: Home) -> None:
    """Once, when it should be over."""
    memory = Memory("plan", "병원에 간다", MORNING, sentence="열 시에 병원 가", due_at=START)
    home.record.memories.keep(home.person.id, memory)
    home.answers = lambda heard: "응" if "계세요" in heard else None
    await home.life().run()
    assert home.said[0][0] == "13:00"
    assert "“열 시에 병원 가” 하고 말씀하셨지요" in home.said[1][1]
    assert home.said[1][1].endswith("그 일은 어떻게 되셨어요?")
    assert home.record.memories.all(home.person.id)[0].asked_after_at is not None


async def test_a_request_is_confirmed_kept_and_told_back_in_the_next_conversation(home: Home) -> None:
    """From the person to whoever looks after them, and back, once."""
    home.rings[MORNING + timedelta(minutes=5)] = Ring(Opening.HEARD, said("딸한테 보고 싶다고 전해 줘"))
    home.answers = lambda heard: "응 그래 줘" if "보여 드릴까요" in heard else None
    await home.life(MORNING + timedelta(hours=1)).run()
    (kept,) = errands(home)
    assert (kept.purpose, kept.whom, kept.words) == (Purpose.TELL, "딸", "딸한테 보고 싶다고 전해 줘")
    home.record.errand_care.settle(OWNER, kept.id, Standing.DONE, name="김영희", answer="주말에 오신대요.")
    for hours in (2, 3):
        home.rings[MORNING + timedelta(hours=hours)] = Ring(Opening.NAME)
    home.said.clear()
    await home.life().run()
    told = [text for _, text in home.said if "주말에 오신대요." in text]
    assert told == [
        "지난번에 “딸한테 보고 싶다고 전해 줘” 하고 부탁하셨지요. 김영희 님께서 이렇게 적어 주셨어요. 주말에 오신대요."
    ]


@pytest.mark.parametrize("answer", ["아니 됐어", None])
async def test_a_request_without_a_yes_is_not_kept(home: Home, answer: str | None) -> None:
    """A no, or silence after it was asked twice."""
    home.rings[MORNING + timedelta(minutes=5)] = Ring(Opening.HEARD, said("복지관에 전화해 줘"))
    home.answers = lambda heard: answer if "보여 드릴까요" in heard else None
    await home.life().run()
    assert errands(home) == []


async def test_a_device_that_hears_nothing_still_reminds_and_reports_no_silence(home: Home) -> None:
    """And ends, so that the microphone is opened anew."""
    home.sets("medicine", "혈압약", times=["07:35"])
    home.sets("check_in", times=["07:33"])
    home.rings[MORNING] = DeviceLost("microphone.lost")
    assert await home.life().run() is LifeEnd.DEVICE
    assert [text for _, text in home.said] == ["순자님, 말벗이에요. 혈압약 드실 시간이에요."]
    assert "run.deaf" in home.screen.notices
    assert home.record.alerts.open() == []


async def test_a_reminder_is_said_once_though_the_disk_is_full(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs it is told, once."""
    home.sets("medicine", "혈압약", times=["08:00"])

    def full(*_: object) -> bool:
        raise StorageFull("store.cannot_write", file="record")

    monkeypatch.setattr(home.record.occasions, "begin", full)
    await home.life().run()
    assert len(home.said) == 1
    assert home.screen.notices.count("store.cannot_write") >= 1


async def test_a_closed_keyboard_ends_it_and_a_stop_is_kind(home: Home) -> None:
    """The end of input where nobody said until when; SIGTERM in a conversation is a goodbye."""
    home.rings[MORNING] = OVER
    life = home.life()
    life._until = None
    assert await life.run() is LifeEnd.SOURCE
    home.rings[home.clock.now()] = Ring(Opening.NAME)
    life = home.life()

    def stop(_: str) -> str | None:
        life.stop()
        return None

    home.answers = stop
    assert await life.run() is LifeEnd.STOPPED
    assert home.said[-1][1].startswith("네, 여기서 마칠게요")


def errands(home: Home) -> list[Errand]:
    return [one.errand for one in errands_seen(Viewer(home.record.database, home.record.audit, OWNER), everything=True)]
