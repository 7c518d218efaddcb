"""The pieces of an utterance that the trained voices listen to: clauses, sentences, and neighbours together.

Each piece is heard for itself and the gravest counts, so harmless words around a danger cannot drown it: a long turn is
as many short ones. A clause ends at a connecting ending before a blank, where there is enough on both sides.

Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Final

from companion.core.morphology import Morpheme
from companion.safety.ideas import Ideas
from companion.safety.sentences import Sentence, Span

_ENDINGS: Final = frozenset({"EC", "EF"})
_CLOSING: Final = frozenset("다네지요까제유")
"""Letters with which a final ending closes, whatever an analyser makes of the word where no mark stands behind it."""
_LONG: Final = 12
"""Letters of a sentence that is heard in clauses as well."""
_CLAUSE: Final = 4
"""Letters that a clause has at least."""
_RUN: Final = 4
"""Clauses that are heard together at most: without marks nobody says where a sentence ends."""


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of an utterance."""

    letters: str
    """Without blanks and marks, dialect and sound-alikes written back."""
    morphemes: tuple[Morpheme, ...]
    place: Span
    """In characters of the whole text."""
    ideas: frozenset[str] = frozenset()
    """What it is about: see ``ideas``."""
    before: str = ""
    """What was said in the turn before, if it is heard behind that."""

    def __add__(self, other: Window) -> Window:
        """Return both, one behind the other."""
        return Window(
            self.letters + other.letters,
            self.morphemes + other.morphemes,
            (self.place[0], other.place[1]),
            self.ideas | other.ideas,
        )

    def behind(self, turn: Window, said: str) -> Window:
        """Return it as heard behind the turn before, whose words are ``said``. Its place stays its own."""
        return replace(turn + self, place=self.place, before=said)

    def words(self, text: str) -> str:
        """Return what is heard, as it stands in ``text``."""
        own = text[slice(*self.place)]
        return f"{self.before} {own}" if self.before else own


def whole(sentence: Sentence, ideas: Ideas) -> Window:
    """Return a sentence as one piece: the same as a run of its clauses, wherever they stand."""
    return reduce(add, clauses(sentence, ideas))


def clauses(sentence: Sentence, ideas: Ideas) -> Sequence[Window]:
    """Return the clauses of a sentence, itself if it is short.

    One that is too short for itself belongs to that before it (갔으면, 한다).
    """
    made, first, taken = list[Window](), 0, 0
    for index, end in _seams(sentence) if len(sentence.at) >= _LONG else ():
        if end - first < _CLAUSE and not made:
            continue
        clause = _piece(sentence, ideas, (first, end), (taken, index + 1))
        if end - first < _CLAUSE:
            made[-1] += clause
        else:
            made.append(clause)
        first, taken = end, index + 1
    made.append(_piece(sentence, ideas, (first, len(sentence.at)), (taken, len(sentence.morphemes))))
    return made


def _piece(sentence: Sentence, ideas: Ideas, letters: Span, morphemes: Span) -> Window:
    compact, (first, end) = sentence.compact[slice(*letters)], letters
    place = (sentence.at[first], sentence.at[end - 1] + 1)
    return Window(compact, sentence.morphemes[slice(*morphemes)], place, ideas.found(compact))


def _seams(sentence: Sentence) -> Iterator[Span]:
    """Yield the morphemes with which a clause ends before a blank or a mark, and how many letters end there."""
    at = sentence.at
    for index, morpheme in enumerate(sentence.morphemes):
        end = bisect_left(at, sentence.offset + morpheme.end)
        if 0 < end < len(at) and at[end] > at[end - 1] + 1 and _ends_clause(morpheme, sentence, end):
            yield index, end


def _ends_clause(morpheme: Morpheme, sentence: Sentence, end: int) -> bool:
    return morpheme.tag in _ENDINGS or sentence.compact[end - 1 : end] in _CLOSING


def turn(read: Sequence[Sentence], ideas: Ideas) -> Window | None:
    """Return all sentences of a turn as one piece; None where nothing was said."""
    wholes = [whole(sentence, ideas) for sentence in read]
    return reduce(add, wholes) if wholes else None


def windows(read: Sequence[Sentence], ideas: Ideas) -> Iterator[Window]:
    """Yield the sentences, each pair of neighbours, and runs of clauses, over all of them; none twice.

    Without marks nobody says where a sentence ends, so a run may begin in one and end in another.
    """
    cut = [clauses(sentence, ideas) for sentence in read]
    wholes = [reduce(add, parts) for parts in cut]
    parts = [part for sentence in cut for part in sentence]
    runs = (
        reduce(add, parts[at : at + length])
        for length in range(1, min(_RUN, len(parts)) + 1)
        for at in range(len(parts) - length + 1)
    )
    pairs = (one + other for one, other in pairwise(wholes))
    yield from {piece.place: piece for piece in (*runs, *pairs, *wholes)}.values()
