"""The dialogue of the shipped data without the trained voices, built once for all tests of a process."""

from __future__ import annotations

from functools import cache

from companion.dialogue.flow import Dialogue
from companion.prompts import prompt_tables, prompt_text
from companion.wiring import language


@cache
def shipped_dialogue() -> Dialogue:
    """Return it; it holds no state of a conversation."""
    return Dialogue.from_tables(
        replies=prompt_tables("replies"),
        fixed=prompt_tables("fixed"),
        lexicon=prompt_tables("lexicon"),
        safety=prompt_tables("safety"),
        tales=prompt_tables("tales"),
        facts=prompt_tables("facts"),
        persona=prompt_text(language.PERSONA),
        analyser=language.analyser(),
        bank_words=language.kept_bank_words(),
    )
