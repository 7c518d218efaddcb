"""What was said before is put right: heard, taken up in right Korean or received without words of its own."""

from __future__ import annotations

import pytest

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.mentions import Mentions, Naming
from companion.dialogue.mirroring.mirror import Mirror
from companion.prompts import prompt_table

NAMING = Naming(prompt_table("lexicon/naming.toml"))
MIRROR = Mirror(prompt_table("lexicon/mirror.toml"), NAMING)


def mentions(text: str, analyser: Analyser, grammar: Grammar) -> Mentions:
    return NAMING.find(text, grammar.read(analyser.analyse(text)))


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("월요일이 아니라 화요일이라니까", "월요일", "화요일"),
        ("화요일이 아니라 금요일이라고 했잖아, 침 맞는 날", "화요일", "금요일"),
        ("영월이 아니라 태백이래요 나는 태백 사람이래요", "영월", "태백"),
        ("영주가 아이고 상주라예", "영주", "상주"),
        ("제주시가 아니고 서귀포우다", "제주시", "서귀포"),
        ("아이다 안동 아이고 영주 아이가", "안동", "영주"),
        ("아니, 두부가 아니고 순두부 말이여", "두부", "순두부"),
        ("아니 큰딸이 아니라 작은딸이야", "큰따님", "작은따님"),
        ("아니, 목요일이라니까", "", "목요일"),
        ("딸이 아니고 메누리라니까 메누리가 온다고", "따님", "며느님"),
        ("삼만 원이 아니고 삼십만 원이라고 전기세가 삼십만 원 나왔다니까", "삼만 원", "삼십만 원"),
        ("오십 년이 아니라 육십 년이라니까요", "오십 년", "육십 년"),
        ("여섯이 아니고 일곱이라 카이", "여섯", "일곱"),
        ("쌀 아니고 찹쌀", "쌀", "찹쌀"),
    ],
)
def test_what_is_right_is_named_with_what_is_wrong(
    text: str, wrong: str, right: str, analyser: Analyser, grammar: Grammar
) -> None:
    """Also behind the copulas of dialects, and people politely."""
    found = mentions(text, analyser, grammar)

    assert (found.wrong, found.corrected) == (wrong, right)
    assert found.slots()["wrong"] == wrong


@pytest.mark.parametrize(
    ("text", "said_back"),
    [
        ("아니 큰딸이 아니라 작은딸이 온다고", "작은따님이 오시는군요"),
        ("내가 넘어진 게 아니고 우리 영감이 넘어졌다니께", "영감님이 넘어지셨군요"),
        ("아녀, 고사리 말고 도라지를 꺾었다고", "도라지를 꺾으셨군요"),
        ("아니 내가 담근 게 아니라 며느리가 담갔당께", "며느님이 담그셨군요"),
        ("아니 고추장이 아니라 고추를 널었다고", "고추를 너셨군요"),
        ("아니 손자가 아니라 손녀가 왔다니까요", "손녀가 왔군요"),
        ("아니 내 말은 버스를 놓쳤다는 거여", "버스를 놓치셨군요"),
        ("병원이 아이고 목욕탕에 갔다 캤다 아이가", "목욕탕에 가셨군요"),
        ("아니 얼마 안 남긴 뭘 음력으로 센다니까", "음력으로 세시는군요"),
        ("아니 화난 건 아니여 그냥 좀 서운해서 그러지", "서운하시군요"),
        ("심심한 게 아니라 허전하다는 말이여", "허전하시군요"),
    ],
)
def test_a_telling_is_said_back_as_a_listener_says_it(
    text: str, said_back: str, analyser: Analyser, grammar: Grammar
) -> None:
    """Never as it was insisted on, and nothing of what was wrong."""
    assert mentions(text, analyser, grammar).corrected == ""
    assert MIRROR.back(text, analyser.analyse) == said_back
    assert MIRROR.slot(said_back, text) == f"{said_back}."


def test_where_a_telling_cannot_be_said_back_its_noun_is(analyser: Analyser, grammar: Grammar) -> None:
    """부산 갔다고 without its particle is no sentence to say back."""
    found = mentions("하하 부사장이 아니라 부산 부산 갔다고", analyser, grammar)

    assert (found.slots()["wrong"], found.slots()["echo"]) == ("부사장", "부산")
    assert found.slots("부산에 가셨군요.")["echo"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "아픈 게 내가 아니라 우리 집 개라니까",
        "아니여 아픈 건 내가 아니고 우리 소가 아프다고",
        "내 말은 약을 끊었다는 게 아니라 줄였다는 거여",
        "그게 아니라 손주가 셋이라고 했지 않나",
        "에이 그런 거 아니라니까",
        "아니여, 안 간다니까",
    ],
)
def test_what_cannot_be_named_surely_is_only_received(text: str, analyser: Analyser, grammar: Grammar) -> None:
    """It is a correction of which no word is said back."""
    found = mentions(text, analyser, grammar)

    assert found.corrected == ""
    assert found.slots()["echo"] == found.slots()["wrong"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "감기가 아니라 폐렴이라고 의사가 그러더라",
        "아이고 게장 먹고 싶다",
        "아니 글쎄 그 집이 팔렸다니까",
        "자식이 아니라 웬수라니까",
        "밥 말고 죽을 먹었어",
        "우리 아들은 의사가 아니라 간호사야",
        "아니 왜 안 온다고",
        "전화가 아니라 문자가 왔어",
        "감기가 아니라 폐렴이래",
        "",
    ],
)
def test_what_only_sounds_so_corrects_nothing(text: str, analyser: Analyser, grammar: Grammar) -> None:
    """Stories, hearsay, figures of speech and sighs."""
    assert mentions(text, analyser, grammar).corrected is None


@pytest.mark.parametrize(
    ("said", "text", "wrong", "right"),
    [
        ("좋으시겠어요. 따님이 오시는 거예요?", "딸 말고, 며느리. 혼자 온다네.", "따님", "며느님"),
        ("아드님이 오시는군요. 백숙 하시려고요?", "아들이 아니고 아우. 내 동생.", "아드님", "아우분"),
        ("어머, 강아지가 사흘이나요?", "고양이라니까. 나비가 무슨 강아지야.", "", "고양이"),
        ("커피는 드셨어요?", "커피 말고 숭늉. 나는 커피 못 먹어", "커피", "숭늉"),
    ],
)
def test_what_the_companion_named_wrongly_is_put_right_in_few_words(
    said: str, text: str, wrong: str, right: str, analyser: Analyser, grammar: Grammar
) -> None:
    """Against what was just said a noun is enough; against nothing it may be a story."""
    reading = grammar.read(analyser.analyse(text))
    found = NAMING.find(text, reading, said)

    assert (found.wrong, found.corrected) == (wrong, right)
    assert NAMING.find(text, reading).corrected is None


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("밥은 드셨어요?", "밥 말고 죽을 먹었어"),
        ("아드님이 오시는군요.", "우리 아들이 무슨 장관이야"),
        ("무릎이 아프시군요.", "무릎이 무슨 대수야"),
    ],
)
def test_what_answers_or_scoffs_corrects_nothing(said: str, text: str, analyser: Analyser, grammar: Grammar) -> None:
    """What was asked is answered with something else; nothing was said wrongly."""
    assert NAMING.find(text, grammar.read(analyser.analyse(text)), said).corrected is None
