"""Sums and old measures that are asked for are reckoned rightly; who tells of prices and counts is not answered so.

The set was written before the rules by somebody who never saw them, a third of it to be looked at only at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.heard import Heard
from companion.core.turn import Reply
from companion.dialogue.flow import Dialogue
from companion.dialogue.reckoning.amounts import Amounts, Kind
from companion.dialogue.reckoning.reckoning import Reckoning
from companion.dialogue.reckoning.said import PREFIX
from companion.prompts import prompt_table
from tests.dialogue.conftest import MOMENT, answered

FILE = Path(__file__).parents[1] / "evaluation" / "sets" / "sums.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
TABLE = prompt_table("lexicon/reckoning.toml")
RECKONING, AMOUNTS = Reckoning(TABLE), Amounts(TABLE)
WON = st.integers(min_value=1, max_value=99_999_999)

Ask = Callable[[str], Reply]


@pytest.fixture
def ask(dialogue: Dialogue) -> Ask:
    """Return what answers a text, through the whole dialogue."""

    def reply(text: str) -> Reply:
        return answered(dialogue, Heard.typed(text), dialogue.setting(MOMENT, address="어르신")).reply

    return reply


def is_right(reply: Reply, case: dict[str, Any]) -> bool:
    letters = reply.text.replace(" ", "")
    if case["must"] is None:
        return not reply.id.startswith(PREFIX)
    needed = all(any(one.replace(" ", "") in letters for one in alternatives) for alternatives in case["must"])
    return reply.id.startswith(PREFIX) and needed


def of(part: str, *, asks: bool) -> list[dict[str, Any]]:
    return [case for case in CASES if case["part"] == part and (case["must"] is not None) == asks]


@pytest.mark.parametrize("part", ["seen", "unseen"])
def test_what_only_sounds_like_a_sum_is_not_reckoned(ask: Ask, part: str) -> None:
    """Prices that nobody can know, doses, ages, hours, proverbs."""
    assert [case["text"] for case in of(part, asks=False) if not is_right(ask(case["text"]), case)] == []


@pytest.mark.parametrize(("part", "most"), [("seen", 1), ("unseen", 4)])
def test_sums_and_measures_are_answered_rightly(ask: Ask, part: str, most: int) -> None:
    wrong = [case["text"] for case in of(part, asks=True) if not is_right(ask(case["text"]), case)]
    assert len(wrong) <= most, wrong


def test_what_was_reckoned_with_is_said_back(ask: Ask) -> None:
    """A number that was misheard is noticed by who hears it."""
    assert ask("두부 한 모에 이천삼백 원인데 네 모면 얼마여?").text == "이천삼백 원씩 네 모면 구천이백 원이에요."


def test_money_that_is_too_little_is_said_to_be_short(ask: Ask) -> None:
    assert "오백 원이 모자라요" in ask("삼천 원에서 삼천오백 원 빼면 얼마 남노?").text


@given(WON, WON)
def test_any_two_amounts_are_added(first: int, second: int) -> None:
    said = RECKONING.answer(f"{AMOUNTS.money(Fraction(first))}하고 {AMOUNTS.money(Fraction(second))} 더하면 얼마야?")
    assert said is not None
    assert said.slots["amount"] == AMOUNTS.money(Fraction(first + second))


@given(WON, st.integers(min_value=2, max_value=99))
def test_a_price_times_a_count_shared_out_again_is_the_price(price: int, count: int) -> None:
    pieces = AMOUNTS.counted(Fraction(count), "개")
    times = RECKONING.answer(f"한 개에 {AMOUNTS.money(Fraction(price))}인데 {pieces}면 얼마야?")
    assert times is not None
    each = RECKONING.answer(f"{pieces}에 {times.slots['amount']}이면 한 개에 얼마야?")
    assert each is not None
    assert each.slots["amount"] == AMOUNTS.money(Fraction(price))


@given(WON)
def test_money_is_found_as_it_is_said_and_as_a_recogniser_writes_it(won: int) -> None:
    for text in (AMOUNTS.money(Fraction(won)), f"{won}원", f"{won:,}원"):
        (found,) = AMOUNTS.find(f"{text} 있어")
        assert (found.kind, found.value) == (Kind.MONEY, Fraction(won))


@given(st.text(max_size=60))
def test_any_text_can_be_asked(text: str) -> None:
    RECKONING.answer(text)
