"""What is said to 말벗 itself, and what only sounds so; a third of the lines was kept for the end."""

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
from companion.core.turn import ReplySource
from companion.dialogue.flow import Dialogue, Exchange, Response, Setting, State
from tests.dialogue.conftest import analyser, answered, dialogue
from tests.dialogue.test_wants import naming

__all__ = ["analyser", "dialogue"]

FILE = Path(__file__).parent / "sets" / "said_to_the_box.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
TOLD_ITSELF = {"TALE", ""}
"""Replies before a case that the dialogue is to give itself."""
LEAST = {("seen", False): 0.97, ("seen", True): 0.97, ("unseen", False): 0.93, ("unseen", True): 0.95}
"""By part, and whether it only sounds so."""


@pytest.fixture(scope="module")
def setting(dialogue: Dialogue) -> Setting:
    return dialogue.setting(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Seoul")), address="어르신")


def response_to(case: Mapping[str, Any], dialogue: Dialogue, setting: Setting) -> Response:
    state = State.start()
    for heard, reply in case["before"]:
        if reply in TOLD_ITSELF:
            state = answered(dialogue, Heard.typed(heard), setting, state).state
        else:
            state = replace(state, turns=(*state.turns, Exchange(heard, reply)))
    return answered(dialogue, Heard.typed(case["text"]), setting, state)


def is_right(case: Mapping[str, Any], response: Response) -> bool:
    """Return whether a telling is received as one, or what was asked is done or said."""
    reply = response.reply
    command = "" if response.command is None else response.command.value
    if case.get("told"):
        return command == "" and reply.source is ReplySource.BANK and not reply.id.startswith("tale.")
    if case["command"] == "stop":
        return reply.ends_session
    holds = not case["holds"] or re.search(case["holds"], reply.text) is not None
    lacks = not case["lacks"] or re.search(case["lacks"], reply.text) is None
    return command == case["command"] and holds and lacks


def test_the_set_holds_what_is_asked_and_what_only_sounds_so() -> None:
    """Each line once."""
    assert len({case["text"] for case in CASES}) == len(CASES) > 200
    assert sum(bool(case.get("told")) for case in CASES) > len(CASES) / 3


@pytest.mark.parametrize(("part", "told"), list(LEAST))
def test_what_is_said_to_it_is_answered(part: str, dialogue: Dialogue, setting: Setting, *, told: bool) -> None:
    cases = [case for case in CASES if case["part"] == part and bool(case.get("told")) is told]
    wrong = [case["text"] for case in cases if not is_right(case, response_to(case, dialogue, setting))]
    assert 1 - len(wrong) / len(cases) >= LEAST[part, told], wrong


def test_an_answer_that_was_objected_to_does_not_come_again(dialogue: Dialogue, setting: Setting) -> None:
    """Not in the very next turn, where only the encoder names it."""
    sings = naming({"sing": 0.9})
    first = answered(dialogue, Heard.typed("뽕짝 안 되나"), setting, answer=sings)
    objected = answered(dialogue, Heard.typed("딴소리 하지 말고"), setting, first.state)
    again = answered(dialogue, Heard.typed("뽕짝 나오는 거 말이여"), setting, objected.state, answer=sings)
    assert first.reply.id.startswith("identity.identity.cannot_sing")
    assert objected.reply.id.startswith("asks.reproach.else_talk")
    assert not again.reply.id.startswith("identity.identity.cannot_sing")


def test_louder_says_the_last_thing_again_and_answers_what_is_asked_beside(
    dialogue: Dialogue, setting: Setting
) -> None:
    """Who asks for it louder has not heard."""
    told = answered(dialogue, Heard.typed("오늘 손주가 왔어"), setting)
    louder = answered(dialogue, Heard.typed("크게 말해 줘"), setting, told.state)
    beside = answered(dialogue, Heard.typed("천천히 말고 크게! 니 이름이 뭐라고?"), setting, told.state)
    assert told.reply.text.rsplit(". ", 1)[-1] in louder.reply.text
    assert "말벗" in beside.reply.text
    assert beside.command == "louder"
