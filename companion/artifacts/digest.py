"""SHA-256 of files, and the memory of which files were found right.

Hashing half a gigabyte takes seconds, too long for each start. So a file that was found right is remembered by path,
size, modification time and inode; any change of these has it hashed again. The memory is a cache: losing it costs time,
never trust, and what cannot be written is left unwritten.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from companion.core.cancellation import Cancellation
from companion.errors import ArtifactError

CHUNK: Final = 1 << 20
"""Bytes read at a time: large enough for the disk, small enough to be cancelled within a blink."""

STAMPS_FILE: Final = ".verified.json"


class Cancelled(ArtifactError):
    """Somebody asked for the work to end; what is done so far is kept for the next time."""

    is_permanent = False

    def __init__(self) -> None:
        super().__init__("artifact.cancelled")


def check(cancel: Cancellation | None) -> None:
    """Raise ``Cancelled`` where the work is to end."""
    if cancel is not None and cancel.cancelled:
        raise Cancelled


def sha256_of(
    path: Path, *, report: Callable[[int], None] | None = None, cancel: Cancellation | None = None
) -> tuple[int, str]:
    """Return the size in bytes and the SHA-256 of a file.

    Args:
        path: An existing file; ``OSError`` where it cannot be read.
        report: Called with the bytes hashed so far.
        cancel: Ends it with ``Cancelled``.
    """
    found, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            check(cancel)
            found.update(chunk)
            done += len(chunk)
            if report is not None:
                report(done)
    return done, found.hexdigest()


class Stamps:
    """Remembers files that were found right.

    Args:
        path: The file it is kept in; its folder need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_known(self, file: Path, sha256: str) -> bool:
        """Return whether ``file`` was found to have ``sha256`` and has not been touched since."""
        mark = _mark(file, sha256)
        return mark is not None and self._read().get(str(file)) == mark

    def remember(self, file: Path, sha256: str) -> None:
        """Note that ``file`` was just found to have ``sha256``."""
        mark = _mark(file, sha256)
        if mark is not None:
            self._write({**self._read(), str(file): mark})

    def forget(self, file: Path) -> None:
        """Have ``file`` hashed the next time."""
        known = self._read()
        if known.pop(str(file), None) is not None:
            self._write(known)

    def _read(self) -> dict[str, list[object]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, known: dict[str, list[object]]) -> None:
        kept = {path: mark for path, mark in known.items() if os.path.exists(path)}  # noqa: PTH110 - a text, not a Path
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(kept, indent=1, sort_keys=True), encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            return


def _mark(file: Path, sha256: str) -> list[object] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ino, sha256]
