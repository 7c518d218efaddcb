"""What a sensible adult knows: proverbs by meaning, the next line, the rites, rides, cooking, the animal of a year.

The set was written before the facts, a third of it to be looked at only at the end. Lines are looped over: a case each
would cost more than it tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from companion.core.heard import Heard
from companion.dialogue.facts import PREFIX
from companion.dialogue.flow import Dialogue, Setting
from tests.dialogue.conftest import answered

FILE = Path(__file__).parents[1] / "evaluation" / "sets" / "facts_3.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
CALENDAR = "almanac"
"""What the calendar answers, as the set names it beside the facts."""

Ask = Callable[[str], tuple[str, str]]


@pytest.fixture
def ask(dialogue: Dialogue, setting: Setting) -> Ask:
    """Return what answers a text through the whole dialogue, and its words; empty where neither room does."""

    def fact(text: str) -> tuple[str, str]:
        reply = answered(dialogue, Heard.typed(text), setting).reply
        kind, _, rest = reply.id.partition(".")
        named = rest.partition("#")[0] if kind == PREFIX else CALENDAR if kind == CALENDAR else ""
        return named, reply.text

    return fact


def missed(ask: Ask, part: str, *, asks: bool) -> list[str]:
    """Return the lines of a part that are not answered as they should be."""
    return [case["text"] for case in of(part, asks=asks) if not right(ask, case)]


def right(ask: Ask, case: dict[str, Any]) -> bool:
    named, said = ask(case["text"])
    return named == case["fact"] and case.get("must", "") in said


def of(part: str, *, asks: bool) -> list[dict[str, Any]]:
    return [case for case in CASES if case["part"] == part and bool(case["fact"]) == asks]


def test_the_set_is_large_enough_and_a_third_of_it_unseen() -> None:
    """Each line once."""
    asked = sum(bool(case["fact"]) for case in CASES)
    assert asked >= 150
    assert len(CASES) - asked >= 100
    assert len({case["text"] for case in CASES}) == len(CASES)
    assert 0.3 <= sum(case["part"] == "unseen" for case in CASES) / len(CASES) <= 0.36


def test_what_is_asked_is_answered_and_what_is_told_is_not(ask: Ask) -> None:
    """In every dialect; when it was first looked at, 95 of 100 were answered rightly and none of 67 tellings."""
    assert missed(ask, "seen", asks=True) == []
    assert missed(ask, "seen", asks=False) == []


def test_it_holds_on_lines_that_no_fact_was_written_by(ask: Ask) -> None:
    """When they were first looked at, 47 of 50 were answered rightly, and none of 33 tellings; no longer unseen."""
    assert len(missed(ask, "unseen", asks=True)) <= 3
    assert missed(ask, "unseen", asks=False) == []


def test_the_animal_of_a_year_is_known_both_ways(ask: Ask) -> None:
    """By the year, by its name in the sixty, by the animal; a wrong one is put right."""
    said = {
        "1953년생이 무슨 띠지": "계사년에 난 뱀띠",
        "오삼년생이면 뱀띠 맞아?": "네, 천구백오십삼년생",
        "오삼년생이면 말띠 맞아?": "아니요, 천구백오십삼년생",
        "무술년이 개띠 해 맞나": "네, 무술년",
        "무술년이 닭띠 해 맞나": "아니요, 무술년",
        "병자년이 몇 년이고": "천구백삼십육년하고 천구백구십육년",
        "원숭이띠는 몇 년생이야": "천구백사십사년",
        "토끼띠가 올해 몇 살이고": "여든여덟",
        "올해가 병오년 맞나": "병오년",
        "어느 해에 태어난 사람이 돼지띠고": "천구백사십칠년",
    }
    assert [text for text, part in said.items() if part not in ask(text)[1]] == []
    for text in ("갑축년이 무슨 띠야", "너 무슨 띠야", "내가 무슨 띠인지 알아", "우리 며느리가 소띠인데 몇 살이더라"):
        assert ask(text)[0] == "", text


def test_the_same_words_told_get_no_fact(ask: Ask) -> None:
    """A proverb said while telling, a ride of long ago, a dish that did not taste."""
    told = (
        "쥐구멍에도 볕 들 날 있다는데 내 팔자는 언제 볕이 드나",
        "밑 빠진 독에 물 붓기지 뭐 자식한테 주는 거",
        "첫술에 배부르냐고 하면서 며느리가 웃더라",
        "원숭이도 나무에서 떨어진다고 하잖아 괜찮아",
        "입맛이 없어서 두부로 뭘 해 먹어도 맛이 없네",
        "옛날에 서울서 부산까지 기차로 얼마나 걸렸나",
        "서울에서 부산 케이티엑스 값이 얼마야",
        "딸이 서울에서 대전까지 얼마나 걸린다고 했더라",
        "눈이 침침해서 안경에 김이 서린 것 같은데 왜 그러지",
        "지렁이가 마당에 나와 있더라",
        "오늘 제사라 홍동백서로 상을 차렸어",
        "제사가 오늘 며칠이지",
        "배보다 배꼽이 더 크네 이게 무슨 소리야",
        "고구마 농사를 뭐 하러 짓나",
        "콩나물 값도 못 하면서 뭘 해 먹고 사노",
    )
    assert [text for text in told if ask(text)[0] not in {"", CALENDAR}] == []
