"""Finding a name by what was typed so far: syllables, onsets alone (초성), or a syllable still being typed.

``ㄱㅁㅈ`` finds 김말자, and so do ``김ㅁ``, ``기`` and ``김마``: at each moment of typing a piece of a name the name is
found. Blanks do not count, nor does the case of Latin letters, nor whether a system writes Hangul composed or apart.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from companion.core.hangul import ONSETS, decompose, is_syllable

_TWO_KEYS: Final = (
    "ㅘㅗㅏ ㅙㅗㅐ ㅚㅗㅣ ㅝㅜㅓ ㅞㅜㅔ ㅟㅜㅣ ㅢㅡㅣ "
    "ㄳㄱㅅ ㄵㄴㅈ ㄶㄴㅎ ㄺㄹㄱ ㄻㄹㅁ ㄼㄹㅂ ㄽㄹㅅ ㄾㄹㅌ ㄿㄹㅍ ㅀㄹㅎ ㅄㅂㅅ"
)
_KEYS_OF: Final = {entry[0]: entry[1:] for entry in _TWO_KEYS.split()}
"""Jamo that are typed with two keys of the standard keyboard (두벌식). ㄲ and ㅆ are one key with shift."""
_APART: Final = str.maketrans(
    {0x1100 + number: jamo for number, jamo in enumerate(ONSETS)}
    | {jamo: keys for jamo, keys in _KEYS_OF.items() if keys[0] in ONSETS}
)
"""Lone onsets in the forms that systems send: conjoining ones, and two in a row that an input method joined (ㄳ)."""


def matches(query: str, name: str) -> bool:
    """Return whether ``name`` holds what was typed.

    Laws: an empty query finds every name; any piece of a name finds it, and so do the onsets of that piece and every
    state of an input method on the way to it; what a longer query finds is found by its beginning.

    Args:
        query: As typed so far, in any form of Unicode.
        name: Of a person or a group.

    Example:
        >>> matches("ㄱㅁㅈ", "김말자"), matches("말ㅈ", "김 말자"), matches("기", "김말자"), matches("마자", "김말자")
        (True, True, True, False)
    """
    typed, written = _plain(query), _plain(name)
    return any(_begins(typed, written[start:]) for start in range(max(1, len(written) - len(typed) + 1)))


def _plain(text: str) -> str:
    """Return it composed, without blanks, Latin in one case."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return "".join(folded.translate(_APART).split())


def _begins(typed: str, written: str) -> bool:
    """Return whether the name from here on begins with what was typed."""
    if not typed:
        return True
    whole, last = typed[:-1], typed[-1]
    if len(written) < len(typed) or not all(map(_is, whole, written)):
        return False
    rest = written[len(whole) :]
    return _is(last, rest[0]) or (is_syllable(last) and _keys(rest).startswith(_keys(last)))


def _is(typed: str, character: str) -> bool:
    """Return whether a whole character of a name was meant: by itself, or by its onset."""
    if typed == character:
        return True
    return typed in ONSETS and is_syllable(character) and decompose(character).onset == typed


def _keys(text: str) -> str:
    """Return the keys that type it on the standard keyboard."""
    jamo = (part for character in text for part in (decompose(character) if is_syllable(character) else (character,)))
    return "".join(_KEYS_OF.get(part, part) for part in jamo)
