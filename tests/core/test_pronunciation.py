"""The pronouncer against its set, and the laws that hold for any text."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.hangul import ONSETS, VOWELS, compose, decompose, is_syllable
from companion.core.pronunciation import Pronouncer
from companion.prompts import prompt_table
from companion.wiring import language

_SEVEN_CODAS: Final = ("", "ㄱ", "ㄴ", "ㄷ", "ㄹ", "ㅁ", "ㅂ", "ㅇ")
_SIGNS: Final = re.compile(r"['+/^-]")
_CHANGED_VOWELS: Final = "ㅖㅢㅕ"
_ANY_TEXT: Final = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
)
_SENTENCES: Final = st.text(
    st.one_of(st.sampled_from(" ,.?!"), st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)), max_size=40
)


class Case(NamedTuple):
    """One line of the set."""

    text: str
    pronounced: str
    rule: str
    part: str

    @property
    def is_sentence(self) -> bool:
        return self.rule == "sentence"


@cache
def _cases() -> tuple[Case, ...]:
    with Path(__file__).with_name("pronunciation_cases.tsv").open(encoding="utf-8") as file:
        return tuple(Case(**row) for row in csv.DictReader(file, delimiter="\t"))


@cache
def _tables() -> dict[str, Any]:
    return prompt_table("speech/pronunciation.toml")


@cache
def _pronouncer(*, rough: bool = False) -> Pronouncer:
    return Pronouncer(_tables(), None if rough else language.analyser())


def _wrong(pronouncer: Pronouncer, cases: Sequence[Case]) -> list[str]:
    said = ((case, pronouncer.pronounce(case.text)) for case in cases)
    return [f"{case.text}: {heard}, not {case.pronounced}" for case, heard in said if heard != case.pronounced]


@pytest.mark.parametrize(("part", "aim"), [("seen", 0.99), ("unseen", 0.97)])
@pytest.mark.parametrize("sentences", [False, True])
def test_the_set_is_pronounced_to_its_aims(part: str, aim: float, *, sentences: bool) -> None:
    """With the analyser at least 99% of the seen and 97% of the unseen cases come out as the standard says."""
    cases = [case for case in _cases() if case.part == part and case.is_sentence == sentences]
    wrong = _wrong(_pronouncer(), cases)
    assert 1 - len(wrong) / len(cases) >= aim, wrong


def test_without_an_analyser_most_words_still_come_out_right() -> None:
    """The rough guess by letters pronounces at least nine words in ten."""
    cases = [case for case in _cases() if not case.is_sentence]
    assert len(_wrong(_pronouncer(rough=True), cases)) / len(cases) <= 0.1


def test_the_set_is_as_large_as_it_claims() -> None:
    """There are 400 words and 100 sentences or more, no text twice, and a third of each kind is unseen."""
    for sentences, least in ((False, 400), (True, 100)):
        cases = [case for case in _cases() if case.is_sentence == sentences]
        unseen = sum(case.part == "unseen" for case in cases)
        assert len(cases) >= least
        assert unseen / len(cases) >= 0.32
    assert len({case.text for case in _cases()}) == len(_cases())


def test_no_unseen_case_is_an_exception() -> None:
    """No word of the lexicon is an unseen case."""
    unseen = {case.text for case in _cases() if case.part == "unseen"}
    listed = {_SIGNS.sub("", entry) for group in _tables()["lexicon"].values() for entry in group}
    assert not listed & unseen


@pytest.mark.parametrize(
    ("text", "pronounced"),
    [
        ("신발을 신고 나가서 신고하세요.", "신바를 신꼬 나가서 신고하세요."),
        ("머리를 감기 힘들고 감기도 들었어요.", "머리를 감끼 힘들고 감기도 드러써요."),
        ("한국전력, 내과 진료, 결단력", "한국쩔력, 내꽈 질료, 결딴녁"),
        ("꽃 이름, 어떤 약, 설익은 밥", "꼰 니름, 어떤 냑, 설리근 밥"),
        ("둘 데가 없고 갈 데가 있다", "둘 떼가 업꼬 갈 떼가 읻따"),
        ("의사 선생님의 희망", "의사 선생니메 히망"),
        ("할 일이 있으면 일일구, 일공구.", "할 리리 이쓰면 이릴구, 일공구."),
        ("옷 한 벌, 한 벌", "오 탄 벌, 한 벌"),
    ],
)
def test_context_decides(text: str, pronounced: str) -> None:
    """Verb or noun, particle or word, pause or none: the same letters sound as their place asks."""
    assert _pronouncer().pronounce(text) == pronounced


@pytest.mark.parametrize("text", ["", " ", "…?!", "ㅋㅋㅋ ㅏ", "hello 漢字 12", "\x00\x1b가\u200b", "각" * 5000])
@pytest.mark.parametrize("rough", [True, False])
def test_odd_text_is_taken_as_it_is(text: str, *, rough: bool) -> None:
    """Blank, foreign, broken or very long text raises nothing and keeps its length."""
    assert len(_pronouncer(rough=rough).pronounce(text)) == len(text)


@given(st.one_of(_ANY_TEXT, _SENTENCES), st.booleans())
def test_everything_but_hangul_stays_in_its_place(text: str, rough: bool) -> None:  # noqa: FBT001
    """The result has the length of the text, syllables where it has syllables, and all other characters unchanged."""
    said = _pronouncer(rough=rough).pronounce(text)
    assert len(said) == len(text)
    for written, spoken in zip(text, said, strict=True):
        assert is_syllable(spoken) if is_syllable(written) else spoken == written


@given(_SENTENCES)
def test_only_the_seven_codas_are_heard(text: str) -> None:
    """Whatever is written, a coda sounds as one of ㄱ ㄴ ㄷ ㄹ ㅁ ㅂ ㅇ."""
    said = _pronouncer().pronounce(text)
    assert all(decompose(character).coda in _SEVEN_CODAS for character in said if is_syllable(character))


def _plain_syllables() -> st.SearchStrategy[str]:
    vowels = [vowel for vowel in VOWELS if vowel not in _CHANGED_VOWELS]
    return st.builds(compose, st.sampled_from(ONSETS), st.sampled_from(vowels))


@given(st.lists(st.one_of(_plain_syllables(), st.sampled_from([" ", ", "]))).map("".join))
def test_open_syllables_are_said_as_they_are_written(text: str) -> None:
    """Without word lists, open syllables without ㅖ, ㅢ and ㅕ are unchanged: no rule but a coda's moves anything."""
    tables = dict(_tables())
    tense = {**tables["rules"]["tense"], "suffixes": [], "pairs": [], "departments": []}
    bare = Pronouncer({**tables, "lexicon": {}, "rules": {**tables["rules"], "tense": tense}})
    assert bare.pronounce(text) == text
