"""Parts what was said into sentences, so that no sentence excuses another.

Speech comes without marks; a final ending inside a run of words ends a sentence as a full stop does.

Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from companion.core.morphology import Morpheme
from companion.core.reading import Expression, Grammar, Reading

Span: TypeAlias = tuple[int, int]
"""Half open, in characters of a text, or in letters of a sentence without blanks."""

_SENTENCE_END: Final = re.compile(r"[.!?。\n]+")
_LONGEST: Final = 400
_OVERLAP: Final = 60
"""So that what lies across a cut is found on one side of it."""
_FINAL: Final = "EF"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its letters and digits, where they stood, and its reading."""

    compact: str
    at: tuple[int, ...]
    """Index of each letter in the whole text, ascending."""
    reading: Reading
    forms: frozenset[str]
    """Of the words of the reading."""

    def span_of(self, expression: Expression) -> Iterator[Span]:
        """Yield where an expression stands, in letters of ``compact``."""
        words = self.reading.words
        for first, last in expression.matches(self.reading):
            end = bisect_left(self.at, words[last].start) + len(words[last].form)
            yield bisect_left(self.at, words[first].start), min(end, len(self.compact))

    def place(self, span: Span) -> Span:
        """Return the characters of the whole text that a span of letters covers."""
        start, end = max(span[0], 0), min(span[1], len(self.at))
        return self.at[start], self.at[end - 1] + 1


def marked_spans(text: str) -> Iterator[Span]:
    """Yield the spans between closing marks; one without an end is cut after ``_LONGEST`` characters."""
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


def sentences(text: str, start: int, morphemes: Sequence[Morpheme], grammar: Grammar) -> Iterator[Sentence]:
    """Yield the sentences of one span.

    Args:
        text: The characters of the span.
        start: Where it stands in the whole text.
        morphemes: The analysis of ``text``, with places in ``text``.
        grammar: Reads them.
    """
    begins = [morpheme.start for morpheme in morphemes]
    for first, end in _final_spans(text, morphemes):
        at = tuple(index for index in range(first, end) if text[index].isalnum())
        if not at:
            continue
        reading = grammar.read(morphemes[bisect_left(begins, first) : bisect_left(begins, end)])
        moved = Reading(
            words=tuple(type(word)(word.form, word.kind, word.flags, word.start + start) for word in reading.words),
            question=reading.question,
            request=reading.request,
            polite=reading.polite,
        )
        yield Sentence(
            compact="".join(text[index] for index in at),
            at=tuple(index + start for index in at),
            reading=moved,
            forms=frozenset(word.form for word in moved.words),
        )


def _final_spans(text: str, morphemes: Sequence[Morpheme]) -> Iterator[Span]:
    """Yield spans that end where a word with a final ending ends."""
    start = 0
    for morpheme in morphemes:
        end = morpheme.end
        if morpheme.tag == _FINAL and start < end < len(text) and text[end].isspace():
            yield start, end
            start = end
    if start < len(text):
        yield start, len(text)
