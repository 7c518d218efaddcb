"""Backups of this device's record: made, listed, restored, and offered when the record is damaged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.config import Settings, home_folder, load_settings
from companion.errors import InputError, StoreError
from companion.wiring.clock import SystemClock
from companion.wiring.record import record_place

if TYPE_CHECKING:
    from companion.store.backup import Backup
    from companion.store.opening import Place
    from companion.store.restore import Restored

NEWEST: Final = "newest"
"""Given in the place of a file, means the newest good backup of this record."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and the older ones that went for it."""

    backup: Backup
    removed: tuple[Path, ...]


def default_folder() -> Path:
    """Return where backups go when no folder is named: beside the record, until somebody names a better place."""
    return home_folder() / "backups"


def back_up(ask: Callable[[], str], folder: Path | None = None, settings: Settings | None = None) -> Made:
    """Make a backup while others may be writing, then remove the ones beyond those that are kept.

    Raises:
        StoreError: The record is damaged or not there, or there is no room.
        VaultError: Its key is wrong or cannot be used.
        InputError: The record lies on a server, which has backups of its own.
    """
    from companion.store import backup, swap
    from companion.store.lock import RecordLock
    from companion.store.opening import unlocked

    settings = settings or load_settings()
    place = record_place(settings)
    _demand_record(place)
    swap.end_pending(place.folder, place.lock)
    lock = RecordLock(place.lock, alone=False)
    try:
        vault, contents = unlocked(place, ask)
        into = folder or default_folder()
        made = backup.make(place, contents, into, now=SystemClock().now())
        return Made(made, backup.prune(into, vault.id, settings.retention.backups_kept))
    finally:
        lock.release()


def kept_backups(folder: Path | None = None, *, quick: bool = False) -> tuple[Backup, ...]:
    """Return the backups in a folder, those of this device's record first, newest first.

    Args:
        folder: None looks where backups go by default.
        quick: Reads only what each says of itself, not every byte.
    """
    from companion.store.backup import listed

    return listed(folder or default_folder(), vault_id=_vault_id(), looked_through=not quick)


def chosen(wanted: str, ask: Callable[[], str], folder: Path | None = None, *, by_code: bool = False) -> Path:
    """Return the file that is meant: the one named, or the newest good one.

    Args:
        wanted: Name of a file, or ``newest``.
        ask: Asks for the passphrase, where one opens the record.
        folder: None looks where backups go by default.
        by_code: Whether a recovery code will open it, so that no key here need do so.

    Raises:
        InputError: There is none.
    """
    if wanted != NEWEST:
        return Path(wanted)
    found = _newest_whole(folder) if by_code else newest_good(ask, folder)
    if found is None:
        raise InputError("backup.none_good", folder=folder or default_folder())
    return found.path


def newest_good(ask: Callable[[], str], folder: Path | None = None) -> Backup | None:
    """Return the newest backup that opens with a key lying here and is whole, proved by restoring it; or None."""
    from companion.store import damage

    return damage.newest_good(record_place(), (folder or default_folder(),), ask)


def _newest_whole(folder: Path | None) -> Backup | None:
    from companion.store.backup import State

    return next((backup for backup in kept_backups(folder) if backup.state is State.WHOLE), None)


def restore(file: Path, ask: Callable[[], str], code: str = "") -> Restored:
    """Put a backup in the place of the record, which is kept aside.

    Raises:
        StoreError: The backup is not whole, somebody has the record open, or there is no room.
        VaultError: The recovery code is wrong, or none was given and one is needed.
        InputError: There is no such file, or it is no backup.
    """
    from companion.store import restore as restoring

    return restoring.restore(record_place(), file, now=SystemClock().now(), ask=ask, code=code)


def note_restored(restored: Restored, ask: Callable[[], str]) -> None:
    """Say in the audit that a backup was restored: its chain may end earlier than it did.

    Raises:
        StoreError: The record that was restored cannot be opened or written.
        VaultError: Its key is wrong or cannot be used.
    """
    from companion.core.access import KEY_HOLDER
    from companion.wiring.record import open_record

    made = restored.described.made_at.isoformat(timespec="seconds")
    with open_record(ask) as record:
        record.audit.accept_restored(KEY_HOLDER, details={"made": made})


def _demand_record(place: Place) -> None:
    """Refuse to back up what is not there yet: asking for a backup is no reason to begin a record."""
    if place.server_url:
        raise InputError("backup.server")
    if not place.file.exists():
        raise InputError("backup.nothing_yet", folder=place.folder)


def _vault_id() -> str:
    from companion.store.vault.vault import Vault

    with suppress(StoreError):
        return Vault(record_place().vault).id
    return ""
