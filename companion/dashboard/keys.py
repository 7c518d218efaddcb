"""Keys that work whichever way the keyboard is switched: a Latin letter, and the jamo on the same key (두벌식)."""

from __future__ import annotations

from typing import Final

_JAMO: Final = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", strict=True)
)


def both(letter: str) -> str:
    """Return a letter with its jamo, as a binding takes them: ``both("r") == "r,ㄱ"``.

    Raises:
        KeyError: It is no small Latin letter.
    """
    return f"{letter},{_JAMO[letter]}"
