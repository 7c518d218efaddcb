"""Names of things, Latin and Greek letters, hanja, jamo that stand alone."""

from __future__ import annotations

import re
from typing import Final

from companion.core.hangul import compose, decompose, is_syllable
from companion.core.speakable.reading import Reading, Table

_WORD: Final = re.compile(r"[A-Za-z]{1,12}")
_LONE_JAMO: Final = re.compile(r"[ㄱ-ㆎ]+")
_GLOSS: Final = re.compile(r"\(([^()]{1,24})\)")
_SOFT_VOWELS: Final = frozenset("ㅑㅕㅖㅛㅠㅣ")


class Names:
    """Whole expressions that the table spells out; Latin ones in any case."""

    def __init__(self, names: Table) -> None:
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for written in sorted(names, key=len, reverse=True):
            folded = written.lower()
            self._by_first.setdefault(folded[0], []).append((folded, str(names[written])))

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the longest name that stands at ``at`` and is no part of a longer number or Latin word."""
        del said
        for folded, spoken in self._by_first.get(text[at].lower(), ()):
            end = at + len(folded)
            if text[at:end].lower() != folded or _continues(text, at) or _continues(text, end):
                continue
            gap = " " if _is_latin(text[at - 1 : at]) or (folded[0].isascii() and text[at - 1 : at].isdigit()) else ""
            return Reading(end, gap + spoken)
        return None


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _continues(text: str, at: int) -> bool:
    """Whether the characters on both sides of ``at`` are both digits, or both Latin letters."""
    if at <= 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    return (before.isdigit() and after.isdigit()) or (_is_latin(before) and _is_latin(after))


class Letters:
    """Latin words letter by letter, and single Greek letters."""

    def __init__(self, letters: Table) -> None:
        self._letters = {name: str(spoken) for name, spoken in letters.items()}

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the word at ``at``; a blank parts it from a number before it."""
        del said
        gap = " " if text[at - 1 : at].isdigit() else ""
        match = _WORD.match(text, at)
        if match is not None:
            return Reading(match.end(), gap + "".join(self._letters[letter] for letter in match[0].upper()))
        spoken = self._letters.get(text[at])
        return None if spoken is None else Reading(at + 1, gap + spoken)


class Hanja:
    """Hanja of common use, with the initial-sound law (두음법칙) at a word's start."""

    def __init__(self, hanja: Table) -> None:
        self._readings = {character: reading for reading, characters in hanja.items() for character in characters}

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the one character at ``at``; one that is not in the table is left to be dropped."""
        del said
        reading = self._readings.get(text[at])
        if reading is None:
            return None
        before = text[at - 1 : at]
        starts_word = not (is_syllable(before) or before in self._readings)
        return Reading(at + 1, _initial(reading) if starts_word else reading)


def _initial(syllable: str) -> str:
    """Apply the initial-sound law: 녀 is 여, 력 is 역, 로 is 노 at the start of a word (한글 맞춤법 제10-12항)."""
    onset, vowel, coda = decompose(syllable)
    if onset in "ㄴㄹ" and vowel in _SOFT_VOWELS:
        return compose("ㅇ", vowel, coda)
    return compose("ㄴ", vowel, coda) if onset == "ㄹ" else syllable


class Jamo:
    """Jamo that stand alone: named where a letter is meant (ㄱ자), else dropped (ㅋㅋ)."""

    def __init__(self, jamo: Table) -> None:
        self._names = dict(jamo["names"])
        self._named_before = re.compile(jamo["named_before"])

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read or drop the row of jamo at ``at``."""
        del said
        match = _LONE_JAMO.match(text, at)
        if match is None:
            return None
        name = self._names.get(match[0])
        named = name is not None and self._named_before.match(text, match.end())
        return Reading(match.end(), str(name) if named else "")


def gloss(text: str, at: int) -> re.Match[str] | None:
    """Return the short parenthesis at ``at`` that may only repeat the word before it: 효도(孝道)."""
    return _GLOSS.match(text, at) if is_syllable(text[at - 1 : at]) else None
