"""Whom words name among one's own: 큰애 may be a son or a daughter, 손주 a grandson or a granddaughter. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named in a text."""

    words: frozenset[str] = frozenset()
    """As they were said, without a rank."""
    who: frozenset[str] = frozenset()
    """Whom they may be: son, daughter …"""
    ranks: frozenset[str] = frozenset()
    """Which of them: first, last …"""

    def __bool__(self) -> bool:
        """Whether anybody is named."""
        return bool(self.who)

    def may_be(self, other: Named) -> bool:
        """Return whether both may speak of the same person: 큰애 of 큰아들, never of 작은딸."""
        return bool(self.who & other.who) and not (self.ranks and other.ranks and not self.ranks & other.ranks)


class Kin:
    """Built from the part ``[kin]`` of ``prompts/memory/said.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._who = {str(word): frozenset(str(who).split()) for word, who in table["words"].items()}
        self._ranks = {str(word): str(rank) for word, rank in table["ranks"].items()}
        word, rank = ("|".join(sorted(one, key=len, reverse=True)) for one in (self._who, self._ranks))
        begins = rf"(?:^|[\s,.]){table['before']}"
        self._named = re.compile(rf"{begins}(?P<rank>{rank})?\s?{table['between']}(?P<word>{word}){table['behind']}")
        self._alone = re.compile(rf"{begins}(?P<rank>{rank})(?:가|는|이|도|네|를|한테|$)")
        self._topic = re.compile(rf"{begins}(?:{rank})?\s?{table['between']}(?:{word}){table['told_of']}")
        self._child = frozenset(who for one in ("아들", "딸") for who in self._who[one])

    def in_(self, text: str) -> Named:
        """Return who is named in a text."""
        words, who, ranks = set[str](), set[str](), set[str]()
        for match in self._named.finditer(text):
            words.add(match["word"])
            who |= self._who[match["word"]]
            ranks |= {self._ranks[match["rank"]]} if match["rank"] else set()
        for match in self._alone.finditer(text):
            if len(match["rank"]) > 1:
                words.add(match["rank"])
                who |= self._child
                ranks.add(self._ranks[match["rank"]])
        return Named(frozenset(words), frozenset(who), frozenset(ranks))

    def are_told_of(self, text: str) -> bool:
        """Return whether one of them is what a text is about, not only named in it."""
        return self._topic.search(text) is not None
