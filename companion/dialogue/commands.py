"""Tells what is asked of the voice or the session from what is merely told with the same words.

``크게 말해`` is a command and ``크게 아팠어`` is not, because an utterance is a command only where nothing else is
said: all its content words belong to the command. The words are data (``prompts/lexicon/commands.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.reading import Expression, Reading
from companion.dialogue.state import Command

_MOST_WORDS: Final = 8
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_CLAUSE: Final = re.compile(r"[^.!?,~…]+[.!?,~…]*")
_LAST_CLAUSES: Final = 3
"""Of a turn, in which a wish for the voice or a goodbye may stand behind something else."""
OF_VOICE: Final = frozenset({Command.REPEAT, Command.LOUDER, Command.SOFTER, Command.SLOWER, Command.FASTER})
"""What is asked of the voice alone, by words that answer as well: 못 들어, of the sea."""
_PAST: Final = "past"
_NEVER: Final = r"(?!)"


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that was found."""

    command: Command
    farewell: bool = False
    """True where the person says goodbye: answered with closing words, not with an obedient "I stop"."""
    beside: str = ""
    """What was asked in the same turn: 크게 말해! 이름이 뭐라고?"""


@dataclass(frozen=True, slots=True)
class _Rule:
    asked: Asked
    expressions: tuple[Expression, ...]
    words: frozenset[str]
    past: bool
    whole: re.Pattern[str]
    unless: re.Pattern[str]
    clause: re.Pattern[str]
    """What is this command as one clause of a longer turn."""


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
        self._instead, self._told = re.compile(table["instead"]), re.compile(table["told"])
        self._denies = re.compile(table["denies"])
        parting = table["parting"]
        self._goodbye, self._leaving = _any(parting["goodbye"]), _any(parting["leaving"])
        self._weak, self._own = _any(parting["weak"]), _any(parting["own"])
        self._hint, self._may = re.compile(parting["hint"]), re.compile(parting["may"])
        self._rules = tuple(
            _Rule(
                asked=Asked(Command(rule["name"]), bool(rule.get("farewell", False))),
                expressions=tuple(Expression.parse(source) for source in rule["any"]),
                words=fillers | frozenset(rule["words"]),
                past=bool(rule.get("past", False)),
                whole=re.compile("|".join(f"(?:{source})" for source in rule["text"])),
                unless=re.compile(rule.get("unless", _NEVER)),
                clause=_any(rule.get("clause", ())),
            )
            for rule in table["command"]
        )

    def is_for_the_night(self, text: str) -> bool:
        """Return whether a goodbye is one for the night, whatever the clock says."""
        return self._bedtime.search(_NOT_LETTERS.sub("", text)) is not None

    def may_part(self, text: str) -> bool:
        """Return whether anything in a text can be a goodbye at all, whatever others take it for."""
        return self._may.search(_NOT_LETTERS.sub("", text)) is not None

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
        if (answers and self._puts_off.fullmatch(compact)) or self._denies.search(compact):
            return None
        whole = next((rule.asked for rule in self._rules if rule.whole.fullmatch(compact)), None)
        return whole or self._in_clauses(text) or self._by_words(text, compact, reading)

    def _by_words(self, text: str, compact: str, reading: Reading) -> Asked | None:
        """Return what is asked by a short turn whose every content word belongs to it."""
        question = reading.question and text.rstrip().endswith("?")
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

    def _in_clauses(self, text: str) -> Asked | None:
        """Return what is asked by one of the last clauses of a longer turn, if it stands by itself."""
        clauses = _CLAUSE.findall(self._instead.sub("", text))[-_LAST_CLAUSES:]
        letters = [_NOT_LETTERS.sub("", clause) for clause in clauses]
        if self._told.search(_NOT_LETTERS.sub("", text)):
            return None
        for at in range(len(clauses) - 1, -1, -1):
            rule = next((one for one in self._rules if one.clause.fullmatch(letters[at])), None)
            if rule is not None:
                beside = " ".join(one.strip() for one in clauses[at + 1 :] if one.rstrip().endswith("?"))
                return replace(rule.asked, beside=beside)
        hinted = self._hint.search(_NOT_LETTERS.sub("", text)) is not None
        return Asked(Command.STOP, farewell=True) if self._is_parting(clauses, letters, hinted=hinted) else None

    def _is_parting(self, clauses: Sequence[str], letters: Sequence[str], *, hinted: bool) -> bool:
        """Whether the last clauses say goodbye, and nothing else stands behind it."""
        found: set[str] = set()
        for clause, said in zip(reversed(clauses), reversed(letters), strict=True):
            kinds = (("goodbye", self._goodbye), ("leaving", self._leaving), ("weak", self._weak), ("own", self._own))
            kind = next((name for name, pattern in kinds if pattern.fullmatch(said)), "")
            if not kind or clause.rstrip().endswith("?"):
                break
            found.add(kind)
        return not found.isdisjoint({"goodbye", "leaving"}) or ("weak" in found and (hinted or "own" in found))


def _any(sources: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{source})" for source in sources) or _NEVER)
