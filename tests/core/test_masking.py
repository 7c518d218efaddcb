"""Words that leave name nobody: numbers as they are said, names, places; and what is not certain does not leave."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.masking.chain import Masking, Own
from companion.core.masking.found import Found, Kind, merged
from companion.core.masking.numbers import Numbers
from companion.core.numerals import read_digits
from companion.errors import InputError
from companion.evaluation.masking import evaluate_masking, read_masking_cases, summarise_masking
from companion.prompts import prompt_table
from companion.wiring.language import analyser
from companion.wiring.masking import masking, own_words

TABLE = prompt_table("masking/words.toml")
NUMBERS = Numbers(TABLE)
SETS = Path("tests/evaluation/sets")
OWN = own_words(["김순자", "순자님", "큰아들 박영수"], ["전라남도 곡성군"])
FIGURES = st.text("0123456789", min_size=8, max_size=8)
ENDINGS = st.sampled_from(["이야", "", "로 걸어", "인데 안 받아", "이에요", "이라니까", "이고 끝이야", "이래"])


class Blind:
    """A library that finds nothing."""

    def find(self, text: str) -> Sequence[Found]:
        return []


@given(FIGURES, ENDINGS, st.sampled_from(["", " ", "에 "]))
def test_a_mobile_number_is_found_whole_however_it_is_said(figures: str, ending: str, joint: str) -> None:
    """All eleven digits and not one letter of the word behind them."""
    groups = ["공일공", read_digits(figures[:4]), read_digits(figures[4:])]
    said = joint.join(groups)
    text = f"내 번호는 {said}{ending}"

    found = merged(NUMBERS.find(text))

    assert [text[one.start : one.end] for one in found] == [said]


@given(st.integers(10, 99), ENDINGS.filter(lambda ending: ending.startswith("이")))
def test_the_copula_behind_a_digit_is_no_digit(number: int, ending: str) -> None:
    """육육이야 is 66: the 이 belongs to what is said behind it."""
    digits = read_digits(f"{number:02}".replace("2", "6").replace("4", "6").replace("5", "6").replace("9", "6"))
    (found,) = NUMBERS.digits(f"끝이 {digits}{ending}")

    assert len(found.value) == 2


@pytest.mark.parametrize(
    "plain",
    [
        "일일구 불러",
        "119에 전화했어",
        "109번이래",
        "삼일 동안 못 잤어",
        "2026년 11월 27일",
        "2,300보 걸었어",
        "이사 왔어",
    ],
)
def test_numbers_of_help_and_of_everyday_are_left_alone(plain: str) -> None:
    """They name nobody, and help has to be readable."""
    assert list(NUMBERS.find(plain)) == []


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("순자야 하고 불렀어", "(이름)야 하고 불렀어"),
        ("영수한테 통장을 줬어", "(이름)한테 통장을 줬어"),
        ("영수증을 잃어버렸어", "영수증을 잃어버렸어"),
        ("김 순자라고 해", "(이름)라고 해"),
        ("곡성에서 나고 자랐어", "(장소)에서 나고 자랐어"),
    ],
)
def test_names_and_places_of_the_record_are_masked(said: str, leaves: str) -> None:
    """Those of the person and of whoever is around them; a receipt is no son."""
    assert masking().outward(said, OWN).text == leaves


def test_what_the_second_look_still_sees_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first look is blind, the text is withheld whole: nothing of it is left to read."""
    blind = Masking(TABLE, analyser(), Blind())
    monkeypatch.setattr(blind._numbers, "find", lambda _text: iter(()))

    made = blind.outward("내 번호는 공일공 삼삼사사 오오육육이야")

    assert made.withheld
    assert made.text == ""


def test_a_name_of_the_record_that_was_overlooked_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was masked, a whole name that still stands in the text holds it back."""
    blind = Masking(TABLE, analyser(), Blind())
    monkeypatch.setattr(blind._names, "find", lambda _text, _own: iter(()))

    assert blind.outward("우리 박영수가 안 와", Own(names=("박영수",))).withheld
    assert not blind.outward("우리 아들이 안 와", Own(names=("박영수",))).withheld


@pytest.mark.parametrize("line", (SETS / "masking_seen.jsonl").read_text(encoding="utf-8").splitlines()[::9])
def test_a_masked_text_is_not_masked_further(line: str) -> None:
    """What left once may leave again as it is."""
    once = masking().outward(json.loads(line)["text"], OWN)

    assert masking().outward(once.text, OWN).text == once.text


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10), st.sampled_from(Kind)), max_size=12))
def test_merged_spans_cover_the_same_and_never_overlap(drawn: list[tuple[int, int, Kind]]) -> None:
    """No letter is lost from what was found, and none is masked twice."""
    spans = [Found(start, start + length, kind) for start, length, kind in drawn]
    one = merged(spans)

    assert {at for span in one for at in range(span.start, span.end)} == {
        at for span in spans for at in range(span.start, span.end)
    }
    assert all(before.end <= behind.start for before, behind in pairwise(one))


def test_what_was_measured_on_the_seen_sentences_still_holds() -> None:
    """Of 75 identifiers at most two are missed, and no sentence without any is touched."""
    cases = read_masking_cases(SETS / "masking_seen.jsonl", own_words)
    figures = summarise_masking([evaluate_masking(case, masking().outward) for case in cases])

    assert figures["identifiers"] == 75
    assert int(str(figures["missed"])) <= 2
    assert figures["plain_untouched"] == figures["plain_sentences"]


def test_danger_is_left_to_be_read() -> None:
    """Everyday talk and danger, from sets that were written for other ends: one text in fifty is touched at most."""
    lines = (SETS / "risk_seen.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    touched = [text for text in texts if masking().outward(text).found]

    assert len(texts) > 300
    assert len(touched) <= len(texts) // 25


@pytest.mark.parametrize("line", ["[]", "{", '{"id": "1", "text": "가", "hide": ["나"]}', '{"id": "1"}'])
def test_a_bad_case_is_named_by_its_line(line: str, tmp_path: Path) -> None:
    """An instrument that skips what it cannot read measures nothing."""
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "0", "text": "가", "hide": []}\n' + line + "\n", encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_masking_cases(file, own_words)

    assert refused.value.fields["line"] == 2
