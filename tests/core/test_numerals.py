"""Numerals are read three ways and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core import numerals


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "영"),
        (1, "일"),
        (10, "십"),
        (16, "십육"),
        (109, "백구"),
        (1_943, "천구백사십삼"),
        (4_120, "사천백이십"),
        (10_000, "만"),
        (12_000, "만이천"),
        (110_000, "십일만"),
        (334_810, "삼십삼만사천팔백십"),
        (100_000_000, "일억"),
        (100_010_000, "일억일만"),
        (99_999_999, "구천구백구십구만구천구백구십구"),
    ],
)
def test_sino_readings_are_what_people_say(number: int, spoken: str) -> None:
    """Known amounts read as they are said; a leading one before 만 is silent, before 억 it is not."""
    assert numerals.read_sino(number) == spoken


@given(st.integers(0, 99_999_999) | st.integers(0, numerals.SINO_LIMIT - 1))
def test_sino_readings_are_read_back(number: int) -> None:
    """Every number survives reading and parsing."""
    assert numerals.parse_spoken_number(numerals.read_sino(number)) == number


def test_native_readings_are_read_back() -> None:
    """Each of 1 to 99 survives in both forms, and all readings of a form differ."""
    for before_counter in (True, False):
        spoken = [numerals.read_native(number, before_counter=before_counter) for number in range(1, 100)]
        assert [numerals.parse_spoken_number(word) for word in spoken] == list(range(1, 100))
        assert len(set(spoken)) == 99


@given(st.integers(0, 10**20))
def test_digits_are_read_back(number: int) -> None:
    """A row of digits of any length survives."""
    assert numerals.parse_spoken_number(numerals.read_digits(str(number))) == number


@pytest.mark.parametrize(
    ("number", "bare", "counting"),
    [(1, "하나", "한"), (20, "스물", "스무"), (24, "스물넷", "스물네"), (75, "일흔다섯", "일흔다섯")],
)
def test_native_numbers_change_before_a_counter(number: int, bare: str, counting: str) -> None:
    """하나 becomes 한, 스물 becomes 스무, 다섯 stays."""
    assert numerals.read_native(number, before_counter=False) == bare
    assert numerals.read_native(number) == counting


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("백스물다섯", 125),
        ("일만 이천", 12_000),
        ("일 공 구", 109),
        ("공일공", 10),
        ("일천", 1_000),
        ("이 억 삼천만", 230_000_000),
    ],
)
def test_other_ways_of_saying_a_number_are_understood(text: str, number: int) -> None:
    """Blanks, a spoken one before a unit, and native words after a hundred are all understood."""
    assert numerals.parse_spoken_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "어르신", "십백", "만만", "일이삼십", "하나둘", "천이천", "백일둘", "스무하나", "3"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    """Words, rising places and doubled parts are no number."""
    assert numerals.parse_spoken_number(text) is None


@given(st.text(alphabet="영공일이삼사오육칠팔구십백천만억조열스물무한둘 가"))
def test_parsing_never_fails(text: str) -> None:
    """Any row of numeral words gives a number or None."""
    number = numerals.parse_spoken_number(text)
    assert number is None or number >= 0


def test_numbers_out_of_range_are_refused() -> None:
    """There is no reading below zero, no native word for 0 or 100, and letters are no digits."""
    for number in (-1, numerals.SINO_LIMIT):
        with pytest.raises(ValueError, match="Sino"):
            numerals.read_sino(number)
    for number in (0, 100):
        with pytest.raises(ValueError, match="native"):
            numerals.read_native(number)
    for text in ("", "1a", "٣"):
        with pytest.raises(ValueError, match="not digits"):
            numerals.read_digits(text)
