"""How like an utterance is to a situation of the bank by its words: the examples and the cues.

Needs no encoder. A negated word is another word than the plain one, so ``밥 먹었어`` is not like ``밥 안 먹었어``.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from companion.core.reading import NEGATED, Reading
from companion.dialogue.bank import Bank
from companion.dialogue.bank_words import BankWords, words_of

_BLANKS: Final = re.compile(r"\s+")
_SHARE_OF_EXAMPLES: Final = 0.4
_CUE_BASE: Final = 0.35
_CUE_PER_SYLLABLE: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Cue:
    text: str
    negated: bool


class Likeness:
    """Index of the words of the bank; built once."""

    def __init__(self, bank: Bank, words: BankWords, groups: Mapping[str, Sequence[str]]) -> None:
        """Index the bank.

        Args:
            bank: The situations.
            words: What grammar makes of them.
            groups: Groups of words for people, by name.
        """
        self._group_of = {word: group for group, members in groups.items() for word in members}
        named = (situation.id for situation in bank.situations.values() for _ in situation.says)
        examples = list(zip(named, words.examples, strict=True))
        self._people = self._people_of(examples)
        self._named = frozenset(name for name, people in self._people.items() if people)
        spread = Counter(feature for _, features in examples for feature in features)
        self._rarity = {name: math.log(1 + len(examples) / count) for name, count in spread.items()}
        self._unknown = math.log(1 + len(examples)) if examples else 1.0
        self._examples = [(name, self._norm(features)) for name, features in examples]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, (_, features) in enumerate(examples):
            for feature in features:
                self._holding[feature].append(number)
        negated = iter(words.negated)
        self._cues = {
            situation.id: tuple(_Cue(_BLANKS.sub("", cue), next(negated)) for cue in situation.cues)
            for situation in bank.situations.values()
        }

    def of_other_people(self, reading: Reading) -> frozenset[str]:
        """Return the situations that speak of other people than the utterance does; none if it speaks of nobody."""
        said = {self._group_of[word.form] for word in reading.words if word.form in self._group_of}
        if not said:
            return frozenset()
        return frozenset(name for name, people in self._people.items() if people and not people & said)

    def of_unnamed_people(self, reading: Reading) -> frozenset[str]:
        """Return the situations that speak of people where the utterance names nobody."""
        if any(word.form in self._group_of for word in reading.words):
            return frozenset()
        return self._named

    def _people_of(self, examples: Sequence[tuple[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
        """Return for each situation the groups of people in at least two fifths of its examples."""
        sizes = Counter(name for name, _ in examples)
        met: dict[str, Counter[str]] = defaultdict(Counter)
        for name, features in examples:
            met[name].update({self._group_of[feature] for feature in features if feature in self._group_of})
        return {
            name: frozenset(group for group, count in met[name].items() if count >= _SHARE_OF_EXAMPLES * size)
            for name, size in sizes.items()
        }

    def by_words(self, reading: Reading) -> dict[str, float]:
        """Return the likeness in [0, 1] of each situation that shares a word: the best of its examples."""
        features = words_of(reading)
        shared: defaultdict[int, float] = defaultdict(float)
        for feature in features:
            for number in self._holding.get(feature, ()):
                shared[number] += self._rarity[feature] ** 2
        norm = self._norm(features)
        best: dict[str, float] = {}
        for number, weight in shared.items():
            name, its_norm = self._examples[number]
            best[name] = max(best.get(name, 0.0), weight / (norm * its_norm))
        return best

    def by_cues(self, text: str, reading: Reading) -> dict[str, float]:
        """Return the weight of the longest cue of each situation that has one in the text."""
        compact, origin = _compacted(text)
        found: dict[str, float] = {}
        for name, cues in self._cues.items():
            lengths = [len(cue.text) for cue in cues if _cue_fits(cue, compact, origin, reading)]
            if lengths:
                found[name] = min(_CUE_BASE + _CUE_PER_SYLLABLE * max(lengths), 1.0)
        return found

    def _norm(self, features: frozenset[str]) -> float:
        return math.sqrt(sum(self._rarity.get(feature, self._unknown) ** 2 for feature in features)) or 1.0


def _compacted(text: str) -> tuple[str, list[int]]:
    kept = [(letter, index) for index, letter in enumerate(text) if not letter.isspace()]
    return "".join(letter for letter, _ in kept), [index for _, index in kept]


def _cue_fits(cue: _Cue, compact: str, origin: list[int], reading: Reading) -> bool:
    """Whether the cue stands in the text and, unless it is negative itself, is not negated there."""
    at = compact.find(cue.text)
    if at < 0:
        return False
    if cue.negated:
        return True
    first, last = origin[at], origin[at + len(cue.text) - 1]
    return not any(NEGATED in word.flags and first <= word.start <= last for word in reading.words)
