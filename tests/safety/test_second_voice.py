"""The second voice: it adds doubt, and its weights are data that can be broken."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.core.reading import Grammar
from companion.errors import PromptError
from companion.prompts import prompt_tables
from companion.safety.assessor import Assessor
from companion.safety.risk import Kind, Level
from companion.safety.second_voice import Class, SecondVoice, features, load_second_voice
from companion.wiring.language import assessor, second_voice

TABLES = prompt_tables("lexicon")
ANALYSER = MecabAnalyser()
RULES = Assessor(TABLES, Grammar(TABLES["grammar.toml"]), ANALYSER)
BOTH = assessor(ANALYSER)
SHIPPED = second_voice()
HEAD = "#bias\t0\t0\t0\t0\t0\n#levels\t0.4\t0.6\n"


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
    words = SecondVoice({"a": (0.0, 9.0, 0.0, 0.0, 0.0), "p": (0.0, 0.0, 0.0, 9.0, 0.0)}, (0.0,) * 5, 0.4, 0.95)
    assert words.heard(["a"])[:2] == (Level.CONCERN, Kind.PASSIVE_WISH)
    assert words.heard(["p"])[:2] == (Level.URGENT, Kind.PLAN)
    doubtful = SecondVoice({"a": (1.0, 1.5, 0.0, 0.0, 0.0), "e": (1.0, 0.0, 0.0, 0.0, 1.5)}, (0.0,) * 5, 0.4, 0.95)
    assert doubtful.heard(["a"])[:2] == (Level.WATCH, Kind.PASSIVE_WISH)
    assert doubtful.heard(["e"])[0] is Level.NONE


def test_features_do_not_depend_on_blanks_or_marks() -> None:
    """The runs of letters are those of the letters alone."""
    assert features("죽고싶어", ()) == {"죽고", "고싶", "싶어", "죽고싶", "고싶어", "죽고싶어"}


@pytest.mark.parametrize("text", ["", HEAD + "죽고\tx", HEAD + "죽고\t1\t2", "#bias\t0\t0\t0\t0\t0\n"])
def test_broken_weights_are_refused_by_name(text: str) -> None:
    """A damaged file is one sentence that names it."""
    with pytest.raises(PromptError) as caught:
        load_second_voice(text)
    assert caught.value.fields["file"] == "danger/weights.tsv"
