"""Idioms, ages, rites, old measures, what keeps in a kitchen: asked by who wrote these facts, before they did."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.heard import Heard
from companion.dialogue.facts import PREFIX
from companion.dialogue.flow import Dialogue, Setting
from tests.dialogue.conftest import answered

FILE = Path(__file__).parents[1] / "evaluation" / "sets" / "facts_5.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]

Ask = Callable[[str], str]


@pytest.fixture
def ask(dialogue: Dialogue, setting: Setting) -> Ask:
    """Return the fact that answers a text through the whole dialogue; empty where none does."""

    def fact(text: str) -> str:
        kind, _, rest = answered(dialogue, Heard.typed(text), setting).reply.id.partition(".")
        return rest.partition("#")[0] if kind == PREFIX else ""

    return fact


def missed(ask: Ask, *, asks: bool) -> list[str]:
    """Return the lines that are not answered as they should be; those that another room answers are none."""
    cases = [case for case in CASES if bool(case["fact"]) == asks]
    return [case["text"] for case in cases if ask(case["text"]) != ("" if case.get("elsewhere") else case["fact"])]


def test_the_set_holds_questions_and_tellings_once_each() -> None:
    """Each line once; of the tellings each holds a word of some fact."""
    assert sum(bool(case["fact"]) for case in CASES) >= 50
    assert sum(not case["fact"] for case in CASES) >= 20
    assert len({case["text"] for case in CASES}) == len(CASES)


def test_what_is_asked_is_answered_with_its_fact(ask: Ask) -> None:
    """When they were first looked at, 53 of 60 were."""
    assert missed(ask, asks=True) == []


def test_what_is_told_gets_no_fact(ask: Ask) -> None:
    """When they were first looked at, none of 25 did."""
    assert missed(ask, asks=False) == []
