"""Compiles the patterns of the lexicon of danger: regular expressions in which ``<name>`` stands for a class of words.

A class is any of its words; ``<ㄹ>`` is any syllable that ends in this consonant, for endings that merge with the stem.
Whatever is wrong with a pattern is one sentence that names its file.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiles the patterns of one file, so that whatever is wrong can be named by it."""

    file: str
    classes: Mapping[str, str]

    def compiled(self, sources: Iterable[str]) -> tuple[re.Pattern[str], ...]:
        """Compile each of ``sources``.

        Raises:
            PromptError: One cannot be compiled, or names a class that is not there; file and pattern are named.
        """
        return tuple(self.one(source) for source in sources)

    def any_of(self, sources: Iterable[str]) -> re.Pattern[str]:
        """Compile all of ``sources`` to one pattern that finds any of them.

        Raises:
            PromptError: As ``compiled``.
        """
        return _compiled("|".join(f"(?:{pattern.pattern})" for pattern in self.compiled(sources)))

    def one(self, source: str) -> re.Pattern[str]:
        """Compile one pattern.

        Raises:
            PromptError: As ``compiled``.
        """
        filled = _CLASS.sub(lambda match: self._class(source, match[1]), source)
        try:
            return _compiled(filled)
        except re.error as error:
            raise PromptError("lexicon.pattern", file=self.file, pattern=source, detail=str(error)) from None

    def _class(self, source: str, name: str) -> str:
        if name not in self.classes:
            raise PromptError("lexicon.pattern", file=self.file, pattern=source, detail=f"<{name}>")
        return self.classes[name]
