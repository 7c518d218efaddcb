"""Wraps the secrets of the record in one key and takes them out again: AES-256-GCM, Argon2id, HKDF-SHA-256.

Source of the Argon2id parameters: RFC 9106, section 4, second recommended option (64 MiB, 3 passes, 4 lanes).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from companion.errors import WrongKey

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_MEMORY_KIB: Final = 64 * 1024
_PASSES: Final = 3
_LANES: Final = 4


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What the vault keeps. Its repr shows nothing."""

    data_key: bytes
    """32 bytes: the raw key of the encrypted database."""
    audit_key: bytes
    """32 bytes: keys the hash chain of the audit; never changed, so that old entries can always be verified."""

    @classmethod
    def new(cls) -> Secrets:
        """Return fresh secrets from the random source of the operating system."""
        return cls(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    def with_new_data_key(self) -> Secrets:
        """Return the same secrets with another database key."""
        return Secrets(secrets.token_bytes(KEY_BYTES), self.audit_key)

    def __repr__(self) -> str:
        return "Secrets(…)"


def wrap(contents: Secrets, key: bytes, *, bound_to: str) -> bytes:
    """Return the secrets encrypted under a key of 32 bytes, bound to a place so that they cannot be moved."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, contents.data_key + contents.audit_key, bound_to.encode())


def unwrap(wrapped: bytes, key: bytes, *, bound_to: str) -> Secrets:
    """Return what ``wrap`` wrapped.

    Raises:
        WrongKey: It was another key, another place, or the bytes were changed.
    """
    try:
        plain = AESGCM(key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise WrongKey("vault.wrong_key") from None
    return Secrets(plain[:KEY_BYTES], plain[KEY_BYTES:])


def key_of_passphrase(passphrase: str, salt: bytes) -> bytes:
    """Return the key that a passphrase makes: slow on purpose (about 0.1 s)."""
    derivation = Argon2id(salt=salt, length=KEY_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return derivation.derive(passphrase.encode())


def key_of_code(code: bytes, salt: bytes) -> bytes:
    """Return the key that a recovery code makes: the code is random, so one quick step is enough."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"companion recovery").derive(code)
