"""Morphemes gathered by the letters they stand on, and the stretches of nouns that they make.

The rules of sound need to know where a stem, an ending, a noun or a particle begins; they do not need lemmas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters that the analyser gave one or more tags: 할 is VV and ETM."""

    surface: str
    """As written."""
    tags: tuple[str, ...]
    """Sejong tags, in order."""
    start: int
    """Index of its first character in the text."""

    @property
    def end(self) -> int:
        """Index just past its last character."""
        return self.start + len(self.surface)

    @property
    def coda(self) -> str:
        """Coda of its last syllable; empty where there is none."""
        return last_coda(self.surface) or ""

    @property
    def is_noun(self) -> bool:
        """Whether nothing but nouns, numerals, roots and their affixes are in it."""
        return all(tag[0] == "N" or tag in ("XR", "XSN", "XPN", "SN") for tag in self.tags)

    @property
    def is_stem(self) -> bool:
        """Whether it is a verb or adjective without its ending."""
        return all(tag in ("VV", "VA", "VX") for tag in self.tags)

    @property
    def is_ending(self) -> bool:
        """Whether it begins with an ending."""
        return self.tags[0][0] == "E"

    @property
    def has_ending(self) -> bool:
        """Whether an ending is part of it."""
        return any(tag[0] == "E" for tag in self.tags)

    @property
    def modifies(self) -> bool:
        """Whether it stands before a noun and describes it: 무슨, 좋은."""
        return self.tags[-1] in ("ETM", "MM")

    @property
    def has_content(self) -> bool:
        """Whether it begins a word with a meaning of its own."""
        tag = self.tags[0]
        return (tag[0] in "NM" and tag not in ("NP", "NNB")) or tag in ("VV", "VA", "XR")


def tokens_of(text: str, morphemes: Sequence[Morpheme]) -> tuple[Token, ...]:
    """Gather morphemes that share their letters; those out of order or out of the text are left out."""
    tokens: list[Token] = []
    at = 0
    for (start, end), group in groupby(morphemes, key=lambda one: (one.start, one.end)):
        if at <= start < end <= len(text):
            tags = tuple(one.tag.split("+")[0] or "NA" for one in group)
            tokens.append(Token(text[start:end], tags, start))
            at = end
    return tuple(tokens)


def noun_stretches(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of nouns and adverbs that stand without a space between them: 집안 + 일."""
    span: tuple[int, int] | None = None
    for token in tokens:
        counts = token.is_noun or token.tags == ("MAG",)
        if span and counts and token.start == span[1]:
            span = (span[0], token.end)
            continue
        if span:
            yield span
        span = (token.start, token.end) if counts else None
    if span:
        yield span
