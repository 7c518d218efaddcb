"""Where the key that opens the vault lies: a key file, the keyring of the operating system, or somebody's memory."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from companion.errors import KeyRefused
from companion.store.durable import write_whole
from companion.store.vault.wrapping import KEY_BYTES, key_of_passphrase

_SERVICE: Final = "companion"
_LEAST_PASSPHRASE: Final = 8
Ask = Callable[[], str]
"""Asks a person for the passphrase."""


class Method(StrEnum):
    """What opens the vault day by day."""

    FILE = "file"
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a method


def new_key(method: Method, name: str, salt: bytes, ask: Ask) -> bytes:
    """Make the key of a method under a name and put it where it belongs; return its 32 bytes.

    Args:
        method: Where it lies.
        name: Path of the key file; account in the keyring; not used for a passphrase.
        salt: 16 bytes, for a passphrase.
        ask: Asks for the new passphrase.

    Raises:
        KeyRefused: There is no keyring here, or the passphrase is too short.
        StorageFull: The key file could not be written.
    """
    if method is Method.PASSPHRASE:
        passphrase = ask()
        if len(passphrase) < _LEAST_PASSPHRASE:
            raise KeyRefused("vault.passphrase_short", least=_LEAST_PASSPHRASE)
        return key_of_passphrase(passphrase, salt)
    key = secrets.token_bytes(KEY_BYTES)
    if method is Method.FILE:
        write_whole(Path(name), key.hex().encode() + b"\n")
    else:
        _set_in_keyring(name, key)
    return key


def find_key(method: Method, name: str, salt: bytes, ask: Ask) -> bytes:
    """Return the key of a method.

    Raises:
        KeyRefused: It is not there, others could read it, or it is no key.
    """
    match method:
        case Method.PASSPHRASE:
            return key_of_passphrase(ask(), salt)
        case Method.FILE:
            return _from_file(Path(name))
        case Method.KEYRING:
            return _from_keyring(name)


def forget_key(method: Method, name: str) -> None:
    """Remove a key that opens nothing any more; one that is gone already is no trouble."""
    if method is Method.FILE:
        Path(name).unlink(missing_ok=True)
    elif method is Method.KEYRING:
        import keyring
        from keyring.errors import KeyringError

        with suppress(KeyringError):
            keyring.delete_password(_SERVICE, name)


def _from_file(path: Path) -> bytes:
    try:
        found = path.stat()
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise KeyRefused("vault.key_file_open", file=path)
        if found.st_uid not in (os.geteuid(), 0):
            raise KeyRefused("vault.key_file_of_another", file=path)
        return _decoded(path.read_text(encoding="ascii"), str(path))
    except FileNotFoundError:
        raise KeyRefused("vault.key_file_missing", file=path) from None
    except (OSError, UnicodeDecodeError):
        raise KeyRefused("vault.key_file_unreadable", file=path) from None


def _decoded(text: str, place: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyRefused("vault.no_key_in_it", place=place)
    return key


def _set_in_keyring(name: str, key: bytes) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, name, key.hex())
    except KeyringError:
        raise KeyRefused("vault.no_keyring") from None


def _from_keyring(name: str) -> bytes:
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(_SERVICE, name)
    except KeyringError:
        raise KeyRefused("vault.no_keyring") from None
    if found is None:
        raise KeyRefused("vault.not_in_keyring")
    return _decoded(found, "keyring")
