"""Days as they are said: resolved to what a person would put into a calendar, and never guessed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.numerals import read_sino
from companion.dialogue.spoken_dates import SpokenDates
from companion.prompts import prompt_table
from tests.fakes.clock import START

DATES = SpokenDates(prompt_table("lexicon/dates.toml"))


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("모레 병원 가", "2026-11-25 12:00"),
        ("다음 주 화요일에 와", "2026-12-01 12:00"),
        ("다음 주말에 보자", "2026-12-05 12:00"),
        ("추석에 온대", "2027-09-15 12:00"),
        ("설에 내려온대", "2027-02-07 12:00"),
        ("내일 오후 세 시에 치과", "2026-11-24 15:00"),
        ("내일모레 두 시 반에", "2026-11-25 14:30"),
        ("저녁에 전화하려고", "2026-11-23 18:00"),
        ("십이월 십일에", "2026-12-10 12:00"),
        ("12월 3일", "2026-12-03 12:00"),
        ("15일에 가", "2026-12-15 12:00"),
        ("다음 달 오일에", "2026-12-05 12:00"),
        ("사흘 뒤에", "2026-11-26 12:00"),
        ("월요일에", "2026-11-30 12:00"),
        ("유월 이십일", "2027-06-20 12:00"),
    ],
)
def test_a_day_is_resolved_from_the_moment_of_speaking(said: str, due: str) -> None:
    """Said on Monday, 23 November 2026, at ten in the morning."""
    (found,) = DATES.find(said, START)

    assert f"{found.due:%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize("said", ["설마 오겠어", "설거지하고 왔어", "한 시간 걸려", "그냥 그래", "이월 삼십일", ""])
def test_what_is_no_day_is_none(said: str) -> None:
    """A word that only begins like one, a span of time, a day that no calendar has."""
    assert DATES.find(said, START) == ()


@given(st.text(max_size=60))
def test_any_text_gives_days_in_order_that_do_not_overlap(text: str) -> None:
    """And none of them lies before today."""
    found = DATES.find(text, START)

    assert all(one.end <= later.start for one, later in pairwise(found))
    assert all(one.due.date() >= START.date() for one in found)


@given(st.integers(1, 12), st.integers(1, 28))
def test_every_month_and_day_is_read_in_words_and_digits(month: int, day: int) -> None:
    """십이월 삼일 and 12월 3일 are one day."""
    words = f"{ {6: '유', 10: '시'}.get(month, read_sino(month)) }월 {read_sino(day)}일"
    (spoken,), (typed,) = DATES.find(words, START), DATES.find(f"{month}월 {day}일", START)

    assert spoken.due == typed.due
    assert (spoken.due.month, spoken.due.day) == (month, day)
