"""Laws of the assessment by rules, over dangers and harmless words put together in many ways.

The second voice may only add to it (see test_second_voice.py), so what the rules hold to the whole holds to.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from companion.core.reading import Grammar
from companion.core.respelling import Respelling, sounds
from companion.errors import PromptError
from companion.prompts import prompt_tables
from companion.safety.assessor import Assessor, Before
from companion.safety.lexicon import load_danger
from companion.safety.risk import Level, Risk
from companion.wiring import language

TABLES = prompt_tables("lexicon")
ASSESSOR = Assessor(TABLES, Grammar(TABLES["grammar.toml"]), language.analyser())
RESPELLING = Respelling(TABLES["danger.toml"]["respelling"])
SETS = Path(__file__).parents[1] / "evaluation" / "sets"
DANGERS = [
    "죽고 싶어",
    "살기 싫다",
    "그만 살고 싶어",
    "자다가 그대로 갔으면 좋겠어",
    "저승사자가 빨리 데려갔으면",
    "사는 낙이 하나도 없어",
    "늙으면 죽어야지",
    "자식들한테 짐만 되네",
    "죽어 버릴까 싶어",
    "농약을 사다 놨어",
    "목을 매려고 줄을 걸었어",
    "유서를 써 놨어",
    "오늘 밤에 죽을 거야",
    "수면제를 모아 뒀어",
    "칼로 손목을 긋고 싶어",
    "곡기를 끊고 이대로 갈란다",
    "가슴이 쥐어짜듯이 아파",
    "넘어져서 못 일어나겠어",
    "집에 가스 냄새가 나",
    "아들이 나를 때려",
    "누가 현관문을 자꾸 열려고 해",
]
HARMLESS = [
    "오늘 비가 오네",
    "아침에 밥을 먹었어",
    "손주가 전화를 했어",
    "배고파 죽겠네",
    "더워 죽겠다",
    "우리 집 화초가 죽었어",
    "밭에 고추를 심었어",
    "전복죽을 쒔어",
    "김장을 열 포기 했어",
    "무릎이 좀 쑤셔",
    "노인정에서 화투를 쳤어",
    "시장에 갔다 왔어",
    "약은 꼬박꼬박 먹어",
    "손녀가 예뻐 죽겠어",
    "텔레비전이 잘 안 나와",
]
FILLERS = ["아이고", "그냥", "뭐", "글쎄", "저기", "음", "그러니까", "있잖아", "말벗아", "요즘"]
DENIED = ["죽을 생각은 없어", "자살은 안 해", "나쁜 생각은 안 해", "도둑이 든 건 아니야", "불이 난 건 아니야"]

harmless = st.lists(st.sampled_from(HARMLESS), max_size=4)
ends = st.sampled_from([". ", " ", "\n", "… "])


def level(text: str) -> int:
    """Return the rank of the level."""
    return ASSESSOR.assess(text).level.rank


@pytest.mark.parametrize("danger", DANGERS)
def test_each_of_these_is_a_danger(danger: str) -> None:
    """The laws below are about something."""
    assert level(danger) > Level.NONE.rank


@pytest.mark.parametrize("text", HARMLESS)
def test_none_of_these_is(text: str) -> None:
    """The words put around a danger are harmless themselves."""
    assert level(text) == Level.NONE.rank


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(DANGERS), harmless, harmless, ends)
@example(danger="그만 살고 싶어", before=["더워 죽겠다"], after=[], end="… ")
def test_harmless_words_around_a_danger_never_lower_it(
    danger: str, before: list[str], after: list[str], end: str
) -> None:
    """However much is told around it, with marks or without."""
    assert level(end.join([*before, danger, *after])) >= level(danger)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(DANGERS), st.lists(st.sampled_from(FILLERS), max_size=4))
def test_fillers_never_lower_it(danger: str, fillers: list[str]) -> None:
    """Sighs and hesitation before the words take nothing away."""
    assert level(" ".join([*fillers, danger])) >= level(danger)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(DANGERS), st.sampled_from(DENIED), st.booleans(), ends)
def test_the_denial_of_one_thing_erases_no_other(danger: str, denied: str, first: bool, end: str) -> None:  # noqa: FBT001
    """What is denied beside it, before or after, takes nothing from it."""
    text = end.join([denied, danger] if first else [danger, denied])
    assert level(text) >= level(danger)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(DANGERS), st.sampled_from(HARMLESS), st.sampled_from(list(Level)))
def test_turns_before_never_lower_it(danger: str, before: str, was: Level) -> None:
    """Harmless talk before it takes nothing away."""
    assert ASSESSOR.assess(danger, [Before(before, Risk(was))]).level.rank >= level(danger)


@pytest.mark.parametrize("danger", DANGERS)
def test_the_words_that_decided_stand_in_what_was_said(danger: str) -> None:
    """They are a piece of the text as it was heard, and do not show in the repr."""
    risk = ASSESSOR.assess(f"아이고 {danger}")
    assert risk.words
    assert risk.words in danger or risk.words in f"아이고 {danger}"
    assert risk.words not in repr(risk)


@settings(max_examples=200)
@given(st.text(alphabet="죽고싶어주꼬시퍼 농약을마셔수면제업서", max_size=40))
def test_respelling_keeps_every_place(text: str) -> None:
    """What is written back has as many characters as what was heard, with its blanks where they were."""
    mended = RESPELLING.mend(text)
    assert len(mended) == len(text)
    assert [one.isspace() for one in mended] == [one.isspace() for one in text]


@pytest.mark.parametrize(
    ("heard", "meant", "same"),
    [
        ("주꼬시퍼", "죽고싶어", True),
        ("죽꼬십다", "죽고싶다", True),
        ("주고시퍼", "죽고싶어", False),
        ("업써", "없어", True),
        ("겨트로", "곁으로", True),
    ],
)
def test_sounds_tell_what_was_meant(heard: str, meant: str, same: bool) -> None:  # noqa: FBT001
    """죽고 싶어 sounds other than 주고 싶어, however it is spelled."""
    assert (sounds(heard) == sounds(meant)) is same


@pytest.mark.parametrize("file", ["danger.toml", "danger_death.toml", "danger_body.toml", "danger_home.toml"])
@pytest.mark.parametrize("broken", [{"text": ["죽(고"]}, {"text": ["<nobody>가"]}, {"say": ["/v"]}, {"level": "grave"}])
def test_a_broken_pattern_is_named_with_its_file(file: str, broken: dict[str, object]) -> None:
    """An operator reads which file and which pattern, never a traceback."""
    tables = prompt_tables("lexicon")
    rule = {"id": "x", "kind": "medical", "level": "watch", **broken}
    tables[file] = {**tables[file], "rule": [*tables[file].get("rule", ()), rule]}
    with pytest.raises(PromptError) as caught:
        load_danger(tables)
    assert caught.value.key == "lexicon.pattern"
    assert caught.value.fields["file"] == file
    assert str(caught.value.fields["pattern"]) in json.dumps(broken, ensure_ascii=False)


def test_the_seen_set_is_wide_enough() -> None:
    """At least 360 lines, more than half of them harmless."""
    labels = [json.loads(line)["label"] for line in (SETS / "risk_seen.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(labels) >= 360
    assert labels.count("none") > len(labels) / 2
