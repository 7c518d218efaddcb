"""Small opinions that are asked for, and what only sounds so; a third of the first lines was kept for the end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from companion.core.heard import Heard
from companion.dialogue.flow import Dialogue, Exchange, Setting, State
from companion.prompts import prompt_table
from tests.dialogue.conftest import analyser, answered, dialogue

__all__ = ["analyser", "dialogue"]

FILE = Path(__file__).parent / "sets" / "opinions.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
LEAST = {"seen": 0.95, "unseen": 0.95, "second": 0.9, "told": 0.99}
"""By part: ``second`` was written when the rules stood; what is ``told`` only sounds so."""
OPINIONS = re.compile(r"opinions\.|asks\.would\.")


@pytest.fixture(scope="module")
def setting(dialogue: Dialogue) -> Setting:
    return dialogue.setting(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Seoul")), address="어르신")


def is_right(case: Mapping[str, Any], dialogue: Dialogue, setting: Setting) -> bool:
    """Return whether the view that fits is said, or none where none is asked for."""
    turns = tuple(Exchange(heard, reply) for heard, reply in case["before"])
    said = answered(dialogue, Heard.typed(case["text"]), setting, replace(State.start(), turns=turns)).reply.id
    return OPINIONS.match(said) is None if case["part"] == "told" else re.match(case["says"], said) is not None


@pytest.mark.parametrize("part", LEAST)
def test_an_opinion_is_said_where_one_is_asked_for(part: str, dialogue: Dialogue, setting: Setting) -> None:
    """And never of the body, money, law or danger."""
    cases = [case for case in CASES if case["part"] == part]
    wrong = [case["text"] for case in cases if not is_right(case, dialogue, setting)]
    assert 1 - len(wrong) / len(cases) >= LEAST[part], wrong


def test_no_opinion_names_a_sum_and_none_is_long() -> None:
    """One modest view in one or two short sentences, with no figure; words to send stand between marks."""
    for section in prompt_table("fixed/opinions.toml").values():
        for variants in section.values():
            for text in variants:
                bare = re.sub(r"\"[^\"]*\"", "", text)
                assert len(text) <= 100, text
                assert len(re.findall(r"[.?!](?:\s|$)", bare)) <= 2, text
                assert not re.search(r"[0-9]|만\s?원", text), text
