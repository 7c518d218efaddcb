"""The morphological analyser on the real dictionary: contractions, endings, spans, and text that is no Korean."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from companion.adapters.analyser_mecab import MecabAnalyser

ANALYSER = MecabAnalyser()


def _read(text: str) -> str:
    return " ".join(f"{one.form}/{one.tag}" for one in ANALYSER.analyse(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("전화 했어", "전화/NNG 하/VV 았/EP 어/EF"),
        ("할 거예요", "하/VV ㄹ/ETM 거/NNB 이/VCP 에요/EF"),
        ("이제 갑니다", "이제/MAG 가/VV ㅂ니다/EF"),
        ("걷는 게 좋아", "걷/VV 는/ETM 것/NNB 이/JKS 좋/VA 아/EF"),
        ("파란 하늘", "파랗/VA ㄴ/ETM 하늘/NNG"),
    ],
)
def test_contractions_are_undone(text: str, expected: str) -> None:
    """A contracted word form is given back as what went into it, in letters one can type."""
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("잠을 못 잤어", "EF"),
        ("허리가 아프다", "EF"),
        ("그렇지", "EF"),
        ("밥을 먹고", "EC"),
        ("비가 오는데", "EC"),
        ("다리가 아파서", "EC"),
        ("집에 갔더니", "EC"),
        ("약을", "JKO"),
    ],
)
def test_last_morpheme_tells_a_finished_sentence_from_a_hanging_one(text: str, tag: str) -> None:
    """Without a closing mark, as speech is heard, a final ending is EF and a connecting one EC; with it as well."""
    assert ANALYSER.analyse(text)[-1].tag == tag
    assert [one.tag for one in ANALYSER.analyse(f"{text}.")][-2:] == [tag, "SF"]


def test_no_closing_mark_is_invented() -> None:
    """The mark that helps the analysis is not among the morphemes."""
    assert all(one.tag != "SF" for one in ANALYSER.analyse("밥 먹었어"))


def test_stem_keeps_its_form_where_no_rieul_can_have_fallen() -> None:
    """가야 is 가 + 야, not 갈 + 야; 아는 is still 알 + 는."""
    assert ANALYSER.analyse("병원에 가야 해")[2].form == "가"
    assert ANALYSER.analyse("아는 사람")[0].form == "알"


def test_spans_point_at_the_word_form() -> None:
    """Both parts of 잤 point at 잤, behind a surrogate pair and spaces."""
    text = "😀  잠을 못 잤어"
    found = {one.form: text[one.start : one.end] for one in ANALYSER.analyse(text)}
    assert (found["자"], found["았"], found["잠"], found["😀"]) == ("잤", "잤", "잠", "😀")


KOREAN = st.text(
    alphabet=st.one_of(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.sampled_from(" .?\nㅋㄱᆯ"))
)


@given(st.one_of(st.text(), KOREAN))
@example("\0죽고 싶어")
@example("\ud800가")
@example("가\u3000나\u00a0다\r\n라")
@example("*,*/+\t'\"")
@example("ㅏ ᄀᆞ ᆯ ㄹ ㅋㅋㅋ ㅠㅠ")
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    """Whatever the text: no exception, spans within it, in order, none empty, each with a form and a tag."""
    found = ANALYSER.analyse(text)
    assert all(0 <= one.start < one.end <= len(text) and one.form and one.tag for one in found)
    assert all(
        a.start <= b.start and (a.end <= b.start or (a.start, a.end) == (b.start, b.end))
        for a, b in itertools.pairwise(found)
    )


@given(st.text(alphabet=" \t\n\r\x00\x0b\u0085"))
def test_blank_text_has_no_morphemes(text: str) -> None:
    """Nothing said, nothing found."""
    assert ANALYSER.analyse(text) == ()


def test_a_megabyte_is_analysed() -> None:
    """A text of a megabyte without a line break is no trouble, and its last word is where it stands."""
    text = "밥을 먹었어요 " * 50_000 + "가" * 2000 + " 끝"
    assert len(text.encode()) > 1_000_000
    last = ANALYSER.analyse(text)[-1]
    assert (last.form, last.start, last.end) == ("끝", len(text) - 1, len(text))


def _sentences(kind: str) -> list[tuple[str, list[str]]]:
    lines = (Path(__file__).parents[1] / "data" / "morphology.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(text, must.split()) for row_kind, text, must in rows if row_kind == kind]


@pytest.mark.parametrize(
    ("kind", "least"), [("final", 33), ("hanging", 26), ("check-final", 13), ("check-hanging", 14)]
)
def test_endings_of_older_adults_sentences(kind: str, least: int) -> None:
    """Sentences that end are told from sentences that hang, no worse than when it was measured for ADR-0004."""
    without_interjections = [
        [one.tag for one in ANALYSER.analyse(text) if one.tag != "IC"] for text, _ in _sentences(kind)
    ]
    ends = [tags[-1:] == ["EF"] for tags in without_interjections]
    assert sum(ends if kind.endswith("final") else [not end for end in ends]) >= least


@pytest.mark.parametrize(
    ("kinds", "least"), [(("final", "hanging"), 92), (("check-final", "check-hanging"), 34), (("dialect",), 9)]
)
def test_morphemes_of_older_adults_sentences(kinds: tuple[str, ...], least: int) -> None:
    """The morphemes that carry the meaning are found, no fewer than when it was measured for ADR-0004."""
    found = 0
    for kind in kinds:
        for text, must in _sentences(kind):
            have = {f"{one.form}/{one.tag}" for one in ANALYSER.analyse(text)}
            found += sum(wanted in have for wanted in must)
    assert found >= least
