"""The real dialogue on the shipped data and the real analyser, made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from companion.core.heard import Heard
from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.flow import Dialogue, Response, Setting, State
from companion.dialogue.requests import Answer, Request
from companion.prompts import prompt_table
from companion.wiring import language
from tests.shipped import shipped_dialogue

MOMENT = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return language.analyser()


@pytest.fixture(scope="session")
def grammar() -> Grammar:
    return Grammar(prompt_table("lexicon/grammar.toml"))


@pytest.fixture(scope="session")
def dialogue() -> Dialogue:
    return shipped_dialogue()


@pytest.fixture(scope="session")
def setting(dialogue: Dialogue) -> Setting:
    return dialogue.setting(MOMENT, address="어르신")


def nobody(_request: Request) -> Answer:
    """Answer nothing, as where no encoder and no language model is at work."""
    return None


def answered(
    dialogue: Dialogue,
    heard: Heard,
    setting: Setting,
    state: State | None = None,
    *,
    answer: Callable[[Request], Answer] = nobody,
    chance: float = 0.0,
) -> Response:
    """Run one turn to its end."""
    thought = dialogue.respond(heard, setting, state or State.start(), chance)
    try:
        request = next(thought)
        while True:
            request = thought.send(answer(request))
    except StopIteration as finished:
        response: Response = finished.value
        return response
