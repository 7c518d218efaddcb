"""Room on the disk that is held back for what must not be lost: a turn with an alert when the disk is full.

A file of zeros whose blocks are really taken. It is let go only where an alert waits, and taken again as soon as there
is room. Whatever else fills the disk may take the freed room first; then turns wait in memory, as without it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from companion.store.durable import OWNER_ONLY, settle

RESERVED_BYTES: Final = 4 * 1024 * 1024
"""A long talk with its alerts and deliveries is a tenth of it; the write-ahead log takes every page once more."""


class Reserve:
    """One file beside the record.

    Args:
        path: Where it lies: on the disk of the record.
        size: Bytes that it holds back.
    """

    def __init__(self, path: Path, *, size: int = RESERVED_BYTES) -> None:
        self._path = path
        self._size = size

    def take(self) -> bool:
        """Hold the room back; return whether it is held. A disk without that much room is left as it is."""
        try:
            if self._path.exists() and self._path.stat().st_size >= self._size:
                return True
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY)
            try:
                os.posix_fallocate(descriptor, 0, self._size)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Let the room go; return whether there was any."""
        try:
            self._path.unlink()
            settle(self._path.parent)
        except OSError:
            return False
        return True
