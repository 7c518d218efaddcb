"""Finds the backup to offer when the record turns out to be damaged or lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from companion.errors import CompanionError, StorageFull, StoreError
from companion.store import archive
from companion.store.backup import Backup, State, listed, verify
from companion.store.opening import Place
from companion.store.restore import asked_once, secrets_of
from companion.store.vault.places import Ask
from companion.store.vault.vault import Vault


def newest_good(place: Place, folders: Iterable[Path], ask: Ask) -> Backup | None:
    """Return the newest backup that opens with a key lying here and is whole, proved by restoring it; or None.

    Folders are looked into in their order. Nothing of the record is touched; a passphrase is asked for once.
    """
    once = asked_once(ask)
    for folder in folders:
        for backup in listed(folder, vault_id=_vault_id(place), looked_through=False):
            if backup.state is State.WHOLE and _opens(place, backup, once):
                return backup
    return None


def _opens(place: Place, backup: Backup, ask: Ask) -> bool:
    try:
        with tempfile.TemporaryDirectory(dir=_roomy(place, backup), prefix=".malbeot-") as name:
            manifest = archive.unpack(backup.path, Path(name))
            contents = secrets_of(Path(name), place, ask)
            verify(Path(name) / archive.DATABASE, manifest.described, contents, backup.path)
    except CompanionError:
        return False
    except OSError as error:
        raise StorageFull("store.cannot_write", file=place.folder) from error
    return True


def _roomy(place: Place, backup: Backup) -> Path:
    """Return the folder to restore into: beside the record, where it would have to go, or beside the backup."""
    return place.folder if place.folder.is_dir() else backup.path.parent


def _vault_id(place: Place) -> str:
    try:
        return Vault(place.vault).id
    except StoreError:
        return ""
