"""One person's page: what each part shows, and that the words behind it are there."""

from __future__ import annotations

from companion.dashboard.screens.person.screen import PersonScreen
from companion.wiring.desk import RecordDoor
from tests.dashboard.household import BOKRYE, YOUNGJA
from tests.dashboard.room import LARGE, press, screens, text_of

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
