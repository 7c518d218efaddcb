"""Opens the record of a device: makes it on first use, seals one of the first version, ends a rotation cut short.

Beside each other in one folder: ``record.sqlite3`` (encrypted), ``record.vault`` (its keys, wrapped), ``record.N.key``
(where a key file opens it), ``record.lock``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from companion.errors import StorageFull, StoreBusy, StoreDamaged, StoreUnreadable
from companion.store import cipher, swap
from companion.store.database import Database, Stamp, encrypted, server
from companion.store.durable import settle
from companion.store.lock import RecordLock
from companion.store.place import Place
from companion.store.record import Record
from companion.store.vault.places import Ask, Method
from companion.store.vault.vault import Vault
from companion.store.vault.wrapping import Secrets

__all__ = ["Place", "open_database", "open_record", "opening", "unlocked"]

_LOOKED_AT_WHOLE: Final = 128 * 2**20
"""Bytes up to which every page is looked at when the record is opened: at most about a second."""

_LEAST: Final = 512
"""Bytes of the smallest database: SQLite would begin a new record in a file that was cut to less."""


def open_record(
    place: Place, *, stamp: Stamp, now: Callable[[], datetime], ask: Ask, method: Method = Method.FILE
) -> Record:
    """Open the record, made on first use with a key of ``method``.

    Raises:
        StoreDamaged: It is not whole.
        StoreUnreadable: It is missing beside its vault, or was made by a newer version.
        StoreBusy: Its key is being changed.
        StorageFull: It cannot be written.
        VaultError: The key is wrong or cannot be used.
    """
    swap.end_pending(place.folder, place.lock)
    lock = _locked(place)
    try:
        _, contents = unlocked(place, ask, method)
        database = open_database(place, contents, stamp=stamp, now=now)
        if place.new_vault.exists():
            _move(place.new_vault, place.vault)
        lock.share()
    except BaseException:
        lock.release()
        raise
    return Record(database, audit_key=contents.audit_key, folder=place.folder, release=lock.release)


def _locked(place: Place) -> RecordLock:
    """Return the shared lock; the lock alone where the vault is still to be made, so that two make not two."""
    if not place.vault.exists():
        try:
            return RecordLock(place.lock, alone=True)
        except StoreBusy:
            if not place.vault.exists():
                raise
    return RecordLock(place.lock, alone=False)


def unlocked(place: Place, ask: Ask, method: Method = Method.FILE) -> tuple[Vault, Secrets]:
    """Return the vault, made if there is none, and the secrets that open the record today.

    Raises:
        StoreDamaged: No key of the vault opens the record, or it was cut to nothing.
        StoreUnreadable: The record lies without its vault, or the vault without its record.
        VaultError: The key is wrong or cannot be used.
    """
    if not place.vault.exists() and not place.new_vault.exists():
        if place.file.exists() and not cipher.is_plain(place.file) and place.file.stat().st_size:
            raise StoreUnreadable("vault.missing", file=place.file, vault=place.vault)
        Vault.create(place.new_vault, method, ask)
    fresh = not place.vault.exists()
    vault = Vault(place.new_vault if fresh else place.vault)
    if not fresh and not place.server_url and not place.file.exists():
        raise StoreUnreadable("store.record_missing", file=place.file)
    if not fresh and not place.server_url and place.file.stat().st_size < _LEAST:
        raise StoreDamaged("store.damaged", file=place.file)
    return vault, opening(place, vault, vault.candidates(ask))


def opening(place: Place, vault: Vault, candidates: tuple[Secrets, ...]) -> Secrets:
    """Return which of a vault's secrets opens the record, and end a rotation that was cut short.

    Raises:
        StoreDamaged: None does.
    """
    if place.server_url or cipher.is_plain(place.file):
        return candidates[0]
    for contents in candidates:
        if cipher.opens(place.file, contents.data_key):
            if vault.is_rotating:
                vault.end_rotation(moved=contents is not candidates[0])
            return contents
    raise StoreDamaged("store.damaged", file=place.file)


def open_database(place: Place, contents: Secrets, *, stamp: Stamp, now: Callable[[], datetime]) -> Database:
    """Open the database with its key and bring its tables up to date.

    Raises:
        StoreError: It cannot be read or written, or is not whole.
    """
    if place.server_url:
        return Database(server(place.server_url), place=_shown(place.server_url), stamp=stamp, now=now)
    if cipher.is_plain(place.file):
        _seal(place, contents.data_key)
    engine = encrypted(place.file, contents.data_key)
    database = Database(engine, place=place.file, stamp=stamp, now=now)
    if place.file.stat().st_size <= _LOOKED_AT_WHOLE:
        with database.mapped(), engine.connect() as connection:
            cipher.check_whole(connection.connection.dbapi_connection, place.file)
    return database


def _seal(place: Place, key: bytes) -> None:
    """Put an encrypted file in the place of one of the first version, which was not: the old one goes last."""
    part = place.file.with_name("record.sealing")
    part.unlink(missing_ok=True)
    try:
        cipher.encrypt(place.file, part, key)
    except cipher.MODULE.DatabaseError:
        part.unlink(missing_ok=True)
        raise StoreUnreadable("store.unreadable", file=place.file) from None
    part.chmod(0o600)
    _move(part, place.file)
    for ending in ("-wal", "-shm"):
        Path(f"{place.file}{ending}").unlink(missing_ok=True)


def _move(part: Path, whole: Path) -> None:
    try:
        part.replace(whole)
        settle(whole.parent)
    except OSError as error:
        raise StorageFull("store.cannot_write", file=whole) from error


def _shown(url: str) -> str:
    """Return an address without what might be a password."""
    return url.rsplit("@", 1)[-1]
