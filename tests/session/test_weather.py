"""The weather inside whole conversations, from a real server on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from companion.config import Settings, load_settings
from companion.core.speakable import Speakable
from companion.dialogue.flow import Dialogue
from companion.errors import CompanionError, ConfigError
from companion.prompts import prompt_table
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.keeping import Keeper
from companion.wiring.check import Verdict
from companion.wiring.weather import examine_weather, telling_weather
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, record_in
from tests.weather import Sky, weather_server

NOW = (
    "지금 원주는 흐려요. 기온은 영하 3도예요. "
    "오늘은 가장 낮을 때 영하 4도, 가장 높을 때 5도이고, 비 올 가능성은 60퍼센트예요."
)
TOMORROW = "내일 원주는 눈이 오겠어요. 가장 낮을 때 영하 8도, 가장 높을 때 1도이고, 눈 올 가능성은 85퍼센트예요."
AFTER = "모레 원주는 맑겠어요. 가장 낮을 때 0도, 가장 높을 때 10도예요."


def configured(sky: Sky | None) -> Settings:
    weather = {"source": "open-meteo", "place": "원주", "latitude": 37.35, "longitude": 127.95}
    return Settings.model_validate({} if sky is None else {"weather": {**weather, "address": sky.address}})


class Room:
    """A conversation with somebody who asks for the weather."""

    def __init__(self, dialogue: Dialogue, folder: Path, sky: Sky) -> None:
        self.dialogue, self.folder, self.sky = dialogue, folder, sky
        self.clock = FakeClock()
        self.troubles: list[CompanionError] = []

    async def talk(self, *turns: Turn, on: bool = True) -> list[str]:
        settings, mouth, clock = configured(self.sky if on else None), ScriptedMouth(), self.clock
        with record_in(self.folder) as record:
            person = agreeing(record)
            parts = Parts(
                ear=ScriptedEar(turns),
                mouth=mouth,
                dialogue=self.dialogue,
                answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
                keeper=Keeper(record.conversations, on_trouble=lambda error: None),
                screen=Notes(),
                clock=clock,
                chance=lambda: 0.0,
                setting=lambda: self.dialogue.setting(clock.now(), address="순자님"),
                interludes=telling_weather(settings, clock.now, self.troubles.append),
            )
            await Conversation(parts, patience=20).run(new_session(person))
        return mouth.said[1:]


@pytest.fixture
def room(dialogue: Dialogue, tmp_path: Path) -> Iterator[Room]:
    with weather_server() as sky:
        yield Room(dialogue, tmp_path / "record", sky)


async def test_the_weather_is_told_of_now_and_of_the_next_days(room: Room) -> None:
    """Sky, degrees and the chance of rain or snow, in fixed sentences; asked of the source once."""
    said = await room.talk("오늘 날씨 어때?", "내일 비 오냐?", "모레 추울까?")

    assert said[:3] == [NOW, TOMORROW, AFTER]
    assert len(room.sky.asked) == 1


async def test_it_is_asked_anew_after_a_while(room: Room) -> None:
    """Weather changes."""
    await room.talk("오늘 날씨 어때?", lambda: room.clock.advance(1000), "지금 밖에 비 오냐?")

    assert len(room.sky.asked) == 2


async def test_without_a_source_it_is_not_known_and_nothing_is_asked(room: Room) -> None:
    """As ever: nobody outside hears of it."""
    said = await room.talk("오늘 날씨 어때?", on=False)

    assert "알 길이 없어요" in said[0]
    assert room.sky.asked == []


@pytest.mark.parametrize(
    "text", ["오늘 미세먼지 심하냐?", "주말에 날씨 어때?", "내일 서울 날씨 어때?", "날씨가 참 좋네"]
)
async def test_what_the_source_does_not_tell_is_not_told(room: Room, text: str) -> None:
    """Other days, other places, other things, and what was no question."""
    said = await room.talk(text)

    assert room.sky.asked == []
    assert "원주" not in said[0]


async def test_no_answer_is_said_honestly_and_to_the_operator(room: Room) -> None:
    """The conversation goes on."""
    room.sky.status = 500
    said = await room.talk("오늘 날씨 어때?", "밥 먹었어")

    assert said[0] == "날씨를 알아보려 했는데 지금은 소식이 들어오지 않네요. 창밖은 어떤가요?"
    assert [error.key for error in room.troubles] == ["weather.unreachable"]
    assert len(said) > 1


async def test_danger_beside_the_weather_comes_first(room: Room) -> None:
    """Nothing is fetched."""
    said = await room.talk("오늘 날씨 어때? 나 죽고 싶어")

    assert "109" in said[0]
    assert room.sky.asked == []


@pytest.mark.parametrize("text", [NOW, TOMORROW, AFTER])
def test_what_is_told_can_be_spoken(text: str) -> None:
    """Units and numbers become words."""
    spoken = Speakable(prompt_table("speech/speakable.toml")).read(text).text

    assert not any(letter.isdigit() for letter in spoken)


def test_the_doctor_says_what_leaves_the_house(room: Room) -> None:
    """Coordinates; or that nothing is asked; or that nobody answers."""
    on, off = examine_weather(configured(room.sky)), examine_weather(configured(None))
    room.sky.status = 500

    assert (on.verdict, on.key, on.fields["latitude"]) == (Verdict.OK, "doctor.weather", 37.4)
    assert (off.verdict, off.key) == (Verdict.SKIPPED, "doctor.weather_off")
    assert examine_weather(configured(room.sky)).verdict is Verdict.PROBLEM


def test_a_source_without_a_place_is_refused(tmp_path: Path) -> None:
    """With the place in the file."""
    file = tmp_path / "config.toml"
    file.write_text('[weather]\nsource = "open-meteo"\nplace = "원주"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_settings(file)

    assert raised.value.fields["place"] == "weather"
