"""Gives listed words back their spelling where somebody wrote them by ear: 주꼬 시퍼 is 죽고 싶어, 기우니 is 기운이.

A recogniser writes what it hears, and older people and dialects sound otherwise than dictionaries. So the letters of a
text are compared as they sound: each phrase of the table is looked for by its pronunciation, and what sounds like one
is written as one. A phrase has as many syllables as what it replaces, so every place in the text stays where it was.

Pure. Words are data: what is listened for differs with the purpose (danger, answers to a question).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeAlias

from companion.core.hangul import Syllable, decompose, is_syllable
from companion.core.pronunciation.sounds import Mark, meet, neutral

_Sound: TypeAlias = tuple[str, str, str]
_SAME_VOWEL: Final = {"ㅐ": "ㅔ", "ㅒ": "ㅖ", "ㅙ": "ㅞ", "ㅚ": "ㅞ", "ㅢ": "ㅣ"}
"""Vowels that are heard alike."""
_TENSE_AFTER: Final = {"ㄱ": "ㄲ", "ㄷ": "ㄸㅆㅉ", "ㅂ": "ㅃ"}
"""A stop before its own tense onset is heard as one sound: 죽꼬 is 주꼬."""
_LOOSE: Final = {
    "ㄲ": "ㄱ",
    "ㅋ": "ㄱ",
    "ㄸ": "ㄷ",
    "ㅌ": "ㄷ",
    "ㅃ": "ㅂ",
    "ㅍ": "ㅂ",
    "ㅆ": "ㅅ",
    "ㅉ": "ㅈ",
    "ㅊ": "ㅈ",
}
"""Plain, tense and aspirated consonants, told apart worst by a recogniser."""
_NASAL: Final = {"ㅇ": "ㄴ", "ㅁ": "ㄴ"}


def sounds(text: str, *, loose: bool = False) -> tuple[_Sound, ...]:
    """Return one sound for each letter of ``text``: onset, vowel and coda as they are heard in one breath.

    Args:
        text: Without blanks. What is no Hangul syllable sounds like itself.
        loose: Whether consonants of one place, and nasal codas, sound alike.
    """
    spelled = [decompose(letter) if is_syllable(letter) else None for letter in text]
    onsets: list[str] = ["" if one is None else one.onset for one in spelled]
    codas: list[str] = ["" if one is None else neutral(one.coda) for one in spelled]
    for at, (left, right) in enumerate(pairwise(spelled)):
        if left is not None and right is not None:
            codas[at], onsets[at + 1] = _met(left, right)
    heard = [
        (letter, "", "") if one is None else (onsets[at], _SAME_VOWEL.get(one.vowel, one.vowel), codas[at])
        for at, (letter, one) in enumerate(zip(text, spelled, strict=True))
    ]
    return tuple(_loosened(sound) for sound in heard) if loose else tuple(heard)


@lru_cache(maxsize=4096)
def _alone(letter: str) -> _Sound:
    """Return the sound of one letter by itself."""
    return sounds(letter)[0]


def _met(left: Syllable, right: Syllable) -> tuple[str, str]:
    coda, onset = meet(left.coda, right, Mark.NONE)
    return ("" if coda and onset in _TENSE_AFTER.get(coda, ()) else coda), onset


def _loosened(sound: _Sound) -> _Sound:
    onset, vowel, coda = sound
    return _LOOSE.get(onset, onset), vowel, _NASAL.get(coda, coda)


class Respelling:
    """Built once from the table; mends any text."""

    def __init__(self, table: Mapping[str, Any], *, may_lack_coda: bool = True) -> None:
        """Work out how each phrase sounds.

        Args:
            table: ``dialect``: pairs of equal length, what is said and how the standard language writes it; ``strict``
                and ``loose``: phrases without blanks, by how exactly their sounds must agree; ``stems`` and
                ``endings``, every pair of which is a strict phrase.
            may_lack_coda: Whether the last coda of a phrase may be missing in what was heard.

        Raises:
            KeyError: A part of the table is missing.
            ValueError: The two of a pair have different lengths.
        """
        uneven = [said for said, written in table["dialect"] if len(said) != len(written)]
        if uneven:
            raise ValueError(uneven[0])
        pairs = [stem + ending for stem in table["stems"] for ending in table["endings"]]
        self._strict = _by_first([*table["strict"], *pairs], loose=False)
        self._loose = _by_first(table["loose"], loose=True)
        self._may_lack_coda = may_lack_coda
        self._dialect = [(str(said), str(written)) for said, written in table["dialect"]]

    def mend(self, text: str) -> str:
        """Return ``text`` with what sounds like a phrase written as one. Law: the length stays."""
        for said, written in self._dialect:
            # Inside a word only: 하나 써 is not 하났어.
            text = text.replace(said, written)
        at = [index for index, letter in enumerate(text) if not letter.isspace()]
        letters = [text[index] for index in at]
        compact = "".join(letters)
        for phrases, loose in ((self._strict, False), (self._loose, True)):
            self._write(letters, sounds(compact, loose=loose), phrases)
        mended = list(text)
        for index, letter in zip(at, letters, strict=True):
            mended[index] = letter
        return "".join(mended)

    def _write(self, letters: list[str], heard: tuple[_Sound, ...], phrases: _Phrases) -> None:
        for start in range(len(letters)):
            # By its own onset, not by the one it took over: in 한 아흐레 there is no 나흘에.
            own = _alone(letters[start])
            for wanted, phrase in phrases.get(_beginning(own), ()):
                end = start + len(wanted)
                if end <= len(letters) and self._fits(letters[end - 1], heard[start:end], wanted, phrase[-1]):
                    letters[start:end] = phrase
                    break

    def _fits(self, letter: str, heard: tuple[_Sound, ...], wanted: tuple[_Sound, ...], last: str) -> bool:
        """Whether they sound alike; the words around may have touched the first onset and the last coda."""
        if heard[1:-1] != wanted[1:-1] or heard[-1][1] != wanted[-1][1]:
            return False
        if len(wanted) > 1 and (heard[0][2] != wanted[0][2] or heard[-1][0] != wanted[-1][0]):
            return False
        coda = heard[-1][2] or ("" if self._may_lack_coda else _alone(letter)[2])
        lacking = coda == "" and self._may_lack_coda
        return (lacking or coda == wanted[-1][2]) and not _says_more(letter, last)


_Phrases: TypeAlias = Mapping[tuple[str, str], Sequence[tuple[tuple[_Sound, ...], str]]]


def _by_first(phrases: Sequence[str], *, loose: bool) -> _Phrases:
    """Return the phrases with their sounds, longest first, by how their first syllable begins."""
    found: dict[tuple[str, str], list[tuple[tuple[_Sound, ...], str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        heard = sounds(phrase, loose=loose)
        found.setdefault(_beginning(heard[0]), []).append((heard, phrase))
    return found


def _says_more(letter: str, last: str) -> bool:
    """Whether a syllable has a coda of its own where that of the phrase has none: 싶었지 is not 싶어."""
    return is_syllable(letter) and bool(decompose(letter).coda) and not decompose(last).coda


def _beginning(sound: _Sound) -> tuple[str, str]:
    """Return onset and vowel; the word before may have made the onset tense."""
    return _LOOSE.get(sound[0], sound[0]), sound[1]
