"""What is asked to be told at some time is found with its time, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.numerals import read_native
from companion.dialogue.daily.asking import Wished
from companion.dialogue.daily.hours import When
from companion.wiring.daily import asked_finder, asked_words

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 27, 10, 20, tzinfo=SEOUL)
FINDER, WORDS = asked_finder(), asked_words()


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return (NOW + timedelta(days=days)).replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("text", "when", "what"),
    [
        ("두 시에 약 먹으라고 해 줘", at(14), "약 먹으라고 말해"),
        ("일곱 시 되면 불러 줘", at(19), "불러"),
        ("내일 아침에 병원 가는 거 말해 줘", at(9, days=1), "병원 가는 거 말해"),
        ("이따 여섯 시에 드라마 한다고 알려 줘", at(18), "드라마 한다고 알려"),
        ("세시 반에 깨워다오", at(15, 30), "깨워"),
        ("오후 3시 20분에 손주 전화 온다고 알려 줘", at(15, 20), "손주 전화 온다고 알려"),
        ("삼십 분 있다가 가스불 보라고 말해 줘", at(10, 50), "가스불 보라고 말해"),
        ("한 시간 반 뒤에 깨워 줘", at(11, 50), "깨워"),
        ("밤 열두 시에 깨워 줘", at(0, days=1), "깨워"),
        ("모레 오전 열 시 십오 분에 치과 간다고 알려주이소", at(10, 15, days=2), "치과 간다고 알려"),
        ("목요일 열 시에 복지관 가는 날이라고 말해 줘", at(10, days=6), "복지관 가는 날이라고 말해"),
        ("나한테 다섯 시에 내 약 챙기라고 일러 줘", at(17), "약 챙기라고 알려"),
        ("모레 여섯 시에 드라마 한다고 알려 줘", at(18, days=2), "드라마 한다고 알려"),
        ("내일 여덟 시에 전화 온다고 말해 줘", at(8, days=1), "전화 온다고 말해"),
        ("내일 아침 여섯 시에 깨워 줘", at(6, days=1), "깨워"),
        ("밥 먹으라고 열두 시에 말해 줘", at(12), "밥 먹으라고 말해"),
        ("말벗아 여덟 시에 연속극 본다고 말 좀 해 줘", at(20), "연속극 본다고 말해"),
        ("약 먹으라고 말해 줘 두 시에", at(14), "약 먹으라고 말해"),
        ("저녁 여섣 시에 국 끓이라고 일러 주이소", at(18), "국 끓이라고 알려"),
        ("여덟 시 십 분 전에 깨워 주소", at(19, 50), "깨워"),
        ("정오에 밥 먹으라 캐라", at(12), "밥 먹으라고 말해"),
        ("반 시간 뒤에 불 끄라 해 줘", at(10, 50), "불 끄라고 말해"),
        ("여섯 시에 알람이 울렸으면 좋겠네", at(18), "알려"),
        ("세 시에 계 모임 있다고 알려 줘유, 꼭", at(15), "계 모임 있다고 알려"),
        ("내일 열 시에 장 보러 가는 거 안 까먹게 말해 주게", at(10, days=1), "장 보러 가는 거 말해"),
        ("네 시에 불러 줘 손주 마중 가야 돼", at(16), "불러"),
        ("오후 세 시에 치과 가야 한다고 알려 주세요. 아, 네 시네요. 네 시요.", at(16), "치과 가야 한다고 알려"),
        ("여덟 시에 약 먹으라고 나 좀 깨우쳐 줘. 아니다, 아홉 시로 혀.", at(21), "약 먹으라고 깨워"),
        (
            "일요일에 막내 온다고 토요일 저녁 여섯 시에 갈비 재라고 말해 줘",
            at(18, days=1),
            "막내 온다고 갈비 재라고 말해",
        ),
        ("여섯 시에 국 끓이라고 말해달랑께", at(18), "국 끓이라고 말해"),
        ("열한 시에 손녀가 온다고 하니까 그때 나 깨워. 낮잠 들까 봐.", at(11), "손녀가 온다고 하니까 깨워"),
    ],
)
def test_a_wish_is_found_with_its_time_and_words(text: str, when: datetime, what: str) -> None:
    """In the words of whoever asks."""
    found = FINDER.find(text, NOW)

    assert found is not None
    assert (found.when.at, found.what) == (when, what)


@pytest.mark.parametrize(
    "text",
    [
        "딸한테 두 시에 전화하라고 해 줘",
        "두 시에 딸한테 전화하라고 말해 줘",
        "아까 두 시에 아들이 전화해 줬어",
        "지금 몇 시인지 알려 줘",
        "내일 날씨 좀 알려 줘",
        "옛날이야기 하나 해 줘",
        "우리 손자가 두 시에 온다고 알려 줬어",
        "두 시에 약 먹었어",
        "노래 하나 불러 줘",
        "여섯 시에 드라마를 봤지",
        "여섯 시에 딸이 알려 줘 알았지",
        "두 시에 손녀가 말해 줘 내가 나갔어",
        "아들 보고 두 시에 오라고 해 줘",
        "여섯 시에 깨워도 안 일어나",
        "아침 여섯 시면 영감이 꼭 나를 깨워",
    ],
)
def test_what_only_sounds_like_it_is_left_alone(text: str) -> None:
    """Errands, questions, songs, and what was done."""
    assert FINDER.find(text, NOW) is None


def test_what_is_over_is_said_to_be_over() -> None:
    """And what names no hour has none; nothing is guessed."""
    over, later = FINDER.find("오늘 아침 여덟 시에 깨워 줘", NOW), FINDER.find("이따가 빨래 걷으라고 말해 줘", NOW)

    assert over is not None
    assert over.when.past
    assert over.when.at is None
    assert later is not None
    assert not later.when.past
    assert later.when.at is None


@pytest.mark.parametrize(
    "text", ["쪼매 있다가 국 끄라고 해 주소", "점심 먹고 약 먹으라고 말해 줘", "연속극 끝나면 문 잠그라고 일러 주게"]
)
def test_a_while_or_a_meal_names_no_hour(text: str) -> None:
    """It is asked for then."""
    found = FINDER.find(text, NOW)

    assert found is not None
    assert found.when.at is None
    assert not found.when.past


def test_every_day_is_every_day() -> None:
    """From its next time on."""
    found = FINDER.find("매일 아침 여덟 시에 혈압약 먹으라고 알려 줘", NOW)

    assert found is not None
    assert found.when.daily
    assert found.when.at == at(8, days=1)
    assert WORDS.when(at(8, days=1), NOW, daily=True) == "날마다 아침 여덟 시에"


@given(st.integers(1, 12), st.integers(0, 23))
def test_a_bare_hour_is_the_next_one_of_the_waking_day(hour: int, now: int) -> None:
    """Within a day, never in the past, never in the night."""
    moment = NOW.replace(hour=now)
    found = FINDER.find(f"{read_native(hour)} 시에 불러 줘", moment)

    assert found is not None
    assert found.when.at is not None
    assert moment < found.when.at <= moment + timedelta(days=1, hours=12)
    assert found.when.at.hour >= 6
    assert found.when.at.hour % 12 == hour % 12


@pytest.mark.parametrize(
    "text", ["뭐 알려 준다고 했지?", "뭘 말해 주기로 했지", "내가 알려 달라고 한 거 뭐 있어?", "알림 뭐 있냐"]
)
def test_what_was_asked_can_be_asked_for(text: str) -> None:
    """In several words."""
    assert FINDER.lists(text)
    assert FINDER.find(text, NOW) is None


@pytest.mark.parametrize(
    "text", ["그거 취소해", "아까 그거 없던 걸로 하자", "이제 안 불러 줘도 돼", "여섯 시 거 취소해 줘", "알림 취소해"]
)
def test_a_wish_can_be_taken_back(text: str) -> None:
    """Also as "that", where it was just spoken of."""
    assert FINDER.cancels(text, just_spoken_of=True)


def test_that_means_nothing_where_nothing_was_spoken_of() -> None:
    """It may be anything then."""
    assert not FINDER.cancels("그거 취소해", just_spoken_of=False)


@pytest.mark.parametrize(
    "text",
    [
        "일곱 시에 트럭이 오거든. 그 전에 깨워 주게",
        "일곱 시에 트럭이 온다, 그 전에 깨워 줘",
        "약국에 세 시까지 가야 되거든. 그 전에 좀 일러 줘",
    ],
)
def test_some_time_before_an_hour_is_not_that_hour(text: str) -> None:
    found = FINDER.find(text, NOW)
    assert found is not None
    assert found.when.at is None


def test_who_names_no_time_and_wants_something_else_by_it_wishes_nothing_to_be_told() -> None:
    """``너도 뭔 말을 좀 해 봐라``; whoever names a time means it, and so does everybody where nobody knows."""
    bare, timed = Wished(When(None), "말해"), Wished(When(at(14)), "약 먹으라고 말해")
    assert not FINDER.is_meant(bare, ("other_topic",))
    assert FINDER.is_meant(bare, ("remind",))
    assert FINDER.is_meant(bare, ())
    assert FINDER.is_meant(timed, ("none",))
