"""A dangerous reading through a whole conversation, over a real record: what is said, who is told, and what is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from companion.core.body import Import, Reading
from companion.core.consent import Item
from companion.core.person import Contact
from companion.dialogue.flow import Dialogue
from companion.errors import DeviceLost, StorageFull
from companion.prompts import prompt_table
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.ear import SILENCE
from companion.session.keeping import Keeper
from companion.session.measured import AskingAfterReadings
from companion.vitals.kinds import Bounds
from companion.wiring.measured import asking_after_readings
from tests.fakes.clock import START, FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, decision, new_session, opened, read_last
from tests.session.test_living import MORNING, Home

QUESTION = "측정해 두신 혈당이 낮게 나왔어요. 지금 어지럽거나 식은땀이 나세요?"
BOUNDS = Bounds.of(prompt_table("vitals/bounds.toml"))
STREAM = Import("vitals", "혈당계", "a" * 64, START, "Bluetooth")


class Room:
    """A person with a meter, and a talk with them."""

    def __init__(self, dialogue: Dialogue, folder: Path) -> None:
        self.dialogue, self.clock = dialogue, FakeClock()
        self.record = opened(folder / "record", self.clock)
        self.person = agreeing(self.record, Item.CONVERSATION, Item.HEALTH)
        daughter = Contact("", self.person.id, "큰따님", channels=("json://127.0.0.1:9/x",))
        added = self.record.people.add_contact(daughter)
        self.record.consents.decide(self.person.id, decision(Item.ALERTS, named=added.name))
        self.mouth, self.notes, self.alarms = ScriptedMouth(), Notes(), 0

    def measures(self, value: float, minutes_ago: float = 1) -> None:
        at = self.clock.now() - timedelta(minutes=minutes_ago)
        self.record.readings.add(self.person.id, STREAM, [BOUNDS.judged(Reading("glucose", value, "mg/dL", at))])

    def asking(self, *, speaks_first: bool = False) -> AskingAfterReadings:
        trouble = lambda error: self.notes.notice(error.key)  # noqa: E731
        return asking_after_readings(self.record, self.person, self.clock.now, trouble, speaks_first=speaks_first)

    def alarm(self) -> None:
        self.alarms += 1

    @asynccontextmanager
    async def conversation(self, *turns: Turn) -> AsyncIterator[Conversation]:
        with ThreadPoolExecutor(1) as thread:
            self.ear = ScriptedEar(turns)
            parts = Parts(
                ear=self.ear,
                mouth=self.mouth,
                dialogue=self.dialogue,
                answerer=Answerer(language=None, situations=None, thread=thread),
                keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
                screen=self.notes,
                clock=self.clock,
                chance=lambda: 0.0,
                setting=lambda: replace(
                    self.dialogue.setting(self.clock.now(), address="순자님"),
                    contacts=self.record.alerts.contacts(self.person.id),
                ),
                pressing=(self.asking(),),
                alarm=self.alarm,
            )
            yield Conversation(parts, patience=77.0)

    async def talk(self, *turns: Turn) -> list[str]:
        async with self.conversation(*turns) as conversation:
            await conversation.run(new_session(self.person))
        return self.mouth.said

    def alerts(self) -> list[tuple[str, str]]:
        return [(one.alert.order.level, one.alert.order.kind) for one in self.record.alerts.open()]


@pytest.fixture
def room(dialogue: Dialogue, tmp_path: Path) -> Iterator[Room]:
    made = Room(dialogue, tmp_path)
    yield made
    made.record.close()


async def test_a_low_reading_is_asked_about_right_after_the_greeting(room: Room) -> None:
    """The fixed sentence; a yes is met with 119, and the contacts are told at once."""
    room.measures(50)
    said = await room.talk("응 어지러워")

    assert said[1] == QUESTION
    assert "119번" in said[2]
    assert "큰따님께 지금 알릴게요" in said[2]
    assert (room.alerts(), room.alarms) == ([("urgent", "low_reading")], 1)
    kept = read_last(room.record)[1]
    assert [(one.risk_level, one.risk_kind) for one in kept[1:3]] == [
        ("concern", "low_reading"),
        ("urgent", "low_reading"),
    ]


async def test_silence_is_counted_down_and_then_people_are_told(room: Room) -> None:
    """Twenty seconds, the count aloud, eight seconds."""
    room.measures(50)
    said = await room.talk(SILENCE, SILENCE)

    assert "다섯. 넷. 셋. 둘. 하나." in said[2]
    assert room.ear.patience[:2] == [20.0, 8.0]
    assert room.alerts() == [("urgent", "low_reading")]


async def test_who_feels_nothing_goes_on_talking(room: Room) -> None:
    """And somebody looks after them within a quarter of an hour."""
    room.measures(50)
    said = await room.talk("아니 괜찮아", "오늘 날씨가 좋네")

    assert "큰따님께 알려 둘게요" in said[2]
    assert room.alerts() == [("concern", "low_reading")]
    assert "119" not in said[3]


async def test_a_reading_that_comes_in_the_middle_of_a_talk_is_asked_about_next(room: Room) -> None:
    """Also where a question of the talk waits for its answer; once, and in the next talk not again."""
    said = await room.talk(lambda: room.measures(50), "손주가 왔다 갔어", "아니", "그래")
    assert said.count(QUESTION) == 1
    assert QUESTION not in (await room.talk("잘 잤어"))[len(said) :]


@pytest.mark.parametrize(("value", "ago"), [(50, 60 * 24 * 21), (50, 300), (60, 1), (15, 1)])
async def test_what_is_old_or_not_dangerous_is_not_spoken_of(room: Room, value: float, ago: float) -> None:
    """Weeks late, five hours old, low but not dangerously, or what no meter can measure."""
    room.measures(value, ago)
    said = await room.talk("잘 지냈어")

    assert QUESTION not in said
    assert room.alerts() == []


async def test_without_consent_to_health_data_nothing_is_asked(room: Room) -> None:
    """What was kept before is not looked at."""
    room.measures(50)
    withdrawn = replace(decision(Item.HEALTH), answer="withdrawn")  # type: ignore[arg-type]
    room.record.consents.decide(room.person.id, withdrawn)

    assert QUESTION not in await room.talk("잘 지냈어")


async def test_a_full_disk_keeps_nobody_from_being_asked(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once."""

    def full(*_args: object) -> bool:
        raise StorageFull("store.cannot_write", file="x")

    room.measures(50)
    monkeypatch.setattr(room.record.occasions, "begin", full)
    said = await room.talk("아니", "그래", "응")

    assert said.count(QUESTION) == 1


async def test_a_microphone_that_went_away_counts_as_silence(room: Room) -> None:
    """It is said, and people are told."""
    room.measures(50)
    await room.talk(DeviceLost("audio.lost"))

    assert QUESTION in room.mouth.said
    assert room.alerts() == [("urgent", "low_reading")]


async def test_what_is_sent_says_that_a_device_measured_and_not_what(room: Room) -> None:
    """Nothing was said, and which value it was is nobody's business on the way."""
    from companion.safety.notices import Subject
    from companion.wiring.alerts import alert_words

    room.measures(50)
    await room.talk("응")
    title, body = alert_words().alert(room.record.alerts.open()[0].alert, Subject("순자님"), START)

    assert "급한 알림" in title
    assert "재신 값이 위험하게" in body
    assert "말씀을 하셨습니다" not in body
    assert "혈당" not in body


@pytest.fixture
def home(dialogue: Dialogue, tmp_path: Path) -> Iterator[Home]:
    made = Home(dialogue, tmp_path)
    made.record.consents.decide(made.person.id, decision(Item.HEALTH))
    yield made
    made.record.close()


def _measured(home: Home, at: datetime, value: float) -> None:
    home.record.readings.add(home.person.id, STREAM, [Reading("glucose", value, "mg/dL", at)])


def _begins(home: Home, at: datetime) -> None:
    """Let the day begin, with a device that speaks first about readings."""
    home.clock = FakeClock(at)
    home.record.database.now = home.clock.now
    home.pressing = asking_after_readings(
        home.record, home.person, home.clock.now, lambda error: home.screen.notice(error.key), speaks_first=True
    )


async def test_a_dangerous_reading_is_spoken_of_at_night_and_once_in_an_episode(home: Home) -> None:
    """Before anything else, without a greeting; nobody answers, people are told, and a restart asks no more."""
    night = MORNING.replace(hour=23)
    _begins(home, night)
    _measured(home, night, 48.0)
    _measured(home, night + timedelta(minutes=5), 47.0)

    await home.life(night + timedelta(minutes=20)).run()
    _begins(home, night + timedelta(minutes=20))
    await home.life(night + timedelta(minutes=40)).run()

    said = [text for _, text in home.said]
    assert said[0] == "측정해 두신 혈당이 낮게 나왔어요. 지금 어지럽거나 식은땀이 나세요?"
    assert "다섯. 넷. 셋. 둘. 하나." in said[1]
    assert "119번" in said[2]
    assert sum("측정해" in text for text in said) == 1
    (alert,) = (one.alert for one in home.record.alerts.open())
    assert (alert.order.level, alert.order.kind) == ("urgent", "low_reading")


async def test_a_reading_that_was_brought_in_late_wakes_nobody(home: Home) -> None:
    """Two hours old: the next talk may ask, 말벗 does not speak first."""
    _begins(home, MORNING)
    _measured(home, MORNING - timedelta(hours=2), 48.0)

    await home.life(MORNING + timedelta(minutes=30)).run()

    assert home.said == []
