"""What was learnt of saying back is said where it is sure, and never what is not repeated."""

from __future__ import annotations

import pytest

from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.mirror import Mirror
from companion.dialogue.requests import Restated
from companion.prompts import prompt_tables

TABLES = prompt_tables("lexicon")
CHOSEN = Mirror(TABLES["mirror.toml"], Naming(TABLES["naming.toml"])).restatements
SURE, LIKELY = 0.97, 0.9


def restated(text: str, told: str = "그랬어", *, sure: float = SURE, likely: float = LIKELY) -> Restated:
    return Restated(text, sure, likely, told)


def test_the_fullest_of_several_sentences_is_said() -> None:
    """What a telling is about is mostly told at length."""
    short, full = restated("비가 왔군요", "비가 왔어"), restated("방앗간 기계를 고물상에 넘기셨군요")

    assert CHOSEN.best((short, full)) == full
    assert CHOSEN.best(()) is None


def test_what_is_firm_is_said_before_what_is_fuller() -> None:
    """What is surer than the rules goes before."""
    firm, full = restated("비가 왔군요", "비가 왔어"), restated("방앗간 기계를 고물상에 넘기셨군요", sure=0.92)

    assert CHOSEN.best((firm, full)) == firm


def test_a_second_way_is_taken_where_the_first_is_broken() -> None:
    """A doubled ending or a stray particle is not said where another way has none."""
    doubled, right = restated("갈 데가 없으시군요으시군요", sure=0.99), restated("갈 데가 없으시군요", sure=0.95)

    assert CHOSEN.best((doubled, right)) == right


def test_the_likeliest_way_is_taken_though_another_is_fuller() -> None:
    """The ways of one telling are ordered by how likely they are."""
    likeliest, fuller = restated("장에 못 가셨군요"), restated("무릎이 아파서 장에 못 가셨군요", sure=0.96)

    assert CHOSEN.best((likeliest, fuller)) == likeliest


@pytest.mark.parametrize(("sure", "likely"), [(0.01, LIKELY), (SURE, 0.1)])
def test_what_is_not_sure_is_not_said(sure: float, likely: float) -> None:
    """A listener who did not follow says nothing back."""
    assert not CHOSEN.may_be_said(restated("방앗간 기계를 고물상에 넘기셨군요", sure=sure, likely=likely))


@pytest.mark.parametrize(
    "text",
    [
        "방앗간 기계를 고물상에",
        "죽고 싶으시군요",
        "쓸모가 없으시군요",
        "네군요",
        "그날 밤에 " * 12 + "걸으셨군요",
        "리라저 끝까정 가셨당께 빠지셨군요 잉께 그랬군요 됐군요 그",
    ],
)
def test_what_is_broken_long_or_hurtful_is_not_said(text: str) -> None:
    """Nothing that ends otherwise, says nothing, runs on, or hurts when it is repeated."""
    assert not CHOSEN.may_be_said(restated(text))


@pytest.mark.parametrize(
    "text",
    [
        "담이 무너졌 사람은 안 다치셨군요",
        "장기를 세 판 두으셨군요",
        "어머님이가 꿈에 나오셨군요",
        "한 달에 이백이 넘는군요으시는군요",
        "밥 줄 때마다 늦는데알아서 더해 보시는군요",
        "손주가 용돈을 주셨군요",
        "쥐가 천장에서 운동회를 하시는군요",
    ],
)
def test_what_is_no_korean_is_not_said(text: str) -> None:
    """A word without its ending, an ending twice, a particle too many; and nobody honours a mouse."""
    assert not CHOSEN.may_be_said(restated(text))


@pytest.mark.parametrize("text", ["동전을 모으셨군요", "손주가 상을 받았군요", "따님이 반찬을 해 오셨군요"])
def test_what_is_like_it_and_right_is_said(text: str) -> None:
    """모으다 has its own 으, and a daughter is honoured."""
    assert CHOSEN.may_be_said(restated(text))


@pytest.mark.parametrize("told", ["내일 비가 온다니?", "오늘 며칠이여?", "약 먹으라고 좀 해 줄래"])
def test_what_is_asked_is_not_said_back(told: str) -> None:
    """Who asks wants an answer."""
    assert not CHOSEN.may_be_said(restated("내일 비가 온다는군요", told))


def test_of_an_answer_another_sentence_is_said_back_that_is_very_sure() -> None:
    """Lessons of answers say back one sentence: the others are held for unlikely."""
    first = restated("한 소쿠리쯤이군요", "한 소쿠리쯤.", sure=0.5)
    second = restated("앞니가 두 개 빠졌군요", "앞니가 두 개 빠졌더라고.", sure=0.97, likely=0.01)

    assert CHOSEN.best((first, second)) is None
    assert CHOSEN.best((first, second), answers=True) == second
    assert CHOSEN.best((first, restated("앞니가 두 개 빠졌군요", sure=0.94, likely=0.01)), answers=True) is None


def test_a_verb_keeps_no_lateral_before_a_nasal() -> None:
    """몰는데 is no Korean; 낳을는지 is."""
    assert CHOSEN.best((restated("택시를 사십 년 몰는데 오늘 면허증을 내셨군요"),)) is None
    assert CHOSEN.best((restated("택시를 사십 년 모는데 오늘 면허증을 내셨군요"),)) is not None
