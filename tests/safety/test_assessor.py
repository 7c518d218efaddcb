"""The first assessment: what is danger, what is a way of speaking, and which way it errs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.reading import Grammar
from companion.prompts import prompt_table, prompt_tables
from companion.safety.assessor import Assessor, Before
from companion.safety.risk import NO_RISK, Kind, Level, Risk
from companion.wiring import language

ANALYSER = language.analyser()
ASSESSOR = Assessor(prompt_tables("lexicon"), Grammar(prompt_table("lexicon/grammar.toml")), ANALYSER)
HERE = Path(__file__).parent


def cases(name: str) -> list[dict[str, Any]]:
    """Read one file of cases."""
    return [json.loads(line) for line in (HERE / f"cases_{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def assess(text: str, recent: tuple[Before, ...] = ()) -> Risk:
    """Assess with the real analyser."""
    return ASSESSOR.assess(text, recent)


@pytest.mark.parametrize(
    "case", [one for name in ("seen", "unseen", "fresh") for one in cases(name)], ids=lambda c: c["text"]
)
def test_case(case: dict[str, Any]) -> None:
    """Each case gets the level and the kind that a person gave it."""
    risk = assess(case["text"])
    assert (risk.level.value, risk.theme.value) == (case["level"], case["kind"])


@pytest.mark.parametrize("case", cases("bounds"), ids=lambda c: c["text"])
def test_case_within_bounds(case: dict[str, Any]) -> None:
    """Ways of speaking, dialect and the spelling of a recogniser: never above "most", never below "least"."""
    risk = assess(case["text"])
    if "most" in case:
        assert risk.level.rank <= Level(case["most"]).rank
    else:
        assert risk.level.rank >= Level(case["least"]).rank
        assert risk.theme.value == case["kind"]


DANGERS = [case for case in cases("bounds") if "least" in case]
HARMLESS = [case for case in cases("bounds") if case.get("most") == "none"]


@pytest.mark.parametrize("idiom", ["배고파 죽겠고", "화가 나 죽겠는데", "밭에 농약 쳤는데", "웃겨 죽는 줄 알았는데"])
@pytest.mark.parametrize("case", DANGERS[:52:3], ids=lambda c: c["text"])
def test_an_idiom_excuses_only_itself(idiom: str, case: dict[str, Any]) -> None:
    """In one run-on without a mark, an excused way of speaking takes nothing from the danger behind it."""
    assert assess(f"{idiom} {case['text']}").level.rank >= Level.CONCERN.rank


@pytest.mark.parametrize("case", DANGERS, ids=lambda c: c["text"])
def test_no_danger_is_too_far_back(case: dict[str, Any]) -> None:
    """Behind ten thousand characters each danger still stands among what is looked at, and weighs the same."""
    text = "장에 가서 콩나물하고 두부를 샀어. " * 600 + case["text"]
    assert assess(text).level is assess(case["text"]).level


def test_a_megabyte_needs_little_reading() -> None:
    """Of a very long text only what holds a stem of danger is looked at, each wording once."""
    text = "장에 가서 콩나물하고 두부를 샀어. " * 20_000 + "죽고 싶어."
    assert sum(end - start for start, end in ASSESSOR.spans(text)) < 3_000


def test_there_are_enough_cases() -> None:
    """At least 120 cases, with danger and with ways of speaking that are none."""
    levels = [case["level"] for name in ("seen", "unseen", "fresh") for case in cases(name)]
    assert len(levels) >= 120
    assert min(levels.count(level) for level in ("none", "watch", "concern", "urgent")) >= 15


def test_one_sentence_does_not_excuse_another() -> None:
    """A harmless sentence beside a dangerous one takes nothing away."""
    assert assess("어제 드라마에서 주인공이 죽었어. 나도 죽고 싶어.").level is Level.CONCERN
    assert assess("배고파 죽겠다. 유서를 써 놨어.").level is Level.URGENT


def test_a_doubtful_word_weighs_more_after_a_concern() -> None:
    """After a wish to be dead, what would be watched becomes a concern."""
    before = (Before("죽고 싶어", Risk(Level.CONCERN, Kind.PASSIVE_WISH, "wish")),)
    assert assess("늙으면 죽어야지").level is Level.WATCH
    assert assess("늙으면 죽어야지", before).level is Level.CONCERN


def test_evidence_names_a_rule_and_never_the_words() -> None:
    """What is kept of an assessment holds no speech."""
    risk = assess("죽고 싶어")
    assert risk.evidence
    assert risk.evidence.isascii()


@pytest.mark.parametrize("wish", ["죽고 싶어", "죽고싶다", "죽고 싶네요", "그만 살고 싶다", "살기 싫어"])
@pytest.mark.parametrize(
    "around", ["{}", "아이고 {}", "요새는 자꾸 {}", "영감 생각하면 {}", "몸이 아프니까 {}", "드라마 보다가도 {}"]
)
def test_a_plain_wish_to_be_dead_is_never_below_concern(wish: str, around: str) -> None:
    """Whatever stands around it, the plain wish in the first person is at least a concern."""
    assert assess(around.format(wish)).level.rank >= Level.CONCERN.rank


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_text_is_assessed(text: str) -> None:
    """It never raises, and the same text has the same risk."""
    assert assess(text) == assess(text)


def test_blank_text_is_no_danger() -> None:
    """Nothing said is nothing found."""
    assert assess("") == NO_RISK
    assert assess(" \n ") == NO_RISK


def test_danger_is_found_at_the_end_of_a_very_long_text() -> None:
    """However much is said before it."""
    assert assess("오늘은 비가 오고 바람이 불었어 " * 400 + "죽고 싶어").level is Level.CONCERN


EVERY_DANGER = [case["text"] for name in ("seen", "unseen", "fresh") for case in cases(name) if case["level"] != "none"]


@pytest.mark.parametrize("said", EVERY_DANGER)
def test_every_known_danger_holds_a_stem(said: str) -> None:
    """Nothing that is found in a short text is overlooked behind a long one."""
    assert len(ASSESSOR.spans("가나다라. " * 400 + said)) > len(ASSESSOR.spans("가나다라. " * 400))
