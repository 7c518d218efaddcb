"""The keys of this device's record, for the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from companion.errors import InputError
from companion.wiring.record import record_place


@dataclass(frozen=True, slots=True)
class Locked:
    """How the record is locked."""

    file: Path
    size: int
    """Bytes."""
    method: str
    changes: int
    """How often the key was changed."""


def look() -> Locked:
    """Return how the record is locked, without opening it.

    Raises:
        StoreUnreadable: There is no record, or its vault is damaged.
    """
    from companion.store.rotation import vault_of

    place = record_place()
    vault = vault_of(place)
    size = place.file.stat().st_size if place.file.exists() else 0
    return Locked(place.file, size, vault.method, vault.generation - 1)


def change_key(
    key: str | None, *, ask: Callable[[], str], ask_new: Callable[[], str], code: str | None = None
) -> tuple[str, str]:
    """Change the key of the record; return what opens it now, and the new recovery code.

    Args:
        key: ``file``, ``keyring`` or ``passphrase``; None keeps the way of today.
        ask: Asks for the passphrase of today.
        ask_new: Asks for a new one.
        code: The recovery code, where the key of today is lost.

    Raises:
        InputError: There is no such way.
        StoreError: The record is in use, missing or cannot be written.
        VaultError: Key, passphrase or code is wrong.
    """
    from companion.store.rotation import rotate, vault_of
    from companion.store.vault.places import Method

    place = record_place()
    try:
        method = vault_of(place).method if key is None else Method(key)
    except ValueError:
        raise InputError("vault.no_such_method", method=key) from None
    return method, rotate(place, method=method, ask=ask, ask_new=ask_new, code=code)
