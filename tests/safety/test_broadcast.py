"""What a television says in the room alarms nobody; what is said as stiffly of oneself still does (0053)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.safety.risk import Level
from companion.wiring.language import danger_assessor

RULES = danger_assessor(second=False)
SET = Path(__file__).parents[1] / "evaluation" / "sets" / "risk_broadcast.jsonl"
LINES = [json.loads(line)["text"] for line in SET.read_text(encoding="utf-8").splitlines()]
MOST_ALARMS = 0.01
"""Share of lines that may still alarm by rule: nine in a hundred did before there were rules for a broadcast."""

EMERGENCIES = [
    "집사람이 쓰러졌습니다",
    "사람이 쓰러졌습니다 의식이 없습니다",
    "아내가 숨을 쉬지 않습니다",
    "부엌에 불이 났습니다",
    "불길이 번지고 있습니다",
    "모르는 사람 두 명이 집에 들어왔습니다",
    "현관에 남자 세 명이 서서 문을 부수고 있습니다",
    "농약을 마셨습니다",
    "가슴이 쥐어짜듯이 아프고 식은땀이 납니다",
    "할머니가 미끄러져서 못 일어납니다",
    "머리에서 피가 납니다",
    "지붕이 무너져 갇혔습니다",
    "말이 어눌해지고 팔에 힘이 빠집니다",
    "아들이 저를 때립니다",
]
WISHES = [
    "저는 이제 죽고 싶습니다",
    "더는 살 이유가 없습니다",
    "옥상에서 뛰어내리면 됩니다",
    "약을 한꺼번에 먹으면 끝납니다",
]
HEARD = [
    "경찰은 스스로 목숨을 끊은 것으로 보고 조사하고 있습니다",
    "인부 세 명이 쓰러져 병원으로 옮겨졌습니다",
    "늙은 코끼리가 마침내 쓰러졌습니다",
    "기름에 불이 붙었을 때는 절대 물을 부으시면 안 됩니다",
    "말이 어눌해지는 것이 대표적인 증상입니다",
    "칼끝으로 배를 갈라서 내장을 빼 주시면 됩니다",
    "벼랑 끝에 몰렸습니다",
]


def test_hardly_any_line_of_a_broadcast_alarms() -> None:
    """Of 540 lines by two authors, half of them with words that trip; rules alone."""
    alarms = [line for line in LINES if RULES.assess(line).level.rank >= Level.CONCERN.rank]
    assert len(alarms) <= MOST_ALARMS * len(LINES), alarms


@pytest.mark.parametrize("said", HEARD)
def test_a_plain_line_of_a_broadcast_is_nothing(said: str) -> None:
    assert RULES.assess(said).level is Level.NONE


@pytest.mark.parametrize("said", [*EMERGENCIES, *WISHES])
def test_what_is_said_stiffly_of_ones_own_alarms(said: str) -> None:
    assert RULES.assess(said).level.rank >= Level.CONCERN.rank


@pytest.mark.parametrize("heard", HEARD)
@pytest.mark.parametrize("said", [*EMERGENCIES[:4], *WISHES])
def test_a_broadcast_beside_a_danger_excuses_it_not(heard: str, said: str) -> None:
    """The television goes on while somebody speaks."""
    alone = RULES.assess(said).level.rank
    assert min(RULES.assess(text).level.rank for text in (f"{heard}. {said}", f"{said}. {heard}")) >= alone
