"""What a telling is about may be named back; where it happens, and what only shares a letter with it, may not."""

from __future__ import annotations

import pytest

from companion.core.reading import Grammar
from companion.dialogue.mentions import Naming
from companion.prompts import prompt_table
from companion.wiring import language


@pytest.fixture(scope="module")
def naming() -> Naming:
    """Return the names as the product has them."""
    return Naming(prompt_table("lexicon/naming.toml"))


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    """Return the grammar as the product has it."""
    return Grammar(prompt_table("lexicon/grammar.toml"))


def slots(naming: Naming, grammar: Grammar, text: str) -> dict[str, str]:
    """Return what fills the slots of a reply to an utterance."""
    return naming.find(text, grammar.read(language.analyser().analyse(text))).slots()


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("편지를 아직 못 부쳤어", "편지"),
        ("작년에 심은 도라지가 꽃을 피웠어", "도라지"),
        ("내가 제일 좋아하는 건 역시 연속극이지", "연속극"),
    ],
)
def test_what_the_end_of_a_telling_is_about_can_be_named(
    naming: Naming, grammar: Grammar, text: str, thing: str
) -> None:
    """Who or what does it, what it is done to, what it is."""
    found = slots(naming, grammar, text)
    assert thing in {found["thing"], *(found[kind] for kind in found)}


@pytest.mark.parametrize(
    "text",
    [
        "동대문에 실 사러 갔다가 배가 고파서",
        "면사무소에서 한참을 서 있었어",
        "전복죽보다 그 말이 더 괘씸해",
        "베개 밑에서 꼬깃꼬깃한 돈을 꺼내서 나한테 쥐여 주더라고",
    ],
)
def test_where_it_happens_and_what_it_is_compared_with_is_not_named(
    naming: Naming, grammar: Grammar, text: str
) -> None:
    """Nobody is asked about their belly who was hungry, or about the office where they waited."""
    found = slots(naming, grammar, text)
    assert not {"배", "면사무소", "전복죽", "베개"} & set(found.values())


def test_a_person_who_only_stands_in_a_comparison_is_not_named(naming: Naming, grammar: Grammar) -> None:
    """``사람으로 치면 형님뻘`` speaks of a dog."""
    assert slots(naming, grammar, "형님보다 더 오래 산 셈이야")["person"] == ""
