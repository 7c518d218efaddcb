"""Goodnight is not goodbye: lying down to rest is left alone after a calm turn, and not where means lie beside it."""

from __future__ import annotations

import pytest

from companion.safety.assessor import Before
from companion.safety.risk import Level
from companion.wiring.language import danger_assessor

ASSESSOR = danger_assessor(third=False)


def level(text: str, before: str) -> Level:
    """Return the level of an utterance behind another."""
    first = Before(before, ASSESSOR.assess(before, []))
    return ASSESSOR.assess(text, [first]).level


@pytest.mark.parametrize(
    "text", ["인자 고만 누울라네", "이제 그만 자야겠다", "나 이만 잘란다", "오늘은 일찍 누워야겠어", "그럼 이만 쉴란다"]
)
@pytest.mark.parametrize(
    "before", ["배추 절여 놓고 앉았어", "밥을 먹었더니 배가 부르네", "테레비 보고 있었지", "약 먹고 앉아 있어"]
)
def test_goodnight_after_a_calm_turn_is_no_danger(text: str, before: str) -> None:
    """Whoever lies down after the day's work is wished a good night."""
    assert level(text, before) is Level.NONE


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("그거 먹고 이제 그만 자려고", "수면제를 한 움큼 모아 놨어"),
        ("이제 그만 누울란다 영영 안 깨게", "밥을 먹었어"),
        ("가스 틀어 놓고 누울란다", "애들한테는 말 안 했어"),
    ],
)
def test_lying_down_with_an_end_in_mind_is_heard(text: str, before: str) -> None:
    """The same words with means or an end beside them are not excused."""
    assert level(text, before).rank >= Level.CONCERN.rank
