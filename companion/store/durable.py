"""Files that are either whole or not there, and that nobody else can read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from companion.errors import StorageFull

OWNER_ONLY: Final = 0o600


def write_whole(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``, readable by its owner only: after a power cut it is the old file or the new.

    Raises:
        StorageFull: It could not be written; the old file is as it was.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        settle(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageFull("store.cannot_write", file=path) from error


def settle(folder: Path) -> None:
    """Bring the entries of a folder to the disk, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
