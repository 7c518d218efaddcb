"""What grammar makes of the reply bank is kept, and used for that bank alone."""

from __future__ import annotations

from typing import Any

import pytest

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.bank import Bank, load_bank
from companion.dialogue.bank_words import BankWords, digest_of, pack, read_bank, unpack
from companion.prompts import prompt_table, prompt_tables
from companion.wiring.language import kept_bank_words

GRAMMAR = prompt_table("lexicon/grammar.toml")
SITUATION = {
    "id": "meal.ate",
    "topic": "meal",
    "feeling": "joy",
    "act": "tell",
    "cues": ["먹었", "안 먹었"],
    "says": ["밥 먹었어", "밥 안 먹었어"],
    "replies": ["맛있게 드셨어요?"],
}


def bank(**changes: Any) -> Bank:  # noqa: ANN401 - any TOML value
    return load_bank({"meal.toml": {"situation": [{**SITUATION, **changes}]}}, ("meal",), ())


def test_a_negated_word_is_another_word(analyser: Analyser, grammar: Grammar) -> None:
    """In examples and in cues."""
    words = read_bank(bank(), analyser, grammar)
    assert words == BankWords((frozenset({"밥", "먹"}), frozenset({"밥", "-먹"})), (False, True))


def test_what_is_kept_is_what_was_read(analyser: Analyser, grammar: Grammar) -> None:
    """Under the digest that it was kept under."""
    words = read_bank(bank(), analyser, grammar)
    assert unpack(pack(words, "a"), "a") == words
    assert unpack(pack(words, "a"), "b") is None


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"digest": "a"}', '{"digest": "a", "words": [], "examples": [[0]]}'])
def test_what_cannot_be_read_is_read_anew(kept: str) -> None:
    """A damaged file costs a few seconds and nothing else."""
    assert unpack(kept, "a") is None


@pytest.mark.parametrize("changes", [{"says": ["밥 먹었지"]}, {"cues": ["먹"]}, {"cues": []}])
def test_another_bank_has_another_digest(changes: dict[str, Any]) -> None:
    """Its examples and its cues decide, and the grammar."""
    assert digest_of(bank(**changes), GRAMMAR) != digest_of(bank(), GRAMMAR)
    assert digest_of(bank(), {**GRAMMAR, "alias": {}}) != digest_of(bank(), GRAMMAR)


def test_what_is_shipped_is_of_the_shipped_bank(analyser: Analyser, grammar: Grammar) -> None:
    """After the bank, the grammar or the analyser have changed, scripts/keep_bank_words.py is to be run."""
    topics, claims = prompt_table("lexicon/topics.toml")["topics"], tuple(prompt_table("lexicon/claims.toml")["claim"])
    shipped = load_bank(prompt_tables("replies"), topics, claims)
    assert unpack(kept_bank_words(), digest_of(shipped, GRAMMAR)) == read_bank(shipped, analyser, grammar)
