"""Boundaries that grammar marks: after stems and adnominal endings, between words of one breath.

Articles 15, 24, 25, 27 and 29 of the Standard Pronunciation rules, where they speak of morphemes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from companion.core.hangul import decompose, is_syllable, last_coda
from companion.core.pronunciation.sounds import I_VOWELS, NASALISED, TENSED, Mark, neutral
from companion.core.pronunciation.tokens import Token

Add = Callable[[int, Mark], None]
"""Adds a mark to the boundary left of the character at an index."""

_ADNOMINAL_ENDS: Final = ("실", "을")
"""Syllables that end an adnominal form of any verb, whatever the analyser took it for."""
_PARTICLES: Final = ("이", "은", "을", "에", "의", "아", "야")
"""Syllables that are particles wherever they hang on a noun, whatever the analyser took them for."""
_NASAL_STEMS: Final = ("ㄴ", "ㄵ", "ㅁ", "ㄻ")


class Grammar:
    """Marks what morphemes decide.

    Args:
        table: ``insertion``: ``words`` that take ㄴ after a describing word, ``verbs`` that take it after any word,
            ``after_obstruents`` (after a noun in ㄱ ㄷ ㅂ),
            ``in_verbs`` (parts of verbs that do), ``before_all`` (못); ``tense``: ``units`` after ``tens``, ``spans``
            (동안), ``point`` (점), ``object_stems`` and ``object_endings``; ``after_l`` and ``only_after_l``: bound
            nouns; ``apart``: object particles; ``nasal_suffixes``; ``numerals``.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        insertion, tense = table["insertion"], table["tense"]
        self._words = frozenset(insertion["words"])
        self._long_words = tuple(word for word in self._words if len(word) > 1)
        self._after_obstruents = tuple(insertion["after_obstruents"])
        self._verbs = tuple(insertion["verbs"])
        self._in_verbs = tuple(insertion["in_verbs"])
        self._before_all = frozenset(insertion["before_all"])
        self._tens = frozenset(tense["tens"])
        self._units = tuple(tense["units"])
        self._spans = frozenset(tense["spans"])
        self._point = str(tense["point"])
        self._digits = frozenset(table["numerals"]["sino"])
        self._apart = frozenset(table["apart"])
        self._after_l = frozenset(table["after_l"])
        self._only_after_l = frozenset(table["only_after_l"])
        self._verb_forms = frozenset(stem + end for stem in tense["object_stems"] for end in tense["object_endings"])
        self._nasal_suffixes = frozenset(table["nasal_suffixes"])

    def mark(self, text: str, tokens: Sequence[Token], add: Add) -> None:
        """Add the marks of every token and of every two tokens that follow each other."""
        for token in tokens:
            if token.has_ending:
                _tense_inside(token, add)
            if token.tags[0] in ("VV", "VA"):
                self._prefixed_verb(token, add)
        for left, right in pairwise(tokens):
            gap = text[left.end : right.start]
            if not gap:
                self._joined(left, right, add)
            elif gap.isspace():
                self._spaced(left, right, add)
                self._misread_verb(text, left, right, add)
            if gap.isspace() or not gap:
                self._tense_after(left, right, add, spaced=bool(gap))

    def _joined(self, left: Token, right: Token, add: Add) -> None:
        """Mark the boundary of two tokens without a space."""
        if left.is_noun:
            add(right.start, Mark.NOUN)
        if left.is_stem and right.is_ending and left.coda in _NASAL_STEMS:
            add(right.start, Mark.TENSE)
        if (left.is_noun or left.tags[-1][0] == "M") and right.has_content and right.surface not in _PARTICLES:
            add(right.start, Mark.CONTENT)
        if left.coda and left.modifies and self._inserts(left, right):
            add(right.start, Mark.INSERT)
        if left.is_noun and len(left.surface) > 1 and left.coda == "ㄴ" and right.surface in self._nasal_suffixes:
            add(right.start, Mark.NASAL)

    def _prefixed_verb(self, token: Token, add: Add) -> None:
        for index in range(1, len(token.surface)):
            if token.surface.startswith(self._in_verbs, index) and last_coda(token.surface[index - 1]):
                add(token.start + index, Mark.INSERT)

    def _misread_verb(self, text: str, left: Token, right: Token, add: Add) -> None:
        """Mark a verb that was taken for a noun: after an object, and without 하다, 신고 is 신다."""
        alone = right.end == len(text) or not is_syllable(text[right.end])
        if left.surface in self._apart and right.is_noun and alone and right.surface in self._verb_forms:
            add(right.start + 1, Mark.TENSE)

    def _spaced(self, left: Token, right: Token, add: Add) -> None:
        if left.is_noun:
            add(right.start, Mark.NOUN)
        if left.surface in self._apart and left.tags[-1][0] == "J":
            add(right.start, Mark.APART)
        if left.coda and self._inserts(left, right):
            add(right.start, Mark.INSERT)

    def _inserts(self, left: Token, right: Token) -> bool:
        verb = right.tags[0] in ("VV", "VA")
        if left.surface in self._before_all and right.tags[0][0] == "V":
            return True
        if verb and (left.is_noun or left.tags == ("MAG",)):
            return right.surface.startswith(self._verbs)
        if left.is_noun and neutral(left.coda) in NASALISED and right.surface.startswith(self._after_obstruents):
            return True
        if left.modifies and not verb:
            return right.surface in self._words or right.surface.startswith(self._long_words)
        return False

    def _tense_after(self, left: Token, right: Token, add: Add, *, spaced: bool) -> None:
        adnominal = left.tags[-1] == "ETM" and left.coda == "ㄹ"
        honorific = spaced and len(left.surface) > 1 and left.surface[-1] in _ADNOMINAL_ENDS
        bound = spaced and left.coda == "ㄹ" and right.tags == ("NNB",) and right.surface in self._only_after_l
        adnominal = adnominal or bound or (honorific and right.surface in self._after_l)
        unit = spaced and left.surface in self._tens and right.surface.startswith(self._units)
        span = spaced and left.is_noun and bool(left.coda) and right.surface in self._spans
        point = spaced and right.surface == self._point and left.surface[-1] in self._digits
        if adnominal or unit or span or point:
            add(right.start, Mark.TENSE)


def _tense_inside(token: Token, add: Add) -> None:
    """Article 27: ㄹ of an ending and what follows within it, 할수록[할쑤록]; a stem in ㄹ stands apart: 울지[울지]."""
    for index, (left, right) in enumerate(pairwise(token.surface), start=1):
        if last_coda(left) == "ㄹ" and is_syllable(right) and decompose(right).onset in TENSED:
            add(token.start + index, Mark.TENSE)


def takes_insertion(syllable: str) -> bool:
    """Whether a syllable block begins with the vowel i or the glide j."""
    onset, vowel, _ = decompose(syllable)
    return onset == "ㅇ" and vowel in I_VOWELS
