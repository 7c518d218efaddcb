"""What stands before what is said: a turn to something else, or a word of 말벗 sent back. Pure.

Who says 그건 그렇고 tells what comes behind it; and 보람은 무슨, 개한테 물린 기억밖에 없다 is answered for the dog.
Only the choice of a reply leaves it out: danger, commands and the memory read all that was said. The words are data
(``prompts/lexicon/leads.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

FILE: Final = "leads.toml"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")


class Leads:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part of the table is missing.
            re.error: A rule is no regular expression.
        """
        self._turns, self._asks = re.compile(table["turns"]), re.compile(table["asks"])
        self._sends_back = tuple(re.compile(source) for source in table["sends_back"])
        self._longest, self._least = int(table["longest"]), int(table["least"])
        self._least_behind = int(table["least_behind"])

    def rest(self, text: str) -> str:
        """Return what is answered of what was said; all of it where nothing stands before it."""
        for turn in self._turns.finditer(text):
            before, rest = _letters(text[: turn.start()]), text[turn.end() :].strip()
            short = before <= self._longest or self._asks.search(rest) is not None
            if before and short and _letters(rest) >= self._least:
                return rest
        for rule in self._sends_back:
            sent = rule.match(text)
            if sent is not None and _letters(text[sent.end() :]) >= self._least_behind:
                return text[sent.end() :].strip()
        return text


def _letters(text: str) -> int:
    return len(_NOT_LETTERS.sub("", text))
