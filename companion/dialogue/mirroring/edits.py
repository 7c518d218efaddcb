"""What a telling said back is made of: one edit for each letter of what was told. Pure.

``넘겼어`` becomes ``넘기셨군요``: ``넘`` is kept, ``겼`` has another vowel, no coda and ``셨`` behind it, ``어`` is
``군요``. Edits are learnt from few examples, and what is not edited stays as it was said, so nothing is said that was
not told (Malmi et al. 2019, "Encode, Tag, Realize").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from companion.core.hangul import compose, decompose, is_syllable

KEEP: Final = "="
LEAVE_OUT: Final = "-"
_SAME: Final = "="
_OPEN: Final = "0"
"""No coda."""
_CHANGE, _BEHIND, _BEFORE, _INSTEAD = "~", "+", "<", "!"


def edit_of(letter: str, said: str) -> str:
    """Return the edit that makes ``said`` of a letter. Law: ``edited(letter, [edit_of(letter, said)]) == said``.

    ``~ㅣ0셨`` keeps the onset, takes the vowel ㅣ and no coda, and has 셨 behind it (``=`` keeps a vowel or a coda);
    ``+`` writes more behind the letter, ``<`` before it, ``!`` something else instead.
    """
    if said == letter:
        return KEEP
    if not said:
        return LEAVE_OUT
    if is_syllable(letter) and is_syllable(said[0]):
        told, becomes = decompose(letter), decompose(said[0])
        if told.onset == becomes.onset:
            vowel = _SAME if told.vowel == becomes.vowel else becomes.vowel
            coda = _SAME if told.coda == becomes.coda else becomes.coda or _OPEN
            return f"{_CHANGE}{vowel}{coda}{said[1:]}"
    if said[0] == letter:
        return _BEHIND + said[1:]
    return _BEFORE + said[:-1] if said[-1] == letter else _INSTEAD + said


def edited(text: str, edits: Sequence[str]) -> str:
    """Return a text with one edit for each of its letters.

    Raises:
        ValueError: There are more or fewer edits than letters.
    """
    return "".join(_applied(letter, edit) for letter, edit in zip(text, edits, strict=True))


def cuts_a_word(text: str, edits: Sequence[str]) -> bool:
    """Whether the beginning of a word is left out and its end kept as it was: 근데 becomes 데.

    Raises:
        ValueError: There are more or fewer edits than letters.
    """
    left_out = False
    begins = True
    for letter, edit in zip(text, edits, strict=True):
        if not is_syllable(letter):
            begins, left_out = True, False
            continue
        if begins:
            left_out = edit == LEAVE_OUT
        elif left_out and edit == KEEP:
            return True
        begins = False
    return False


def _applied(letter: str, edit: str) -> str:
    kind, rest = edit[0], edit[1:]
    if kind == KEEP or edit == LEAVE_OUT:
        return letter if kind == KEEP else ""
    if kind == _CHANGE:
        return _changed(letter, rest)
    return {_BEHIND: letter + rest, _BEFORE: rest + letter}.get(kind, rest)


def _changed(letter: str, change: str) -> str:
    """Return a letter with another vowel or coda; as it is where it has none, with what stands behind it."""
    vowel, coda, behind = change[0], change[1], change[2:]
    if not is_syllable(letter):
        return letter + behind
    told = decompose(letter)
    coda = told.coda if coda == _SAME else "" if coda == _OPEN else coda
    return compose(told.onset, told.vowel if vowel == _SAME else vowel, coda) + behind
