"""Hangul as it is written to Hangul as it sounds, by the Standard Pronunciation rules (표준발음법).

Where the rules allow two readings the plain one of everyday speech is taken: ㅢ is ㅣ after a consonant and inside
a word, the particle 의 is 에, ㅖ is ㅔ after a consonant other than ㄹ, 맛있다 is 마싣따. Within a phrase an obstruent
moves over a space (옷 한 벌[오 탄 벌]); a nasal or a liquid stays where it is written, so that words stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from companion.core.hangul import Syllable, compose, decompose, is_syllable
from companion.core.morphology import Analyser
from companion.core.pronunciation.grammar import Grammar
from companion.core.pronunciation.letters import Letters
from companion.core.pronunciation.lexicon import Lexicon
from companion.core.pronunciation.nouns import Nouns
from companion.core.pronunciation.rough import RoughAnalyser
from companion.core.pronunciation.sounds import Mark, meet, neutral
from companion.core.pronunciation.tokens import Token, noun_stretches, tokens_of

_GENITIVE: Final = "의"
_NO_GLIDE: Final = {("ㅈ", "ㅕ"): "ㅓ", ("ㅉ", "ㅕ"): "ㅓ", ("ㅊ", "ㅕ"): "ㅓ"}
_KEEPS_YE: Final = ("ㅇ", "ㄹ")
_STRUCTURAL: Final = Mark.SPACE | Mark.APART | Mark.NOUN | Mark.COMPOUND
"""Marks that say where a boundary stands, not what is done there: a listed word does not take them away."""


class Pronouncer:
    """Says how a sentence sounds.

    Args:
        tables: ``prompts/speech/pronunciation.toml``, parsed: ``lexicon``, ``rules``, ``rough``, ``letters``.
        analyser: Gives morphemes; without one a rough guess by letters is made.
    """

    def __init__(self, tables: Mapping[str, Any], analyser: Analyser | None = None) -> None:
        self._analyser: Analyser = analyser or RoughAnalyser({**tables["rough"], "after_l": tables["rules"]["after_l"]})
        self._lexicon = Lexicon(entry for group in tables["lexicon"].values() for entry in group)
        self._grammar = Grammar(tables["rules"])
        self._nouns = Nouns(tables["rules"])
        self._letters = Letters(tables["rules"])
        self._numerals = re.compile(f"(?<![가-힣])[{tables['rules']['numerals']['sino']}]{{2,}}")
        self._letter_names: Mapping[str, str] = tables["letters"]
        self._nouns_in_ui = tuple(tables["rules"]["nouns_in_ui"])
        self._labial = frozenset(tables["rules"]["labial"])
        self._cluster_nouns = tuple(tables["rules"]["cluster_nouns"])

    def pronounce(self, spoken: str) -> str:
        """Return ``spoken`` as it sounds.

        Every character but a Hangul syllable stays where it is, and every syllable stays one syllable: the result has
        the length of ``spoken``. Never raises.
        """
        tokens = tokens_of(spoken, self._analyser.analyse(spoken))
        marks = self._marks(spoken, tokens)
        syllables = self._syllables(spoken, tokens)
        sounded = {at: [*_vowel_as_said(syllable, spoken, at)] for at, syllable in syllables.items()}
        for left, right in pairwise(syllables):
            between = spoken[left + 1 : right]
            if between and not between.isspace():
                sounded[left][2] = neutral(syllables[left].coda)
                continue
            mark = marks.get(right, Mark.NONE) | (Mark.SPACE if between else Mark.NONE) | self._cluster(spoken, left)
            sounded[left][2], sounded[right][0] = meet(syllables[left].coda, syllables[right], mark)
        if syllables:
            last = next(reversed(syllables))
            sounded[last][2] = neutral(syllables[last].coda)
        said = list(spoken)
        for at, (onset, vowel, coda) in sounded.items():
            said[at] = compose(onset, _NO_GLIDE.get((onset, vowel), vowel), coda)
        return "".join(said)

    def _cluster(self, text: str, at: int) -> Mark:
        """Return what the syllable at ``at`` does to its own cluster, whatever follows."""
        if text[at] in self._labial:
            return Mark.LABIAL
        return Mark.NOUN if text.endswith(self._cluster_nouns, 0, at + 1) else Mark.NONE

    def _marks(self, text: str, tokens: tuple[Token, ...]) -> dict[int, Mark]:
        marks: dict[int, Mark] = {}

        def add(index: int, mark: Mark) -> None:
            marks[index] = marks.get(index, Mark.NONE) | mark

        self._grammar.mark(text, tokens, add)
        self._letters.mark(text, add)
        for start, end in (*noun_stretches(tokens), *(found.span() for found in self._numerals.finditer(text))):
            self._nouns.mark(text, start, end, add)
        starts = {token.start for token in tokens}
        ends = {token.end for token in tokens}
        for index, mark in self._lexicon.find(text, starts, ends).items():
            marks[index] = mark | (marks.get(index, Mark.NONE) & _STRUCTURAL)
        return marks

    def _ends_in_genitive(self, token: Token, text: str) -> bool:
        if not token.surface.endswith(_GENITIVE) or _inside_word(text, token.end):
            return False
        if token.surface == _GENITIVE:
            return token.tags[-1] == "JKG"
        return token.is_noun and not token.surface.endswith(self._nouns_in_ui)

    def _syllables(self, text: str, tokens: tuple[Token, ...]) -> dict[int, Syllable]:
        """Return the syllables of ``text`` by their index, particles and names of letters as they are said."""
        found = {at: decompose(character) for at, character in enumerate(text) if is_syllable(character)}
        for token in tokens:
            if self._ends_in_genitive(token, text):
                found[token.end - 1] = Syllable("ㅇ", "ㅔ")
        for name, coda in self._letter_names.items():
            at = text.find(name)
            while at >= 0:
                last = at + len(name) - 1
                found[last] = found[last]._replace(coda=coda)
                at = text.find(name, last + 1)
        return found


def _vowel_as_said(syllable: Syllable, text: str, at: int) -> Syllable:
    """Article 5: ㅖ and ㅢ."""
    onset, vowel, _ = syllable
    begins = at == 0 or not is_syllable(text[at - 1])
    if vowel == "ㅢ" and (onset != "ㅇ" or not begins):
        return syllable._replace(vowel="ㅣ")
    if vowel == "ㅖ" and onset not in _KEEPS_YE:
        return syllable._replace(vowel="ㅔ")
    return syllable


def _inside_word(text: str, at: int) -> bool:
    """Return whether a syllable stands at ``at``."""
    return at < len(text) and is_syllable(text[at])
