"""Syllables come apart and go together, and particles fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core import hangul


def test_every_syllable_block_comes_apart_and_goes_together() -> None:
    """All 11,172 blocks survive the round trip and all are different."""
    blocks = [chr(code) for code in range(0xAC00, 0xD7A4)]
    assert [hangul.compose(*hangul.decompose(block)) for block in blocks] == blocks
    assert len({hangul.decompose(block) for block in blocks}) == 19 * 21 * 28


@pytest.mark.parametrize(
    ("block", "parts"), [("값", ("ㄱ", "ㅏ", "ㅄ")), ("의", ("ㅇ", "ㅢ", "")), ("힣", ("ㅎ", "ㅣ", "ㅎ"))]
)
def test_blocks_come_apart_into_the_jamo_people_type(block: str, parts: tuple[str, str, str]) -> None:
    """Known blocks give the known onset, vowel and coda."""
    assert hangul.decompose(block) == parts


@pytest.mark.parametrize("odd", ["", "a", "ㄱ", "가나", "\ud7a4", "\uabff", "ᄀ"])
def test_what_is_no_block_is_refused(odd: str) -> None:
    """Jamo, Latin, neighbours of the range and longer text are not one syllable."""
    assert not hangul.is_syllable(odd)
    with pytest.raises(ValueError, match="not one Hangul syllable"):
        hangul.decompose(odd)


@pytest.mark.parametrize("jamo", [("ㄳ", "ㅏ", ""), ("ㄱ", "ㄱ", ""), ("ㄱ", "ㅏ", "ㄸ"), ("", "ㅏ", "")])
def test_jamo_out_of_place_are_refused(jamo: tuple[str, str, str]) -> None:
    """ㄳ is no onset, ㄸ no coda, a consonant no vowel."""
    with pytest.raises(ValueError, match="out of place"):
        hangul.compose(*jamo)


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("밥", "은/는", "밥은"),
        ("커피", "은/는", "커피는"),
        ("서울", "으로/로", "서울로"),
        ("집", "으로/로", "집으로"),
        ("부산", "으로/로", "부산으로"),
        ("순자", "이에요/예요", "순자예요"),
        ("영철", "이에요/예요", "영철이에요"),
        ("물", "과/와", "물과"),
        ('"말벗"', "이/가", '"말벗"이'),
        ("TV", "을/를", "TV를"),
    ],
)
def test_particles_fit_the_last_syllable(word: str, pair: str, expected: str) -> None:
    """The coda of the last Hangul syllable chooses the form; ㄹ is open before 로."""
    assert hangul.with_particle(word, pair) == expected


@pytest.mark.parametrize("pair", ["은", "은/", "/는", "은/는/를", ""])
def test_a_broken_pair_of_particles_is_refused(pair: str) -> None:
    """A pair is two forms with one slash between them."""
    with pytest.raises(ValueError, match="one slash"):
        hangul.particle("밥", pair)


@given(st.text())
def test_counting_and_looking_for_a_coda_never_fail(text: str) -> None:
    """For any text the count is that of its blocks, and a coda is found exactly where there is a block."""
    count = hangul.syllable_count(text)
    assert count == len(list(hangul.syllables(text))) <= len(text)
    assert (hangul.last_coda(text) is None) == (count == 0)
