"""Boundaries inside nouns that heads, suffixes and Sino-Korean readings mark.

Articles 20, 26, 28, 29 and 30 of the Standard Pronunciation rules speak of compounds; which words are compounds is
guessed from the second part, and what the guess gets wrong stands in the lexicon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from companion.core.hangul import decompose, is_syllable, last_coda
from companion.core.pronunciation.grammar import Add, takes_insertion
from companion.core.pronunciation.sounds import TENSED, Mark

_SONORANT: Final = ("ㄴ", "ㄹ", "ㅁ", "ㅇ")


class Nouns:
    """Marks what the parts of a noun decide.

    Args:
        table: ``insertion``: ``heads`` anywhere, ``last`` at the end of a noun, ``suffixes`` after two syllables or
            more, ``after_prefixes`` after one of ``prefixes``; ``tense``: ``heads`` at the end, ``suffixes`` likewise,
            ``modified`` after one of ``modifiers``, none after ``plain_firsts``, ``pairs`` and ``department`` for
            readings of Chinese characters; ``nasal_suffixes`` but for ``liquid_pairs``; ``sino``: syllables with a
            Sino-Korean reading in ``left`` ㄹ and in ``right`` ㄷ ㅅ ㅈ; ``saisiot``: syllables in ㅅ that are words
            or stems of their own; ``numerals``.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        insertion, tense = table["insertion"], table["tense"]
        self._insert_heads = tuple(insertion["heads"])
        self._insert_last = frozenset(insertion["last"])
        self._insert_suffixes = frozenset(insertion["suffixes"])
        self._after_prefixes = frozenset(insertion["after_prefixes"])
        self._prefixes = frozenset(insertion["prefixes"])
        self._tense_heads = frozenset(tense["heads"])
        self._plain_firsts = frozenset(tense["plain_firsts"])
        self._modifiers = frozenset(tense["modifiers"])
        self._modified = frozenset(tense["modified"])
        self._department = str(tense["department"])
        self._departments = tuple(tense["departments"])
        self._pairs = frozenset(tense["pairs"])
        self._sonorant_pairs = frozenset(tense["pairs_after_sonorant"])
        self._tense_suffixes = frozenset(tense["suffixes"])
        self._nasal_suffixes = frozenset(table["nasal_suffixes"])
        self._liquid_pairs = frozenset(table["liquid_pairs"])
        self._sino_left = frozenset(table["sino"]["left"])
        self._sino_right = frozenset(table["sino"]["right"])
        self._own_s = frozenset(table["saisiot"]["words"])
        self._digits = frozenset(table["numerals"]["sino"])
        self._six = str(table["numerals"]["six"])
        self._seven = str(table["numerals"]["seven"])
        self._inserting_tens = tuple(table["numerals"]["inserting_tens"])
        self._tens_in_l = tuple(table["numerals"]["tens_in_l"])
        self._tense_units = tuple(table["numerals"]["tense_units"])

    def mark(self, text: str, start: int, end: int, add: Add) -> None:
        """Add the marks of the noun at the half-open span ``start`` to ``end``."""
        noun = text[start:end]
        for index in range(1, len(noun)):
            if is_syllable(noun[index - 1]) and is_syllable(noun[index]):
                for mark in self._marks(noun, index):
                    add(start + index, mark)

    def _marks(self, noun: str, index: int) -> Iterator[Mark]:
        left, rest = noun[:index], noun[index:]
        coda = last_coda(left) or ""
        if coda == "ㅅ" and left[-1] not in self._own_s:
            yield Mark.COMPOUND | Mark.INSERT
        if coda and takes_insertion(rest[0]) and self._inserts(left, rest):
            yield Mark.INSERT | Mark.CONTENT
        if decompose(rest[0]).onset in TENSED and (self._reads_tense(left, rest) or self._tenses(left, rest)):
            yield Mark.TENSE
        if coda == "ㄴ" and index > 1 and rest in self._nasal_suffixes and left[-1] + rest not in self._liquid_pairs:
            yield Mark.NASAL

    def _inserts(self, left: str, rest: str) -> bool:
        if left[-1] in self._digits and rest[0] in self._digits:
            return rest[0] == self._six
        if rest.startswith(self._seven):
            return left.endswith(self._inserting_tens)
        suffix = len(left) > 1 and rest in self._insert_suffixes
        native = rest in self._after_prefixes and left in self._prefixes
        return suffix or native or rest in self._insert_last or rest.startswith(self._insert_heads)

    def _reads_tense(self, left: str, rest: str) -> bool:
        """Readings of Chinese characters and suffixes, whatever the coda."""
        if rest == self._department:
            return left.endswith(self._departments)
        if len(left) > 1:
            return rest in self._tense_suffixes
        return rest in self._pairs or (last_coda(left) in _SONORANT and rest in self._sonorant_pairs)

    def _tenses(self, left: str, rest: str) -> bool:
        coda = last_coda(left)
        if left[-1] == rest[0] or left in self._plain_firsts:
            return False
        sino = left[-1] in self._sino_left and rest[0] in self._sino_right
        numeral = left.endswith(self._tens_in_l) and rest.startswith(self._tense_units)
        compound = rest in self._tense_heads or (left in self._modifiers and rest in self._modified)
        return sino or numeral or (coda in _SONORANT and compound)
