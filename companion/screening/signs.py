"""Signs in free talk: phrases that touch what an item asks about, each with its quote. Never an answer, never a score.

What is asked, supposed, denied, long ago or said of somebody else is no sign. Thoughts of death are none either: they
belong to safety.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.core.reading import Expression, Grammar, Reading
from companion.screening.answer.clauses import Clause, clause_of, clauses
from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon
from companion.screening.record import Observation

_READ_CHARACTERS: Final = 1000
"""What is read of an utterance: three minutes of slow speech."""


@dataclass(frozen=True, slots=True)
class _Sign:
    id: str
    touches: str
    expressions: tuple[Expression, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    rule: str


class SignReader:
    """Built once from the data.

    Args:
        table: ``prompts/screening/signs.ko.toml``, parsed.
        answers: ``prompts/screening/answers.ko.toml``, parsed: the words by which people and times are told.
        grammar: The grammar of readings.
        analyser: Splits the utterance into morphemes.

    Raises:
        KeyError: A part of a table is missing.
        ValueError: An expression cannot be read.
        re.error: A pattern cannot be read.
    """

    def __init__(
        self, table: Mapping[str, Any], answers: Mapping[str, Any], grammar: Grammar, analyser: Analyser
    ) -> None:
        self._lexicon = Lexicon(answers)
        self._grammar = grammar
        self._analyser = analyser
        self._denied, self._supposed = re.compile(str(table["denied"])), re.compile(str(table["supposed"]))
        self._told, self._never = re.compile(str(table["told"])), re.compile(str(table["never"]))
        self._longest = int(table["longest_quote"])
        self._signs = tuple(_parsed(one, table["slot"]) for one in table["sign"])

    def read(self, text: str) -> tuple[Observation, ...]:
        """Return the signs of an utterance, each once."""
        letters = self._lexicon.speller.letters(text[:_READ_CHARACTERS])
        if not letters.compact:
            return ()
        reading = self._grammar.read(self._analyser.analyse(letters.plain))
        parts = clauses(letters, reading, self._lexicon)
        found = []
        for sign in self._signs:
            places = (place for place in _places(sign, letters, reading) if self._holds(sign, place, letters, parts))
            first = next(places, None)
            if first is not None:
                quote = self._quote(letters, first)
                found.append(Observation(sign.id, sign.touches, quote, f"{sign.id}.{first.rule}"))
        return tuple(found)

    def _holds(self, sign: _Sign, place: _Found, letters: Letters, parts: tuple[Clause, ...]) -> bool:
        clause = clause_of(parts, place.start)
        if not clause.counts or clause.names_others:
            return False
        start, end = letters.sentence(place.start)
        if end in letters.question_ends or place.end > end:
            return False
        sentence, behind = letters.compact[start:end], letters.compact[place.end : max(clause.end, place.end)]
        if self._never.search(sentence) or (sign.unless is not None and sign.unless.search(sentence)):
            return False
        return not (self._denied.search(behind) or self._supposed.search(behind) or self._told.search(behind))

    def _quote(self, letters: Letters, place: _Found) -> str:
        """Return the sentence as it was said, or the part of it around the phrase where it is long."""
        start, end = letters.sentence(place.start)
        if end - start > self._longest:
            start, end = max(start, place.start - self._longest // 2), min(end, place.end + self._longest // 2)
        return letters.evidence(start, end).text


def _parsed(entry: Mapping[str, Any], slots: Mapping[str, str]) -> _Sign:
    unless = entry.get("unless", ())
    return _Sign(
        id=str(entry["id"]),
        touches=str(entry["touches"]),
        expressions=tuple(Expression.parse(source) for source in entry.get("any", ())),
        patterns=tuple(re.compile(_filled(source, slots)) for source in entry.get("text", ())),
        unless=re.compile("|".join(unless)) if unless else None,
    )


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    for name, source in slots.items():
        pattern = pattern.replace(f"{{{name}}}", source)
    return pattern


def _places(sign: _Sign, letters: Letters, reading: Reading) -> Iterator[_Found]:
    for number, pattern in enumerate(sign.patterns, 1):
        for match in pattern.finditer(letters.compact):
            yield _Found(*match.span(), f"text{number}")
    words = reading.words
    for number, expression in enumerate(sign.expressions, 1):
        for first, last in expression.matches(reading):
            start, end = letters.letter_at(words[first].start), letters.letter_at(words[last].start)
            yield _Found(start, end + max(len(words[last].form) - 1, 1), f"any{number}")
