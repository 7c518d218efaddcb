"""Looks for danger in what was said, before anything else is done with it.

Rules are data (``prompts/lexicon/danger.toml``): expressions over the reading of the utterance, and regular expressions
over its text without blanks, which still find what a recogniser ran together. Grammar lowers what is plainly denied,
past, told of others or seen in a drama; it never lowers a rule that says it may not be lowered. Without a model, and
no model can lower it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.morphology import Morpheme
from companion.core.reading import Expression, Grammar, Reading
from companion.safety.risk import NO_RISK, Kind, Level, Risk

_RECENT_TURNS: Final = 3
_BLANKS: Final = re.compile(r"\s+")
_SENTENCE_END: Final = re.compile(r"[.!?\n]+")
_LONGEST: Final = 400
_OVERLAP: Final = 60
"""So that what lies across a cut is found on one side of it."""


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    kind: Kind
    level: Level
    expressions: tuple[Expression, ...]
    texts: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    firm: frozenset[str]
    """Names of the contexts that must not lower it."""


@dataclass(frozen=True, slots=True)
class _Context:
    """A circumstance that lowers what a rule found: others, past, drama, denial."""

    name: str
    level: Level
    expressions: tuple[Expression, ...]
    texts: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class Assessor:
    """Built once from the tables; assesses any text."""

    def __init__(self, table: Mapping[str, Any], grammar: Grammar) -> None:
        """Compile the rules.

        Raises:
            KeyError: A rule lacks a part.
            ValueError: An unknown level or kind, or an expression that cannot be read.
            re.error: A text rule is no regular expression.
        """
        self._grammar = grammar
        self._rules = tuple(
            _Rule(
                id=str(rule["id"]),
                kind=Kind(rule["kind"]),
                level=Level(rule["level"]),
                expressions=_expressions(rule),
                texts=_patterns(rule, "text"),
                unless=_patterns(rule, "unless"),
                firm=frozenset(rule.get("firm", ())),
            )
            for rule in table["rule"]
        )
        self._contexts = tuple(
            _Context(
                name=str(context["name"]),
                level=Level(context["level"]),
                expressions=_expressions(context),
                texts=_patterns(context, "text"),
                unless=_patterns(context, "unless"),
            )
            for context in table["context"]
        )

    def assess(self, text: str, morphemes: Sequence[Morpheme], recent: Sequence[Risk] = ()) -> Risk:
        """Return the gravest danger found in one utterance.

        Args:
            text: What was heard.
            morphemes: Its analysis.
            recent: Risks of the turns before, oldest first. After a concern a doubtful word weighs more.
        """
        found = [
            self._weighed(rule, compact, reading)
            for compact, reading in self._sentences(text, morphemes)
            for rule in self._rules
            if _fires(rule, compact, reading)
        ]
        if not found:
            return NO_RISK
        gravest = max(found, key=lambda risk: (risk.level.rank, risk.confidence))
        worried = any(risk.level.rank >= Level.CONCERN.rank for risk in recent[-_RECENT_TURNS:])
        if gravest.level is Level.WATCH and worried and gravest.kind is Kind.SELF_HARM:
            return Risk(Level.CONCERN, gravest.kind, gravest.evidence, gravest.confidence)
        return gravest if gravest.level is not Level.NONE else NO_RISK

    def _sentences(self, text: str, morphemes: Sequence[Morpheme]) -> Iterator[tuple[str, Reading]]:
        """Yield each sentence without blanks and its reading, so that no sentence excuses another."""
        begins = [morpheme.start for morpheme in morphemes]
        for start, end in _spans(text):
            compact = _BLANKS.sub("", text[start:end])
            if compact:
                own = morphemes[bisect_left(begins, start) : bisect_left(begins, end)]
                yield compact, self._grammar.read(own)

    def _weighed(self, rule: _Rule, compact: str, reading: Reading) -> Risk:
        level, confidence = rule.level, 1.0
        for context in self._contexts:
            if context.name in rule.firm or context.level.rank >= level.rank:
                continue
            if _fires(context, compact, reading):
                level, confidence = context.level, 0.6
        return Risk(level, rule.kind, rule.id, confidence)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of the sentences; one without an end is cut after ``_LONGEST`` characters."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        while match.end() - start > _LONGEST:
            yield start, start + _LONGEST
            start += _LONGEST - _OVERLAP
        yield start, match.end()
        start = match.end()
    while start < len(text):
        yield start, min(start + _LONGEST, len(text))
        start += _LONGEST - _OVERLAP if len(text) - start > _LONGEST else _LONGEST


def _fires(rule: _Rule | _Context, compact: str, reading: Reading) -> bool:
    if any(pattern.search(compact) for pattern in rule.unless):
        return False
    return any(pattern.search(compact) for pattern in rule.texts) or any(
        expression.found(reading) is not None for expression in rule.expressions
    )


def _expressions(table: Mapping[str, Any]) -> tuple[Expression, ...]:
    return tuple(Expression.parse(source) for source in table.get("say", ()))


def _patterns(table: Mapping[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source in table.get(key, ()))
