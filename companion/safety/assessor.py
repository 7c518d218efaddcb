"""Looks for danger in what was said, before anything else is done with it.

Rules are data (``prompts/lexicon/danger*.toml``, see ``lexicon``). Grammar lowers what is plainly denied, past, told of
others or seen in a drama; it never lowers a rule that says it may not be lowered. An excuse takes away what it touches
and nothing else, so that an idiom beside a danger excuses only itself. Works without a model, and no model can lower it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.safety.lexicon import Context, Rule, load_danger, touch
from companion.safety.respelling import Respelling
from companion.safety.risk import NO_RISK, Level, Risk, Theme
from companion.safety.sentences import Sentence, Span, marked_spans, sentences

_RECENT_TURNS: Final = 3
_BLANKS: Final = re.compile(r"\s+")
_READ_WHOLE: Final = 2000
"""Characters up to which every sentence is looked at; behind them only those that hold one of the table's ``stems``."""
_LOWERED: Final = 0.6
"""Confidence in what a context lowered."""


class Assessor:
    """Built once from the tables; assesses any text."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], grammar: Grammar, analyser: Analyser) -> None:
        """Compile the rules.

        Args:
            tables: Of ``prompts/lexicon``, by file name; those that begin with ``danger`` are read.
            grammar: Reads the morphemes.
            analyser: Finds them.

        Raises:
            PromptError: A file or pattern cannot be used; it is named.
        """
        self._lexicon = load_danger(tables)
        self._respelling = Respelling(self._lexicon.respelling)
        self._grammar = grammar
        self._analyser = analyser

    @property
    def version(self) -> str:
        """Of the lexicon: recorded with every risk."""
        return self._lexicon.version

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return the half-open spans of ``text`` in which danger is looked for.

        All sentences of what a person can say; of a longer text those behind it that hold a stem of the table, each
        wording once. Linear in the length of the text.
        """
        kept: list[Span] = []
        known: set[str] = set()
        for start, end in marked_spans(text):
            if start >= _READ_WHOLE:
                sentence = text[start:end]
                if sentence in known or not self._lexicon.stems.search(_BLANKS.sub("", sentence)):
                    continue
                known.add(sentence)
            kept.append((start, end))
        return tuple(kept)

    def assess(self, text: str, recent: Sequence[Risk] = ()) -> Risk:
        """Return the gravest danger found in one utterance.

        Args:
            text: What was heard.
            recent: Risks of the turns before, oldest first. After a concern a doubtful word weighs more.
        """
        mended = self._respelling.mend(text)
        found = [
            replace(risk, words=text[slice(*place)])
            for sentence in self._sentences(mended)
            for rule in self._lexicon.rules
            for risk, place in self._weighed(rule, sentence)
        ]
        if not found:
            return NO_RISK
        gravest = max(found, key=lambda risk: (risk.level.rank, risk.confidence))
        worried = any(
            risk.level.rank >= Level.CONCERN.rank and risk.theme is Theme.SELF_HARM for risk in recent[-_RECENT_TURNS:]
        )
        if gravest.level is Level.WATCH and worried and gravest.theme is Theme.SELF_HARM:
            return replace(gravest, level=Level.CONCERN)
        return gravest if gravest.level is not Level.NONE else NO_RISK

    def _sentences(self, text: str) -> Iterator[Sentence]:
        for start, end in self.spans(text):
            part = text[start:end]
            yield from sentences(part, start, self._analyser.analyse(part), self._grammar)

    def _weighed(self, rule: Rule, sentence: Sentence) -> Iterator[tuple[Risk, Span]]:
        """Yield the gravest of what the rule finds in a sentence, each finding lowered by what it is told in."""
        spans = rule.signs.standing(sentence)
        if not spans:
            return
        contexts = [
            (context.level, told)
            for context in self._lexicon.contexts
            if _may_lower(context, rule)
            for told in context.told(sentence)
        ]
        weighed = [
            (min([rule.level, *(level for level, told in contexts if touch(told, span))], key=_rank), span)
            for span in spans
        ]
        level, span = max(weighed, key=lambda one: one[0].rank)
        confidence = 1.0 if level is rule.level else _LOWERED
        yield Risk(level, rule.kind, rule.id, confidence), sentence.place(span)


def _may_lower(context: Context, rule: Rule) -> bool:
    return (
        context.name not in rule.firm
        and rule.kind.theme in context.themes
        and context.level.rank < rule.level.rank
    )


def _rank(level: Level) -> int:
    return level.rank
