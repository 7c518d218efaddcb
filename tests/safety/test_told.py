"""What is told of others, of long ago, in a game or of a call for money excuses itself, and no danger beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.reading import Grammar
from companion.prompts import prompt_tables
from companion.safety.assessor import Assessor, Before
from companion.safety.risk import Level
from companion.wiring import language

TABLES = prompt_tables("lexicon")
ASSESSOR = Assessor(TABLES, Grammar(TABLES["grammar.toml"]), language.analyser())
CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases_told.jsonl").read_text(encoding="utf-8").splitlines()
]
TOLD = [
    "친구 남편이 중풍으로 쓰러졌는데 이제 말도 하고 다닌대",
    "건너 아파트에 불이 나서 세 집이 다 탔다더라",
    "언니가 자꾸 죽고 싶다 그런대서 내가 한소리 했어",
    "예전에 한번은 살기 싫어서 약국을 돌았는데 이젠 다 지난 일이야",
    "작년에 밭에서 쓰러졌는데 지금은 멀쩡해",
    "손주가 총을 쏘길래 맞은 척 쓰러져 줬더니 깔깔 웃더라",
    "내가 죽으면 영감 옆에 묻히기로 벌써 얘기가 됐어",
    "아들이 사고 났다고 돈 부치래",
    "그냥 확 끊었지",
    "화투를 치다가 광박에 완전히 죽었어",
    "번개탄은 고기 구워 먹으려고 샀어",
    "손녀가 조막만 한 손으로 안마를 해 주더라",
    "불이 났나 했더니 노을이더라",
]
DANGERS = [
    "죽고 싶어",
    "살기 싫다",
    "자다가 그대로 갔으면 좋겠어",
    "사는 낙이 하나도 없어",
    "농약을 사다 놨어",
    "목을 매려고 줄을 걸었어",
    "유서를 써 놨어",
    "오늘 밤에 죽을 거야",
    "칼로 손목을 긋고 싶어",
    "곡기를 끊고 이대로 갈란다",
    "가슴이 쥐어짜듯이 아파",
    "넘어져서 못 일어나겠어",
    "아까 쓰러졌는데 말이 어눌해",
    "집에 가스 냄새가 나",
    "아들이 나를 때려",
    "누가 현관문을 자꾸 열려고 해",
]


def level(text: str, *before: str) -> Level:
    """Return the level of an utterance behind others."""
    recent: list[Before] = []
    for said in before:
        recent.append(Before(said, ASSESSOR.assess(said, recent)))
    return ASSESSOR.assess(text, recent).level


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_what_is_told_and_the_danger_beside_it_are_told_apart(case: dict[str, str]) -> None:
    """Another's emergency, another's words, the past, a game, a will, a scam; and what only looks like them."""
    found = level(case["text"])
    if "most" in case:
        assert found.rank <= Level(case["most"]).rank
    else:
        assert found.rank >= Level(case["least"]).rank


@pytest.mark.parametrize("text", TOLD)
def test_what_is_only_told_alarms_nobody(text: str) -> None:
    """At most it is asked about once."""
    assert level(text).rank <= Level.WATCH.rank


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(DANGERS), st.sampled_from(TOLD), st.booleans(), st.sampled_from([". ", "\n"]))
def test_a_danger_beside_it_stays_what_it_is(danger: str, told: str, first: bool, end: str) -> None:  # noqa: FBT001
    """Whatever is told before or after it."""
    text = end.join([told, danger] if first else [danger, told])
    assert level(text).rank >= level(danger).rank


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(DANGERS), st.sampled_from(TOLD))
def test_a_danger_behind_it_stays_what_it_is(danger: str, told: str) -> None:
    """What was told in the turn before takes nothing away."""
    assert level(danger, told).rank >= level(danger).rank
