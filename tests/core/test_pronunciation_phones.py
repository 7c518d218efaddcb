"""Phones of the embedded voice."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.pronunciation import Pronouncer, bare_table, phones, symbols
from companion.prompts import prompt_table

_PUNCTUATION: Final = " ,.?!…"
_SENTENCES: Final = st.text(
    st.one_of(st.sampled_from(_PUNCTUATION), st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)), max_size=40
)


@cache
def _table() -> dict[str, Any]:
    return prompt_table("speech/phones.toml")


@pytest.mark.parametrize(
    ("pronounced", "expected"),
    [
        ("일공구", "ilɡoŋɡu"),
        ("일, 공, 구.", "il, koŋ, ku."),
        ("일 공 구번", "il ɡoŋ ɡubɔn"),
        ("이릴구로", "iɾilɡuuɾo"),
        ("공 구로", "koŋ kuuɾo"),
        ("다시 다시", "taɕi taɕi"),
        ("바바, 바바", "paba, paba"),
        ("그 기차가 먼저", "kɯ kiʨʰaɡa mɔnʥɔ"),
        ("현관", "çɔnɡwan"),
        ("어머니", "ɔmɔɲi"),
        ("심뉵", "ɕimɲuk"),
        ("할 꺼예요?", "hal ʔkɔjejo?"),
        ("달라", "talla"),
        ("다리", "taɾi"),
        ("조켇씀니다", "ʨokʰetʔsɯmɲida"),
        ("하죠", "haʥo"),
        ("쉬어", "ɕwiɔ"),
        ("의사", "ɯisa"),
        ("국빱", "kukʔpap"),
    ],
)
def test_phones_by_place(pronounced: str, expected: str) -> None:
    """Stops are voiced within a word and plain where one begins; ㅅ is ɕ before i; tense is ʔ and the stop."""
    assert phones(pronounced, _table()) == expected


def test_bare_phones_know_no_rule() -> None:
    """The baseline says letters as written, tense like lenis and ㅓ as ʌ."""
    bare = bare_table(_table())
    assert phones("꺼다", bare) == "kʌta"
    assert phones("독립 씨", bare) == "tokɾip si"
    assert phones("다니 현", bare) == "tani hjʌn"


@given(st.one_of(st.text(), _SENTENCES), st.booleans())
def test_only_symbols_of_the_table_come_out(text: str, bare: bool) -> None:  # noqa: FBT001
    """Any text at all gives a string of the table's symbols."""
    table = bare_table(_table()) if bare else _table()
    assert set(phones(text, table)) <= symbols(table)


@cache
def _pronouncer() -> Pronouncer:
    return Pronouncer(prompt_table("speech/pronunciation.toml"))


@given(_SENTENCES)
def test_spaces_and_punctuation_are_kept(text: str) -> None:
    """Each space and mark of the text is there as often, and in the same order, after pronouncing and spelling out."""
    said = phones(_pronouncer().pronounce(text), _table())
    assert [c for c in said if c in _PUNCTUATION] == [c for c in text if c in _PUNCTUATION]


@given(_SENTENCES)
def test_every_syllable_has_a_vowel(text: str) -> None:
    """No syllable is swallowed: there is a vowel for each."""
    vowels = "aɛɔeouɯi"
    said = phones(text, _table())
    syllables = sum("가" <= character <= "힣" for character in text)
    diphthong = sum((ord(character) - 0xAC00) % 588 // 28 == 19 for character in text if "가" <= character <= "힣")
    assert sum(symbol in vowels for symbol in said) == syllables + diphthong


@pytest.mark.models
def test_the_voice_knows_every_symbol() -> None:
    """Each symbol of both tables is one of the artifact's own."""
    file = Path(os.environ.get("COMPANION_MODELS", "")) / "kokoro-82m" / "vocab.json"
    if not file.is_file():
        pytest.skip("the artifact kokoro-82m is not here")
    known = set(json.loads(file.read_text(encoding="utf-8"))["vocab"])
    assert symbols(_table()) | symbols(bare_table(_table())) <= known
