"""What the hub said of files that a manifest pins by commit alone, written down beside them.

A commit fixes the content, yet only the hub can tell which SHA-256 that is. So it is asked once, at the pull; what
arrived is checked against its answer, and size and digest are locked. From then on the lock is the digest, and it holds
for that commit alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from companion.artifacts.manifest import HubSource, Manifest, is_digest

LOCK_FILE: Final = "lock.json"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file has to be."""

    size: int
    """Bytes."""
    sha256: str


def expected_files(manifest: Manifest, folder: Path) -> dict[str, Expected | None]:
    """Return what each file has to be, by name; None where neither manifest nor lock says."""
    locked = read_lock(manifest, folder) if any(file.sha256 is None for file in manifest.files) else {}
    found: dict[str, Expected | None] = {}
    for file in manifest.files:
        if file.sha256 is not None and file.size is not None:
            found[file.name] = Expected(file.size, file.sha256)
        else:
            found[file.name] = locked.get(file.name)
    return found


def read_lock(manifest: Manifest, folder: Path) -> dict[str, Expected]:
    """Return what is locked in ``folder`` for the commit of ``manifest``; nothing where the lock is another's."""
    try:
        table = json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))
        if table["revision"] != locking_revision(manifest):
            return {}
        return {
            name: Expected(int(entry["size"]), entry["sha256"])
            for name, entry in table["files"].items()
            if is_digest(entry["sha256"])
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_lock(manifest: Manifest, folder: Path, name: str, expected: Expected) -> None:
    """Add one file to the lock; ``OSError`` where it cannot be written."""
    files = {**read_lock(manifest, folder), name: expected}
    table = {
        "repository": _hub(manifest).repository,
        "revision": locking_revision(manifest),
        "files": {key: {"size": files[key].size, "sha256": files[key].sha256} for key in sorted(files)},
    }
    temporary = folder / f"{LOCK_FILE}.part"
    temporary.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    temporary.replace(folder / LOCK_FILE)


def locking_revision(manifest: Manifest) -> str:
    """Return the commit that a lock of this manifest is for."""
    return _hub(manifest).revision


def _hub(manifest: Manifest) -> HubSource:
    for source in manifest.sources:
        if isinstance(source, HubSource):
            return source
    return HubSource("", "")
