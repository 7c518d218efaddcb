"""What is said back is right Korean and kind: its stem stands in what was said, and it honours whom it must."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.hangul import compose, decompose
from companion.core.morphology import Analyser, Morpheme
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.conjugation import Conjugation
from companion.dialogue.mirroring.mirror import Mirror
from companion.dialogue.mirroring.stems import Stems
from companion.prompts import prompt_table
from companion.wiring import language

ANALYSER = language.analyser()
TABLE = prompt_table("lexicon/mirror.toml")
MIRROR = Mirror(TABLE, Naming(prompt_table("lexicon/naming.toml")))
CONJUGATION = Conjugation(TABLE)
STEMS = Stems(TABLE, CONJUGATION)
PAST = (Morpheme("었", "EP", 0, 1), Morpheme("어", "EF", 0, 1))
WRITTEN = st.sampled_from(sorted(TABLE["stems"]))


def _said_back(told: str, analyser: Analyser) -> str:
    pieces = MIRROR.pieces(told, analyser.analyse(told))
    return next((said for piece in pieces if (said := MIRROR.of(piece, analyser.analyse(piece)))), "")


@given(WRITTEN)
def test_a_stem_stands_in_its_own_past(stem: str) -> None:
    """Every stem gives the letters back with which its past is told."""
    for form in CONJUGATION.irregular.infinitives(stem):
        assert CONJUGATION.irregular.stands(stem, PAST, _past(form))


@given(WRITTEN, WRITTEN)
def test_only_a_stem_that_sounds_alike_stands_in_its_place(stem: str, other: str) -> None:
    """What another stem gives is never taken for this one, unless both are told with the same letters."""
    alike = CONJUGATION.irregular.infinitives(stem) & CONJUGATION.irregular.infinitives(other)
    for form in CONJUGATION.irregular.infinitives(other) - alike:
        assert not CONJUGATION.irregular.gives(stem, PAST, _past(form))


@given(WRITTEN, st.sampled_from(["어제 마당에서 ", "나는 그걸 다 ", "손이 ", "우리 아들이 "]))
def test_what_is_said_back_keeps_the_stem(stem: str, before: str) -> None:
    """Whatever stem an analyser finds, the one that is conjugated gives the letters that were said."""
    for form in CONJUGATION.irregular.infinitives(stem):
        told = f"{before}{_past(form)}"
        morphemes = ANALYSER.analyse(told)
        found = _standing(told, morphemes)
        if found is not None:
            following = [one for one in morphemes if one.tag in {"EP", "EF"}]
            assert CONJUGATION.irregular.stands(found.form, following, told[found.start :].replace(" ", ""))


@pytest.mark.parametrize(
    ("told", "said_back"),
    [
        ("학교 문턱을 못 밟았어", "학교 문턱을 못 밟으셨군요"),
        ("우리 며느리는 코를 막아", "며느님은 코를 막으시는군요"),
        ("살갗이 벗겨져 따갑다", "살갗이 벗겨져 따가우시군요"),
        ("논이 조용해졌소", "논이 조용해졌군요"),
        ("조기를 물에 담가놨어요", "조기를 물에 담가놓으셨군요"),
        ("새 연고를 바르고 싹 나았소", "새 연고를 바르고 싹 나으셨군요"),
        ("어제 한 말을 다 기억하네", "어제 한 말을 다 기억하시는군요"),
        ("집안에 단내가 진동하네", "집안에 단내가 진동하는군요"),
        ("폐가에 불이 켜졌어", "폐가에 불이 켜졌군요"),
    ],
)
def test_the_stem_is_the_one_that_was_said(analyser: Analyser, told: str, said_back: str) -> None:
    """Where an analyser guesses another stem, the one that gives the letters is conjugated."""
    assert _said_back(told, analyser) == said_back


@pytest.mark.parametrize(
    "told",
    [
        "지금은 마을버스 탑니다",
        "하도 웃어서 배가 땅겨",
        "약을 놔야지",
        "꼬랑지만 들었어",
        "장바구니를 들었지",
        "지붕에 기와 두 장을 갈았어",
        "호스를 안 돌려주는 겨",
        "저 아래 우리 집이 성냥갑만 해",
    ],
)
def test_nothing_is_said_where_no_stem_is_sure(analyser: Analyser, told: str) -> None:
    """A stem that does not stand in the text, or that only the context would tell, is not conjugated."""
    assert _said_back(told, analyser) == ""


@pytest.mark.parametrize(
    ("told", "said_back"),
    [
        ("큰애하고 둘째가 와서 싸우고 갔어", "큰애하고 둘째가 와서 싸우고 갔군요"),
        ("애들이 키를 가져갔구먼", "애들이 키를 가져갔군요"),
        ("참새가 창틀에 와서 쳐다보고 앉았어", "참새가 창틀에 와서 쳐다보고 앉았군요"),
        ("내일 아홉 시에 내과 예약이 잡혀 있다", "내일 아홉 시에 내과 예약이 잡혀 있군요"),
        ("신문은 아직 안 왔다", "신문은 아직 안 왔군요"),
        ("한전에서 전화 왔어", "한전에서 전화 왔군요"),
        ("둘이 껴안고 폴짝폴짝 뛰었어", "둘이 껴안고 폴짝폴짝 뛰셨군요"),
        ("번호표가 백열두 번이라 그냥 왔네", "번호표가 백열두 번이라 그냥 오셨군요"),
        ("잇몸이 얼얼해", "잇몸이 얼얼하시군요"),
        ("손녀가 간호사여", "손녀가 간호사군요"),
        ("친구랑 절교했다가 사흘 만에 풀었어", "친구분이랑 절교했다가 사흘 만에 푸셨군요"),
    ],
)
def test_who_is_honoured_is_who_did_it(analyser: Analyser, told: str, said_back: str) -> None:
    """The person and elders are honoured, with their body; children, animals and things are not."""
    assert _said_back(told, analyser) == said_back


@pytest.mark.parametrize(
    "told",
    [
        "당연히 못 했지 내 손까락으로",
        "실없는 소리 했습니다",
        "말을 너무 했네",
        "술 먹고 마누라한테 손을 댔소",
        "며느리 앞에서 친정 흉을 봤다",
        "저번에 내가 성질을 냈거든",
        "꼴도 보기 싫다",
        "옆에 앉은 여편네가 가르쳐 줬어",
    ],
)
def test_what_shames_is_not_said_back(analyser: Analyser, told: str) -> None:
    """What people say against themselves or others, and what they could not do, is never repeated."""
    assert _said_back(told, analyser) == ""


@pytest.mark.parametrize(
    "told",
    [
        "고만 주무시소",
        "칠판 앞으로 나오시오",
        "목요일 두시에 심장내과 있다고 적어 둬",
        "무릎에는 찜질을 뜨겁게 해 차갑게 해",
        "빼는 데 얼마나 든대",
        "아까부터 딴소리만 하고 있네",
        "할머니 식사하셨어요",
    ],
)
def test_what_is_asked_or_ordered_is_not_said_back(analyser: Analyser, told: str) -> None:
    """Words to the listener are no telling."""
    assert _said_back(told, analyser) == ""


@pytest.mark.parametrize(
    "told",
    [
        "얘기가 왜 글로 갔냐",
        "아니구만 테레비구만",
        "칼라고 돌아보이 벌써 가삐고 없어",
        "쪼매 섭섭니더",
        "고양이가 박대를 다 묵었다",
        "내년에 벼 비면 나오겄지",
        "춤만 추다 와가 서울은 못 봤다",
    ],
)
def test_dialect_is_not_echoed(analyser: Analyser, told: str) -> None:
    """What would be left of a dialect in a standard sentence is not said."""
    assert _said_back(told, analyser) == ""


@pytest.mark.parametrize(
    "told",
    [
        "한 번 무너졌지",
        "최 씨가 있지",
        "칠십 원짜리 집이다 그기",
        "건물 때문이지 뭐",
        "세 시네 또 깼어요",
        "사람 마음이 우습지",
        "우리 집이 한강이 다 보여",
        "나는 상주 사람이다",
        "세탁기에서 나왔지",
        "그 뒤로 안 와",
    ],
)
def test_half_a_thought_is_not_said_back(analyser: Analyser, told: str) -> None:
    """What says nothing by itself, or not of whom, is not repeated."""
    assert _said_back(told, analyser) == ""


def _past(form: str) -> str:
    onset, vowel, _ = decompose(form[-1])
    return f"{form[:-1]}{compose(onset, vowel, 'ㅆ')}어"


def _standing(told: str, morphemes: Sequence[Morpheme]) -> Morpheme | None:
    end = len(morphemes) - 1
    at = next((at for at in range(end, -1, -1) if morphemes[at].tag in {"VV", "VA"}), None)
    if at is None or any(one.tag not in {"EP", "EF"} for one in morphemes[at + 1 :]) or at == end:
        return None
    found = STEMS.standing(told, morphemes, at, end)
    return None if found is None else found.stem
