"""What must be answered rightly whatever else is understood: who it is, medicine, secrets, the time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.reading import Expression, Reading

_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Question:
    """One of the questions and the fixed sentence that answers it."""

    id: str
    say: str
    """Key of the fixed sentence."""
    asks: bool
    """Whether it only counts in a question or a request."""
    expressions: tuple[Expression, ...]
    texts: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class Questions:
    """Built once from ``prompts/lexicon/questions.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A rule lacks a part.
            ValueError: An expression cannot be read.
        """
        self._asking = re.compile(str(table["asking"]))
        self._questions = tuple(
            Question(
                id=str(rule["id"]),
                say=str(rule["say"]),
                asks=bool(rule["asks"]),
                expressions=tuple(Expression.parse(source) for source in rule.get("any", ())),
                texts=tuple(re.compile(source) for source in rule.get("text", ())),
                unless=tuple(re.compile(source) for source in rule.get("unless", ())),
            )
            for rule in table["question"]
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The fixed sentences that are needed."""
        return tuple(dict.fromkeys(question.say for question in self._questions))

    def find(self, text: str, reading: Reading) -> Question | None:
        """Return the first question that fits, or None."""
        compact = _BLANKS.sub("", text)
        asking = reading.question or reading.request or "?" in text or self._asking.search(compact) is not None
        for question in self._questions:
            if question.asks and not asking:
                continue
            if any(pattern.search(compact) for pattern in question.unless):
                continue
            if any(pattern.search(compact) for pattern in question.texts) or any(
                expression.found(reading) is not None for expression in question.expressions
            ):
                return question
        return None
