"""What is read as an answer to a question of the crisis protocol, in short turns and in long ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.prompts import prompt_tables
from companion.safety.protocol_rules import load_protocol
from companion.safety.risk import Theme
from companion.safety.steps import Answer, Question

RULES = load_protocol(prompt_tables("safety"))
THEMES = tuple(theme for theme in Theme if theme not in (Theme.NONE, Theme.NO_ANSWER))
CASES = [
    json.loads(line)
    for name in ("answers_seen.jsonl", "answers_unseen.jsonl")
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
]
UNRELATED = (
    "책방에",
    "손님들이",
    "교과서를",
    "팔고",
    "국수를",
    "끓이고",
    "배추를",
    "심고",
    "마당에",
    "감나무가",
    "까치를",
    "부르던",
    "시절",
    "바둑",
    "두던",
    "동네",
)
NAMING = {
    Theme.MEDICAL: ("가슴이", "아파서", "숨이", "119", "병원에", "약을", "쓰러졌는데", "혼자"),
    Theme.SELF_HARM: ("죽고", "목숨을", "살기", "농약을", "혼자", "힘들어서", "자살이라는", "무서워"),
    Theme.ABUSE: ("때려서", "통장을", "무서워", "아들이", "경찰에"),
    Theme.INTRUDER: ("현관문을", "도둑이", "누가", "무서워", "경찰에"),
    Theme.LOST: ("길을", "여기가", "무서워", "모르겠고", "경찰에"),
    Theme.FIRE: ("불이", "연기가", "가스", "무서워", "119"),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["text"]))
def test_answers_are_read(case: dict[str, str]) -> None:
    """Long talk of other things, long turns with an answer in them, short answers."""
    assert RULES.answers.read(case["text"], Question(case["asked"]), Theme(case["theme"])) is Answer(case["answer"])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("책방에 손님들이 오던 시절 얘기나 하자 자꾸 묻지 마 국수나 끓여 먹자", Answer.STOP),
        ("책방에 손님들이 오던 시절에는 참 좋았지. 이제 그만하자", Answer.STOP),
        ("책방에 손님들이 오던 시절에 우리 딸한테는 말하지 마 걱정이 많은 애라", Answer.SECRET),
        ("우리 아는 사람이 책방에 와서 교과서를 팔고 갔지", Answer.ELSEWHERE),
        ("농담을 잘하던 친구하고 바둑을 두던 시절이 있었네", Answer.ELSEWHERE),
    ],
)
def test_what_is_asked_for_is_heard_in_a_long_turn(text: str, answer: Answer) -> None:
    """그만 and secrecy wherever they stand; words that only resemble them are none."""
    assert RULES.answers.read(text, Question.CALLED, Theme.MEDICAL) is answer


@given(st.sampled_from(THEMES), st.data())
def test_who_names_the_danger_does_not_talk_of_other_things(theme: Theme, data: st.DataObject) -> None:
    """However much else is said around the word; without it the same is talk of other things."""
    words = data.draw(st.lists(st.sampled_from(UNRELATED), min_size=6, max_size=30))
    at = data.draw(st.integers(0, len(words)))
    named = " ".join((*words[:at], data.draw(st.sampled_from(NAMING[theme])), *words[at:]))
    asked = data.draw(st.sampled_from(Question))
    assert RULES.answers.read(named, asked, theme) is not Answer.ELSEWHERE
    assert RULES.answers.read(" ".join(words), Question.NONE, theme) is Answer.ELSEWHERE


@given(st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=30), st.sampled_from(THEMES))
def test_only_what_is_long_and_calm_is_talk_of_other_things(words: list[str], theme: Theme) -> None:
    """Not what is short, not where no case is open, not where a danger was heard."""
    text = " ".join(words)
    assert (RULES.answers.read(text, Question.NONE, theme) is Answer.ELSEWHERE) is (len(words) >= 6)
    assert RULES.answers.read(text, Question.NONE) is not Answer.ELSEWHERE
    assert RULES.answers.read(text, Question.NONE, theme, calm=False) is not Answer.ELSEWHERE
