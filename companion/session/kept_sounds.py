"""Sounds that are made once and kept: fixed sentences start at once, and cost nothing the second time.

A sound is kept under the digest of all that decides how it sounds, so that a mended pronunciation makes its old sound
stale. Files carry the digest of their samples; one that does not hold is thrown away and made again. Only fixed
sentences go to disk: nothing a person said and nothing that names a person (those stay in memory, if anywhere).

File: ``MAGIC``, 32 bytes SHA-256 of the rest, then 24 kHz mono samples as 16 bit little-endian.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import numpy as np

from companion.core.audio import SPOKEN_RATE, Sound
from companion.core.phrase import Phrase

MAGIC: Final = b"malbeot sound 1\n"
_DIGEST_BYTES: Final = 32
_SUFFIX: Final = ".sound"
_MEMORY_BYTES: Final = 32_000_000


@runtime_checkable
class Fingerprinting(Protocol):
    """A voice that can say beforehand whether two phrases would sound the same; only such a voice's sounds are kept."""

    def fingerprint(self, phrase: Phrase, *, speed: float = 1.0) -> str:
        """Return a digest (hex) of all that decides the sound: phones, pauses, style, speed, artifact, processing."""
        ...


class KeptSounds:
    """A folder of kept sounds, bounded in size, with a small memory before it.

    Never raises because of the disk: what cannot be kept or read is made anew, and that is said once.

    Args:
        folder: Made when the first sound is kept; None to keep in memory only.
        limit_bytes: Of all files together; those unused for longest go first.
        notice: Called with the key of an operator sentence and its fields, each key once.
    """

    def __init__(
        self, folder: Path | None, *, limit_bytes: int, notice: Callable[[str, dict[str, object]], None]
    ) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._notice = notice
        self._noticed: set[str] = set()
        self._memory: OrderedDict[str, Sound] = OrderedDict()
        self._memory_bytes = 0
        self._disk_bytes: int | None = None

    def find(self, key: str) -> Sound | None:
        """Return the sound kept under ``key``, verified; None where there is none or it was damaged."""
        held = self._memory.get(key)
        if held is not None:
            self._memory.move_to_end(key)
            return held
        path = self._path(key)
        if path is None:
            return None
        try:
            content = path.read_bytes()
        except OSError:
            return None
        sound = _unpacked(content)
        if sound is None:
            self._say_once("voice.kept_damaged")
            self._remove(path)
            return None
        self._touch(path)
        self.remember(key, sound)
        return sound

    def remember(self, key: str, sound: Sound) -> None:
        """Keep ``sound`` in memory only: for phrases that name a person."""
        before = self._memory.pop(key, None)
        if before is not None:
            self._memory_bytes -= before.samples.nbytes
        self._memory[key] = sound
        self._memory_bytes += sound.samples.nbytes
        while self._memory_bytes > _MEMORY_BYTES and len(self._memory) > 1:
            _, gone = self._memory.popitem(last=False)
            self._memory_bytes -= gone.samples.nbytes

    def keep(self, key: str, sound: Sound) -> bool:
        """Keep ``sound`` on disk too; return whether it is there. A full or read-only disk is said once."""
        self.remember(key, sound)
        path = self._path(key)
        if path is None or sound.rate != SPOKEN_RATE:
            return False
        partial = path.with_suffix(".partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            content = _packed(sound)
            self._make_room(len(content))
            replaced = path.stat().st_size if path.exists() else 0
            partial.write_bytes(content)
            partial.replace(path)
        except OSError:
            self._remove(partial)
            self._say_once("voice.kept_unwritable", folder=self._folder)
            return False
        self._disk_bytes = self.size_bytes() + len(content) - replaced
        return True

    def has(self, key: str) -> bool:
        """Return whether a sound lies on disk (or, without a folder, in memory) under ``key``; it is not verified."""
        path = self._path(key)
        return key in self._memory if path is None else path.is_file()

    def size_bytes(self) -> int:
        """Return how much room the kept files take."""
        if self._disk_bytes is None:
            self._disk_bytes = sum(size for _, size, _ in self._files())
        return self._disk_bytes

    def count(self) -> int:
        """Return how many sounds lie on disk."""
        return len(self._files())

    def _path(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / key[:2] / f"{key}{_SUFFIX}"

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return last use, size and path of every kept file."""
        found: list[tuple[float, int, Path]] = []
        if self._folder is None:
            return found
        try:
            for path in self._folder.glob(f"*/*{_SUFFIX}"):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        except OSError:
            self._say_once("voice.kept_unwritable", folder=self._folder)
        return found

    def _make_room(self, needed: int) -> None:
        if self.size_bytes() + needed <= self._limit:
            return
        files = sorted(self._files())
        held = sum(size for _, size, _ in files)
        for _, size, path in files:
            if held + needed <= self._limit:
                break
            self._remove(path)
            held -= size
        self._disk_bytes = held

    def _remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            self._say_once("voice.kept_unwritable", folder=self._folder)
        self._disk_bytes = None

    def _touch(self, path: Path) -> None:
        """Mark as used now; on a read-only disk the order of eviction matters to nobody."""
        try:
            os.utime(path)
        except OSError:
            return

    def _say_once(self, key: str, **fields: object) -> None:
        if key not in self._noticed:
            self._noticed.add(key)
            self._notice(key, fields)


def _packed(sound: Sound) -> bytes:
    samples = (np.clip(sound.samples, -1.0, 1.0) * 32767.0).round().astype("<i2").tobytes()
    return MAGIC + hashlib.sha256(samples).digest() + samples


def _unpacked(content: bytes) -> Sound | None:
    start = len(MAGIC) + _DIGEST_BYTES
    samples = content[start:]
    if not content.startswith(MAGIC) or hashlib.sha256(samples).digest() != content[len(MAGIC) : start]:
        return None
    if len(samples) % 2:
        return None
    return Sound((np.frombuffer(samples, dtype="<i2").astype(np.float32) / np.float32(32767.0)), SPOKEN_RATE)
