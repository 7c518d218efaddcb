"""Passwords of accounts: kept as Argon2id in PHC form, and looked at in the same time whether or not they are right.

Source of the parameters: RFC 9106, section 4, second recommended option (64 MiB, 3 passes, 4 lanes).
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from companion.errors import InputError

LEAST: Final = 10
"""Characters. Source: NIST SP 800-63B-4, section 3.1.1.2 wants at least 8 and no rules of composition."""
MOST: Final = 256
_SALT_BYTES: Final = 16
_DIGEST_BYTES: Final = 32
_MEMORY_KIB: Final = 64 * 1024
_PASSES: Final = 3
_LANES: Final = 4
_ONE_AT_A_TIME: Final = threading.Lock()
"""Derivations that run at once share OpenSSL's pool of threads, and wait in it for each other without end."""


def encoded(password: str, *, name: str) -> str:
    """Return what is kept of a new password.

    Raises:
        InputError: It is too short, too long, or the name of the account.
    """
    typed = _composed(password)
    if not LEAST <= len(typed) <= MOST:
        raise InputError("access.password_length", least=LEAST, most=MOST)
    if typed.casefold() == name.casefold():
        raise InputError("access.password_is_name")
    return _encode(typed)


def is_right(password: str, kept: str | None) -> bool:
    """Return whether a password is the one that is kept; as slow where nothing is kept (about 0.1 s)."""
    against = kept or _nobodys()
    try:
        with _ONE_AT_A_TIME:
            Argon2id.verify_phc_encoded(_composed(password).encode("utf-8", "replace"), against)
    except InvalidKey:
        return False
    return kept is not None


def _composed(password: str) -> str:
    """Return a password as it is looked at, however the keyboard composed its letters (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password)


def _encode(password: str) -> str:
    derivation = Argon2id(
        salt=secrets.token_bytes(_SALT_BYTES),
        length=_DIGEST_BYTES,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    with _ONE_AT_A_TIME:
        return derivation.derive_phc_encoded(password.encode("utf-8", "replace"))


@cache
def _nobodys() -> str:
    """Return what stands in for the password of a name that no account has."""
    return _encode(secrets.token_hex(_DIGEST_BYTES))
