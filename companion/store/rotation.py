"""Changes the key of the record: a new key for every page, a new way in, and a new recovery code.

Wherever it is cut short, the vault holds both keys until one of them is known to be the right one: see ``opening``.
"""

from __future__ import annotations

from companion.errors import StorageFull, StoreUnreadable
from companion.store import cipher, swap
from companion.store.lock import RecordLock
from companion.store.opening import Place, opening
from companion.store.vault.places import Ask, Method
from companion.store.vault.vault import Vault


def rotate(place: Place, *, method: Method, ask: Ask, ask_new: Ask, code: str | None = None) -> str:
    """Change the key and return the new recovery code, to be shown once.

    Args:
        place: Where the record lies; nobody else may have it open.
        method: What opens it from now on.
        ask: Asks for the passphrase of today.
        ask_new: Asks for the new passphrase.
        code: The recovery code, where the key of today is lost.

    Raises:
        StoreBusy: Somebody has the record open.
        StoreUnreadable: The vault is missing or damaged.
        VaultError: Key, passphrase or code is wrong, or the new method cannot be used here; nothing was changed.
        StorageFull: It could not be written; the key is the old one.
    """
    lock = RecordLock(place.lock, alone=True)
    try:
        swap.end_pending_alone(place.folder)
        vault = Vault(place.vault)
        candidates = vault.candidates(ask) if code is None else vault.recovered(code)
        today = opening(place, vault, candidates)
        following = today.with_new_data_key()
        new_code = vault.begin_rotation(following, method, ask_new)
        if not place.server_url:
            try:
                cipher.change_key(place.file, today.data_key, following.data_key)
            except cipher.MODULE.Error:
                opening(place, vault, (today, following))
                raise StorageFull("store.cannot_write", file=place.file) from None
        vault.end_rotation(moved=True)
    finally:
        lock.release()
    return new_code


def vault_of(place: Place) -> Vault:
    """Return the vault of a record that is there.

    Raises:
        StoreUnreadable: There is none, or it is damaged.
    """
    for path in (place.vault, place.new_vault):
        if path.exists():
            return Vault(path)
    raise StoreUnreadable("vault.none_yet", file=place.vault)
