"""What people answer to what 말벗 asked or said, and what only looks so; a third of the lines was kept for the end."""

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
from companion.dialogue.flow import Dialogue, Exchange, Response, Setting, State
from companion.prompts import prompt_table
from tests.dialogue.conftest import analyser, answered, dialogue

__all__ = ["analyser", "dialogue"]

FILE = Path(__file__).parent / "sets" / "answered.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
LEAST = {"seen": 0.95, "unseen": 0.88, "second": 0.9}
"""Of the answers, by part. None that only looks so may be taken for one."""
RULED = "answers."
"""Beginning of the ids of the sentences of the rules."""


@pytest.fixture(scope="module")
def setting(dialogue: Dialogue) -> Setting:
    return dialogue.setting(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Seoul")), address="어르신")


def response_to(case: Mapping[str, Any], dialogue: Dialogue, setting: Setting) -> Response:
    state = replace(State.start(), turns=(Exchange(case["before"], case["last"]),))
    return answered(dialogue, Heard.typed(case["text"]), setting, state)


def is_right(case: Mapping[str, Any], response: Response) -> bool:
    """Return whether it is named and nothing empty is said; what only looks so is answered by no rule of these."""
    text = response.reply.text
    if case["told"]:
        return not response.reply.id.startswith(RULED)
    holds = re.search(case["holds"], text) is not None and re.search(case["lacks"], text) is None
    return holds and not response.reply.ends_session


def test_the_set_holds_answers_and_what_only_looks_so() -> None:
    """Each once."""
    assert len({(case["last"], case["text"]) for case in CASES}) == len(CASES) > 300
    assert sum(case["told"] for case in CASES) > len(CASES) / 4


@pytest.mark.parametrize("part", list(LEAST))
def test_answers_are_met(part: str, dialogue: Dialogue, setting: Setting) -> None:
    cases = [case for case in CASES if case["part"] == part]
    wrong = [case for case in cases if not is_right(case, response_to(case, dialogue, setting))]
    real = sum(not case["told"] for case in cases)
    assert [case["text"] for case in wrong if case["told"]] == []
    assert 1 - len(wrong) / real >= LEAST[part], [case["text"] for case in wrong]


def test_every_sentence_of_the_answers_has_a_rule() -> None:
    """And each rule a name of its own."""
    rules = prompt_table("lexicon/answers.toml")["question"]
    used = {key for rule in rules for key in (rule["say"], rule.get("otherwise", "")) if key}
    kept = {f"answers.{group}.{name}" for group, table in prompt_table("fixed/answers.toml").items() for name in table}
    assert used == kept
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_louder_says_only_the_question_again(dialogue: Dialogue, setting: Setting) -> None:
    """It is easier to catch; what is grave is said again whole."""
    told = Exchange("딸이 왔다 갔어", "따님이 다녀가셨군요. 점심은 같이 드셨어요?")
    louder = answered(dialogue, Heard.typed("크게 말해 줘"), setting, replace(State.start(), turns=(told,)))
    assert louder.command == "louder"
    assert louder.reply.text.endswith("점심은 같이 드셨어요?")
    assert "다녀가셨군요" not in louder.reply.text
