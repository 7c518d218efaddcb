"""Tells what is asked of the voice or the session from what is merely told with the same words.

``크게 말해`` is a command and ``크게 아팠어`` is not, because an utterance is a command only where nothing else is
said: all its content words belong to the command. The words are data (``prompts/lexicon/commands.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.reading import Expression, Reading
from companion.dialogue.state import Command

_MOST_WORDS: Final = 8
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_PAST: Final = "past"
_NEVER: Final = r"(?!)"


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that was found."""

    command: Command
    farewell: bool = False
    """True where the person says goodbye: answered with closing words, not with an obedient "I stop"."""


@dataclass(frozen=True, slots=True)
class _Rule:
    asked: Asked
    expressions: tuple[Expression, ...]
    words: frozenset[str]
    past: bool
    whole: re.Pattern[str]
    unless: re.Pattern[str]


class Commands:
    """Built once from the table; looks at any reading."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A rule lacks a part.
            ValueError: An unknown command, or an expression that cannot be read.
        """
        fillers = frozenset(table["fillers"])
        self._bedtime, self._puts_off = re.compile(table["bedtime"]), re.compile(table["puts_off"])
        self._once_more = re.compile(table["once_more"])
        self._rules = tuple(
            _Rule(
                asked=Asked(Command(rule["name"]), bool(rule.get("farewell", False))),
                expressions=tuple(Expression.parse(source) for source in rule["any"]),
                words=fillers | frozenset(rule["words"]),
                past=bool(rule.get("past", False)),
                whole=re.compile("|".join(f"(?:{source})" for source in rule["text"])),
                unless=re.compile(rule.get("unless", _NEVER)),
            )
            for rule in table["command"]
        )

    def is_for_the_night(self, text: str) -> bool:
        """Return whether a goodbye is one for the night, whatever the clock says."""
        return self._bedtime.search(_NOT_LETTERS.sub("", text)) is not None

    def is_once_more(self, text: str) -> bool:
        """Return whether what was said last is to be heard again, slower or louder: 천천히 한 번만 더 해."""
        return self._once_more.search(_NOT_LETTERS.sub("", text)) is not None

    def find(self, text: str, reading: Reading, *, answers: bool) -> Asked | None:
        """Return what is asked, or None where nothing is.

        Args:
            text: What was said.
            reading: Of it.
            answers: Whether 말벗 has just asked something: then "다음에 하자" puts that off, and is no goodbye.
        """
        compact = _NOT_LETTERS.sub("", text)
        if answers and self._puts_off.fullmatch(compact):
            return None
        question = reading.question and text.rstrip().endswith("?")
        for rule in self._rules:
            if rule.whole.fullmatch(compact):
                return rule.asked
        if not 0 < len(reading.words) <= _MOST_WORDS:
            return None
        for rule in self._rules:
            if question and rule.asked.command is Command.STOP:
                continue
            if rule.unless.search(compact) or (not rule.past and any(_PAST in word.flags for word in reading.words)):
                continue
            if all(word.form in rule.words for word in reading.words) and any(
                expression.found(reading) is not None for expression in rule.expressions
            ):
                return rule.asked
        return None
