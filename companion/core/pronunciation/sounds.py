"""What happens where two syllables meet: the Standard Pronunciation rules (표준발음법) between a coda and an onset.

Knows jamo only: which words behave specially is said by the ``Mark`` of the boundary, and who sets marks is for
``lexicon`` and ``boundaries``. Source of every rule: 표준발음법 (문화체육관광부 고시 제2017-13호), articles 8 to 30.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final

from companion.core.hangul import Syllable


class Mark(Flag):
    """What is known of one boundary between two syllables beyond their letters."""

    NONE = 0
    TENSE = auto()
    """The onset becomes tense: 문고리[문꼬리], 할 것을[할 꺼슬]."""
    INSERT = auto()
    """ㄴ is put before the vowels i and j: 솜이불[솜니불]."""
    CONTENT = auto()
    """A word with a meaning of its own begins: the coda is neutralised before it links, 겉옷[거돋]."""
    NASAL = auto()
    """ㄴ and ㄹ meet and become ㄴㄴ, not ㄹㄹ: 의견란[의견난]."""
    SPACE = auto()
    """A space, but no pause, stands between them."""
    APART = auto()
    """The word before ends a group (a noun with its object particle): liquids do not reach over."""
    NOUN = auto()
    """The word on the left is a noun: ㄺ and ㄼ do as nouns do, 흙과[흑꽈], 여덟도[여덜도]."""
    COMPOUND = auto()
    """The ㅅ on the left was put there by compounding (사이시옷) and falls before an obstruent: 냇가[내까]."""
    LABIAL = auto()
    """ㄼ leaves ㅂ: 밟고[밥꼬]."""


TENSED: Final = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}
ASPIRATED: Final = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅍ", "ㅈ": "ㅊ"}
I_VOWELS: Final = "ㅣㅑㅒㅕㅖㅛㅠ"
NASALISED: Final = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}

_LEFT: Final = {
    **dict.fromkeys("ㄲㅋㄳㄺ", "ㄱ"),
    **dict.fromkeys("ㅅㅆㅈㅊㅌㅎ", "ㄷ"),
    **dict.fromkeys("ㅍㅄㄿ", "ㅂ"),
    **dict.fromkeys("ㄵㄶ", "ㄴ"),
    **dict.fromkeys("ㄼㄽㄾㅀ", "ㄹ"),
    "ㄻ": "ㅁ",
}
"""Articles 9 to 11: what is left of a coda before a consonant or a pause; the others stay as they are."""

_SPLIT: Final = {
    "ㄳ": ("ㄱ", "ㅆ"),
    "ㄵ": ("ㄴ", "ㅈ"),
    "ㄶ": ("", "ㄴ"),
    "ㄺ": ("ㄹ", "ㄱ"),
    "ㄻ": ("ㄹ", "ㅁ"),
    "ㄼ": ("ㄹ", "ㅂ"),
    "ㄽ": ("ㄹ", "ㅆ"),
    "ㄾ": ("ㄹ", "ㅌ"),
    "ㄿ": ("ㄹ", "ㅍ"),
    "ㅀ": ("", "ㄹ"),
    "ㅄ": ("ㅂ", "ㅆ"),
}
"""Articles 13 and 14: what stays and what moves when a coda links to a vowel."""

_H_CODAS: Final = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}
_BEFORE_H: Final = {"ㄺ": ("ㄹ", "ㄱ"), "ㄼ": ("ㄹ", "ㅂ"), "ㄵ": ("ㄴ", "ㅈ")}
_PALATAL: Final = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}


def neutral(coda: str, mark: Mark = Mark.NONE) -> str:
    """Return the coda as it sounds before a pause or a consonant: one of ㄱ ㄴ ㄷ ㄹ ㅁ ㅂ ㅇ, or none."""
    if coda == "ㄼ" and Mark.LABIAL in mark:
        return "ㅂ"
    return _LEFT.get(coda, coda)


def meet(coda: str, right: Syllable, mark: Mark) -> tuple[str, str]:
    """Return the coda on the left and the onset on the right as they sound together.

    Args:
        coda: As written, of the syllable on the left.
        right: The syllable on the right, as written.
        mark: What is known of their boundary.
    """
    onset = right.onset
    if onset == "ㅇ" and coda and Mark.INSERT in mark and right.vowel in I_VOWELS:
        return _assimilated(neutral(coda, mark), "ㄴ", mark)
    if onset == "ㅇ":
        return _linked(coda, right, mark)
    if onset == "ㅎ":
        return _before_h(coda, right, mark)
    if coda in _H_CODAS:
        return _after_h(coda, onset, mark)
    return _before_consonant(coda, onset, mark)


def _linked(coda: str, right: Syllable, mark: Mark) -> tuple[str, str]:
    """Articles 12.4, 13 to 15 and 17: the coda moves to the empty onset."""
    if Mark.SPACE in mark or Mark.CONTENT in mark:
        left = neutral(coda, mark)
        if left in NASALISED:
            return "", left
        if Mark.SPACE in mark:
            return left, "ㅇ"
        coda = left
    if coda in ("", "ㅇ"):
        return coda, "ㅇ"
    if coda == "ㅎ":
        return "", "ㅇ"
    stays, moves = _SPLIT.get(coda, ("", coda))
    if moves in _PALATAL and right.vowel in "ㅣㅕ" and Mark.CONTENT not in mark:
        moves = _PALATAL[moves]
    return stays, moves


def _before_h(coda: str, right: Syllable, mark: Mark) -> tuple[str, str]:
    """Articles 12.1 and 17: an obstruent and ㅎ become one aspirated sound."""
    suffix = right.vowel == "ㅣ" or (right.vowel == "ㅕ" and right.coda in ("", "ㅆ"))
    suffix = suffix and Mark.SPACE not in mark
    if coda in _BEFORE_H and not mark & (Mark.NOUN | Mark.SPACE):
        stays, stop = _BEFORE_H[coda]
        return stays, ASPIRATED[stop]
    if suffix and coda in "ㄷㅌㅈㅊ" and coda:
        return "", "ㅊ"
    left = neutral(coda, mark)
    if left in ASPIRATED:
        return "", ASPIRATED[left]
    return left, "ㅎ"


def _after_h(coda: str, onset: str, mark: Mark) -> tuple[str, str]:
    """Article 12: ㅎ of a coda aspirates ㄱ ㄷ ㅈ, tenses ㅅ and is lost before ㄴ."""
    if onset in "ㄱㄷㅈ":
        return _H_CODAS[coda], ASPIRATED[onset]
    if onset == "ㅅ":
        return _H_CODAS[coda], "ㅆ"
    return _assimilated(neutral(coda, mark), onset, mark)


def _before_consonant(coda: str, onset: str, mark: Mark) -> tuple[str, str]:
    """Articles 9 to 11 and 23 to 30: the coda is neutralised and may make the onset tense."""
    left = neutral(coda, mark)
    if coda == "ㄺ" and onset == "ㄱ" and not mark & (Mark.NOUN | Mark.SPACE):
        return "ㄹ", "ㄲ"
    verb_cluster = coda in ("ㄼ", "ㄾ") and not mark & (Mark.NOUN | Mark.SPACE)
    if left in NASALISED or coda == "ㄵ" or verb_cluster or Mark.TENSE in mark:
        if coda == "ㅅ" and Mark.COMPOUND in mark and onset in TENSED:
            left = ""
        onset = TENSED.get(onset, onset)
    return _assimilated(left, onset, mark)


def _assimilated(left: str, onset: str, mark: Mark) -> tuple[str, str]:
    """Articles 18 to 20: nasals and liquids. ``left`` is neutral already."""
    if onset == "ㄹ" and Mark.SPACE not in mark:
        if left in NASALISED:
            return NASALISED[left], "ㄴ"
        if left in ("ㅁ", "ㅇ") or (left == "ㄴ" and Mark.NASAL in mark):
            return left, "ㄴ"
        return ("ㄹ", "ㄹ") if left == "ㄴ" else (left, onset)
    if onset in ("ㄴ", "ㅁ") and left in NASALISED:
        return NASALISED[left], onset
    if onset == "ㄴ" and left == "ㄹ" and Mark.APART not in mark:
        return "ㄹ", "ㄹ"
    return left, onset
