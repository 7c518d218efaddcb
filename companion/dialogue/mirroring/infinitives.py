"""How a stem stands before -아/어, and whether it is the one that stands in a text. Pure.

A law of the grammar guards what is said back: a stem must give the letters of the text when it is conjugated in the
tense that was found there. Which stems are irregular is data (``prompts/lexicon/mirror.toml``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from companion.core.hangul import compose, decompose, is_syllable, last_coda
from companion.core.morphology import Morpheme

_BRIGHT: Final = frozenset("ㅏㅗㅑ")
_CONTRACTED: Final = {"ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅣ": "ㅕ", "ㅚ": "ㅙ"}
_SWALLOWED: Final = frozenset("ㅏㅓㅕ")
"""Vowels into which -아/어 always goes; into ㅐ and ㅔ it may."""
_COLOURED: Final = {"ㅏ": "ㅐ", "ㅓ": "ㅔㅐ", "ㅑ": "ㅒ", "ㅕ": "ㅖ"}
"""The vowel of a stem that loses its ㅎ: 하얗 is 하얘, 시커멓 is 시커메."""
_CLOSED_ENDS: Final = {"ㄴ": "ㄴ", "ㄹ": "ㄹ", "ㅂ": "ㅂ", "ᆫ": "ㄴ", "ᆯ": "ㄹ", "ᆸ": "ㅂ"}
"""Endings that begin as a coda, as analysers write it."""
_VOWEL_ENDS: Final = frozenset("아어여ㅏㅓ야")


class Irregular:
    """Which stems change before a vowel.

    Args:
        changing: Stems by their coda that change: ㅅ, ㄷ. And with ``르`` those that do as 따르 does, 따라.
        regular: Stems by their coda that do not, where the others do: ㅂ, ㅎ.

    Raises:
        KeyError: ``르`` is missing.
    """

    def __init__(self, changing: Mapping[str, Sequence[str]], regular: Mapping[str, Sequence[str]]) -> None:
        self._changing = {str(coda): tuple(map(str, stems)) for coda, stems in changing.items()}
        self._regular = {str(coda): tuple(map(str, stems)) for coda, stems in regular.items()}
        self._plain = self._changing["르"]

    def changes(self, stem: str) -> bool:
        """Whether the last coda of a stem is lost or another before a vowel: 짓, 듣, 춥, 까맣."""
        coda = last_coda(stem) or ""
        if coda in self._regular:
            return not stem.endswith(self._regular[coda])
        return stem.endswith(self._changing.get(coda, ()))

    def infinitives(self, stem: str) -> frozenset[str]:
        """Return how a stem may stand with -아/어: 밟 is 밟아, 시커멓 is 시커메, 모르 is 몰라, 피 is 피어 and 펴."""
        if not stem or not all(map(is_syllable, stem)):
            return frozenset()
        _, vowel, coda = decompose(stem[-1])
        if not coda:
            return self._open(stem)
        ending = "아" if vowel in _BRIGHT else "어"
        bare = without_coda(stem)
        if not self.changes(stem):
            short = _with_vowel(bare, "ㅘ") if coda == "ㅎ" and vowel == "ㅗ" else ""
            spoken = {stem + ending, stem + "어", short}  # 알어 and 놔 as well as 알아 and 놓아
            return frozenset(one for one in spoken if one)
        if coda == "ㅎ":
            return frozenset(_with_vowel(bare, one) for one in _COLOURED.get(vowel, ""))
        if coda == "ㅂ":
            return frozenset({bare + "워", *((bare + "와",) if vowel in _BRIGHT else ())})
        return frozenset({(with_coda(stem, "ㄹ") if coda == "ㄷ" else bare) + ending})

    def _open(self, stem: str) -> frozenset[str]:
        onset, vowel, _ = decompose(stem[-1])
        if stem.endswith("하"):
            return frozenset({stem[:-1] + "해", stem + "여"})
        if vowel == "ㅡ":
            return self._dropped(stem, onset)
        if vowel in _SWALLOWED:
            return frozenset({stem})
        ending = "아" if vowel in _BRIGHT else "어"
        short = _with_vowel(stem, _CONTRACTED[vowel]) if vowel in _CONTRACTED else stem if vowel in "ㅐㅔ" else ""
        if stem == "푸":
            return frozenset({"퍼"})
        whole = "" if stem.endswith("오") else stem + ending
        return frozenset({one for one in (short, whole) if one})

    def _dropped(self, stem: str, onset: str) -> frozenset[str]:
        """Return a stem in ㅡ: 쓰 is 써, 바쁘 is 바빠, 모르 is 몰라, 따르 is 따라."""
        before = decompose(stem[-2]).vowel if len(stem) > 1 else ""
        vowel = "ㅏ" if before in _BRIGHT else "ㅓ"
        if stem.endswith("르") and len(stem) > 1 and not stem.endswith(self._plain):
            return frozenset({with_coda(stem[:-1], "ㄹ") + compose("ㄹ", vowel)})
        return frozenset({stem[:-1] + compose(onset, vowel)})

    def stands(self, stem: str, following: Sequence[Morpheme], surface: str) -> bool:
        """Whether a stem with what follows it gives the letters that were said.

        Args:
            stem: Without what is conjugated behind it.
            following: The endings behind it, at least one.
            surface: The letters from where the stem begins to where the ending ends, without blanks.
        """
        return any(surface.startswith(begun) for begun in self._begun(stem, following[0]))

    def gives(self, stem: str, following: Sequence[Morpheme], surface: str) -> bool:
        """Whether a stem with what follows it is all that was said: 밟았어 is 밟 with 았 and 어."""
        ending = following[-1].form
        kept = (
            ending[1:] if ending[:1] in _CLOSED_ENDS or (len(following) == 1 and ending[0] in _VOWEL_ENDS) else ending
        )
        return any(surface == begun + kept for begun in self._begun(stem, following[0]))

    def _begun(self, stem: str, one: Morpheme) -> frozenset[str]:
        """Return the letters with which a stem and the ending right behind it may begin."""
        first = one.form[:1]
        if one.tag == "EP" and first in "았었였":
            return frozenset(with_coda(form, "ㅆ") for form in self.infinitives(stem))
        if one.tag != "EP" and first in _VOWEL_ENDS:
            return self.infinitives(stem)
        smooth = without_coda(stem) if last_coda(stem) == "ㄹ" else stem
        if first in _CLOSED_ENDS:
            return frozenset({with_coda(smooth, _CLOSED_ENDS[first])} if not last_coda(smooth) else {stem})
        if one.tag == "EP" and first in "시으":
            return frozenset({smooth, without_coda(stem), *(form[:-1] for form in self.infinitives(stem))})
        return frozenset({stem, smooth} if first and decompose_onset(first) in "ㄴㅅㅇ" else {stem})


def decompose_onset(letter: str) -> str:
    """Return the onset of a syllable; a sign that no syllable has for anything else."""
    return decompose(letter).onset if is_syllable(letter) else "?"


def _with_vowel(stem: str, vowel: str) -> str:
    onset, _, coda = decompose(stem[-1])
    return stem[:-1] + compose(onset, vowel, coda)


def without_coda(stem: str) -> str:
    """Return a stem without its last coda."""
    onset, vowel, _ = decompose(stem[-1])
    return stem[:-1] + compose(onset, vowel)


def with_coda(stem: str, coda: str) -> str:
    """Return a stem with another last coda."""
    onset, vowel, _ = decompose(stem[-1])
    return stem[:-1] + compose(onset, vowel, coda)
