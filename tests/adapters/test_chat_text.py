"""Harmless text, shortened conversations, stop strings and the tree of options: the laws that all adapters share."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.chat_text import Delivery, fitted, harmless
from companion.adapters.option_tree import branches, scores, weighed
from companion.errors import InferenceError
from companion.ports import Message

NARROW = st.text(alphabet="가나.", max_size=12)


def _cut(text: str, stop: list[str]) -> str:
    """The whole text up to the stop string that is complete first."""
    found = [(at + len(mark), at) for mark in stop if mark and (at := text.find(mark)) >= 0]
    return text[: min(found)[1]] if found else text


@given(st.lists(NARROW, max_size=8), st.lists(NARROW, max_size=3))
def test_stop_strings_cut_the_same_however_the_text_is_split(pieces: list[str], stop: list[str]) -> None:
    """What is delivered depends on the text alone, no stop string is in it, and pieces join to it."""
    heard: list[str] = []
    delivery = Delivery(stop, lambda piece: not heard.append(piece))  # type: ignore[func-returns-value]
    for piece in pieces:
        if not delivery.take(piece):
            break
    text = delivery.text()
    assert text == "".join(heard) == _cut("".join(pieces), stop)
    assert not any(mark and mark in text for mark in stop)


@given(st.text())
def test_harmless_text_opens_no_control_token(text: str) -> None:
    """No bracket is followed by what could make a control token of it, and nothing unreadable is left."""
    for mark in ("<|im_end|>", "</s>", "[INST]", "<start_of_turn>", "[|endofturn|]", "<｜end▁of▁sentence｜>"):
        assert mark not in harmless(text + mark + text)
    assert "\0" not in harmless(text + "\0")
    harmless(text + "\ud800").encode("utf-8")


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)))
def test_plain_korean_comes_back_as_it_is(text: str) -> None:
    """What an older adult says is not touched."""
    assert harmless(f"{text} 1 < 2, [웃음]\n") == f"{text} 1 < 2, [웃음]\n"


def _length(messages: object) -> int:
    assert isinstance(messages, list)
    return sum(len(message.content) for message in messages)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=9), st.integers(60, 200))
def test_shortened_conversation_fits_and_ends_as_it_did(said: list[str], limit: int) -> None:
    """The system message stays, the end of the last message stays, and the user speaks first."""
    roles = ["user" if at % 2 == len(said) % 2 else "assistant" for at in range(1, len(said) + 1)]
    turns = [Message("user" if role == "user" else "assistant", text) for role, text in zip(roles, said, strict=True)]
    kept = fitted([Message("system", "말벗"), *turns], count=lambda kept: _length(list(kept)), limit=limit)
    assert _length(kept) <= limit
    assert kept[0].content == "말벗"
    assert said[-1].endswith(kept[-1].content)


def test_frame_longer_than_the_limit_is_an_error() -> None:
    """Where nothing is left to shorten, that is said instead of trying for ever."""
    with pytest.raises(InferenceError):
        fitted([Message("user", "네")], count=lambda _: 100, limit=10)


TAILS = st.lists(
    st.lists(st.integers(1, 3), max_size=4).map(lambda tail: (*tail, 0)), min_size=2, max_size=5, unique=True
)


@given(TAILS, st.integers(0, 9))
def test_option_scores_are_probabilities_of_a_tree(tails: list[tuple[int, ...]], seed: int) -> None:
    """Whatever the weights at each branch, the options share exactly one between them."""
    chances = {
        path: {token: 1.0 + (hash((path, token, seed)) % 100) for token in tokens}
        for path, tokens in branches(tails).items()
    }
    assert math.fsum(math.exp(score) for score in scores(tails, chances)) == pytest.approx(1)
    assert scores(tails[::-1], chances) == scores(tails, chances)[::-1]


def test_only_what_the_message_adds_counts() -> None:
    """Said or not said the same: then no option is favoured, however likely its wording."""
    assert weighed([-1.0, -9.0], [-1.0, -9.0]) == pytest.approx((0.5, 0.5))
