"""What must be answered rightly whatever else is understood: who it is, medicine, secrets, the time."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from companion.core.reading import Expression, Reading

FRAUD: Final = "fraud.toml"
"""What must be answered before everything but danger and commands."""
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
    taken_up: tuple[re.Pattern[str], ...] = ()
    """Texts whose group "word" must be a word of what 말벗 said last: 좋기는 뭐가 좋아, 잠자리가 왜 나와."""
    after: frozenset[str] = frozenset()
    """Questions of which one must have been understood lately; empty where it stands alone."""


class Questions:
    """Built once from ``prompts/lexicon/questions.toml``, or from another table of the same form."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A rule lacks a part.
            ValueError: An expression cannot be read.
        """
        self._asking = re.compile(str(table["asking"]))
        self._again = re.compile(str(table.get("again", r"(?!)(?P<what>)")))
        self._parts = dict(table.get("parts", {}))
        self._questions = tuple(
            Question(
                id=str(rule["id"]),
                say=str(rule["say"]),
                asks=bool(rule["asks"]),
                expressions=tuple(Expression.parse(source) for source in rule.get("any", ())),
                texts=tuple(self._compiled(source) for source in rule.get("text", ())),
                unless=tuple(self._compiled(source) for source in rule.get("unless", ())),
                taken_up=tuple(self._compiled(source) for source in rule.get("taken_up", ())),
                after=frozenset(map(str, rule.get("after", ()))),
            )
            for rule in table["question"]
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The fixed sentences that are needed."""
        return tuple(dict.fromkeys(question.say for question in self._questions))

    def asked_again(self, text: str) -> str:
        """Return the question that was asked before and is put once more: 뭐 먹고 사냐고 물었잖아; else empty."""
        match = self._again.search(text)
        return "" if match is None else match["what"].strip()

    def find(
        self, text: str, reading: Reading, last: str = "", lately: Collection[str] = frozenset()
    ) -> Question | None:
        """Return the first question that fits, or None.

        Args:
            text: What was said.
            reading: Its reading.
            last: What 말벗 said before it.
            lately: The names of the questions that were understood in the last turns.
        """
        compact = _BLANKS.sub("", text)
        asking = reading.question or reading.request or "?" in text or self._asking.search(compact) is not None
        for question in self._questions:
            if (question.asks and not asking) or (question.after and question.after.isdisjoint(lately)):
                continue
            if any(pattern.search(compact) for pattern in question.unless):
                continue
            if any(pattern.search(compact) for pattern in question.texts) or any(
                expression.found(reading) is not None for expression in question.expressions
            ):
                return question
            if last and any(_takes_up(pattern.search(compact), last) for pattern in question.taken_up):
                return question
        return None

    def _compiled(self, source: str) -> re.Pattern[str]:
        """Return a pattern with the parts that it names put in; a part may name those behind it."""
        for name, part in self._parts.items():
            source = source.replace(f"{{{name}}}", str(part))
        return re.compile(source)


def _takes_up(match: re.Match[str] | None, last: str) -> bool:
    """Whether what was found begins a word of what was said last, or two of them: 뒤 이야기는 무슨."""
    if match is None:
        return False
    words = last.split()
    pairs = (f"{one}{other}" for one, other in pairwise(words))
    return any(one.startswith(match["word"]) for one in (*words, *pairs))
