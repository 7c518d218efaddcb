"""What is heard without blanks must not be excused by a word that nobody said: 내가 사라져 holds 가사, lyrics."""

from __future__ import annotations

import pytest

from companion.safety.risk import Level
from companion.wiring.language import danger_assessor

RULES = danger_assessor(second=False)


@pytest.mark.parametrize(
    "said",
    [
        "내가 사는 게 지옥이야 죽고 싶어",
        "내가 사라져 버렸으면 좋겠다는 생각만 들어",
        "네가 사 온 약을 한꺼번에 먹고 죽을 거야",
        "그대 사진만 보면 따라가고 싶어 죽고 싶어",
    ],
)
def test_two_words_that_make_a_third_excuse_nothing(said: str) -> None:
    """A plain wish or thought is a concern whatever the letters around it spell together."""
    assert RULES.assess(said).level.rank >= Level.CONCERN.rank


@pytest.mark.parametrize(
    "said",
    [
        "아들이 사고 났다고 돈 부치래 그냥 확 끊었지",
        "콩이 누러부터서 온 집 안에 탄내가 진동을 했어",
        "빨래 좀 이제 거둬 주면 좋겠다",
    ],
)
def test_hanging_up_and_burnt_beans_are_no_danger(said: str) -> None:
    """Who hung up on a swindler is asked nothing, and nobody is sent out of the house for a pot."""
    assert RULES.assess(said).level is Level.NONE


@pytest.mark.parametrize("said", ["그 노래 가사에 죽고 싶다는 말이 나와", "드라마 대사가 죽고 싶다더라"])
def test_lyrics_and_lines_are_still_excused(said: str) -> None:
    """What a song or a play says is not what the person says."""
    assert RULES.assess(said).level is Level.NONE


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("아들 생일까지는 참고 그다음 날 죽기로 날을 잡았어", Level.URGENT),
        ("죽을라고 하는 맘이 자꾸 생겨", Level.CONCERN),
        ("자살 생각 있냐고 묻길래 없다고 했는데 사실은 있어", Level.CONCERN),
        ("그때 수술대에서 그냥 안 깨어났어야 했어", Level.CONCERN),
        ("내가 세상에 없는 게 애들한테 좋은 일이지", Level.CONCERN),
        ("살아서 죄만 짓는 것 같아 이제 거둬 주면 좋겠다", Level.CONCERN),
        ("가스 틀어 놓고 누울란다", Level.URGENT),
        ("불낫어 커텐에 불이 붓터", Level.URGENT),
    ],
)
def test_what_is_said_plainly_is_heard(said: str, level: Level) -> None:
    """A day that is chosen, an urge, a denial taken back, a rescue regretted, and fire as somebody types it."""
    assert RULES.assess(said).level.rank >= level.rank
