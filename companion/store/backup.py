"""Makes backups of a device's record while it is in use, each verified by restoring it, and keeps the newest.

A backup comes to its name only after it was restored into a folder of its own and opened there: its pages hold
together and every table has the rows that were counted in the snapshot it was taken from.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from companion.errors import CompanionError, InputError, StorageFull, StoreBusy, StoreDamaged, StoreUnreadable
from companion.store import archive, cipher
from companion.store.archive import Described, Manifest
from companion.store.database import translated
from companion.store.durable import settle
from companion.store.lock import RecordLock
from companion.store.opening import Place
from companion.store.vault.vault import Vault
from companion.store.vault.wrapping import Secrets

ENDING: Final = ".backup"
_WORKPLACE: Final = ".malbeot-"


class State(StrEnum):
    """What was found on looking at the file of a backup."""

    WHOLE = "whole"
    """Every byte is what was written, and that was verified by restoring it when it was made."""
    DAMAGED = "damaged"
    """Something in it is not what was written."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One file."""

    path: Path
    size: int
    """Bytes."""
    state: State
    manifest: Manifest | None
    """None where not even that can be read."""

    @property
    def described(self) -> Described | None:
        """What it holds."""
        return None if self.manifest is None else self.manifest.described


def make(place: Place, contents: Secrets, folder: Path, *, now: datetime) -> Backup:
    """Write one backup of a record that others may go on writing; the caller shares the lock of the record.

    Args:
        place: Of the record.
        contents: What opens it today.
        folder: Where the backup goes; made for its owner only if it is not there.
        now: Aware.

    Raises:
        InputError: The record lies on a server, which has backups of its own.
        StoreBusy: Another backup is being written there.
        StoreDamaged: The record, or the backup on being restored, is not whole.
        StorageFull: There is no room, or nothing can be written there.
    """
    if place.server_url:
        raise InputError("backup.server")
    with _workplace(folder) as work:
        database, vault = work / archive.DATABASE, work / archive.VAULT
        made_at = now.astimezone(UTC).replace(microsecond=0)
        try:
            shutil.copyfile(place.vault, vault)
        except OSError as error:
            raise StorageFull("backup.cannot_write", folder=folder) from error
        described = _described(Vault(vault), made_at, folder)
        revision, rows = _copied(place, database, contents.data_key, folder)
        described = replace(described, revision=revision, rows=rows)
        part = work / "whole"
        manifest = archive.pack(part, described, {archive.DATABASE: database, archive.VAULT: vault})
        database.unlink()
        prove(part, work, contents)
        path = _free_name(folder, made_at)
        part.rename(path)
        settle(folder)
    return Backup(path, path.stat().st_size, State.WHOLE, manifest)


def prove(path: Path, work: Path, contents: Secrets) -> Manifest:
    """Restore a backup into a folder of its own inside ``work``, open it there, and remove it again.

    Raises:
        InputError: There is no such file, or it is no backup of ours, or a newer one.
        StoreDamaged: It is not whole, or these secrets do not open it.
        StorageFull: There is no room to restore it.
    """
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name)
        manifest = archive.unpack(path, folder)
        verify(folder / archive.DATABASE, manifest.described, contents, path)
    return manifest


def verify(database: Path, described: Described, contents: Secrets, shown: Path) -> None:
    """Open a database that came out of a backup, look at every page, and count its rows.

    Raises:
        StoreDamaged: These secrets do not open it, a page is not whole, or rows are missing.
    """
    try:
        with translated(shown), closing(cipher.connect(database, contents.data_key)) as connection:
            cipher.check_whole(connection, shown)
            rows = _rows(connection)
    except StoreUnreadable:
        raise StoreDamaged("backup.damaged", file=shown) from None
    if rows != dict(described.rows):
        raise StoreDamaged("backup.damaged", file=shown)


def listed(folder: Path, *, vault_id: str = "", looked_through: bool = True) -> tuple[Backup, ...]:
    """Return the backups in a folder, those of one vault first, newest first.

    Args:
        folder: One that is not there holds none.
        vault_id: Of the record that the caller has.
        looked_through: False reads only what each says of itself, however large it is.
    """
    try:
        found = [path for path in folder.iterdir() if path.name.endswith(ENDING) and path.is_file()]
    except OSError:
        return ()
    backups = [_looked_at(path, looked_through=looked_through) for path in found]
    return tuple(sorted(backups, key=lambda backup: _order(backup, vault_id), reverse=True))


def prune(folder: Path, vault_id: str, keep: int) -> tuple[Path, ...]:
    """Remove the older backups of one record and return their paths.

    The newest ``keep`` stay, and the newest one that is whole stays however many newer ones are not. Backups of other
    records, and files that cannot be read as backups, are left alone.

    Raises:
        StoreBusy: A backup is being written there.
        StorageFull: One could not be removed.
    """
    with _workplace(folder):
        own = [
            backup
            for backup in listed(folder, vault_id=vault_id, looked_through=False)
            if backup.described is not None and backup.described.vault_id == vault_id
        ]
        good = next((backup for backup in own if _looked_at(backup.path).state is State.WHOLE), None)
        removed = [] if good is None else [backup.path for backup in own[keep:] if backup != good]
        try:
            for path in removed:
                path.unlink()
        except OSError as error:
            raise StorageFull("backup.cannot_write", folder=folder) from error
    return tuple(removed)


def _order(backup: Backup, vault_id: str) -> tuple[int, str]:
    described = backup.described
    is_own = described is not None and described.vault_id == vault_id
    return (described.number if described is not None and is_own else 0, backup.path.name)


def _looked_at(path: Path, *, looked_through: bool = True) -> Backup:
    size, manifest, state = 0, None, State.WHOLE
    try:
        size = path.stat().st_size
        manifest = archive.manifest_of(path)
        if looked_through:
            archive.look_through(path)
    except (CompanionError, OSError):
        state = State.DAMAGED
    return Backup(path, size, state, manifest)


def _described(vault: Vault, made_at: datetime, folder: Path) -> Described:
    before = [
        backup.described.number
        for backup in listed(folder, vault_id=vault.id, looked_through=False)
        if backup.described is not None and backup.described.vault_id == vault.id
    ]
    number = max(before, default=0) + 1
    return Described(number, made_at, vault.id, vault.generation, revision="", rows={})


def _copied(place: Place, target: Path, key: bytes, folder: Path) -> tuple[str, Mapping[str, int]]:
    """Copy one snapshot of the database, page by page, and return its revision and its rows.

    Readers of a WAL hold nobody up: others go on writing, and what they write is not in the snapshot.
    """
    with translated(place.file), closing(cipher.connect(place.file, key)) as source:
        source.execute("BEGIN")
        rows = _rows(source)
        revision = str(source.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        try:
            target.touch(mode=0o600)
            with closing(cipher.connect(target, key, pragmas=False)) as copy:
                source.backup(copy)
        except OSError as error:
            raise StorageFull("backup.cannot_write", folder=folder) from error
        except cipher.MODULE.OperationalError as error:
            if "full" in str(error) or "disk" in str(error):
                raise StorageFull("backup.cannot_write", folder=folder) from None
            raise
        source.execute("ROLLBACK")
    return revision, rows


def _rows(connection: Any) -> dict[str, int]:  # noqa: ANN401 - the library publishes no types
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
    ).fetchall()
    counts: dict[str, int] = {}
    for (name,) in names:
        counts[name] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of tables
    return counts


def _free_name(folder: Path, made_at: datetime) -> Path:
    stem = f"malbeot-{made_at:%Y%m%dT%H%M%SZ}"
    names: Sequence[str] = (f"{stem}{ENDING}", *(f"{stem}-{number}{ENDING}" for number in range(2, 1000)))
    return next(folder / name for name in names if not (folder / name).exists())


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Hold a folder of backups alone, cleared of what a backup that was cut short left, and give a place to work."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = RecordLock(folder / f"{_WORKPLACE}lock", alone=True)
    except StoreBusy:
        raise StoreBusy("backup.busy", folder=folder) from None
    except (OSError, StorageFull) as error:
        raise StorageFull("backup.cannot_write", folder=folder) from error
    try:
        for left in folder.glob(f"{_WORKPLACE}*/"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=_WORKPLACE) as name:
            yield Path(name)
    except OSError as error:
        raise StorageFull("backup.cannot_write", folder=folder) from error
    finally:
        lock.release()
