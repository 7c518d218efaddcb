"""Manifests of files of a few bytes, for tests that pull and verify."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from companion.artifacts.manifest import (
    ArtifactFile,
    CarriedSource,
    FolderSource,
    HubSource,
    Kind,
    Manifest,
    Part,
    Source,
)

COMMIT = "c0ffee" + "0" * 34
WEIGHTS = b"weights " * 5_000
CONFIG = b'{"layers": 3}'


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of ``content``."""
    return hashlib.sha256(content).hexdigest()


def tiny_manifest(
    *sources: Source, files: Mapping[str, bytes] | None = None, locked_by_commit: bool = False, name: str = "tiny"
) -> Manifest:
    """Return a manifest of two small files, or of ``files``.

    Args:
        sources: In order; the folder alone where none is given.
        files: Content by name.
        locked_by_commit: Leave digests and sizes to the hub's record.
        name: The id.
    """
    contents = files if files is not None else {"weights.bin": WEIGHTS, "config.json": CONFIG}
    listed = tuple(
        ArtifactFile(key, None, None, len(content))
        if locked_by_commit
        else ArtifactFile(key, len(content), digest_of(content))
        for key, content in sorted(contents.items())
    )
    return Manifest(
        id=name,
        kind=Kind.VOICE,
        title="Tiny",
        licence="MIT",
        licence_url="https://example.org/licence",
        repository="owner/tiny",
        revision=COMMIT,
        memory_mb=1,
        evidence="made by a test",
        files=listed,
        sources=sources or (FolderSource(),),
    )


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write ``files`` into ``folder`` and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


HUB = HubSource("owner/tiny", COMMIT)
CARRIED = CarriedSource(
    (
        ("config.json", (Part("tiny-part1", "1.0", "tiny_part1/config.json"),)),
        (
            "weights.bin",
            (Part("tiny-part1", "1.0", "tiny_part1/weights.1"), Part("tiny-part2", "1.0", "tiny_part2/weights.2")),
        ),
    )
)
HALF = len(WEIGHTS) // 2
PART_1 = {"tiny_part1/config.json": CONFIG, "tiny_part1/weights.1": WEIGHTS[:HALF]}
PART_2 = {"tiny_part2/weights.2": WEIGHTS[HALF:]}
