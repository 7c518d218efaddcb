"""Puts a backup in the place of the record: verified before anything is moved, and nothing of the present one is lost.

Which key opens a backup depends on its age. One made since the last change of key opens with what opens the record
today, and today's vault stays. One made before, or one from another machine, opens with the vault inside it: by the
key of its time where that still lies here, or by the recovery code printed at its time. After a recovery code, the
record is encrypted anew and gets a fresh key file and a fresh code: the old ones may be in other hands.
"""

from __future__ import annotations

import re
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from companion.errors import (
    CompanionError,
    InputError,
    KeyRefused,
    StorageFull,
    StoreError,
    StoreUnreadable,
    VaultError,
)
from companion.store import archive, cipher, swap
from companion.store.archive import Described, Manifest
from companion.store.backup import verify
from companion.store.database import translated
from companion.store.durable import write_whole
from companion.store.lock import RecordLock
from companion.store.opening import Place
from companion.store.opening import unlocked as unlocked_record
from companion.store.schema import HEAD
from companion.store.vault.places import Ask, Method
from companion.store.vault.vault import Vault
from companion.store.vault.wrapping import Secrets

_KEY_FILE: Final = re.compile(r"record\.(\d+)\.key")
_BESIDE: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring came to."""

    described: Described
    kept: tuple[Path, ...]
    """Where the files of the record before lie now; empty where there was none."""
    recovery_code: str = ""
    """To be printed once; empty where the code of before still stands."""
    returned: tuple[str, ...] = ()
    """Ids of people who are in the record now and were not in the one before: perhaps they had been erased."""


@dataclass(frozen=True, slots=True)
class _Unlocked:
    """What opens a backup, and with which vault."""

    contents: Secrets
    vault: Vault
    is_present: bool
    """Whether it is the vault that the record has today."""


def restore(place: Place, backup: Path, *, now: datetime, ask: Ask, code: str = "") -> Restored:
    """Put what a backup holds in the place of the record.

    Args:
        place: Of the record, which may be damaged or missing.
        backup: The file.
        now: Aware; names what is kept.
        ask: Asks for a passphrase where one opens the vault, today's or that of the backup's time; at most once.
        code: The recovery code of the backup's time; empty tries the keys that lie here.

    Raises:
        InputError: No such file, no backup of ours, or the record lies on a server.
        StoreBusy: Somebody has the record open.
        StoreDamaged: The backup is not whole. Nothing was moved.
        StoreUnreadable: It was made by a newer version. Nothing was moved.
        WrongKey: The recovery code is another. Nothing was moved.
        KeyRefused: No key that lies here opens it: the recovery code is needed. Nothing was moved.
        StorageFull: There is no room. What was begun to be moved is ended when the record is opened next.
    """
    if place.server_url:
        raise InputError("backup.server")
    ask = asked_once(ask)
    lock = RecordLock(place.lock, alone=True)
    try:
        swap.end_pending_alone(place.folder)
        _end_rotation(place, ask)
        ready = swap.stage(place.folder)
        manifest = _unpacked(backup, ready)
        unlocked = _by_code(ready, place, code) if code else _by_keys(ready, place, ask)
        verify(ready / archive.DATABASE, manifest.described, unlocked.contents, backup)
        returned = _returned(ready, place, unlocked.contents, ask)
        fresh_code = _rewrapped(ready, place, unlocked, ask) if code else ""
        return Restored(manifest.described, _swapped(place, now, unlocked), fresh_code, returned)
    finally:
        swap.discard(place.folder)
        lock.release()


def secrets_of(unpacked: Path, place: Place, ask: Ask) -> Secrets:
    """Return what opens a backup that lies unpacked in a folder, by the keys that lie beside the record.

    Raises:
        KeyRefused: None of them does.
    """
    return _by_keys(unpacked, place, ask).contents


def _unpacked(backup: Path, ready: Path) -> Manifest:
    manifest = archive.unpack(backup, ready)
    found = manifest.described.revision
    if found > HEAD:
        raise StoreUnreadable("store.newer_version", file=backup, found=found, known=HEAD)
    return manifest


def _end_rotation(place: Place, ask: Ask) -> None:
    """End a change of key that was cut short while the present record still says which key it has."""
    with suppress(CompanionError):
        if Vault(place.vault).is_rotating:
            unlocked_record(place, ask)


def _by_keys(unpacked: Path, place: Place, ask: Ask) -> _Unlocked:
    for path in (place.vault, unpacked / archive.VAULT):
        try:
            vault = Vault(path, keys=place.folder)
            candidates = vault.candidates(ask)
        except (VaultError, StoreError):
            continue
        for contents in candidates:
            if cipher.opens(unpacked / archive.DATABASE, contents.data_key):
                return _Unlocked(contents, vault, path == place.vault)
    raise KeyRefused("restore.needs_code")


def _by_code(unpacked: Path, place: Place, code: str) -> _Unlocked:
    vault = Vault(unpacked / archive.VAULT, keys=place.folder)
    for contents in vault.recovered(code):
        if cipher.opens(unpacked / archive.DATABASE, contents.data_key):
            return _Unlocked(contents, vault, is_present=False)
    raise KeyRefused("restore.needs_code")


def _returned(ready: Path, place: Place, contents: Secrets, ask: Ask) -> tuple[str, ...]:
    """Return who comes back with the backup; nobody where the present record does not open and cannot say."""
    if not (place.vault.exists() and place.file.exists()):
        return ()
    try:
        _, today = unlocked_record(place, ask)
        present = _people(place.file, today.data_key)
    except (CompanionError, cipher.MODULE.Error, OSError):
        return ()
    with translated(place.folder):
        return tuple(sorted(_people(ready / archive.DATABASE, contents.data_key) - present))


def _people(file: Path, key: bytes) -> set[str]:
    with closing(cipher.connect(file, key)) as connection:
        return {str(row[0]) for row in connection.execute("SELECT id FROM people").fetchall()}


def asked_once(ask: Ask) -> Ask:
    """Return the same question, put to the person at most once."""
    asked: list[str] = []

    def once() -> str:
        asked[:] = asked or [ask()]
        return asked[0]

    return once


def _rewrapped(ready: Path, place: Place, unlocked: _Unlocked, ask: Ask) -> str:
    """Encrypt what lies ready anew, under a fresh key file that overwrites no key that lies here; return the code."""
    file, fresh = ready / archive.DATABASE, unlocked.contents.with_new_data_key()
    code = unlocked.vault.begin_rotation(fresh, Method.FILE, ask, above=_newest_key(place))
    with translated(place.folder):
        cipher.change_key(file, unlocked.contents.data_key, fresh.data_key)
    unlocked.vault.end_rotation(moved=True, forget=False)
    return code


def _newest_key(place: Place) -> int:
    """Return the highest generation that a key lying here, or the present vault, may have."""
    try:
        present = Vault(place.vault).generation
    except StoreError:
        present = 0
    names = (_KEY_FILE.match(path.name) for path in place.folder.iterdir())
    return max([present, *(int(found[1]) for found in names if found)])


def _swapped(place: Place, now: datetime, unlocked: _Unlocked) -> tuple[Path, ...]:
    """Move the present files aside under one name and the new ones into their places."""
    kept = _kept_name(place, now)
    aside = {f"{place.file.name}{end}": f"{place.file.name}.{kept}{end}" for end in _BESIDE}
    new: tuple[str, ...] = (archive.DATABASE,)
    if unlocked.is_present:
        _copy_vault(place, place.folder / f"{place.vault.name}.{kept}")
    else:
        aside |= {path.name: f"{path.name}.{kept}" for path in (place.vault, place.new_vault)}
        new = (archive.DATABASE, archive.VAULT)
    swap.swap(place.folder, aside=aside, new=new)
    return tuple(sorted(path for path in place.folder.iterdir() if f".{kept}" in path.name))


def _kept_name(place: Place, now: datetime) -> str:
    stem = f"kept-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    taken = [path.name for path in place.folder.iterdir()]
    names = (stem, *(f"{stem}.{number}" for number in range(2, 1000)))
    return next(name for name in names if not any(f".{name}" in one for one in taken))


def _copy_vault(place: Place, target: Path) -> None:
    """Keep the vault with the record that it opened: a later change of key would leave that without one."""
    try:
        content = place.vault.read_bytes()
    except OSError as error:
        raise StorageFull("store.cannot_write", file=target) from error
    write_whole(target, content)
