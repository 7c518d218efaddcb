"""Looks for danger in what was said, before anything else is done with it.

Rules are data (``prompts/lexicon/danger.toml``): expressions over the reading of the utterance, and regular expressions
over its text without blanks, which still find what a recogniser ran together. Grammar lowers what is plainly denied,
past, told of others or seen in a drama; it never lowers a rule that says it may not be lowered. An excuse takes away
what it touches and nothing else, so that an idiom beside a danger excuses only itself. Without a model, and no model
can lower it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_READ_WHOLE: Final = 2000
"""Characters up to which every sentence is looked at; behind them only those that hold one of the table's ``stems``."""
_NEAR: Final = 14
_CONTEXT_NEAR: Final = 40
"""Letters between a finding and what stands beside it or what it is told in."""

Span = tuple[int, int]
"""Half open, in letters of a sentence without blanks."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What points to something: expressions over the reading, texts over the letters, and what takes them away."""

    expressions: tuple[tuple[frozenset[str], Expression], ...]
    """Each with the forms of its first place: looked at before anything else, because there are many."""
    texts: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    """Takes away a finding that it touches."""
    unless_near: tuple[re.Pattern[str], ...]
    """Takes away a finding that it touches or stands beside."""


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    kind: Kind
    level: Level
    signs: _Signs
    firm: frozenset[str]
    """Names of the contexts that must not lower it."""


@dataclass(frozen=True, slots=True)
class _Context:
    """A circumstance that lowers what a rule found: others, past, drama, denial."""

    name: str
    level: Level
    signs: _Signs
    kinds: frozenset[Kind]
    """The dangers that it lowers."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence: its letters, where they stood, and its reading."""

    compact: str
    at: tuple[int, ...]
    """Index of each letter in the whole text, ascending."""
    reading: Reading
    forms: frozenset[str]
    """Of the words of the reading."""

    def found(self, signs: _Signs) -> Iterator[Span]:
        """Yield the spans that the signs point to, excused ones too."""
        for pattern in signs.texts:
            yield from (match.span() for match in pattern.finditer(self.compact))
        words = self.reading.words
        for begins, expression in signs.expressions:
            if begins.isdisjoint(self.forms):
                continue
            for first, last in expression.matches(self.reading):
                end = bisect_left(self.at, words[last].start) + len(words[last].form)
                yield bisect_left(self.at, words[first].start), end

    def excused(self, signs: _Signs) -> Iterator[Span]:
        """Yield the spans that take a finding away."""
        for patterns, reach in ((signs.unless, 0), (signs.unless_near, _NEAR)):
            for pattern in patterns:
                yield from ((m.start() - reach, m.end() + reach) for m in pattern.finditer(self.compact))


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
        self._stems = re.compile("|".join(map(re.escape, table["stems"])))
        self._rules = tuple(
            _Rule(
                id=str(rule["id"]),
                kind=Kind(rule["kind"]),
                level=Level(rule["level"]),
                signs=_signs(rule),
                firm=frozenset(rule.get("firm", ())),
            )
            for rule in table["rule"]
        )
        self._contexts = tuple(
            _Context(
                name=str(context["name"]),
                level=Level(context["level"]),
                signs=_signs(context),
                kinds=frozenset(map(Kind, context.get("kinds", Kind))),
            )
            for context in table["context"]
        )

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return the half-open spans of ``text`` in which danger must be looked for: whoever assesses analyses those.

        All sentences of what a person can say; of a longer text those behind it that hold a stem of the table, each
        wording once. Linear in the length of the text.
        """
        kept: list[Span] = []
        known: set[str] = set()
        for start, end in _spans(text):
            if start >= _READ_WHOLE:
                sentence = text[start:end]
                if sentence in known or not self._stems.search(_BLANKS.sub("", sentence)):
                    continue
                known.add(sentence)
            kept.append((start, end))
        return tuple(kept)

    def assess(self, text: str, morphemes: Sequence[Morpheme], recent: Sequence[Risk] = ()) -> Risk:
        """Return the gravest danger found in one utterance.

        Args:
            text: What was heard.
            morphemes: The analysis of at least the ``spans`` of it, in order, with places in the whole text.
            recent: Risks of the turns before, oldest first. After a concern a doubtful word weighs more.
        """
        found = [
            risk
            for sentence in self._sentences(text, morphemes)
            for rule in self._rules
            if (risk := self._weighed(rule, sentence)) is not None
        ]
        if not found:
            return NO_RISK
        gravest = max(found, key=lambda risk: (risk.level.rank, risk.confidence))
        worried = any(risk.level.rank >= Level.CONCERN.rank for risk in recent[-_RECENT_TURNS:])
        if gravest.level is Level.WATCH and worried and gravest.kind is Kind.SELF_HARM:
            return Risk(Level.CONCERN, gravest.kind, gravest.evidence, gravest.confidence)
        return gravest if gravest.level is not Level.NONE else NO_RISK

    def _sentences(self, text: str, morphemes: Sequence[Morpheme]) -> Iterator[_Sentence]:
        """Yield each sentence without blanks and its reading, so that no sentence excuses another."""
        begins = [morpheme.start for morpheme in morphemes]
        for start, end in self.spans(text):
            at = tuple(index for index in range(start, end) if not text[index].isspace())
            if at:
                own = morphemes[bisect_left(begins, start) : bisect_left(begins, end)]
                reading = self._grammar.read(own)
                compact = "".join(text[index] for index in at)
                yield _Sentence(compact, at, reading, frozenset(word.form for word in reading.words))

    def _weighed(self, rule: _Rule, sentence: _Sentence) -> Risk | None:
        """Return the gravest of what the rule finds in a sentence, each finding lowered by what it is told in."""
        spans = _standing(sentence, rule.signs)
        if not spans:
            return None
        contexts = [
            (context.level, told)
            for context in self._contexts
            if context.name not in rule.firm and rule.kind in context.kinds and context.level.rank < rule.level.rank
            for told in self._told(context, sentence)
        ]
        levels = (
            min([rule.level, *(level for level, told in contexts if _touch(told, span))], key=lambda level: level.rank)
            for span in spans
        )
        level = max(levels, key=lambda level: level.rank)
        return Risk(level, rule.kind, rule.id, 1.0 if level is rule.level else 0.6)

    @staticmethod
    def _told(context: _Context, sentence: _Sentence) -> list[Span]:
        """Return how far a context reaches; what speaks against it does so in the whole sentence."""
        if any(pattern.search(sentence.compact) for pattern in context.signs.unless):
            return []
        return [(start - _CONTEXT_NEAR, end + _CONTEXT_NEAR) for start, end in sentence.found(context.signs)]


def _standing(sentence: _Sentence, signs: _Signs) -> list[Span]:
    """Return the findings that nothing excuses."""
    found = list(sentence.found(signs))
    if not found:
        return []
    excused = list(sentence.excused(signs))
    return [span for span in found if not any(_touch(excuse, span) for excuse in excused)]


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


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


def _signs(table: Mapping[str, Any]) -> _Signs:
    return _Signs(
        expressions=tuple(
            (expression.atoms[0].forms, expression) for expression in map(Expression.parse, table.get("say", ()))
        ),
        texts=_patterns(table.get("text", ())),
        unless=_patterns(table.get("unless", ())),
        unless_near=_patterns(table.get("unless_near", ())),
    )


def _patterns(sources: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source in sources)
