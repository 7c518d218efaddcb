"""Evaluated prompt prefixes on disk, so that a restart is warm.

A file is named by what it belongs to (engine, artifact, context, prefix) and by the SHA-256 of its bytes. The engine
ends the whole process on a file that is cut short, so a file is offered to it only when the digest agrees; any other
is removed and made anew. The cache is a convenience: whatever goes wrong with it, it is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Final

_KEPT_FILES: Final = 6
_DIGEST_CHARACTERS: Final = 32


class PromptCache:
    """A folder of evaluated prefixes.

    Args:
        folder: Made when the first one is written; only files ending in ``.prefix`` and ``.part`` are touched.
        belongs_to: What must be the same for a file to be of use: engine and its version, digest of the artifact,
            tokens of context.
    """

    def __init__(self, folder: Path, belongs_to: str) -> None:
        self._folder = folder
        self._belongs_to = belongs_to

    def find(self, prefix: str) -> Path | None:
        """Return the sound file of this prefix; a damaged one is removed."""
        found: Path | None = None
        for path in self._folder.glob(f"{self._key(prefix)}.*.prefix"):
            if found is None and _digest(path) == path.name.split(".")[1]:
                found = path
                with contextlib.suppress(OSError):
                    path.touch()
            else:
                with contextlib.suppress(OSError):
                    path.unlink()
        return found

    def part(self, prefix: str) -> Path | None:
        """Return where the engine may write this prefix; None where the folder cannot be made."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return None
        return self._folder / f"{self._key(prefix)}.part"

    def keep(self, prefix: str, size: int) -> None:
        """Keep the written part, if all of its ``size`` bytes arrived, and remove the least used beyond a few."""
        part = self._folder / f"{self._key(prefix)}.part"
        with contextlib.suppress(OSError):
            if part.stat().st_size != size:
                part.unlink()
                return
            part.chmod(0o600)
            part.replace(self._folder / f"{self._key(prefix)}.{_digest(part)}.prefix")
            by_use = sorted(self._folder.glob("*.prefix"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in by_use[_KEPT_FILES:]:
                path.unlink()

    def _key(self, prefix: str) -> str:
        return hashlib.sha256(f"{self._belongs_to}\0{prefix}".encode()).hexdigest()[:_DIGEST_CHARACTERS]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGEST_CHARACTERS]
    except OSError:
        return ""
