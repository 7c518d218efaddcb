"""Finds what is known by key words and likeness: a pot that burnt, what 미수 is, when sesame is cut. Pure.

Rules (``facts``) know how a thing is asked; people ask in more ways than rules have, and tell of a trouble without
asking. A fact of this kind names groups of key words, one word of each of which is in whatever means it, and some ways
in which it is brought up. Of those whose keys are all there the one is meant that is most like what was said: letters
in twos and threes, rare ones weighing more.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

ASKED: Final = 0.05
"""How like a way of asking a question must be; its keys say nearly all."""
TOLD: Final = 0.35
"""The same of what is told and not asked: most that names a thing wants no advice about it."""
_NO_LETTERS: Final = re.compile(r"[^가-힣ㄱ-ㅎㅏ-ㅣa-z0-9]")
_NEVER: Final = "(?!)"
_CLAUSES: Final = re.compile(r"[.,!?…~]+")
_WORDS: Final = re.compile(r"[^가-힣ㄱ-ㅎㅏ-ㅣa-z0-9]+")
_SIZES: Final = (2, 3)
_SHARED: Final = "@"

_Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact as it is found."""

    id: str
    keys: tuple[tuple[str, ...], ...]
    asked: tuple[str, ...]
    told: bool
    """Whether it is also met if it is only told."""
    unless: re.Pattern[str]

    @classmethod
    def of(cls, entry: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> _Fact:
        named = (_named(group, groups) for group in entry["keys"])
        keys = tuple(tuple(map(letters, group)) for group in named)
        unless = re.compile(str(entry.get("unless") or _NEVER))
        return cls(str(entry["id"]), keys, tuple(map(str, entry["asked"])), bool(entry.get("told")), unless)


class FactsByKeys:
    """Built once; what it compares with is made when something is first said that has the keys of a fact.

    A key of one letter stands at the beginning of a word: 무 is none in 나무.

    Args:
        table: How is asked (``asking``), how is told (``telling``), what takes a question away (``unless``), and
            ``groups`` of key words that many facts share: ``@meaning`` in a fact stands for all of that group.
        entries: Each with ``id``, ``keys`` (groups of words), ``asked`` (ways of bringing it up), ``unless`` (an
            expression for what it is not for) if need be, and ``told`` where it is a trouble that is also met if it is
            only told.

    Raises:
        KeyError: A group is named that there is not.
        re.error: An expression cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> None:
        self._asking, self._telling, self._unless = (
            re.compile("|".join(map(str, table[name]))) for name in ("asking", "telling", "unless")
        )
        groups = table.get("groups", {})
        self._facts = tuple(_Fact.of(entry, groups) for entry in entries)
        self._keys: dict[str, list[tuple[int, int]]] = {}
        for at, one in enumerate(self._facts):
            for number, group in enumerate(one.keys):
                for key in group:
                    self._keys.setdefault(key, []).append((at, number))
        self._longest = max(map(len, self._keys), default=0)

    def find(self, text: str, *, asked: bool, told: bool = False) -> str:
        """Return the id of the fact that is meant; empty where none is.

        Args:
            text: What was said.
            asked: Whether it may ask; what only sounds so does not.
            told: Whether it is surely only told, as far as is learnt: a pigeon that took a pepper wants no net.
        """
        said, spaced = letters(text), _WORDS.sub(" ", f" {text.lower()}")
        if self._unless.search(said):
            return ""
        asked = asked and self._is_asked(text, said)
        named = [at for at in self._named(said, spaced) if asked or self._facts[at].told]
        if not named:
            return ""
        weights = self._weighed(said)
        likeness = {at: max(_cosine(weights, way) for way in self._ways[at]) for at in named}
        best = max(named, key=lambda at: likeness[at])
        return self._facts[best].id if likeness[best] >= (ASKED if asked and not told else TOLD) else ""

    def _named(self, said: str, spaced: str) -> list[int]:
        """Return the facts of which a word of each group is there, in their order."""
        longer = (said[at : at + size] for size in range(2, self._longest + 1) for at in range(len(said) - size + 1))
        there = {word[0] for word in spaced.split()}.union(longer) & self._keys.keys()
        found: dict[int, set[int]] = {}
        for key in there:
            for at, group in self._keys[key]:
                found.setdefault(at, set()).add(group)
        return [at for at in sorted(found) if len(found[at]) == len(self._facts[at].keys) and self._is_for(at, said)]

    def _is_for(self, at: int, said: str) -> bool:
        return self._facts[at].unless.search(said) is None

    def _is_asked(self, text: str, said: str) -> bool:
        clauses = map(letters, _CLAUSES.split(text))
        return "?" in text or (not self._telling.search(said) and any(map(self._asking.search, clauses)))

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        ways = [set(_parts(letters(way))) for one in self._facts for way in one.asked]
        counts = Counter(part for way in ways for part in way)
        return {part: math.log((len(ways) + 1) / (count + 1)) + 0.1 for part, count in counts.items()}

    @cached_property
    def _unseen(self) -> float:
        return math.log(1 + sum(len(one.asked) for one in self._facts))

    @cached_property
    def _ways(self) -> tuple[tuple[_Weights, ...], ...]:
        return tuple(tuple(self._weighed(letters(way)) for way in one.asked) for one in self._facts)

    def _weighed(self, said: str) -> _Weights:
        """Return the weight of each two or three letters, of length one together."""
        found = {part: count * self._rarity.get(part, self._unseen) for part, count in Counter(_parts(said)).items()}
        length = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
        return {part: weight / length for part, weight in found.items()}


def _named(group: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the words of a group, those of a shared one where it is named."""
    for word in group:
        yield from groups[word[1:]] if word.startswith(_SHARED) else (word,)


def letters(text: str) -> str:
    """Return a text without blanks and marks."""
    return _NO_LETTERS.sub("", text.lower())


def _parts(said: str) -> list[str]:
    return [said[at : at + size] for size in _SIZES for at in range(len(said) - size + 1)]


def _cosine(one: _Weights, other: _Weights) -> float:
    return sum(weight * other.get(part, 0.0) for part, weight in one.items())
