"""Phrases in free talk that touch a symptom, and those that only sound like it."""

from __future__ import annotations

import pytest

from companion.core.reading import Grammar
from companion.prompts import prompt_table
from companion.screening.signs import SignReader
from companion.wiring import language
from companion.wiring.instruments import instruments

TABLE = prompt_table("screening/signs.ko.toml")


@pytest.fixture(scope="module")
def reader() -> SignReader:
    answers = prompt_table("screening/answers.ko.toml")
    return SignReader(TABLE, answers, Grammar(prompt_table("lexicon/grammar.toml")), language.analyser())


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("요새 통 잠을 못 자", "sleep"),
        ("밤새 뒤척였어", "sleep"),
        ("자다가 자꾸 깨", "sleep"),
        ("한숨도 못 잤어 어제", "sleep"),
        ("잠이 안 와유", "sleep"),
        ("입맛이 하나도 없어", "appetite"),
        ("밥이 안 넘어가", "appetite"),
        ("기운이 쭉 빠져", "energy"),
        ("몸이 천근만근이야", "energy"),
        ("만사가 귀찮아", "interest"),
        ("사는 재미가 없네", "interest"),
        ("마음이 자꾸 가라앉아", "mood"),
        ("요즘 우울해", "mood"),
        ("괜히 눈물이 나", "mood"),
        ("쓸모없는 늙은이가 됐어", "worth"),
        ("애들한테 짐만 되지", "worth"),
        ("신문을 봐도 무슨 말인지 모르겠어", "concentration"),
        ("안절부절을 못해", "restlessness"),
        ("걱정이 태산이야", "worry"),
        ("자꾸 불안해", "nervousness"),
        ("우리 아들이 안 와서 내가 요새 잠을 못 자", "sleep"),
    ],
)
def test_a_phrase_that_touches_a_symptom_is_a_sign(reader: SignReader, said: str, sign: str) -> None:
    """With the words as they were said."""
    found = reader.read(said)

    assert [one.sign for one in found] == [sign]
    assert found[0].quote == said


@pytest.mark.parametrize(
    "said",
    [
        "우리 영감이 통 잠을 못 자",
        "며느리가 입맛이 없대",
        "젊었을 때는 잠을 못 잤지",
        "작년에는 기운이 하나도 없었어",
        "요새는 잠을 잘 자",
        "우울하지는 않아",
        "우울한 건 아니야",
        "불안하지 않아",
        "잠이 안 오면 라디오를 들어",
        "잠을 못 자면 어떡하나?",
        "그 드라마 재미가 하나도 없어",
        "커피를 마셨더니 잠이 안 와",
        "입맛이 없을 때는 누룽지가 제일이야",
        "우울증이 무서운 병이라더라",
        "비가 오네",
        "죽고 싶어",
        "",
    ],
)
def test_what_is_denied_past_supposed_or_of_others_is_no_sign(reader: SignReader, said: str) -> None:
    """Nor what is asked, or said of a play on television, nor what belongs to safety."""
    assert reader.read(said) == ()


def test_a_long_story_is_quoted_in_part_and_each_sign_once(reader: SignReader) -> None:
    """The sentence with the phrase, not the whole story."""
    story = "어제는 시장에 가서 배추를 사 왔어. 요새 통 잠을 못 자. 밤마다 못 자니 기운도 하나도 없어. 딸이 전화했어."

    found = reader.read(story)

    assert [(one.sign, one.quote) for one in found] == [
        ("sleep", "요새 통 잠을 못 자"),
        ("energy", "밤마다 못 자니 기운도 하나도 없어"),
    ]


def test_every_sign_touches_an_item_that_there_is_and_never_a_critical_one() -> None:
    """A wish to be dead is answered by safety, not noted."""
    items = {item.id: item for one in instruments().values() for item in one.items}

    assert all(not items[sign["touches"]].critical for sign in TABLE["sign"])


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("요새 잠을 통 몬 잔다 아이가", "sleep"),
        ("새벽 네 시만 되믄 눈이 떠져부러", "sleep"),
        ("밥을 먹는 둥 마는 둥 해", "appetite"),
        ("기운이 읎어 못 살겄어", "energy"),
        ("맨날 피곤혀", "energy"),
        ("맘이 불안혀", "nervousness"),
        ("괜시리 눈물이 나고 그래", "mood"),
    ],
)
def test_signs_are_heard_in_dialect(reader: SignReader, said: str, sign: str) -> None:
    """Older people speak as they always did."""
    assert sign in [one.sign for one in reader.read(said)]


@pytest.mark.parametrize(
    "said",
    [
        "우울하긴 뭐가 우울해",
        "영감 살아 있을 적엔 마음이 불안했지",
        "기운이 없다가 이제는 좀 났어",
        "강아지가 밥을 안 먹어 입맛이 없는지",
        "의사가 잠을 못 자냐고 묻더라",
        "염불을 외우면 마음이 가라앉아",
        "체했나 봐 속이 답답해",
    ],
)
def test_what_looks_like_a_sign_at_first_is_none(reader: SignReader, said: str) -> None:
    """Denied by a question, over, of a dog, asked by a doctor, of a calm mind, of the stomach."""
    assert reader.read(said) == ()
