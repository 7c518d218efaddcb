"""One person's page: what each part shows, and that the words behind it are there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from companion.core.body import Import, Reading
from companion.core.consent import Answer, Item
from companion.core.person import Person
from companion.core.turn import Feeling
from companion.dashboard.screens.person.screen import PersonScreen
from companion.wiring.desk import RecordDoor
from tests.dashboard.household import BOKRYE, YOUNGJA, decide, talk
from tests.dashboard.room import LARGE, press, screens, text_of
from tests.fakes.clock import START, FakeClock
from tests.records import opened

SHOWN = {
    "1": ("위험해 보인 말씀 1번", "“다 정리해 놨어”", "밝은 말씀", "다음 안부는 오늘 10:30입니다.", "진단이 아닙니다."),
    "2": ("위급: 자살 계획이나 수단", "PHQ-9 11점", "어릴 적 놀이", "잠을 말씀하심"),
    "3": ("PHQ-9 (점)", "5: 살펴보기를 권함", "Han C 2008", "기분, 주마다", "잠 이야기", "혈압"),
    "4": (
        "합계 11점", "“거의 반은 그랬지”", "7 일 이상 방해 받았다", "문법이 읽음, 본인이 그렇다고 함, 확신 0.92",
        "1. 일 또는 여가 활동",
    ),
    "5": ("잠을 한숨도 못 잤어", "주제 잠, 마음 지침", "위험: 위급, 자살 계획이나 수단", "정해진 말"),
    "6": ("큰딸이 부산에 산다", "“우리 큰딸은 부산 살아”"),
    "7": ("끝까지 함", "나아짐 1번", "날마다 10:30", "큰따님이 정함"),
    "8": ("혈압", "가장 낮음", "진단이 아닙니다", "병원에서 온 기록"),
    "9": ("나눈 이야기 적어 두기", "연구에 쓰기  동의하지 않으심", "1. 큰따님 (딸)", "22시부터 7시까지는 쉽니다"),
}  # fmt: skip


async def test_each_part_shows_what_is_kept_with_the_words_behind_it(door: RecordDoor) -> None:
    """Nine parts by digit; who it is and why now stand above all of them."""
    async with screens(door, size=LARGE, person=YOUNGJA.name) as pilot:
        for key, wanted in SHOWN.items():
            await press(pilot, key)
            shown = text_of(pilot)
            assert "아무도 확인하지 않은 위급 알림 1건" in shown
            assert [one for one in wanted if one not in shown] == [], key


async def test_the_brackets_go_to_the_part_beside(door: RecordDoor) -> None:
    """From the first back to the last, and on."""
    async with screens(door, person=BOKRYE.name) as pilot:
        await press(pilot, "left_square_bracket")
        assert isinstance(pilot.app.screen, PersonScreen)
        before = pilot.app.screen.part_id
        await press(pilot, "right_square_bracket", "right_square_bracket")

        assert (before, pilot.app.screen.part_id) == ("part-agreed", "part-timeline")


async def test_what_is_empty_says_so(door: RecordDoor) -> None:
    """No empty table and no empty chart."""
    async with screens(door, person=BOKRYE.name) as pilot:
        for key, sentence in (("4", "아직 한 마음 점검이 없습니다."), ("6", "아직 기억하는 것이 없습니다.")):
            await press(pilot, key)
            assert sentence in text_of(pilot)


async def test_a_longer_time_is_a_key_away(door: RecordDoor) -> None:
    """The timeline begins with a month and goes on to a season."""
    async with screens(door, person=YOUNGJA.name) as pilot:
        await press(pilot, "2")
        before = text_of(pilot)
        await press(pilot, "p")

        assert ("지난 30일" in before, "지난 90일" in text_of(pilot)) == (True, True)


def _slept(folder: Path, clock: FakeClock, person: Person, *, days: int) -> None:
    """Write nights and talks of the same days: the longer the night, the brighter the talk."""
    record = opened(folder, clock)
    nights = []
    for day in range(1, days + 1):
        morning, good = START - timedelta(days=day), day % 3
        nights.append(Reading("sleep", 300.0 + 60 * good, "min", morning - timedelta(hours=8), until=morning))
        said = [("감자를 캤어", Feeling.JOY if number < good else Feeling.NEUTRAL) for number in range(3)]
        talk(record, person, morning, *said)
    record.readings.bring_in(person.id, Import("vitals", "잠.csv", "e" * 64, START), nights)
    record.close()


async def test_what_stood_beside_mood_comes_with_its_interval_and_a_caution(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """After the readings, of whoever had nights measured; of others nothing is said and nothing is read."""
    _slept(folder, clock, BOKRYE, days=30)
    async with screens(door, size=LARGE, person=BOKRYE.name) as pilot:
        await press(pilot, "8")
        shown = text_of(pilot)
    async with screens(door, size=LARGE, person=YOUNGJA.name) as pilot:
        await press(pilot, "8")
        other = text_of(pilot)

    assert "지난 90일" in shown
    assert "잠잔 시간, 같은 날 대화 속 기분: 30일, 순위상관 " in shown
    assert "어느 쪽이 다른 쪽을 바꾸었다는 뜻이 아니고" in shown
    assert "혈당" not in shown, "what was never measured is not spoken of"
    assert "같은 날의 기분" not in other


async def test_beside_what_may_not_be_shown_nothing_stands(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """Readings are, and that the rest is closed is said in words."""
    _slept(folder, clock, BOKRYE, days=30)
    record = opened(folder, clock)
    decide(record, BOKRYE, Item.CONVERSATION, Answer.WITHDRAWN)
    record.close()
    async with screens(door, size=LARGE, person=BOKRYE.name) as pilot:
        await press(pilot, "8")
        shown = text_of(pilot)

    assert "순위상관" not in shown
    assert "이야기를 적어 두는 데 동의하신 기록이 없어" in shown
    assert "가장 낮음" in shown
