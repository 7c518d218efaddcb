"""Text is made speakable: the written set, kind by kind, and the laws."""

from __future__ import annotations

import csv
import re
import statistics
import sys
import time
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from companion.core.numerals import parse_spoken_number
from companion.core.speakable import Speakable, dropped_of
from companion.errors import PromptError
from companion.prompts import prompt_table

CASES: Final = Path(__file__).with_name("speakable_cases.tsv")
ALLOWED: Final = re.compile(r"[가-힣 ,.?!…~]*")


@cache
def speakable() -> Speakable:
    return Speakable(prompt_table("speech/speakable.toml"))


def read(text: str) -> str:
    return speakable().read(text).text


def cases(part: str) -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["part"] == part]


def test_the_written_set_is_what_it_should_be() -> None:
    """At least 300 sentences, two fifths with digits, a third unseen, and not short."""
    seen, unseen = cases("seen"), cases("unseen")
    rows = seen + unseen
    assert len(rows) >= 300
    assert len({row["text"] for row in rows}) == len(rows)
    assert sum(any(map(str.isdigit, row["text"])) for row in rows) >= 0.4 * len(rows)
    assert statistics.median(len(re.findall("[가-힣]", row["spoken"])) for row in rows) >= 18
    assert len(unseen) >= len(rows) / 3
    assert all(ALLOWED.fullmatch(row["spoken"]) for row in rows)


@pytest.mark.parametrize(("part", "share"), [("seen", 0.99), ("unseen", 0.98)])
def test_the_written_set_is_read_as_a_person_would(part: str, share: float) -> None:
    """Nearly every sentence comes out exactly as it was written down by hand; which ones do not is not shown."""
    rows = cases(part)
    exact = sum(read(row["text"]) == row["spoken"] for row in rows)
    assert exact >= share * len(rows)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("3시 20분", "세 시 이십 분"),
        ("75살, 75세", "일흔다섯 살, 칠십오 세"),
        ("2번 드세요", "두 번 드세요"),
        ("2번 출구", "이 번 출구"),
        ("7016번 버스", "칠공일육 번 버스"),
        ("109번 버스", "백구 번 버스"),
        ("6월 10월 11월", "유월 시월 십일월"),
        ("20살", "스무 살"),
        ("200개", "이백 개"),
        ("0개", "영 개"),
        ("37.8도", "삼십칠 점 팔 도"),
        ("0.05", "영 점 영오"),
        ("1만 원", "만 원"),
        ("3만 5000원", "삼만 오천 원"),
        ("₩12,000", "만이천 원"),
        ("$5", "오 달러"),
        ("14:30", "십사 시 삼십 분"),
        ("2:1로 이겼어요", "이 대 일로 이겼어요"),
        ("2026. 11. 23. 월요일", "이천이십육 년 십일월 이십삼 일 월요일"),
        ("2026.11.23. 그날", "이천이십육 년 십일월 이십삼 일. 그날"),
        ("3.15(일)", "삼월 십오 일 일"),
        ("11/23 오전", "십일월 이십삼 일 오전"),
        ("1/2", "이 분의 일"),
        ("2분의 1", "이 분의 일"),
        ("120/80", "백이십에 팔십"),
        ("120/80 mmHg", "백이십에 팔십 수은주 밀리미터"),
        ("3~4시", "세 시에서 네 시"),
        ("9시 ~ 18시", "아홉 시에서 십팔 시"),
        ("2~3일", "이삼 일"),
        ("11월 2~3일", "십일월 이 일에서 삼 일"),
        ("2~3명", "두세 명"),
        ("15~20개", "열다섯 개에서 스무 개"),
        ("70~140 mg/dL", "칠십에서 백사십 밀리그램 퍼 데시리터"),
        ("100-7", "백 빼기 칠"),
        ("12-7=5", "십이 빼기 칠은 오"),
        ("2+3=5", "이 더하기 삼은 오"),
        ("3×4", "삼 곱하기 사"),
        ("-5도", "영하 오 도"),
        ("-5", "마이너스 오"),
        ("+3", "플러스 삼"),
        ("010-1234-5678", "공일공, 일이삼사, 오육칠팔"),
        ("01012345678", "공일공, 일이삼사, 오육칠팔"),
        ("02) 345-6789", "공이, 삼사오, 육칠팔구"),
        ("+82-10-1234-5678", "플러스 팔이, 일공, 일이삼사, 오육칠팔"),
        ("1577-1389", "일오칠칠, 일삼팔구"),
        ("109, 119, 112", "일공구, 일일구, 일일이"),
        ("112 신고", "일일이 신고"),
        ("119대원", "일일구대원"),
        ("혈당 109", "혈당 백구"),
        ("109 mg/dL", "백구 밀리그램 퍼 데시리터"),
        ("119동", "백십구 동"),
        ("1950-1953년", "천구백오십 년에서 천구백오십삼 년"),
        ("65KG", "육십오 킬로그램"),
        ("60km/h", "시속 육십 킬로미터"),
        ("제2의 고향", "제이의 고향"),
        ("제3편", "제삼 편"),
        ("PHQ-9", "피에이치큐 구"),
        ("TV를 끄고", "티브이를 끄고"),
        ("XYZ", "엑스와이제트"),
        ("café", "카페"),
        ("국번 없이 120번", "국번 없이 일이공 번"),
        ("3시반", "세 시 반"),
        ("09–18시", "아홉 시에서 십팔 시"),
        ("1577–1389", "일오칠칠, 일삼팔구"),
        ("1번부터 9번까지", "일 번부터 구 번까지"),
        ("Rh+ A+", "알에이치 플러스 에이 플러스"),
        ("3⅓", "삼 삼 분의 일"),
        ("430105-1234567", "사삼공일공오, 일이삼사오육칠"),
        ("오전 9시~오후 6시", "오전 아홉 시에서 오후 여섯 시"),
        ("金씨 日曜日", "김씨 일요일"),
        ("2026-11", "이천이십육 년 십일월"),
        ("2026-13-40", "이공이육, 일삼, 사공"),
        ("11.31(토) 13.45(월)", "십일월 삼십일 일 토 십삼 점 사오 월"),
        ("25:10", "이십오 대 십"),
        ("3*4", "삼 곱하기 사"),
        ("12 - 7 = 5", "십이 빼기 칠은 오"),
        ("물 - 밥", "물, 밥"),
        ("20만 명 10만5000개", "이십만 명 십만오천 개"),
        ("1~1.5시간", "일에서 일 점 오 시간"),
        ("1.5~2시간", "일 점 오에서 두 시간"),
        ("3~4달", "서너 달"),
        ("3~4점", "삼 점에서 사 점"),
        ("3,4살", "삼, 네 살"),
        ("3,4일", "삼사 일"),
        ("-10~-5도", "영하 십 도에서 영하 오 도"),
        ("-2~3℃", "영하 이 도에서 영상 삼 도"),
        ("1)물 2)밥", "일, 물 이, 밥"),
        ("1번 아니면 2번을 골라", "일 번 아니면 이 번을 골라"),
        ("Ⅳ형", "사형"),
        ("①번", "한 번"),
        ("３시", "세 시"),
        ("37℃", "삼십칠 도"),
        ("㎏ 5㎏", "케이지 오 킬로그램"),
        ("½컵", "이 분의 일 컵"),
        ("女性 男女 老人", "여성 남녀 노인"),
        ("ㄱ자로", "기역자로"),
        ("3 시장", "삼 시장"),
        ("2 개나리", "이 개나리"),
        ("어르신 3분이", "어르신 세 분이"),
        ("3분 뒤에", "삼 분 뒤에"),
        ("60대", "육십 대"),
        ("버스 2대", "버스 두 대"),
        ("하루3번", "하루 세 번"),
        ("1주일", "일주일"),
        ("1째, 2째", "첫째, 둘째"),
        ("1. 약\n2. 물", "일. 약, 이. 물"),
        ("- 물\n- 밥", "물, 밥"),
        ("정말요?!", "정말요?"),
        ("아침,점심", "아침, 점심"),
        ("네~", "네~"),
        ("\u1112\u119e\u11ab", "한"),
        ("3️⃣", "삼"),
        ("999999999999999999999", "구" * 21),
        ("", ""),
        (" ,.", "."),
    ],
)
def test_each_kind_is_read_as_people_say_it(text: str, spoken: str) -> None:
    """One example of each kind of number, name and sign."""
    assert read(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken", "dropped"),
    [
        ("최고 ㅋㅋ", "최고", ("ㅋㅋ",)),
        ("안녕 😊", "안녕", ()),
        ("さくら 좋아", "좋아", ("さくら",)),
        ("鑰 열쇠", "열쇠", ("鑰",)),
        ("효도(孝道)", "효도", ("孝道",)),
        ("Привет", "", ("Привет",)),
        ("\x00\x07가\u200b나", "가나", ()),
    ],
)
def test_what_cannot_be_said_is_listed(text: str, spoken: str, dropped: tuple[str, ...]) -> None:
    """Unknown letters and repeated glosses are listed; emoji and control characters are no letters."""
    result = speakable().read(text)
    assert (result.text, result.dropped) == (spoken, dropped)


@pytest.mark.parametrize(
    "text", ["가" * 5000, "1" * 5000, "1,2" * 1700, "(" * 5000, "a-1/" * 1250, "\x01\u0301" * 2500]
)
def test_long_odd_text_is_read_in_a_moment(text: str) -> None:
    """Five thousand characters of anything neither fail nor hang."""
    started = time.perf_counter()
    assert ALLOWED.fullmatch(read(text))
    assert time.perf_counter() - started < 5


ODD: Final = st.text() | st.text(alphabet="0123456789.,:/~-+=%()시분월일번개원만 가년kgTVㅋ\n")


@given(ODD)
def test_only_hangul_and_punctuation_come_out(text: str) -> None:
    """Whatever goes in, the output alphabet is kept, blanks are single, and nothing is raised."""
    spoken = read(text)
    assert ALLOWED.fullmatch(spoken)
    assert spoken == spoken.strip()
    assert "  " not in spoken


@given(ODD)
@example("1~*1")
@example("1~ *1")
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    """Spoken text is already speakable."""
    once = read(text)
    assert speakable().read(once).text == once
    assert speakable().read(once).dropped == ()


@given(ODD)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    """The pieces join to the text; each with a letter or digit is spoken or listed."""
    pieces = speakable().pieces(text)
    assert "".join(piece.written for piece in pieces) == text
    listed = "".join(dropped_of(pieces))
    unsaid = [
        letter
        for piece in pieces
        if not re.search("[가-힣]", piece.spoken)
        for letter in piece.source
        if letter.isalnum()
    ]
    assert list(listed) == unsaid
    joined = "".join(piece.source for piece in pieces)
    hangul = [letter for letter in unicodedata.normalize("NFC", text) if "가" <= letter <= "힣"]
    assert [letter for letter in joined if "가" <= letter <= "힣"] == hangul
    ascii_letters = [letter for letter in text if letter.isascii() and letter.isalnum()]
    assert len([letter for letter in joined if letter.isalnum()]) >= len(ascii_letters)


@given(st.text(alphabet="가나다라마바사강산들꽃", min_size=1), st.integers(1, 3))
def test_hangul_stays_as_it_is(word: str, times: int) -> None:
    """Words of Hangul with single blanks between come out unchanged."""
    text = " ".join([word] * times)
    assert read(text) == text


@given(st.integers(0, 99_999_999))
def test_every_number_is_read_so_that_it_can_be_read_back(number: int) -> None:
    """Bare or with commas, a number comes out as words for the same number."""
    assert parse_spoken_number(read(f"{number}")) == number
    assert parse_spoken_number(read(f"{number:,}원").removesuffix(" 원")) == number


def test_a_sentence_takes_less_than_two_milliseconds() -> None:
    """The fastest of a few passes over the set, so that a busy machine does not decide."""
    texts = [row["text"] for row in cases("seen")]
    passes = []
    for _ in range(5):
        started = time.process_time()
        for text in texts:
            read(text)
        passes.append(time.process_time() - started)
    allowed = 0.002 if sys.gettrace() is None else 0.02  # measuring coverage slows every line
    assert min(passes) / len(texts) < allowed


def test_a_broken_table_is_named() -> None:
    """A missing part or a pattern that does not compile is a prompt error, not a crash."""
    tables = prompt_table("speech/speakable.toml")
    without = {name: table for name, table in tables.items() if name != "units"}
    with pytest.raises(PromptError, match="units"):
        Speakable(without)
    with pytest.raises(PromptError, match=r"speakable\.table_broken"):
        Speakable(tables | {"digits": tables["digits"] | {"call_after": "("}})


def test_each_hanja_has_one_reading() -> None:
    """No character stands under two readings, and each reading is one syllable."""
    hanja: dict[str, str] = prompt_table("speech/speakable.toml")["hanja"]
    characters = "".join(hanja.values())
    assert len(set(characters)) == len(characters)
    assert all(re.fullmatch("[가-힣]", reading) for reading in hanja)
