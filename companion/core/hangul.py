"""Hangul syllables taken apart and put together, and particles that fit the word before them.

A syllable block of Unicode (U+AC00 to U+D7A3) is an onset, a vowel and an optional coda (받침); all three are
written here as compatibility jamo (U+3131 to U+3163), the ones that people type. Knows letters only: how they sound is
for the pronunciation rules. Source of the arithmetic: The Unicode Standard, section 3.12.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

ONSETS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
"""The 19 onsets in the order of Unicode; ㅇ is the empty one."""
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
"""The 21 vowels in the order of Unicode."""
CODAS: Final[tuple[str, ...]] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
"""The 28 codas in the order of Unicode; the first is none."""

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_ONSET_INDEX: Final = {jamo: index for index, jamo in enumerate(ONSETS)}
_VOWEL_INDEX: Final = {jamo: index for index, jamo in enumerate(VOWELS)}
_CODA_INDEX: Final = {jamo: index for index, jamo in enumerate(CODAS)}
_SMOOTH_CODA: Final = "ㄹ"


class Syllable(NamedTuple):
    """One syllable block taken apart."""

    onset: str
    """One of ``ONSETS``."""
    vowel: str
    """One of ``VOWELS``."""
    coda: str = ""
    """One of ``CODAS``; empty for an open syllable."""


def is_syllable(character: str) -> bool:
    """Return whether it is exactly one whole syllable block (가 to 힣)."""
    return len(character) == 1 and _FIRST <= ord(character) <= _LAST


@lru_cache(maxsize=4096)  # Korean is written with some 2,400 syllables
def decompose(character: str) -> Syllable:
    """Take one syllable block apart. Law: ``compose(*decompose(c)) == c``.

    Raises:
        ValueError: It is not one syllable block.
    """
    if not is_syllable(character):
        raise ValueError("not one Hangul syllable")
    rest, coda = divmod(ord(character) - _FIRST, len(CODAS))
    onset, vowel = divmod(rest, len(VOWELS))
    return Syllable(ONSETS[onset], VOWELS[vowel], CODAS[coda])


def compose(onset: str, vowel: str, coda: str = "") -> str:
    """Put a syllable block together.

    Raises:
        ValueError: One of the jamo cannot stand in its place.
    """
    try:
        head = _ONSET_INDEX[onset] * len(VOWELS) + _VOWEL_INDEX[vowel]
        return chr(_FIRST + head * len(CODAS) + _CODA_INDEX[coda])
    except KeyError:
        raise ValueError("jamo out of place") from None


def syllables(text: str) -> Iterator[str]:
    """Yield the syllable blocks of ``text`` in order and nothing else."""
    return (character for character in text if is_syllable(character))


def syllable_count(text: str) -> int:
    """Return how many syllable blocks ``text`` has: the length of its speech, once it is speakable."""
    return sum(1 for _ in syllables(text))


def last_coda(text: str) -> str | None:
    """Return the coda of the last syllable block, "" for an open one, None where there is no Hangul at all.

    Punctuation and blanks after it do not count: ``last_coda("밥.")`` is ㅂ.
    """
    for character in reversed(text):
        if is_syllable(character):
            return CODAS[(ord(character) - _FIRST) % len(CODAS)]
    return None


def particle(word: str, pair: str) -> str:
    """Return the member of ``pair`` that fits after ``word``.

    Args:
        word: As it is spoken; without any Hangul it counts as open.
        pair: The form after a coda, a slash, the form after an open syllable: ``은/는``, ``이/가``, ``을/를``,
            ``과/와``, ``으로/로``, ``이에요/예요``. A pair that starts with 으 counts ㄹ as open (서울로).

    Raises:
        ValueError: ``pair`` is not two forms with one slash between them.

    Example:
        >>> particle("밥", "을/를"), particle("서울", "으로/로"), particle("서울", "은/는")
        ('을', '로', '은')
    """
    closed, slash, open_form = pair.partition("/")
    if not (closed and slash and open_form) or "/" in open_form:
        raise ValueError("a pair of particles needs one slash")
    coda = last_coda(word)
    if not coda or (coda == _SMOOTH_CODA and closed.startswith("으")):
        return open_form
    return closed


def with_particle(word: str, pair: str) -> str:
    """Return ``word`` with the fitting member of ``pair`` behind it."""
    return word + particle(word, pair)
