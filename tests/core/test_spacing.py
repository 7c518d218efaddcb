"""Blanks given back to text that was written without them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.spacing import spaced
from companion.wiring import language

ANALYSER = language.analyser()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("희망이왜없어", "희망이 왜 없어"),
        ("나가기싫어요집이좋아", "나가기 싫어요 집이 좋아"),
        ("네", "네"),
        ("", ""),
    ],
)
def test_a_blank_stands_before_each_word(text: str, expected: str) -> None:
    """After a particle, an ending, an adverb."""
    assert spaced(ANALYSER.analyse(text), text) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="가나다기운이없어요매일안못자고지않는날", max_size=20))
def test_nothing_but_blanks_is_added(text: str) -> None:
    """The letters stay, in their order."""
    assert spaced(ANALYSER.analyse(text), text).replace(" ", "") == text
