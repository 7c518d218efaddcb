"""Reads the lexicon of danger: what points to it, and what is told in a way that lowers it.

A rule has expressions over the reading (``say``), regular expressions over the letters without blanks (``text``), which
still find what a recogniser ran together, such expressions whose finding begins with a word (``word``), and regular
expressions over the morphemes (``told``), each written form/TAG with a blank behind it, which tell by grammar who
speaks of whom, and when. In a pattern ``<name>`` stands for any word of that class, and ``<ㄹ>`` for any syllable that
ends in this consonant. A combination (``together``) is found where
signs of different groups stand anywhere in an utterance or in the turns just before it. Everything that is wrong with a
file is one sentence that names the file and the pattern.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from companion.core.reading import Expression
from companion.errors import PromptError
from companion.safety.ideas import Ideas, load_ideas
from companion.safety.patterns import AnyOf, Patterns, word_classes
from companion.safety.risk import Kind, Level, Theme
from companion.safety.sentences import Sentence, Span

_MAIN: Final = "danger.toml"
CALM: Final = "calm"
"""In ``firm``: what is found cannot be read otherwise, so trained voices that are calm do not lower it."""
_NEAR: Final = 14
"""Letters between a finding and what stands beside it."""
_TOLD_WITHIN: Final = 40
"""Letters between a finding and what it is told in."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Signs:
    """What points to something: expressions over the reading, texts over the letters, and what takes them away."""

    expressions: tuple[tuple[frozenset[str], Expression], ...]
    """Each with the forms of its first place: looked at before anything else, because there are many."""
    texts: AnyOf
    whole: AnyOf
    """Over the letters too, but what they find begins with a word: 자해 is not in 보내자 해 놓고."""
    told: AnyOf
    """Over the morphemes: see ``Sentence.shown``."""
    unless: AnyOf
    """Takes away a finding that it touches."""
    unless_near: AnyOf
    """Takes away a finding that it touches or stands beside."""

    def found(self, sentence: Sentence) -> Iterator[Span]:
        """Yield the spans that the signs point to, excused ones too."""
        yield from self.texts.findings(sentence.compact)
        yield from (span for span in self.whole.findings(sentence.compact) if span[0] in sentence.begins)
        yield from (sentence.letters(span) for span in self.told.findings(sentence.shown))
        for begins, expression in self.expressions:
            if not begins.isdisjoint(sentence.forms):
                yield from sentence.span_of(expression)

    def standing(self, sentence: Sentence) -> list[Span]:
        """Return the findings that nothing excuses."""
        if not self.may_stand(sentence):
            return []
        found = [span for span in self.found(sentence) if span[0] < span[1]]
        excused = list(self._excused(sentence))
        return [span for span in found if not any(touch(excuse, span) for excuse in excused)]

    def may_stand(self, sentence: Sentence) -> bool:
        """Whether any of them is there at all; hardly ever, and this is asked thousands of times for an utterance."""
        letters = sentence.compact
        if self.texts.search(letters) or self.whole.search(letters) or self.told.search(sentence.shown):
            return True
        return any(not begins.isdisjoint(sentence.forms) for begins, _ in self.expressions)

    def speaks_against(self, sentence: Sentence) -> bool:
        """Whether something that takes the signs away stands anywhere in the sentence."""
        return self.unless.search(sentence.compact) is not None

    def _excused(self, sentence: Sentence) -> Iterator[Span]:
        for patterns, reach in ((self.unless, 0), (self.unless_near, _NEAR)):
            yield from ((start - reach, end + reach) for start, end in patterns.findings(sentence.compact))


@dataclass(frozen=True, slots=True)
class Rule:
    """One danger and how it is said."""

    id: str
    kind: Kind
    level: Level
    signs: Signs
    firm: frozenset[str]
    """Names of the contexts that must not lower it."""


@dataclass(frozen=True, slots=True)
class Context:
    """A circumstance that lowers what a rule found: others, past, drama, denial."""

    name: str
    level: Level
    signs: Signs
    themes: frozenset[Theme]
    """The dangers that it lowers."""
    before: int
    """How many letters behind its sign a finding may stand."""
    after: int
    """How many letters ahead of its sign a finding may stand."""
    only: frozenset[str]
    """Ids of the rules that it lowers; empty for all."""
    anywhere: AnyOf
    """One of them must stand somewhere in the utterance as well; none for no such condition."""
    nowhere: AnyOf
    """None of them may stand anywhere in the utterance."""
    until: AnyOf
    """Where one of them stands behind the sign, its reach ends: somebody else is spoken of from there."""
    inside: bool
    """Whether it reaches no further than a sentence may, where an ending closes it though no mark does."""
    wide: bool
    """Whether it reaches over the whole utterance, from this turn or one just before."""

    def may_lower(self, rule: Rule) -> bool:
        """Whether it concerns a rule at all."""
        return (
            self.name not in rule.firm
            and rule.kind.theme in self.themes
            and self.level.rank < rule.level.rank
            and (not self.only or rule.id in self.only)
        )

    def told(self, sentence: Sentence) -> list[Span]:
        """Return how far it reaches; what speaks against it does so in the whole sentence."""
        found = list(self.signs.found(sentence)) if self.signs.may_stand(sentence) else []
        if not found or self.signs.speaks_against(sentence):
            return []
        return [(self._begin(sentence, start), self._reach(sentence, end)) for start, end in found]

    def _begin(self, sentence: Sentence, start: int) -> int:
        ends = [end for end in sentence.closed if end <= start]
        return max([start - self.after, *ends]) if self.inside else start - self.after

    def _reach(self, sentence: Sentence, end: int) -> int:
        stop = self.until.search(sentence.compact, end)
        stops = [] if stop is None else [stop.start()]
        if self.inside:
            stops += [closed for closed in sentence.closed if closed >= end]
        return min([end + self.before, *stops])


@dataclass(frozen=True, slots=True)
class Group:
    """Signs that mean nothing alone."""

    name: str
    signs: Signs
    firm: frozenset[str]
    """Names of the contexts that must not take it away."""


@dataclass(frozen=True, slots=True)
class Together:
    """A danger that only several groups of signs give away."""

    id: str
    kind: Kind
    level: Level
    needs: tuple[frozenset[str], ...]
    """Names of groups: all of one set must be there."""
    firm: frozenset[str]
    """What must not lower it: see ``CALM``."""


@dataclass(frozen=True, slots=True)
class DangerLexicon:
    """All of it."""

    version: str
    stems: re.Pattern[str]
    final_behind_tense: frozenset[str]
    closing: frozenset[str]
    cited: re.Pattern[str]
    rules: tuple[Rule, ...]
    contexts: tuple[Context, ...]
    groups: tuple[Group, ...]
    together: tuple[Together, ...]
    respelling: Mapping[str, Any]
    ideas: Ideas
    """What the second voice hears clauses to be about."""


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a letter."""
    return one[0] < other[1] and other[0] < one[1]


def load_danger(tables: Mapping[str, Mapping[str, Any]]) -> DangerLexicon:
    """Read ``danger.toml`` and the files that it names: one that is not there would be danger that nobody hears.

    Raises:
        PromptError: A file, part or pattern cannot be used; file and pattern are named.
    """
    if _MAIN not in tables:
        raise PromptError("lexicon.missing", file=_MAIN, entry="")
    main = tables[_MAIN]
    files = {_MAIN: main, **{name: tables.get(name, {}) for name in _part(_MAIN, main, "files")}}
    bare = next((name for name in files if name != _MAIN and not _holds(files[name])), None)
    if bare is not None:
        raise PromptError("lexicon.missing", file=bare, entry="rule")
    classes = word_classes(_part(_MAIN, main, "classes"))
    rules: list[Rule] = []
    contexts: list[Context] = []
    groups: list[Group] = []
    together: list[Together] = []
    for name, table in files.items():
        reader = _Reader(name, Patterns(name, classes))
        rules += [reader.rule(entry) for entry in table.get("rule", ())]
        contexts += [reader.context(entry) for entry in table.get("context", ())]
        groups += [reader.group(entry) for entry in table.get("group", ())]
        together += [reader.together(entry) for entry in table.get("together", ())]
    return DangerLexicon(
        version=str(_part(_MAIN, main, "version")),
        stems=re.compile("|".join(map(re.escape, _part(_MAIN, main, "stems")))),
        final_behind_tense=frozenset(_part(_MAIN, main, "final_behind_tense")),
        closing=frozenset(_part(_MAIN, main, "closing")),
        cited=Patterns(_MAIN, classes).one(str(_part(_MAIN, main, "cited"))),
        rules=tuple(rules),
        contexts=tuple(contexts),
        groups=tuple(groups),
        together=tuple(together),
        respelling=_part(_MAIN, main, "respelling"),
        ideas=load_ideas(tables, classes),
    )


def _holds(table: Mapping[str, Any]) -> bool:
    return any(table.get(part) for part in ("rule", "context", "group", "together"))


def _part(file: str, table: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a part of a TOML file
    if name not in table:
        raise PromptError("lexicon.missing", file=file, entry=name)
    return table[name]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the entries of one file, so that whatever is wrong can be named by it."""

    file: str
    patterns: Patterns

    def rule(self, entry: Mapping[str, Any]) -> Rule:
        return Rule(
            id=str(_part(self.file, entry, "id")),
            kind=self._choice(Kind, _part(self.file, entry, "kind")),
            level=self._choice(Level, _part(self.file, entry, "level")),
            signs=self._signs(entry),
            firm=frozenset(entry.get("firm", ())),
        )

    def context(self, entry: Mapping[str, Any]) -> Context:
        return Context(
            name=str(_part(self.file, entry, "name")),
            level=self._choice(Level, _part(self.file, entry, "level")),
            signs=self._signs(entry),
            themes=frozenset(self._choice(Theme, theme) for theme in entry.get("themes", Theme)),
            before=int(entry.get("before", _TOLD_WITHIN)),
            after=int(entry.get("after", _TOLD_WITHIN)),
            only=frozenset(entry.get("only", ())),
            anywhere=self.patterns.any_of(entry.get("anywhere", ())),
            nowhere=self.patterns.any_of(entry.get("nowhere", ())),
            until=self.patterns.any_of(entry.get("until", ())),
            inside=bool(entry.get("inside", False)),
            wide=bool(entry.get("wide", False)),
        )

    def group(self, entry: Mapping[str, Any]) -> Group:
        return Group(str(_part(self.file, entry, "name")), self._signs(entry), frozenset(entry.get("firm", ())))

    def together(self, entry: Mapping[str, Any]) -> Together:
        return Together(
            id=str(_part(self.file, entry, "id")),
            kind=self._choice(Kind, _part(self.file, entry, "kind")),
            level=self._choice(Level, _part(self.file, entry, "level")),
            needs=tuple(frozenset(need) for need in _part(self.file, entry, "needs")),
            firm=frozenset(entry.get("firm", ())),
        )

    def _signs(self, entry: Mapping[str, Any]) -> Signs:
        expressions = map(self._expression, entry.get("say", ()))
        return Signs(
            expressions=tuple((expression.atoms[0].forms, expression) for expression in expressions),
            texts=self.patterns.any_of(entry.get("text", ())),
            whole=self.patterns.any_of(entry.get("word", ())),
            told=self.patterns.any_of(entry.get("told", ())),
            unless=self.patterns.any_of(entry.get("unless", ())),
            unless_near=self.patterns.any_of(entry.get("unless_near", ())),
        )

    def _choice(self, choices: type[_Value], value: object) -> _Value:
        try:
            return choices(value)  # type: ignore[call-arg]
        except ValueError:
            raise PromptError("lexicon.pattern", file=self.file, pattern=value, detail=choices.__name__) from None

    def _expression(self, source: str) -> Expression:
        try:
            return Expression.parse(source)
        except ValueError as error:
            raise PromptError("lexicon.pattern", file=self.file, pattern=source, detail=str(error)) from None
