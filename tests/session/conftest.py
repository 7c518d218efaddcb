"""The real dialogue, built once for all conversations."""

from __future__ import annotations

import pytest

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.dialogue.flow import Dialogue
from companion.prompts import prompt_tables, prompt_text


@pytest.fixture(scope="session")
def dialogue() -> Dialogue:
    return Dialogue.from_tables(
        replies=prompt_tables("replies"),
        fixed=prompt_tables("fixed"),
        lexicon=prompt_tables("lexicon"),
        safety=prompt_tables("safety"),
        tales=prompt_tables("tales"),
        facts=prompt_tables("facts"),
        persona=prompt_text("persona/malbeot.ko.md"),
        analyser=MecabAnalyser(),
    )
