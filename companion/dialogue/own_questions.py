"""What 말벗 asked last, and whether the next words answer it.

A short answer means nothing by itself: ``응``, ``셋``, ``작년에`` are understood from the question before. The kind of
question is read from its words (``prompts/lexicon/asked.toml``), so every reply of the bank that asks is covered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from companion.core.reading import Reading
from companion.core.turn import Act

_BLANKS: Final = re.compile(r"\s+")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_SENTENCE: Final = re.compile(r"[^.!?…]+[.!?…]*")
_BY_ACT: Final = {Act.YES: "yes", Act.NO: "no", Act.ACKNOWLEDGE: "yes"}
CONTENT: Final = "content"
_MOST_WORDS: Final = 3


class OwnQuestions:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part of the table is missing.
            re.error: A rule is no regular expression.
        """
        self._waiting = re.compile(table["waiting"])
        self._kinds = tuple((str(rule["name"]), re.compile("|".join(rule["text"]))) for rule in table["kind"])
        self._reactions = tuple((str(rule["name"]), re.compile("|".join(rule["text"]))) for rule in table["reaction"])

    def waits(self, text: str) -> bool:
        """Return whether words say that something has not come yet: they deny nothing that was told."""
        return self._waiting.match(_NOT_LETTERS.sub("", text)) is not None

    def kind(self, reply: str) -> str:
        """Return which kind of question a reply ends with; empty where it asks nothing."""
        question = next((part for part in reversed(_SENTENCE.findall(reply)) if part.strip().endswith("?")), "")
        if not question:
            return ""
        compact = _BLANKS.sub("", question)
        return next((name for name, pattern in self._kinds if pattern.search(compact)), "whether")

    def reaction(self, text: str, reading: Reading, act: Act) -> str:
        """Return how the words answer: yes, no, a kind of the table such as ``so_so``, or ``content``; empty if not."""
        letters = _NOT_LETTERS.sub("", text)
        named = next((name for name, pattern in self._reactions if pattern.fullmatch(letters)), "")
        if named:
            return named
        if reading.question or reading.request or len(reading.words) > _MOST_WORDS:
            return ""
        return _BY_ACT.get(act, CONTENT if act in {Act.TELL, Act.COMPLAIN} else "")
