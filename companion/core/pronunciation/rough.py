"""A rough analyser for where no real one is at hand: it strips particles and endings by their letters alone.

It is wrong wherever letters are ambiguous (신고 the verb or the noun); the pronouncer works without a better one, but
works better with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme

_WORD: Final = re.compile(r"[가-힣]+")


class RoughAnalyser:
    """Splits each word into a stem and what hangs on it.

    Args:
        table: Lists ``particles``, ``endings``, ``adnominals`` (words that describe a noun), ``adverbs`` and
            ``after_l`` (bound nouns that follow an adnominal form in ㄹ).
    """

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._particles = _longest_first(table["particles"])
        self._endings = _longest_first(table["endings"])
        self._adnominals = frozenset(table["adnominals"])
        self._adverbs = frozenset(table["adverbs"])
        self._after_l = tuple(table["after_l"])

    def analyse(self, text: str) -> tuple[Morpheme, ...]:
        """Return one or two morphemes for each word; an empty tuple for blank text."""
        words = list(_WORD.finditer(text))
        following = [*(word.group() for word in words[1:]), ""]
        found: list[Morpheme] = []
        for word, after in zip(words, following, strict=False):  # blank text has no word, but a last ""
            found.extend(self._pieces(word.group(), word.start(), after))
        return tuple(found)

    def _pieces(self, word: str, start: int, after: str) -> Iterator[Morpheme]:
        end = start + len(word)
        if word in self._adnominals:
            yield Morpheme(word, "MM", start, end)
        elif word in self._adverbs:
            yield Morpheme(word, "MAG", start, end)
        elif last_coda(word) == "ㄹ" and after.startswith(self._after_l):
            yield Morpheme(word, "VV", start, end)
            yield Morpheme(word, "ETM", start, end)
        else:
            for tag, hanging, last in (("VV", self._endings, "EC"), ("NNG", self._particles, "JX")):
                cut = next((len(tail) for tail in hanging if word.endswith(tail) and len(word) > len(tail)), 0)
                if cut:
                    yield Morpheme(word[:-cut], tag, start, end - cut)
                    yield Morpheme(word[-cut:], "JKG" if word[-cut:] == "의" else last, end - cut, end)
                    return
            yield Morpheme(word, "NNG", start, end)


def _longest_first(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))
