"""What older Koreans say, and which option it is: by kinds of saying, not by list."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.numerals import read_native, read_sino
from companion.prompts import prompt_table
from companion.screening.answer.amounts import Amounts
from companion.screening.answer.lexicon import speller
from companion.screening.answer.reader import AnswerReader, Asked, Reason, Wish
from companion.screening.instrument import Instrument

TABLE = prompt_table("screening/answers.ko.toml")
AMOUNTS = Amounts(TABLE)
SPELLER = speller(TABLE)
DAY_WORDS = [
    "하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레",
    "열흘", "열하루", "열이틀", "열사흘", "열나흘",
]  # fmt: skip


def days(text: str) -> tuple[float, float] | None:
    found = AMOUNTS.find(SPELLER.letters(text), 14)
    if not found or found[0].days is None:
        return None
    return found[0].days.low, found[0].days.high


@given(st.integers(min_value=1, max_value=14), st.sampled_from(["", "쯤", " 정도 그랬어", "은 그랬지"]))
def test_spoken_numbers_of_days_are_read_back(number: int, tail: str) -> None:
    """Native day words, counted times and Sino-Korean days all give the number that was said."""
    assert days(DAY_WORDS[number - 1] + tail) == (number, number)
    assert days(f"{read_native(number)} 번{tail}") == (number, number)
    if number not in {1, 2}:
        assert days(f"{read_sino(number)} 일{tail}") == (number, number)
    assert days(f"{number}일{tail}") == (number, number)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("일주일에 두세 번", (4, 6)),
        ("이틀에 한 번꼴로", (7, 7)),
        ("하루걸러 한 번씩", (7, 7)),
        ("보름 중에 열흘은", (10, 10)),
        ("두 주에 네 번", (4, 4)),
        ("이틀인가 사흘인가", (2, 3)),
        ("사나흘", (3, 4)),
        ("하루 빼고 다", (13, 13)),
        ("반은 넘지", (7, 11)),
        ("이틀밖에 안 그랬어", (2, 2)),
        ("사흘 전부터", (3, 3)),
        ("하루에도 세 번은", (14, 14)),
    ],
)
def test_counts_in_their_surroundings(said: str, expected: tuple[float, float]) -> None:
    """Rates, ranges, shares and what is left out come to days of the window."""
    assert days(said) == pytest.approx(expected)


@pytest.mark.parametrize(
    "said", ["이 일은 잘 모르겠네", "내일 오라고 해", "하루도 없었어", "하루하루가 고마워", "이번에는 괜찮아"]
)
def test_what_is_no_count(said: str) -> None:
    """이 일 is this matter, 내일 tomorrow: no days are read out of them."""
    assert days(said) is None


CASES = [
    ("phq9", 3, "밤마다 그래. 두 시면 눈이 떠져", "3"),
    ("phq9", 3, "약 먹고는 잘 자요", "0"),
    ("phq9", 3, "제대로 잔 날이 없어요", "3"),
    ("phq9", 3, "못 잔 날이 없어", "0"),
    ("phq9", 3, "사흘, 아니 닷새", "1"),
    ("phq9", 4, "안 피곤한 날이 없지", "3"),
    ("phq9", 2, "작년엔 그랬는데 요새는 괜찮아", "0"),
    ("phq9", 2, "마음이야 늘 편안하지요", "0"),
    ("phq9", 1, "매일은 아니고 한 닷새", "1"),
    ("phq9", 1, "지난주에 이틀, 이번 주에 사흘", "1"),
    ("phq9", 9, "그런 생각은 추호도 없습니다", "0"),
    ("gad7", 1, "불안할 게 뭐 있어", "0"),
    ("gad7", 6, "영감이 맨날 성질을 내지 나는 안 그래요", "0"),
    ("gds15", 7, "네, 안 즐거워요", "no"),
    ("gds15", 7, "즐거울 일이 뭐가 있겠어요", "no"),
    ("gds15", 12, "쓸모없다고까지는 생각 안 해유", "no"),
    ("gds15", 14, "희망이 왜 없어요", "no"),
    ("gds15", 1, "만족 못 합니다", "no"),
    ("gds15", 4, "지루할 새가 어디 있어", "no"),
]


@pytest.mark.parametrize("case", CASES)
def test_a_plain_answer_is_kept_unasked(
    reader: AnswerReader, instruments: Mapping[str, Instrument], case: tuple[str, int, str, str]
) -> None:
    """Frequency, negation, time, person and correction are read from grammar."""
    name, number, said, option = case
    instrument = instruments[name]
    verdict = reader.read(said, instrument.items[number - 1], instrument.window_days)

    assert (verdict.option, verdict.reason) == (option, Reason.NONE)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("좀 못 자는 편이에요", Reason.NO_FREQUENCY),
        ("우리 영감이 그랬지", Reason.OTHER_PERSON),
        ("젊어서는 그랬지", Reason.OTHER_TIME),
        ("글쎄", Reason.UNSURE),
        ("점심에 국수 먹었어요", Reason.OFF_TOPIC),
    ],
)
def test_an_answer_without_an_option_says_why(
    reader: AnswerReader, phq9: Instrument, said: str, reason: Reason
) -> None:
    """No frequency, somebody else, another time: each leads to a question of its own, and nothing is guessed."""
    verdict = reader.read(said, phq9.items[2], 14)

    assert (verdict.option, verdict.reason) == (None, reason)


@pytest.mark.parametrize("said", ["자주 그래", "종종 그래요", "거의 안 그래", "열흘 넘게", "어제 하루", "열이틀"])
def test_what_leaves_room_for_two_options_is_only_proposed(reader: AnswerReader, phq9: Instrument, said: str) -> None:
    """Vague words and boundary counts are confirmed aloud."""
    verdict = reader.read(said, phq9.items[2], 14)

    assert verdict.option is not None
    assert verdict.reason is Reason.DOUBTFUL


def test_agreeing_to_a_negative_question_is_confirmed(reader: AnswerReader, gds15: Instrument) -> None:
    """네 to "즐겁지 않으세요?" agrees to the no in Korean; it is asked back all the same."""
    verdict = reader.read("네", gds15.items[6], 7, Asked("마음이 즐겁지 않으세요?"))

    assert (verdict.option, verdict.reason) == ("no", Reason.DOUBTFUL)


def test_the_words_that_decided_are_named_as_they_were_heard(reader: AnswerReader, phq9: Instrument) -> None:
    """Evidence points into the reply, variants and blanks as they were."""
    said = "잠은, 글쎄 사을에 한번은 못 잤지"
    verdict = reader.read(said, phq9.items[2], 14)

    assert verdict.option == "1"
    assert [said[one.start : one.end] for one in verdict.evidence] == [one.text for one in verdict.evidence]
    assert verdict.evidence[0].text == "사을에 한번"


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        ("네", True),
        ("예, 맞습니다", True),
        ("응 그렇게 적어 줘", True),
        ("하모예", True),
        ("그래요", True),
        ("아니요", False),
        ("아니 그게 아니고", False),
        ("틀렸어", False),
        ("판매나 그레요", None),
        ("네 매일이요", None),
        ("가끔 그렇다니까", None),
        ("", None),
    ],
)
def test_only_a_plain_yes_confirms(reader: AnswerReader, said: str, agrees: bool | None) -> None:  # noqa: FBT001
    """What a recogniser made of something else is no yes."""
    assert reader.agreement(said) is agrees


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("그만하자", Wish.STOP),
        ("이건 그냥 넘어가요", Wish.SKIP),
        ("왜 묻는 거야?", Wish.WHY),
        ("아까 그거 고칠래", Wish.BACK),
        ("잠깐만요", Wish.PAUSE),
        ("뭐라고요?", Wish.REPEAT),
        ("그만 살고 싶다는 생각은 없어", None),
        ("매일 그래", None),
    ],
)
def test_wishes_about_the_interview(reader: AnswerReader, said: str, wish: Wish | None) -> None:
    """To stop is not to answer, and to answer is not to stop."""
    assert reader.wish(said) is wish


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever a recogniser writes is read without an error."""
    letters = SPELLER.letters(text)

    assert len(letters.compact) == len(letters.at) == len(letters.in_plain)
    assert AMOUNTS.find(letters, 14) is not None
