"""Replies are split into breaths."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.hangul import syllable_count
from companion.core.morphology import Morpheme
from companion.core.phrase import Manner, Phrase
from companion.core.phrasing import Phrasing, phrases
from companion.core.speakable import Speakable
from companion.errors import PromptError
from companion.prompts import prompt_table

PAUSES = prompt_table("speech/phrasing.toml")["pauses_ms"]


@cache
def speakable() -> Speakable:
    return Speakable(prompt_table("speech/speakable.toml"))


@cache
def phrasing() -> Phrasing:
    return Phrasing(prompt_table("speech/phrasing.toml"))


def split(text: str, manner: Manner = Manner.PLAIN) -> tuple[Phrase, ...]:
    return phrasing().phrases(text, speakable(), manner=manner)


def written(text: str) -> list[str]:
    return [phrase.written for phrase in split(text)]


@pytest.mark.parametrize(
    ("text", "breaths"),
    [
        ("네, 알겠습니다.", ["네, 알겠습니다."]),
        ("안녕하세요, 어르신. 점심은 드셨어요?", ["안녕하세요, 어르신.", "점심은 드셨어요?"]),
        ("그러셨군요. 많이 놀라셨겠어요.", ["그러셨군요.", "많이 놀라셨겠어요."]),
        ("비가 오면 무릎이 아프시지요?", ["비가 오면 무릎이 아프시지요?"]),
        (
            "된장찌개에 두부를 송송 썰어 넣으면 구수하고 맛있지요.",
            ["된장찌개에 두부를 송송 썰어 넣으면", "구수하고 맛있지요."],
        ),
        (
            "외로우실 때는 옛 친구에게 안부 전화를 걸어 보시는 것도 좋아요.",
            ["외로우실 때는", "옛 친구에게 안부 전화를 걸어 보시는 것도 좋아요."],
        ),
        ("오늘은 2026년 11월 23일 월요일이에요.", ["오늘은 2026년 11월 23일 월요일이에요."]),
        ("물을 드세요\n약은 나중에 드세요", ["물을 드세요", "약은 나중에 드세요"]),
        ("정말 좋네요 😊 저도 기뻐요!", ["정말 좋네요 😊 저도 기뻐요!"]),
    ],
)
def test_breaths_are_taken_where_a_person_would(text: str, breaths: list[str]) -> None:
    """At sentence ends and new lines always; at commas, after endings and topics only where the stretch is long."""
    assert written(text) == breaths


@pytest.mark.parametrize(
    "group",
    [
        "하고 싶어요",
        "할 수 있어요",
        "이 두 번호",
        "한 번만",
        "보시는 것도",
        "적어 두었",
        "드셔도 돼요",
        "셨다고 하셨",
        "때문에",
        "11월 28~29일",
        "3시 20분",
        "다음 주 화요일",
        "1억 2천만 원",
    ],
)
def test_word_groups_are_never_parted(group: str) -> None:
    """However long the sentence, auxiliaries, determiners and dependent nouns stay with what they belong to."""
    around = ("어제 저녁에는 마을 사람들과 오래오래 이야기를", "그래서 모두 다 함께 웃으면서 노래를 불렀습니다.")
    breaths = written(f"{around[0]} {group} {around[1]}")
    assert len(breaths) > 1
    assert any(group in breath for breath in breaths)


def test_telephone_numbers_are_said_slowly_digit_by_digit() -> None:
    """Each group ends a slow phrase, with a breath between them."""
    *groups, after = split("따님 번호는 010-1234-5678이에요. 적으셨어요?")
    assert [phrase.manner for phrase in groups] == [Manner.SLOW] * 3
    assert [phrase.spoken for phrase in groups] == [
        "따님 번호는 공일공",
        "일 이삼사",
        "오육칠팔이에요.",
    ]
    assert [phrase.written for phrase in groups] == ["따님 번호는 010-", "1234-", "5678이에요."]
    assert [phrase.pause_after_ms for phrase in groups] == [PAUSES["slow_group"]] * 2 + [PAUSES["sentence"]]
    assert after.manner is Manner.PLAIN


def test_a_short_number_stays_in_its_sentence() -> None:
    """Three digits need no breath of their own, and the whole breath is slow."""
    (only,) = split("바로 119번에 전화하세요.")
    assert (only.spoken, only.manner) == ("바로 일일구번에 전화하세요.", Manner.SLOW)


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("109", "일 공 구"),
        ("119", "일일구"),
        ("112", "일일 이"),
        ("1577-1389", "일 오칠칠 일삼팔구"),
    ],
)
def test_no_digit_is_lost_in_the_one_before_it(number: str, spoken: str) -> None:
    """Where 이 or 오 would take over a coda (일오[이로]), it is kept apart from the digit before it."""
    (only,) = split(f"{number}예요.")
    assert only.spoken == f"{spoken}예요."


def test_the_counter_is_joined_to_the_digits() -> None:
    """Before a word of its own 구 is heard as 급; what only begins like the counter stays a word."""
    assert [phrase.spoken for phrase in split("109번이에요. 119 번호도 있어요.")] == [
        "일 공 구번이에요.",
        "일일구 번호도 있어요.",
    ]


def test_a_number_of_two_groups_is_said_in_one_breath() -> None:
    """Cut between its groups, the first was misheard; one of three groups is too long for one breath."""
    (only,) = split("번호는 1577-1389예요.")
    assert (only.spoken, only.manner) == ("번호는 일 오칠칠 일삼팔구예요.", Manner.SLOW)


def test_a_breath_before_digits_is_a_long_one() -> None:
    """Where a long sentence is cut before slow digits, the pause is not shorter than the table says."""
    slow = split("네, 그러면 번호를 말씀드릴게요, 1577-1389예요.")
    at = next(index for index, phrase in enumerate(slow) if phrase.manner is Manner.SLOW)
    assert slow[at - 1].pause_after_ms >= PAUSES["before_slow"]


def test_digits_without_hyphens_are_grouped_too() -> None:
    """A mobile number in one row is written as three groups whose digits join to it."""
    groups = [phrase for phrase in split("01098765432로 거세요.") if phrase.manner is Manner.SLOW]
    assert [phrase.written for phrase in groups] == ["010", "9876", "5432로 거세요."]


def test_questions_rise_at_their_last_breath_only() -> None:
    """Only the phrase that ends with the question mark rises."""
    long_question = split("비가 오면 뼈마디가 쑤신다고들 하시는데 어르신은 괜찮으세요? 저는 괜찮아요.")
    assert [phrase.rises for phrase in long_question] == [phrase.written.endswith("?") for phrase in long_question]
    assert sum(phrase.rises for phrase in long_question) == 1
    assert len(long_question) > 2


def test_crisis_sentences_keep_their_manner_and_pause_longer() -> None:
    """All but the digits are safety speech, and each sentence is followed by the longer pause."""
    crisis = split("지금 위험하시면 119로 전화하세요. 제가 같이 있을게요.", Manner.SAFETY)
    assert {phrase.manner for phrase in crisis} == {Manner.SAFETY, Manner.SLOW}
    ends = [phrase.pause_after_ms for phrase in crisis if phrase.written.endswith(".")]
    assert ends == [PAUSES["safety_sentence"]] * 2


def test_commas_of_short_sentences_are_left_to_the_voice() -> None:
    """A short list is one breath; where a long sentence is cut at a comma, the pause is that of a comma."""
    assert written("물, 햇볕, 안부 전화를 잊지 마세요.") == ["물, 햇볕, 안부 전화를 잊지 마세요."]
    clause = split("숨을 사 초 동안 들이쉬고, 천천히 내쉬어 보세요.")
    assert [phrase.pause_after_ms for phrase in clause] == [PAUSES["comma"], PAUSES["sentence"]]


def test_only_the_first_sentence_is_cut_early() -> None:
    """A reply's first breath is short, because somebody waits for it; the same sentence later is one breath."""
    sentence = "비가 오면 뼈마디가 쑤신다고들 하시는데 어르신은 괜찮으세요?"
    first, *rest = split(f"{sentence} {sentence}")
    assert syllable_count(first.spoken) <= 14
    assert [phrase.written for phrase in rest][-1] == sentence


def test_the_written_set_is_said_in_breaths_of_bearable_length() -> None:
    """No breath of the set is longer than 36 syllables, and together they say what the reader says."""
    with Path(__file__).with_name("speakable_cases.tsv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    for text in texts:
        breaths = split(text)
        assert max(syllable_count(phrase.spoken) for phrase in breaths) <= 36
        together = re.sub("[^가-힣]", "", "".join(phrase.spoken for phrase in breaths))
        assert together == re.sub("[^가-힣]", "", speakable().read(text).text)


ODD = st.text() | st.text(alphabet="가나는고 ,.?!\n1095-년시a😊ㅋ\x00\u3000~", max_size=80)


@given(ODD)
def test_nothing_written_is_lost(text: str) -> None:
    """The written parts join to the text, blanks aside, and no phrase is empty."""
    breaths = split(text)
    assert "".join("".join(phrase.written for phrase in breaths).split()) == "".join(text.split())
    assert all(phrase.written.strip() for phrase in breaths)
    assert all(phrase.pause_after_ms > 0 for phrase in breaths)
    if any(phrase.spoken for phrase in breaths):
        assert all(re.search("[가-힣]", phrase.spoken) for phrase in breaths)


@given(ODD)
def test_nothing_spoken_is_lost(text: str) -> None:
    """The spoken parts say, syllable by syllable, what the reader says of the whole."""
    together = re.sub("[^가-힣]", "", "".join(phrase.spoken for phrase in split(text)))
    assert together == re.sub("[^가-힣]", "", speakable().read(text).text)


@pytest.mark.parametrize("text", ["가" * 5000, "1" * 5000, "a" * 5000, "가나다 " * 1250, "?" * 5000])
def test_very_long_text_is_still_said_in_breaths(text: str) -> None:
    """Without any place to breathe a row is cut by length."""
    assert all(syllable_count(phrase.spoken) <= 40 for phrase in split(text))


class TopicAnalyser:
    """Says that 산나리는 is a topic in one text: noun and particle."""

    def analyse(self, text: str) -> tuple[Morpheme, ...]:
        at = text.index("산나리는")
        return (Morpheme("산나리", "NNG", at, at + 3), Morpheme("는", "JX", at + 3, at + 4))


def test_an_analyser_decides_better_than_the_surface() -> None:
    """Where an analyser names the particle, the breath is taken there."""
    text = "그 옛적 산나리는 동네 어귀에 오래오래 서 있었지요."
    assert "그 옛적 산나리는" not in written(text)
    breaths = phrasing().phrases(text, speakable(), analyser=TopicAnalyser())
    assert [phrase.written for phrase in breaths] == ["그 옛적 산나리는", "동네 어귀에 오래오래 서 있었지요."]


def test_a_broken_table_is_named() -> None:
    """A missing part is a prompt error."""
    table = prompt_table("speech/phrasing.toml")
    with pytest.raises(PromptError, match="pauses_ms"):
        phrases("네.", speakable(), {name: part for name, part in table.items() if name != "pauses_ms"})


def test_one_call_gives_the_same_as_a_kept_phrasing() -> None:
    """The function is the class, used once."""
    text = "안녕하세요, 어르신. 잘 주무셨어요?"
    assert phrases(text, speakable(), prompt_table("speech/phrasing.toml")) == split(text)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("일, 공, 구. 일공구예요.", ["일 공 구.", "일공구예요."]),
        ("번호는 일, 일, 구, 예요.", ["번호는 일일구, 예요."]),
        ("번호는 일, 공, 구예요.", ["번호는 일 공 구예요."]),
        ("일, 일, 구를 차례로 누르세요.", ["일일구를 차례로 누르세요."]),
        ("일, 오, 칠, 칠, 일, 삼, 팔, 구.", ["일 오칠칠 일삼팔구."]),
        ("공, 일, 공, 일, 이, 삼, 사, 오, 육, 칠, 팔.", ["공일공 일 이삼사 오육칠팔."]),
    ],
)
def test_digits_written_apart_are_said_as_a_number(text: str, spoken: list[str]) -> None:
    """A pause after each digit is heard as no digit at all: they are linked, in groups, and slow."""
    found = split(text)
    assert [phrase.spoken for phrase in found if phrase.spoken] == spoken
    assert "".join("".join(phrase.written for phrase in found).split()) == "".join(text.split())
    assert found[0].manner is Manner.SLOW


def test_two_numbers_in_a_row_and_words_that_look_like_digits_stay_as_they_are() -> None:
    """One or two are a choice (일, 이 층), not a telephone number."""
    assert [phrase.spoken for phrase in split("삼, 사 일이면 돼요.")] == ["삼, 사 일이면 돼요."]
    assert all(phrase.manner is Manner.PLAIN for phrase in split("삼, 사 일이면 돼요."))
