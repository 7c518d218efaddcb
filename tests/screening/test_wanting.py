"""How people ask for a check of their mind, and what only sounds like it."""

from __future__ import annotations

import pytest

from companion.prompts import prompt_table
from companion.screening.wanting import Wanting

WANTING = Wanting(prompt_table("screening/offering.ko.toml")["wanting"])


@pytest.mark.parametrize(
    ("said", "instrument"),
    [
        ("우울증 검사 해 볼래", "phq9"),
        ("검사 한번 해 보자", ""),
        ("나 우울증 검사 좀 해 줘", "phq9"),
        ("마음 점검 한번 하자", "phq9"),
        ("우울증 검사나 해 봅시다", "phq9"),
        ("그 우울증 테스트 하고 싶어", "phq9"),
        ("내가 우울증인지 좀 봐 줘", "phq9"),
        ("우울증 검사 받아 볼래요", "phq9"),
        ("우울증 검사 할 수 있나?", "phq9"),
        ("불안 검사 해 보고 싶어", "gad7"),
        ("노인 우울 검사 한번 해 보세", "gds15"),
        ("우리 검사나 한번 하입시더", ""),
        ("기분 검사 좀 해 주이소", "phq9"),
        ("아까 하던 거 마저 하자", ""),
        ("저번에 하다 만 질문 이어서 해 줘", ""),
        ("요즘 기운이 없으니 우울증 검사 한번 해 보자", "phq9"),
        ("마음 검사 시작하자", "phq9"),
    ],
)
def test_a_wish_for_a_check_is_heard(said: str, instrument: str) -> None:
    """At any time, in the words and dialects of older people; where an instrument is named it is that one."""
    assert WANTING.find(said) == instrument


@pytest.mark.parametrize(
    "said",
    [
        "어제 병원에서 검사했어",
        "의사가 우울증 검사 하재",
        "피 검사 하러 가야 해",
        "우리 딸이 우울증 검사 해 보라더라",
        "우울증 검사 안 할래",
        "검사는 이제 하기 싫어",
        "눈 검사 좀 하자고 하네",
        "우울증 검사 했는데 괜찮대",
        "우리 영감 우울증 검사 좀 해 줘",
        "건강검진 받아 볼까",
        "우울해",
        "검사",
        "숙제 검사 해 줬지",
        "",
    ],
)
def test_what_is_told_declined_or_about_others_is_none(said: str) -> None:
    """A check of the body, of somebody else, one that is over or not wanted begins nothing."""
    assert WANTING.find(said) is None
