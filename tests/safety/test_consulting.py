"""A language model is asked where there is doubt; its opinion raises a level or changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import PromptError
from companion.prompts import prompt_tables
from companion.safety.assessor import Assessed, Before
from companion.safety.consulting import FILE, load_consulting
from companion.safety.risk import NO_RISK, Kind, Level, Risk

TABLES = prompt_tables("safety")
CONSULTING = load_consulting(TABLES)
WATCHED = Risk(Level.WATCH, Kind.PASSIVE_WISH, "doubt.old")
NAMES = [option.id for option in CONSULTING.options]
shares = st.lists(st.floats(allow_nan=True), max_size=6)
risks = st.builds(Risk, st.sampled_from(Level), st.sampled_from(Kind))


def sure_of(name: str, share: float = 0.95) -> tuple[float, ...]:
    """Return an opinion that favours one option."""
    rest = (1 - share) / (len(NAMES) - 1)
    return tuple(share if one == name else rest for one in NAMES)


def test_it_is_asked_where_a_wish_is_only_watched() -> None:
    """It is shown what was said, and what was said before, behind the instruction."""
    asked = CONSULTING.about("늙으면 죽어야지", Assessed(WATCHED), [Before("오늘은 비가 오네")])

    assert asked is not None
    assert [line.content for line in asked.lines[1:]] == ["오늘은 비가 오네", "늙으면 죽어야지"]
    assert asked.lines[0].role == "system"
    assert len(asked.options) == len(NAMES)


def test_it_is_asked_where_nothing_was_found_but_a_doubt_is_left() -> None:
    """From a share of danger on that stands in the data."""
    assert CONSULTING.about("그래", Assessed(NO_RISK, CONSULTING.from_doubt)) is not None
    assert CONSULTING.about("그래", Assessed(NO_RISK, CONSULTING.from_doubt - 0.01)) is None


@pytest.mark.parametrize("level", [Level.CONCERN, Level.URGENT])
def test_nobody_waits_for_it_where_danger_is_plain(level: Level) -> None:
    """What is a concern or urgent is answered at once."""
    assert CONSULTING.about("죽고 싶어", Assessed(Risk(level, Kind.PLAN), 1.0)) is None


@given(risks, st.one_of(st.none(), st.text(max_size=3), shares.map(tuple)))
def test_no_opinion_ever_lowers_a_level(risk: Risk, opinion: tuple[float, ...] | str | None) -> None:
    """Whatever it says, of whatever shape."""
    assert CONSULTING.raised(risk, opinion).level.rank >= risk.level.rank


@given(risks, st.floats(0, 1))
def test_that_all_is_harmless_changes_nothing(risk: Risk, share: float) -> None:
    """A calm opinion is none."""
    assert CONSULTING.raised(risk, sure_of("harmless", share)).level.rank >= risk.level.rank
    assert CONSULTING.raised(risk, sure_of("harmless", 0.99)) == risk


@pytest.mark.parametrize(
    ("risk", "opinion", "level"),
    [
        (NO_RISK, "wish", Level.WATCH),
        (WATCHED, "wish", Level.CONCERN),
        (NO_RISK, "plan", Level.CONCERN),
        (WATCHED, "plan", Level.CONCERN),
        (NO_RISK, "emergency", Level.CONCERN),
        (WATCHED, "harmless", Level.WATCH),
    ],
)
def test_a_plain_opinion_raises_and_is_never_urgent_alone(risk: Risk, opinion: str, level: Level) -> None:
    """A wish is asked about gently, a plan is a concern: the questions that follow make it urgent."""
    raised = CONSULTING.raised(risk, sure_of(opinion))

    assert raised.level is level
    assert raised == risk or (raised.evidence == f"consult.{opinion}" and raised.confidence <= 0.8)


def test_an_opinion_that_is_not_sure_changes_nothing() -> None:
    """Below the share that stands in the data."""
    assert CONSULTING.raised(NO_RISK, sure_of("plan", CONSULTING.agrees - 0.01)) == NO_RISK


@pytest.mark.parametrize(
    "broken",
    [{}, {"option": []}, {"agrees": "viel"}, {"option": [{"id": "a", "text": "b", "level": "grave"}]}],
)
def test_a_broken_table_is_refused_by_name(broken: dict[str, object]) -> None:
    """An operator reads which file."""
    table = {**TABLES[FILE], **broken} if broken else {}
    with pytest.raises(PromptError) as caught:
        load_consulting({**TABLES, FILE: table})
    assert caught.value.fields["file"] == FILE


def test_what_it_raises_keeps_the_words_out_of_the_log() -> None:
    """Words said are not part of the evidence."""
    raised = CONSULTING.raised(replace(WATCHED, words="비밀"), sure_of("wish"))
    assert "비밀" not in repr(raised)
