"""The pieces of an utterance that the trained voices listen to: clauses, sentences, and neighbours together.

Each piece is heard for itself and the gravest counts, so harmless words around a danger cannot drown it: a long turn is
as many short ones. A clause ends at a connecting ending before a blank, where there is enough on both sides.

Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final

from companion.core.morphology import Morpheme
from companion.safety.sentences import Sentence, Span

_CONNECTING: Final = "EC"
_LONG: Final = 24
"""Letters of a sentence that is heard in clauses as well."""
_CLAUSE: Final = 6
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

    def __add__(self, other: Window) -> Window:
        """Return both, one behind the other."""
        return Window(self.letters + other.letters, self.morphemes + other.morphemes, (self.place[0], other.place[1]))


def whole(sentence: Sentence) -> Window:
    """Return a sentence as one piece."""
    return Window(sentence.compact, sentence.morphemes, (sentence.at[0], sentence.at[-1] + 1))


def clauses(sentence: Sentence) -> Sequence[Window]:
    """Return the clauses of a sentence: itself alone if it is short or has no seam."""
    if len(sentence.at) < _LONG:
        return (whole(sentence),)
    at, made, first, taken = sentence.at, [], 0, 0
    for index, morpheme in enumerate(sentence.morphemes):
        end = bisect_left(at, sentence.offset + morpheme.end)
        seam = morpheme.tag == _CONNECTING and 0 < end < len(at) and at[end] > at[end - 1] + 1
        if seam and end - first >= _CLAUSE and len(at) - end >= _CLAUSE:
            own = sentence.morphemes[taken : index + 1]
            made.append(Window(sentence.compact[first:end], own, (at[first], at[end - 1] + 1)))
            first, taken = end, index + 1
    made.append(Window(sentence.compact[first:], sentence.morphemes[taken:], (at[first], at[-1] + 1)))
    return made


def windows(read: Sequence[Sentence]) -> Iterator[Window]:
    """Yield the sentences, each pair of neighbours, and of long ones runs of their clauses; none twice."""
    for index, sentence in enumerate(read):
        alone = whole(sentence)
        yield alone
        yield from (alone + whole(after) for after in read[index + 1 : index + 2])
        parts = clauses(sentence)
        for length in range(1, min(_RUN, len(parts) - 1) + 1):
            yield from (reduce(add, parts[at : at + length]) for at in range(len(parts) - length + 1))
