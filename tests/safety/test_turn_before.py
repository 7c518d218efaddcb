"""What the turn before changes: words that name nothing lean on it, and what goes on after a plan is part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.errors import PromptError
from companion.prompts import prompt_tables
from companion.safety.assessor import Before
from companion.safety.ideas import FILE, load_ideas
from companion.safety.patterns import word_classes
from companion.safety.risk import Kind, Level, Risk
from companion.safety.voices import THIRD
from companion.wiring.language import danger_assessor

ASSESSOR = danger_assessor(third=False)
TABLES = prompt_tables("lexicon")
CLASSES = word_classes(TABLES["danger.toml"]["classes"])
CALM = ["오늘 시장에 갔다 왔어", "손주가 다녀갔어", "날씨가 많이 추워졌네"]
PLAIN = ["죽고 싶어", "농약을 사다 놨어", "오늘 밤에 죽을 거야", "수면제를 모아 뒀어", "사는 낙이 하나도 없어"]
"""Each names what is meant."""


def level(text: str, *before: str) -> Level:
    """Return the level of an utterance behind others."""
    recent: list[Before] = []
    for said in before:
        recent.append(Before(said, ASSESSOR.assess(said, recent)))
    return ASSESSOR.assess(text, recent).level


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("나 이제 간다 잘 있어라", "복지관 차가 벌써 왔네 체조하는 날이거든"),
        ("끝내자고 했어 내가 먼저", "그 영감이 바둑을 두면 자꾸 물러 달라잖아"),
        ("이번엔 진짜 마지막이야 더는 안 해", "김장을 또 오십 포기나 했잖아"),
    ],
)
def test_words_that_name_nothing_are_heard_behind_a_calm_turn(text: str, before: str) -> None:
    """What is made ready, left or ended is what was just spoken of."""
    assert level(text, before).rank < Level.CONCERN.rank


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("준비는 다 해 놨어", "이제 그만 죽을란다 오늘 밤에 농약 마실 거야"),
        ("의자가 너무 낮아", "천장에 줄을 걸어 놨어 목을 매려고"),
        ("병을 따 놨어 냄새가 독하네", "헛간에서 제초제를 꺼내 왔어 마시고 죽으려고"),
        ("지금 다리 위야", "저수지에 빠져 죽을 거야"),
    ],
)
def test_what_goes_on_after_a_plan_is_as_urgent_as_the_plan(text: str, before: str) -> None:
    """The same words mean it once dying was spoken of."""
    assert level(before) is Level.URGENT
    assert level(text, before) is Level.URGENT


class Grave:
    """A third voice to which everything is a plan behind ``before``, and harmless by itself."""

    def __init__(self, before: str) -> None:
        self.before = before

    def shares(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """See ``safety.voices.Overhearing.shares``."""
        return [[0.0, 0.0, 0.0, 1.0, 0.0] if self.before in text else [1.0, 0.0, 0.0, 0.0, 0.0] for text in texts]


def test_what_only_the_turn_before_makes_a_danger_is_asked_about_at_most() -> None:
    """Nobody is called because of a good night."""
    before = "편지는 안 보냈지, 서랍에 그대로 있어"
    assessor = danger_assessor(third=False)
    assert assessor._voices is not None
    assessor._voices = replace(assessor._voices, third=Grave("서랍"))
    heard = assessor.assess("말이 길었군요 오늘은 이만 하겠습니다", [Before(before)])
    assert heard.level.rank <= Level.WATCH.rank


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLAIN), st.lists(st.sampled_from(CALM), min_size=1, max_size=3))
def test_no_calm_turn_lowers_what_names_what_it_means(danger: str, before: list[str]) -> None:
    """Only words that name nothing lean on the turn before: the law holds for the trained voices as well."""
    assert level(danger, *before).rank >= level(danger).rank


@pytest.mark.parametrize(
    "danger", ["가슴이 쥐어짜듯이 아파", "넘어져서 못 일어나겠어", "집에 가스 냄새가 나", "아들이 나를 때려"]
)
def test_no_calm_turn_lowers_another_danger(danger: str) -> None:
    """What rules know of a body, a house or others does not lean on anything."""
    assert level(danger, CALM[0]).rank >= level(danger).rank


def test_only_a_turn_that_was_calm_is_leant_on() -> None:
    """Behind a worry a doubtful word weighs as it did."""
    worried = [Before("죽고 싶어", Risk(Level.CONCERN))]
    assert ASSESSOR.assess("나 이제 간다 잘 있어라", worried).level.rank >= level("나 이제 간다 잘 있어라").rank


def test_ideas_are_found_by_their_words() -> None:
    """A clause touches the ideas of its words, and no others."""
    found = load_ideas(TABLES, CLASSES).found("농약을사다놨어")
    assert {"poison", "hoard"} <= found
    assert "intruder" not in found


@pytest.mark.parametrize(
    "broken",
    [{}, {"ideas": {"die": ["죽(고"]}}, {"ideas": {"die": ["<nobody>"]}}, {"ideas": {"die": ["죽"]}, "plain": ["x"]}],
)
def test_broken_ideas_are_refused_by_name(broken: dict[str, object]) -> None:
    """An operator reads which file."""
    with pytest.raises(PromptError) as caught:
        load_ideas({**TABLES, FILE: broken}, CLASSES)
    assert caught.value.fields["file"] == FILE


@pytest.mark.parametrize(("heard_by", "least"), [(THIRD, Level.NONE), ("doubt.long_life_dreaded", Level.URGENT)])
def test_what_the_third_voice_alone_watched_makes_no_plan_of_a_parting(heard_by: str, least: Level) -> None:
    """Cabbages watched by mistake and then an apology on the telephone were a plan; behind a rule they are one."""
    watched = Before("배추를 절여 놨어", Risk(Level.WATCH, Kind.PASSIVE_WISH, heard_by, 0.5))

    assert ASSESSOR.assess("다들 미안하다 전해 줘", [watched]).level is least
