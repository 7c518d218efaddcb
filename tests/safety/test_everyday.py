"""What plain days bring alarms nobody, and the danger that is nearest to it still does (danger_everyday.toml)."""

from __future__ import annotations

import pytest

from companion.safety.risk import Level
from companion.wiring import language
from companion.wiring.language import assessor

ASSESSOR = assessor(language.analyser())
CALM = [
    "잠깐만 있어 봐 누가 문 두드려",
    "가만있어 봐 누가 초인종 눌렀어",
    "큰아들이 전화를 안 받아 무슨 일이 있는 건 아닌지 자꾸 나쁜 생각만 들어",
    "우리 초코가 열일곱 살인데 벽에다 머리를 콩콩 박아",
    "없지 누가 있어",
    "우리 큰놈이 그런 걸 잘 맞췄는디",
    "피가 철철 나는디도 꼬막을 안 놓드랑께 어찌나 미련한지",
    "누가 문을 두드려서 나가 봤더니 요구르트 아줌마여",
    "복지관서 목에 떡 걸렸을 때 끌어안는 거 가르쳐 주드라",
    "고등어 굽다가 연기가 꽉 차서 문을 다 열었네",
    "내가 안 먹는 약을 모아 놨거든. 오늘 보건소 가서 수거함에 넣었지.",
    "죽고 싶기는 이 좋은 세상에",
    "그 돈이면 송아지를 사겠다 그냥 이대로 살다 죽을란다",
    "둘째가 여섯 살에 우물에 빠졌는데 두레박을 붙들고 있어서 살았지",
    "순님이 이야기가 또 웃겨 저번에 감을 따다가 사다리에서 미끄러졌는디",
]
GRAVE = [
    ("누가 문을 자꾸 두드려 무서워", Level.CONCERN),
    ("잠깐만 누가 밖에서 문을 흔들어", Level.CONCERN),
    ("자꾸 나쁜 생각만 들어 죽고 싶어", Level.CONCERN),
    ("내가 벽에다 머리를 박았어", Level.CONCERN),
    ("밖에 누가 있어 문을 흔들어", Level.CONCERN),
    ("큰놈한테 맞았어", Level.CONCERN),
    ("손을 베었는데 피가 철철 나", Level.CONCERN),
    ("감을 따다가 사다리에서 미끄러졌는디 못 일어나겄어", Level.CONCERN),
    ("이제 등까지 뻗치고 숨도 차네", Level.CONCERN),
    ("인술린 안 맞은 지 닷새 됐어요. 당이 올라가면 스르르 간다면서요. 그러라고 안 맞는 거야.", Level.CONCERN),
    ("딸이 죽을 놓고 갔는데 화분에 부어삤다. 입에 뭐 안 넣을라꼬. 그래야 날짜가 땡기지지.", Level.CONCERN),
    ("들통을 옮기다가 허벅지에 다 쏟았어. 바지를 벗으니까 껍질이 같이 밀려 올라오네.", Level.CONCERN),
    ("할배가 목에 걸리갖고 말을 몬 한다. 얼굴이 시퍼렇다 우야노.", Level.URGENT),
    ("보일라를 켜고 잤더니 골이 지끈지끈하고 고양이가 비틀거려.", Level.CONCERN),
    ("넘어져서 허리가 부러졌는지 못 일어나", Level.URGENT),
]


@pytest.mark.parametrize("text", CALM)
def test_a_plain_day_alarms_nobody(text: str) -> None:
    """Not even a question."""
    assert ASSESSOR.assess(text).level is Level.NONE


@pytest.mark.parametrize(("text", "level"), GRAVE)
def test_what_is_nearest_to_it_does(text: str, level: Level) -> None:
    """The same words, of a danger that is there."""
    assert ASSESSOR.assess(text).level.rank >= level.rank


def test_a_swollen_wrist_is_asked_about_first() -> None:
    """119 is called for whoever cannot get up; for a wrist it is asked whether it is needed."""
    assert ASSESSOR.assess("논두렁에서 미끄러져가 팔목이 퉁퉁 부었다 뿌러진 건 아니겠제").level is Level.CONCERN
