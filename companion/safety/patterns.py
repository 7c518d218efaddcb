"""Compiles the patterns of the lexicon of danger: regular expressions in which ``<name>`` stands for a class of words.

A class is any of its words; ``<ㄹ>`` is any syllable that ends in this consonant, for endings that merge with the stem.
Whatever is wrong with a pattern is one sentence that names its file.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from companion.core.hangul import ONSETS, VOWELS, compose
from companion.errors import PromptError

_CLASS: Final = re.compile(r"<([a-z_]+|[ㄱ-ㅎ])>")
_CODAS: Final = "ㄴㄹㅂㅆ"
"""Codas of endings that merge with the stem: 갈, 간, 갑니다, 갔."""


def word_classes(table: Mapping[str, Any]) -> dict[str, str]:
    """Return each class of words as one alternative group; a class may use those before it."""
    made = {coda: f"[{''.join(_ending_in(coda))}]" for coda in _CODAS}
    for name, words in table.items():
        joined = "|".join(_CLASS.sub(lambda match: made.get(match[1], match[0]), str(word)) for word in words)
        made[name] = f"(?:{joined})"
    return made


def _ending_in(coda: str) -> Iterator[str]:
    return (compose(onset, vowel, coda) for onset in ONSETS for vowel in VOWELS)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile a pattern once, however many lexicons have it: the module ``re`` remembers fewer than one of them holds.

    Raises:
        re.error: It cannot be compiled.
    """
    return re.compile(source)


class AnyOf:
    """Several patterns, searched as one: of thousands hardly any is in a sentence, and each costs time to be asked.

    Each by itself is compiled only where one of them is found and their places are wanted.

    Args:
        sources: The patterns; they hold no group that captures.
        together: All of them as one; None where there are none.
    """

    __slots__ = ("_each", "_sources", "search")

    search: Callable[..., re.Match[str] | None]
    """Takes a text and where to begin; returns the first finding of any of them, or None."""

    def __init__(self, sources: Sequence[str], together: re.Pattern[str] | None) -> None:
        self._sources = tuple(sources)
        self._each: tuple[re.Pattern[str], ...] | None = None
        self.search = _nothing if together is None else together.search

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._sources)

    def findings(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of all findings of each of them."""
        if self.search(text) is None:
            return
        if self._each is None:
            self._each = tuple(_compiled(source) for source in self._sources)
        for pattern in self._each:
            for match in pattern.finditer(text):
                yield match.span()


def _nothing(_text: str, _start: int = 0) -> None:
    """Find nothing."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiles the patterns of one file, so that whatever is wrong can be named by it."""

    file: str
    classes: Mapping[str, str]

    def any_of(self, sources: Iterable[str]) -> AnyOf:
        """Compile ``sources`` to be searched as one.

        Raises:
            PromptError: One cannot be compiled, captures, or names a class that is not there; file and pattern are
                named.
        """
        given = tuple(sources)
        filled = [self._filled(source) for source in given]
        if not filled:
            return AnyOf((), None)
        try:
            together = _compiled("|".join(f"(?:{source})" for source in filled))
        except re.error as error:
            for source in given:
                self.one(source)  # names the broken one
            raise PromptError("lexicon.pattern", file=self.file, pattern=given[0], detail=str(error)) from None
        if together.groups:
            raise PromptError("lexicon.pattern", file=self.file, pattern=given[0], detail="(…)")
        return AnyOf(filled, together)

    def one(self, source: str) -> re.Pattern[str]:
        """Compile one pattern.

        Raises:
            PromptError: As ``any_of``.
        """
        filled = self._filled(source)
        try:
            return _compiled(filled)
        except re.error as error:
            raise PromptError("lexicon.pattern", file=self.file, pattern=source, detail=str(error)) from None

    def _filled(self, source: str) -> str:
        return _CLASS.sub(lambda match: self._class(source, match[1]), source)

    def _class(self, source: str, name: str) -> str:
        if name not in self.classes:
            raise PromptError("lexicon.pattern", file=self.file, pattern=source, detail=f"<{name}>")
        return self.classes[name]
