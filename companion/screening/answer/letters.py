"""A reply as letters: variants of dialect and of recognisers resolved, blanks gone, each letter with its place.

Recognisers put blanks where they like, so patterns look at letters; words and clauses are kept as marks beside them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from companion.core.reading import Reading
from companion.core.respelling import Respelling
from companion.screening.record import Evidence

_WORD: Final = re.compile(r"[0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ]+")
_FULL_STOP: Final = frozenset(".!?？\n…")
_WHILE: Final = "동안"
_QUESTION_MARKS: Final = frozenset("?？")


@dataclass(frozen=True)
class Letters:
    """One reply. Indices are into ``compact`` unless said otherwise."""

    heard: str
    """As it was heard, NFC."""
    plain: str
    """Variants resolved, blanks and punctuation kept: what is analysed."""
    compact: str
    """The letters and digits of ``plain``."""
    at: tuple[int, ...]
    """For each letter its index in ``heard``."""
    in_plain: tuple[int, ...]
    """For each letter its index in ``plain``."""
    word_starts: frozenset[int]
    stops: frozenset[int]
    """Letters before which a sentence ended."""
    pauses: frozenset[int]
    """Letters before which a comma or the like stood."""

    question_ends: frozenset[int]
    """Letters before which a question mark stood; the number of letters where it stood at the end."""
    closings: frozenset[int] = frozenset()
    """Letters before which a word stood that may end a sentence; known once the reply was analysed."""

    def closed_by(self, reading: Reading) -> Letters:
        """Return the same letters with the closings that morphology sees."""
        return replace(self, closings=frozenset(map(self.letter_at, reading.ends)))

    def last_break(self, place: int) -> int:
        """Return the last letter up to a place before which a sentence ended, or may have ended."""
        return max((mark for mark in self.stops | self.pauses | self.closings if mark <= place), default=0)

    def words_between(self, start: int, end: int) -> int:
        """Return how many words begin from one letter to another."""
        return sum(start <= one < end for one in self.word_starts)

    def breaks(self, start: int, end: int) -> bool:
        """Whether a sentence ends, or may end, between two letters."""
        return any(start < mark < end for mark in self.stops | self.pauses | self.closings)

    def begins_sentence(self, place: int) -> bool:
        """Whether a letter is the first of a sentence or stands behind a comma."""
        return place == 0 or place in self.stops or place in self.pauses

    def is_torn(self, place: int) -> bool:
        """Whether a letter that looks like 안 is the end of 동안: 며칠 동안 그런 생각."""
        return self.compact[max(place - 1, 0) : place + 1] == _WHILE and place not in self.word_starts

    def ends_sentence(self, place: int) -> bool:
        """Whether a sentence, or a part of one, ends before a letter."""
        return place >= len(self.compact) or place in self.stops or place in self.pauses

    def sentence(self, place: int) -> tuple[int, int]:
        """Return the half-open span of the sentence that a letter belongs to."""
        starts = [mark for mark in self.stops if mark <= place]
        ends = [mark for mark in self.stops if mark > place]
        return max(starts, default=0), min(ends, default=len(self.compact))

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the words that a span of letters stands for, as they were heard."""
        if start >= end:
            return Evidence("", 0, 0)
        first, last = self.at[start], self.at[end - 1] + 1
        return Evidence(self.heard[first:last], first, last)

    def letter_at(self, index_in_plain: int) -> int:
        """Return the first letter at or behind an index of ``plain``."""
        return next(
            (letter for letter, place in enumerate(self.in_plain) if place >= index_in_plain), len(self.compact)
        )

    @cached_property
    def starts_with_blank(self) -> str:
        """The letters with one blank before every word: for patterns that need the edges of words."""
        return "".join(f" {one}" if index in self.word_starts else one for index, one in enumerate(self.compact))


class Speller:
    """Resolves variants. Built once from the tables."""

    def __init__(
        self, beginning: Mapping[str, str], anywhere: Mapping[str, str], by_ear: Respelling, fillers: Mapping[str, str]
    ) -> None:
        """Compile the variants.

        Args:
            beginning: Variants at the beginning of a word.
            anywhere: Variants that also stand inside one.
            by_ear: Mends what is written as it sounds, first of all.
            fillers: What says nothing at the beginning of a reply (first) and at its end (last).
        """
        self._first = re.compile(rf"\s*(?:(?:{fillers['first']})[\s,.~…]+)+(?=\S)")
        self._last = re.compile(rf"(?<=\S)(?:[\s,]+(?:{fillers['last']}))+(?=[\s.!~…]*$)")
        self._by_ear = by_ear
        self._variants = {**beginning, **anywhere}
        self._pattern = re.compile(f"(?<![가-힣])(?:{_longest_first(beginning)})|(?:{_longest_first(anywhere)})")

    def letters(self, heard: str) -> Letters:
        """Return the letters of a reply; never raises on odd text."""
        heard = unicodedata.normalize("NFC", heard)
        plain, origins = self._resolved(self._without_fillers(self._by_ear.mend(heard)))
        compact: list[str] = []
        at: list[int] = []
        in_plain: list[int] = []
        starts: set[int] = set()
        stops: set[int] = set()
        pauses: set[int] = set()
        questions: set[int] = set()
        blank, stop, pause = True, False, False
        for index, one in enumerate(plain):
            if not _WORD.match(one):
                blank = True
                stop = stop or one in _FULL_STOP
                pause = pause or not one.isspace()
                if one in _QUESTION_MARKS:
                    questions.add(len(compact))
                continue
            place = len(compact)
            for marks, marked in ((starts, blank), (stops, stop), (pauses, pause)):
                if marked:
                    marks.add(place)
            blank = stop = pause = False
            compact.append(one)
            at.append(origins[index])
            in_plain.append(index)
        return Letters(
            heard=heard,
            plain=plain,
            compact="".join(compact),
            at=tuple(at),
            in_plain=tuple(in_plain),
            word_starts=frozenset(starts),
            stops=frozenset(stops),
            pauses=frozenset(pauses),
            question_ends=frozenset(questions),
        )

    def _without_fillers(self, text: str) -> str:
        """Return the text with blanks for what says nothing, as long as it was."""
        if first := self._first.match(text):
            text = " " * first.end() + text[first.end() :]
        if last := self._last.search(text):
            text = text[: last.start()] + " " * (last.end() - last.start()) + text[last.end() :]
        return text

    def _resolved(self, heard: str) -> tuple[str, list[int]]:
        plain: list[str] = []
        origins: list[int] = []
        last = 0
        for match in self._pattern.finditer(heard):
            plain.append(heard[last : match.start()])
            origins += range(last, match.start())
            written = self._variants[match.group()]
            plain.append(written)
            # Every letter of the resolved form but the last points to the first letter that was heard, so that a span
            # over it covers the whole of what was heard.
            origins += [match.start()] * (len(written) - 1) + [match.end() - 1] if written else []
            last = match.end()
        plain.append(heard[last:])
        origins += range(last, len(heard))
        return "".join(plain), origins


def _longest_first(words: Mapping[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"
