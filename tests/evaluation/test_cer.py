from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.evaluation.cer import ErrorCount, count_errors, edit_distance, letters_and_digits

WORDS = st.text(alphabet="가나다라마 .,1aA", max_size=25)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("가나다", "", 3), ("가나다", "가다", 1), ("가나", "나가", 2), ("밥먹었어", "밥을먹었니", 2)],
)
def test_known_distances(one: str, other: str, distance: int) -> None:
    """Insertions, deletions and replacements each cost one."""
    assert edit_distance(one, other) == distance


def test_style_costs_nothing() -> None:
    """Spacing, punctuation, letter case and decomposed Hangul are not errors."""
    assert count_errors("밥 먹었어? TV도 봤어!", "밥먹었어 tv도 봤어.") == ErrorCount(0, 9)


def test_no_letters_have_no_rate() -> None:
    """Where nothing was to be said there is no rate, and adding it changes nothing."""
    assert count_errors("...", "밥").rate is None
    assert (ErrorCount(1, 10) + ErrorCount()).rate == 0.1


@given(WORDS, WORDS, WORDS)
def test_it_is_a_distance(one: str, two: str, three: str) -> None:
    """Zero exactly for equals, symmetric, and never longer than the way over a third text."""
    assert (edit_distance(one, two) == 0) == (one == two)
    assert edit_distance(one, two) == edit_distance(two, one)
    assert edit_distance(one, three) <= edit_distance(one, two) + edit_distance(two, three)


@given(st.text())
def test_letters_and_digits_are_a_fixed_point(text: str) -> None:
    """Taking them twice changes nothing."""
    assert letters_and_digits(letters_and_digits(text)) == letters_and_digits(text)
