"""What one asks of kitchen, house, field, sky, customs and games is answered with its fact; tellings are not.

The set was written before the facts, a third of it to be looked at only at the end.
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

FILE = Path(__file__).parents[1] / "evaluation" / "sets" / "facts_2.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]

Ask = Callable[[str], str]


@pytest.fixture
def ask(dialogue: Dialogue, setting: Setting) -> Ask:
    """Return the id of the fact that answers a text, through the whole dialogue; empty where none does."""

    def fact(text: str) -> str:
        reply = answered(dialogue, Heard.typed(text), setting).reply.id
        return reply.removeprefix(f"{PREFIX}.").partition("#")[0] if reply.startswith(f"{PREFIX}.") else ""

    return fact


def of(part: str, *, asks: bool) -> list[dict[str, Any]]:
    return [case for case in CASES if case["part"] == part and bool(case["fact"]) == asks]


def test_the_set_is_large_enough_and_a_third_of_it_unseen() -> None:
    """Each line once."""
    asked = sum(bool(case["fact"]) for case in CASES)
    assert asked >= 150
    assert len(CASES) - asked >= 100
    assert len({case["text"] for case in CASES}) == len(CASES)
    assert 0.3 <= sum(case["part"] == "unseen" for case in CASES) / len(CASES) <= 0.36


@pytest.mark.parametrize("case", of("seen", asks=True), ids=lambda case: case["id"])
def test_what_is_asked_is_answered_with_its_fact(ask: Ask, case: dict[str, Any]) -> None:
    """In every dialect, with or without a preamble."""
    assert ask(case["text"]) == case["fact"]


@pytest.mark.parametrize("case", of("seen", asks=False), ids=lambda case: case["id"])
def test_who_tells_of_a_thing_is_told_no_fact(ask: Ask, case: dict[str, Any]) -> None:
    """Nor who asks something else of it, or is ill, or in danger."""
    assert ask(case["text"]) == ""


def test_it_holds_on_lines_that_no_fact_was_written_by(ask: Ask) -> None:
    """When they were first looked at, 52 of 58 were answered rightly, and none of 34 tellings."""
    asked = of("unseen", asks=True)
    right = [case for case in asked if ask(case["text"]) == case["fact"]]
    false = [case["text"] for case in of("unseen", asks=False) if ask(case["text"])]
    assert len(right) / len(asked) >= 0.94
    assert false == []


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("모기는 암놈이 무나 수놈이 무나", "mosquito_female"),
        ("뻐꾸기는 왜 남의 둥지에 알을 낳아", "cuckoo_nest"),
        ("고도리는 무슨 새를 말하는 거여", "hwatu_birds"),
    ],
)
def test_a_thing_whose_name_ends_like_a_word_sent_back_is_asked_about(ask: Ask, text: str, fact: str) -> None:
    """모기는 is no 좋기는."""
    assert ask(text) == fact


@pytest.mark.parametrize(
    "text",
    [
        "감자 언제 심었더라",
        "감자 싹 난 걸 먹었는데 괜찮을까",
        "콩을 언제 심느냐고 이장한테 좀 물어봐 줘",
        "하늘이 와 이리 파랗노 구름 한 점 없네",
        "안개가 껴서 그냥 내려와수다",
        "비가 와서 감자를 못 캤어",
        "전기장판에서 타는 냄새가 나는데 접어도 되나",
        "당뇨가 있는데 감자를 몇 분 쪄야 하나",
        "제비가 왜 안 올까 우리 집 제비가 다 어디로 갔을까",
        "떡국을 왜 나 혼자 먹어야 하나",
    ],
)
def test_the_same_words_in_another_question_get_no_fact(ask: Ask, text: str) -> None:
    """One's own past, an errand, a sigh, what is ill or burns."""
    assert ask(text) == ""
