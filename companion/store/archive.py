"""The file of a backup: a ZIP without compression that holds the encrypted database, its vault, and what to expect.

    record.sqlite3   the database, encrypted page by page with the key that the vault wraps
    record.vault     the wrapped keys: opened by the key of their time, or by the recovery code printed with them
    manifest.json    format, number, time, revision, and for each part its size and SHA-256; rows by table

No word of a person can be read in it, and the key that opens the vault is never in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from companion.errors import InputError, StorageFull, StoreDamaged
from companion.store.durable import OWNER_ONLY, settle

FORMAT: Final = 1
DATABASE: Final = "record.sqlite3"
VAULT: Final = "record.vault"
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 2**20
_LARGEST_MANIFEST: Final = 2**20


@dataclass(frozen=True, slots=True)
class Part:
    """What is expected of one file."""

    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a backup holds, as far as the database itself says."""

    number: int
    """1, 2, 3 … for each record and folder: the order in which they were made, whatever the clock said."""
    made_at: datetime
    """Aware, UTC, to the second."""
    vault_id: str
    generation: int
    """Of the vault: another than today's was left by a change of key."""
    revision: str
    rows: Mapping[str, int]
    """Number of rows by table."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that the file says of itself."""

    described: Described
    parts: Mapping[str, Part]


def pack(target: Path, described: Described, files: Mapping[str, Path]) -> Manifest:
    """Write an archive whole; it is on the disk when this returns.

    Raises:
        StorageFull: It could not be written; what was begun is removed.
    """
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            with ZipFile(file, "w", allowZip64=True) as archive:
                parts = {name: _add(archive, name, path, described.made_at) for name, path in files.items()}
                manifest = Manifest(described, parts)
                archive.writestr(_entry(_MANIFEST, described.made_at), json.dumps(_table(manifest), indent=1))
            file.flush()
            os.fsync(file.fileno())
        settle(target.parent)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise StorageFull("backup.cannot_write", folder=target.parent) from error
    return manifest


def manifest_of(path: Path) -> Manifest:
    """Return what a backup says of itself, without looking at its parts.

    Raises:
        InputError: There is no such file, or it is no backup of ours, or a newer one.
        StoreDamaged: It is not whole.
    """
    with _opened(path) as archive:
        return _manifest(path, archive)


def look_through(path: Path) -> Manifest:
    """Return what a backup says of itself once every byte of its parts was found to be what was written.

    Raises:
        InputError: There is no such file, or it is no backup of ours, or a newer one.
        StoreDamaged: It is not whole.
    """
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        for name, part in manifest.parts.items():
            _copy(path, archive, (name, part), None)
    return manifest


def unpack(path: Path, folder: Path) -> Manifest:
    """Write the parts of a backup into a folder, readable by their owner only, each looked at byte by byte.

    Raises:
        InputError: There is no such file, or it is no backup of ours, or a newer one.
        StoreDamaged: It is not whole.
        StorageFull: They could not be written.
    """
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        for name, part in manifest.parts.items():
            try:
                descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
                with os.fdopen(descriptor, "wb") as file:
                    _copy(path, archive, (name, part), file)
            except OSError as error:
                raise StorageFull("backup.cannot_write", folder=folder) from error
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    if not path.is_file():
        raise InputError("backup.no_such_file", file=path)
    try:
        with ZipFile(path) as archive:
            yield archive
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError):
        raise StoreDamaged("backup.damaged", file=path) from None
    except OSError:
        raise InputError("backup.unreadable", file=path) from None


def _manifest(path: Path, archive: ZipFile) -> Manifest:
    try:
        if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError("larger than any manifest")  # noqa: TRY301 - one refusal for whatever is wrong with it
        table = json.loads(archive.read(_MANIFEST))
        if table["format"] > FORMAT:
            raise InputError("backup.newer", file=path)
        return _read(table)
    except (KeyError, TypeError, ValueError):
        raise StoreDamaged("backup.damaged", file=path) from None


def _copy(path: Path, archive: ZipFile, expected: tuple[str, Part], into: IO[bytes] | None) -> None:
    name, part = expected
    digest, size = hashlib.sha256(), 0
    try:
        packed = archive.open(name)
    except KeyError:
        raise StoreDamaged("backup.damaged", file=path) from None
    with packed:
        while chunk := packed.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if into is not None:
                into.write(chunk)
    if (digest.hexdigest(), size) != (part.sha256, part.size):
        raise StoreDamaged("backup.damaged", file=path)


def _add(archive: ZipFile, name: str, path: Path, at: datetime) -> Part:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file, archive.open(_entry(name, at), "w", force_zip64=True) as packed:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            packed.write(chunk)
    return Part(digest.hexdigest(), size)


def _entry(name: str, at: datetime) -> ZipInfo:
    """Return the head of an entry; a time that a ZIP cannot name, of a clock set far back, becomes its first."""
    moment = at if at.year >= 1980 else datetime(1980, 1, 1, tzinfo=UTC)  # noqa: PLR2004 - the first year of the format
    entry = ZipInfo(name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    entry.external_attr = OWNER_ONLY << 16
    return entry


def _table(manifest: Manifest) -> dict[str, object]:
    described = asdict(manifest.described) | {"made_at": manifest.described.made_at.isoformat()}
    return {"format": FORMAT, **described, "parts": {name: asdict(part) for name, part in manifest.parts.items()}}


def _read(table: Mapping[str, Any]) -> Manifest:
    made_at = datetime.fromisoformat(table["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("naive time")
    described = Described(
        number=int(table["number"]),
        made_at=made_at,
        vault_id=str(table["vault_id"]),
        generation=int(table["generation"]),
        revision=str(table["revision"]),
        rows={str(name): int(count) for name, count in table["rows"].items()},
    )
    parts = {name: Part(str(part["sha256"]), int(part["size"])) for name, part in table["parts"].items()}
    if set(parts) != {DATABASE, VAULT}:
        raise ValueError("a backup has a database and a vault")
    return Manifest(described, parts)
