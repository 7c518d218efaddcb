"""Words whose boundaries no rule can tell, read from a table.

An entry is the word as written with a sign at each special boundary: ``'`` tense (문'고리), ``+`` ㄴ is
inserted (솜+이불), ``/`` the coda is neutralised before it links (겉/옷), ``-`` ㄴㄴ for ㄹㄹ (의견-란), ``^`` ㅂ is
left of ㄼ (넓^죽). Within a listed word no general rule sets a mark, so a word listed without signs is said as it
is written (송별연).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from companion.core.pronunciation.sounds import Mark

_SIGNS: Final = {
    "'": Mark.TENSE,
    "+": Mark.INSERT,
    "/": Mark.CONTENT,
    "-": Mark.NASAL,
    "^": Mark.LABIAL | Mark.TENSE,
}
_LONG: Final = 3
"""Syllables from which an entry may also stand in the middle of a word."""


class Lexicon:
    """Finds listed words in a text.

    Args:
        entries: Words with signs; of two with the same letters the later stands.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._marks: dict[str, dict[int, Mark]] = {}
        self._lengths: dict[str, list[int]] = {}
        for entry in entries:
            word, marks = _parsed(entry)
            if word:
                self._marks[word] = marks
        for word in self._marks:
            lengths = self._lengths.setdefault(word[0], [])
            if len(word) not in lengths:
                lengths.append(len(word))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def find(self, text: str, starts: Collection[int], ends: Collection[int]) -> dict[int, Mark]:
        """Return the marks of all listed words in ``text``, by the index of the character right of the boundary.

        Boundaries inside a listed word that have no sign are there too, with ``Mark.NONE``.

        Args:
            text: Words and punctuation.
            starts: Indices at which a word or morpheme begins.
            ends: Indices just past the end of one.
        """
        found: dict[int, Mark] = {}
        at = 0
        while at < len(text):
            length = self._match(text, at, starts, ends)
            if length:
                marks = self._marks[text[at : at + length]]
                found.update({at + inner: marks.get(inner, Mark.NONE) for inner in range(1, length)})
            at += length - 1 if length > 1 else 1  # the last syllable may begin another listed word
        return found

    def _match(self, text: str, at: int, starts: Collection[int], ends: Collection[int]) -> int:
        for length in self._lengths.get(text[at], ()):
            if text[at : at + length] not in self._marks:
                continue
            if length >= _LONG or (at in starts and at + length in ends):
                return length
        return 0


def _parsed(entry: str) -> tuple[str, dict[int, Mark]]:
    word = ""
    marks: dict[int, Mark] = {}
    for character in entry:
        sign = _SIGNS.get(character)
        if sign is None:
            word += character
        else:
            marks[len(word)] = marks.get(len(word), Mark.NONE) | sign
    return word, marks
