"""Puts finished files where somebody takes them: whole or not at all, for their owner only, never over another file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from companion.errors import InputError, StorageFull

_OWNER_ONLY: Final = 0o600
_OWNERS_FOLDER: Final = 0o700


def hand_over_file(content: bytes, target: Path) -> None:
    """Write one file.

    Raises:
        InputError: There is one of this name.
        StorageFull: It cannot be written there; nothing is left behind.
    """
    part = _part(target)
    try:
        _free(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(part, content)
        _name(part, target)
    except OSError as error:
        raise StorageFull("export.cannot_write", folder=target.parent) from error
    finally:
        part.unlink(missing_ok=True)


def hand_over_folder(files: Mapping[str, bytes], target: Path) -> None:
    """Write a folder of files.

    Raises:
        InputError: There is something of this name.
        StorageFull: They cannot be written there; nothing is left behind.
    """
    part = _part(target)
    try:
        _free(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir(mode=_OWNERS_FOLDER)
        for name, content in files.items():
            _write(part / name, content)
        _settle(part)
        _free(target)
        part.rename(target)
        _settle(target.parent)
    except OSError as error:
        raise StorageFull("export.cannot_write", folder=target.parent) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _free(target: Path) -> None:
    """Refuse a name that is taken, by a broken link, too."""
    if os.path.lexists(target):
        raise InputError("export.exists", file=target)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _name(part: Path, target: Path) -> None:
    """Give a written file its name unless somebody took it meanwhile."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise InputError("export.exists", file=target) from None
    except OSError:  # a file system without links, such as that of a memory stick
        _free(target)
        part.rename(target)
    _settle(target.parent)


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
