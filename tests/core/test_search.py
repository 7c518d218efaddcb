"""A name is found at each moment of typing a piece of it, by syllables or by onsets."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.hangul import CODAS, ONSETS, compose, decompose, is_syllable
from companion.core.search import matches

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
NAMES = st.text(SYLLABLES | st.sampled_from("abcXYZ 12"), min_size=1, max_size=6)
SPLIT = {"ㄳ": "ㄱㅅ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㅄ": "ㅂㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㅀ": "ㄹㅎ"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("ㄱㅁㅈ", "김말자"),
        ("ㄱ", "김말자"),
        ("김ㅁ", "김말자"),
        ("ㄱ말", "김말자"),
        ("기", "김말자"),
        ("김마", "김말자"),
        ("말자", "김 말자"),
        ("김  말", "김말자"),
        ("김", "기마루"),
        ("고", "과천댁"),
        ("달", "닭집 할머니"),
        ("갑", "값진이"),
        ("값", "갑순이의 갑시"),
        ("ㄳ", "김순자"),
        ("KIM", "kim 할머니"),
        ("", "김말자"),
        ("", ""),
    ],
)
def test_what_was_typed_finds_the_name(query: str, name: str) -> None:
    """Onsets, syllables, both mixed, a syllable half typed, blanks, Latin of either case."""
    assert matches(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("ㄱㅈㅁ", "김말자"),
        ("기말", "김말자"),
        ("ㄲ", "김말자"),
        ("ㄱ", "까치"),
        ("김말자가", "김말자"),
        ("ㅏ", "김말자"),
        ("김", "이순자"),
        ("ㄱ", ""),
        ("김", "기"),
    ],
)
def test_what_is_another_name_does_not(query: str, name: str) -> None:
    """Another order, a syllable left half typed in the middle, a tense onset, a longer query, a vowel alone."""
    assert not matches(query, name)


@given(NAMES, st.data())
def test_any_piece_finds_its_name_and_so_do_its_onsets(name: str, data: st.DataObject) -> None:
    """Whatever piece is taken, written in syllables, in onsets, or with either in any place."""
    start = data.draw(st.integers(0, len(name) - 1))
    piece = name[start : data.draw(st.integers(start + 1, len(name)))]
    mixed = "".join(decompose(one).onset if is_syllable(one) and data.draw(st.booleans()) else one for one in piece)

    assert matches(piece, name)
    assert matches(mixed, name)


@given(NAMES)
def test_the_form_of_unicode_does_not_matter(name: str) -> None:
    """Hangul written apart is the Hangul written composed, in the query and in the name."""
    apart = unicodedata.normalize("NFD", name)

    assert matches(apart, name)
    assert matches(name, apart)
    assert matches(unicodedata.normalize("NFD", name)[:1], name)


@given(NAMES, NAMES)
def test_what_a_longer_query_finds_its_beginning_finds(query: str, name: str) -> None:
    """Typing on never brings a name back."""
    if matches(query, name):
        assert all(matches(query[:length], name) for length in range(len(query)))


@given(st.text(SYLLABLES, min_size=2, max_size=5), st.data())
def test_a_name_is_found_at_every_moment_of_typing_it(name: str, data: st.DataObject) -> None:
    """Every state of an input method on the way to a syllable finds it, also with the next onset taken for its coda."""
    at = data.draw(st.integers(0, len(name) - 1))
    onset, vowel, coda = decompose(name[at])
    states = [onset, compose(onset, vowel), compose(onset, vowel, SPLIT.get(coda, coda)[:1]), name[at]]
    if at + 1 < len(name) and not coda and (borrowed := decompose(name[at + 1]).onset) in CODAS:
        states.append(compose(onset, vowel, borrowed))

    assert all(matches(name[:at] + state, name) for state in states)


@given(st.text(max_size=6), st.text(max_size=6))
def test_no_text_breaks_the_search(query: str, name: str) -> None:
    """Whatever is typed, the answer is yes or no, and a name always finds itself."""
    assert matches(query, name) in {True, False}
    assert matches(name, name)


def test_onsets_tell_names_apart() -> None:
    """Each onset finds only the names that begin with it."""
    names = [compose(onset, "ㅏ") for onset in ONSETS]

    assert [[name for name in names if matches(onset, name)] for onset in ONSETS] == [[name] for name in names]
    assert all(one != other for one, other in pairwise(names))
