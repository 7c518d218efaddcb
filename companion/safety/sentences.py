"""Parts what was said into sentences, so that no sentence excuses another.

Speech comes without marks; a final ending inside a run of words ends a sentence as a full stop does.

Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias

from companion.core.morphology import Morpheme
from companion.core.reading import Expression, Grammar, Reading

Span: TypeAlias = tuple[int, int]
"""Half open, in characters of a text, or in letters of a sentence without blanks."""

_SENTENCE_END: Final = re.compile(r"(?<!\.)\.(?!\.)|[!?。\n]+")
"""Dots in a row are a pause: 죽고... 싶어."""
_LONGEST: Final = 400
_OVERLAP: Final = 60
"""So that what lies across a cut is found on one side of it."""
_QUOTING: Final = frozenset(",'\"”’」』")
_FINAL, _CONNECTING, _TENSE, _PAUSE = "EF", "EC", "EP", "SE"
_PREDICATES: Final = frozenset({"VV", "VA", "XSV", "XSA"})
_LEANING: Final = ("E", "J", "XS")
"""Endings, particles and suffixes lean on the word before them."""
_CITING: Final = 4
"""Morphemes that tell whether an ending ends what is cited."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its letters and digits, where they stood, and its reading."""

    compact: str
    at: tuple[int, ...]
    """Index of each letter in the whole text, ascending."""
    reading: Reading
    forms: frozenset[str]
    """Of the words of the reading."""
    morphemes: tuple[Morpheme, ...] = ()
    """With places in the span that was analysed."""
    offset: int = 0
    """Where that span begins in the whole text."""
    shown: str = ""
    """The morphemes, each written form/TAG with a blank behind it."""
    shown_at: tuple[int, ...] = ()
    """Index in ``shown`` of each morpheme, ascending."""
    closed: tuple[int, ...] = ()
    """Letters behind which a sentence may end although no mark says so, ascending."""
    begins: frozenset[int] = frozenset()
    """Letters with which a word or a verb in it begins: not those inside one, nor those of an ending or a particle."""

    def span_of(self, expression: Expression) -> Iterator[Span]:
        """Yield where an expression stands, in letters of ``compact``."""
        words = self.reading.words
        for first, last in expression.matches(self.reading):
            end = bisect_left(self.at, words[last].start) + len(words[last].form)
            yield bisect_left(self.at, words[first].start), min(end, len(self.compact))

    def letters(self, span: Span) -> Span:
        """Return the letters of ``compact`` under some of ``shown``; no letter for no morpheme."""
        first = max(bisect_right(self.shown_at, span[0]) - 1, 0)
        own = self.morphemes[first : bisect_left(self.shown_at, span[1])]
        if not own:
            return 0, 0
        end = bisect_left(self.at, own[-1].end + self.offset)
        return bisect_left(self.at, own[0].start + self.offset), end

    def place(self, span: Span) -> Span:
        """Return the characters of the whole text that a span of letters covers."""
        start, end = max(span[0], 0), min(span[1], len(self.at))
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Reader:
    """What tells sentences apart and reads them."""

    grammar: Grammar
    final_behind_tense: frozenset[str]
    """Endings that end a sentence behind 았 or 겠, even where an analyser takes them for connecting ones."""
    closing: frozenset[str]
    """Endings behind which no other clause is the ground, the time or the way of what was said."""
    cited: re.Pattern[str]
    """Over an ending and the three morphemes behind it: it ends what somebody says or thinks, not the sentence."""


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


def sentences(text: str, start: int, morphemes: Sequence[Morpheme], reader: Reader) -> Iterator[Sentence]:
    """Yield the sentences of one span.

    Args:
        text: The characters of the span.
        start: Where it stands in the whole text.
        morphemes: The analysis of ``text``, with places in ``text``.
        reader: Reads them.
    """
    begins = [morpheme.start for morpheme in morphemes]
    for first, end in _final_spans(text, morphemes, reader):
        at = tuple(index for index in range(first, end) if text[index].isalnum())
        if not at:
            continue
        own = tuple(morphemes[bisect_left(begins, first) : bisect_left(begins, end)])
        reading = reader.grammar.read(own)
        moved = Reading(
            words=tuple(type(word)(word.form, word.kind, word.flags, word.start + start) for word in reading.words),
            question=reading.question,
            request=reading.request,
            polite=reading.polite,
        )
        parts = [*map(_shown, own)]
        yield Sentence(
            compact="".join(text[index] for index in at),
            at=tuple(index + start for index in at),
            reading=moved,
            forms=frozenset(word.form for word in moved.words),
            morphemes=own,
            offset=start,
            shown="".join(parts),
            begins=frozenset(bisect_left(at, one.start) for one in own if not one.tag.startswith(_LEANING)),
            closed=tuple(bisect_left(at, end) for end in _closed(text, own, reading, reader)),
            shown_at=tuple(accumulate(map(len, parts[:-1]), initial=0)) if parts else (),
        )


def _closed(text: str, own: Sequence[Morpheme], reading: Reading, reader: Reader) -> Sequence[int]:
    """Return the characters behind which a sentence may end: another predicate follows.

    A pause is no part of a word, and a time that follows (길을 잃었어 삼십 년 전에) belongs to what was said.
    """
    pauses = any(morpheme.tag == _PAUSE for morpheme in own)
    bare = reader.grammar.read(tuple(one for one in own if one.tag != _PAUSE)) if pauses else reading
    spoken = (
        one.end
        for one in own
        if one.tag == _CONNECTING and one.form in reader.closing and not text[one.end : one.end + 1].isalnum()
    )
    last = max((one.start for one in own if one.tag in _PREDICATES), default=0)
    return sorted({end for end in (*bare.ends, *spoken) if end <= last})


def _ends_here(character: str) -> bool:
    """Whether a sentence may end before this character: not before what closes or continues a quotation."""
    return not character.isalnum() and character not in _QUOTING


def _final_spans(text: str, morphemes: Sequence[Morpheme], reader: Reader) -> Iterator[Span]:
    """Yield spans that end where a word with a final ending ends."""
    start, tense = 0, False
    for index, morpheme in enumerate(morphemes):
        end = morpheme.end
        final = morpheme.tag == _FINAL or (
            tense and morpheme.tag == _CONNECTING and morpheme.form in reader.final_behind_tense
        )
        tense = morpheme.tag == _TENSE
        if final and start < end < len(text) and _ends_here(text[end]):
            if reader.cited.match("".join(map(_shown, morphemes[index : index + _CITING]))):
                continue
            yield start, end
            start = end
    if start < len(text):
        yield start, len(text)


def _shown(morpheme: Morpheme) -> str:
    return f"{morpheme.form}/{morpheme.tag} "
