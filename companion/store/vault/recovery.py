"""The recovery code: 125 random bits in 25 letters and digits that a tired person can copy from paper.

Alphabet: Crockford's base 32, which leaves out I, L, O and U; typed in their place, 1, 1 and 0 are meant.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

from companion.errors import WrongKey

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS: Final = 25
_GROUP: Final = 5
_MEANT: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code() -> str:
    """Return a new code, such as ``7K3QP-…``, in groups of five."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def code_bytes(typed: str) -> bytes:
    """Return what a code stands for, however it was typed: blanks, hyphens and lower case do not matter.

    Raises:
        WrongKey: It is not a code at all.
    """
    letters = re.sub(r"[\s\-]", "", typed).upper().translate(_MEANT)
    if len(letters) != _LETTERS or any(letter not in _ALPHABET for letter in letters):
        raise WrongKey("vault.not_a_code", letters=_LETTERS)
    return letters.encode("ascii")
