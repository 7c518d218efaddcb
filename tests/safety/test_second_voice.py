"""The second voice: it adds doubt, and its weights are data that can be broken."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.reading import Grammar
from companion.errors import PromptError
from companion.prompts import prompt_tables
from companion.safety.assessor import Assessor
from companion.safety.risk import Kind, Level
from companion.safety.second_voice import Class, SecondVoice, Thresholds, features, load_second_voice
from companion.wiring import language
from companion.wiring.language import danger_assessor, second_voice

TABLES = prompt_tables("lexicon")
ANALYSER = language.analyser()
RULES = Assessor(TABLES, Grammar(TABLES["grammar.toml"]), ANALYSER)
BOTH = danger_assessor(third=False)
SHIPPED = second_voice()
FEW = Thresholds(0.4, 0.95, 0.3)
SURE = Thresholds(0.2, 0.9, 0.3)
HEAD = "#bias\t0\t0\t0\t0\t0\n#alone\t0.4\t0.6\t0.3\n#joined\t0.4\t0.6\t0.3\n"


@given(st.lists(st.sampled_from(sorted(SHIPPED.weights)[:500]), max_size=60))
def test_probabilities_sum_to_one(found: list[str]) -> None:
    """Whatever is found, known or not."""
    shares = SHIPPED.probabilities([*found, "무엇인지모를것"])
    assert math.isclose(sum(shares.values()), 1.0, abs_tol=1e-9)
    assert set(shares) == set(Class)


@pytest.mark.parametrize("text", ["", "죽고 싶어", "오늘 비가 오네", "농약을 사다 놨어", "넘어져서 못 일어나겠어"])
def test_it_never_lowers_what_the_rules_found(text: str) -> None:
    """With the second voice a level is at least that of the rules alone."""
    assert BOTH.assess(text).level.rank >= RULES.assess(text).level.rank


def test_levels_follow_the_probability() -> None:
    """A doubtful wish is watched, a plain one a concern, a plan urgent; a doubtful emergency is not asked about."""
    words = SecondVoice({"a": (0.0, 9.0, 0.0, 0.0, 0.0), "p": (0.0, 0.0, 0.0, 9.0, 0.0)}, (0.0,) * 5, FEW, SURE)
    assert words.level(words.probabilities(["a"]))[:2] == (Level.CONCERN, Kind.PASSIVE_WISH)
    assert words.level(words.probabilities(["p"]))[:2] == (Level.URGENT, Kind.PLAN)
    doubtful = SecondVoice({"a": (1.0, 1.5, 0.0, 0.0, 0.0), "e": (1.0, 0.0, 0.0, 0.0, 1.5)}, (0.0,) * 5, FEW, SURE)
    assert doubtful.level(doubtful.probabilities(["a"]))[:2] == (Level.WATCH, Kind.PASSIVE_WISH)
    assert doubtful.level(doubtful.probabilities(["e"]))[0] is Level.NONE


def test_a_plan_need_not_be_the_likeliest() -> None:
    """Where danger is plain and a plan is well possible, it is urgent: a thought too many is dearer than a call."""
    shares = dict(zip(Class, (0.01, 0.1, 0.5, 0.35, 0.04), strict=True))
    assert SHIPPED.level(shares)[:2] == (Level.URGENT, Kind.PLAN)


def test_unknown_words_make_it_less_sure() -> None:
    """What was never taught dilutes what was."""
    words = SecondVoice({"a": (0.0, 2.0, 0.0, 0.0, 0.0)}, (0.0,) * 5, FEW, SURE)
    assert words.probabilities(["a"])[Class.WISH] > words.probabilities(["a", "b", "c", "d"])[Class.WISH]


def test_sounds_do_not_depend_on_spelling() -> None:
    """What is written by ear shares the sounds of what is spelled."""
    spelled, heard = (features(text, ()) for text in ("죽어버리고싶어", "주거버리고시퍼"))
    shared = {name for name in spelled & heard if name[0] in "~^"}
    assert len(shared) > len({name for name in spelled if name[0] in "~^"}) / 2


def test_features_do_not_depend_on_blanks_or_marks() -> None:
    """The runs of letters are those of the letters alone."""
    runs = {name for name in features("죽고싶어", ()) if name[0] not in "~^"}
    assert runs == {"죽고", "고싶", "싶어", "죽고싶", "고싶어", "죽고싶어"}


@pytest.mark.parametrize("text", ["", HEAD + "죽고\tx", HEAD + "죽고\t1\t2", "#bias\t0\t0\t0\t0\t0\n"])
def test_broken_weights_are_refused_by_name(text: str) -> None:
    """A damaged file is one sentence that names it."""
    with pytest.raises(PromptError) as caught:
        load_second_voice(text)
    assert caught.value.fields["file"] == "danger/weights.tsv"
