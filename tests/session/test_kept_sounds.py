"""Kept sounds: found again, verified, bounded, and never a reason to fail."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from companion.core.audio import Sound
from companion.session.kept_sounds import KeptSounds


def key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def sound(count: int = 1_000, level: float = 0.25) -> Sound:
    return Sound(np.full(count, level, dtype=np.float32))


class Folder:
    """A folder of kept sounds, reopened as a new process would, and what was said about it."""

    def __init__(self, path: Path, *, limit_bytes: int = 1_000_000) -> None:
        self.path = path
        self.said: list[str] = []
        self._limit = limit_bytes

    def opened(self) -> KeptSounds:
        return KeptSounds(self.path, limit_bytes=self._limit, notice=lambda key, _fields: self.said.append(key))

    def files(self) -> list[Path]:
        return sorted(self.path.glob("*/*.sound"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "sounds")


def test_what_is_kept_is_found_again(folder: Folder) -> None:
    """A sound is the same after a restart, to 16 bits."""
    chance = np.random.default_rng(3)
    kept = Sound(chance.uniform(-1, 1, 5_000).astype(np.float32))
    assert folder.opened().keep(key("a"), kept)

    found = folder.opened().find(key("a"))

    assert found is not None
    assert found.rate == kept.rate
    assert np.allclose(found.samples, kept.samples, atol=1 / 32_000)
    assert folder.opened().find(key("b")) is None
    assert folder.said == []


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "foreign"])
def test_a_damaged_file_is_thrown_away_and_told_once(folder: Folder, harm: str) -> None:
    """A file whose digest does not hold is no sound: it is removed, and that is said once, not each time."""
    keeper = folder.opened()
    for name in ("a", "b"):
        keeper.keep(key(name), sound())
    for path in folder.files():
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes({"flip": bytes(content), "cut": bytes(content[:-7]), "empty": b"", "foreign": b"RIFF"}[harm])
    fresh = folder.opened()

    assert fresh.find(key("a")) is None
    assert fresh.find(key("b")) is None
    assert folder.said == ["voice.kept_damaged"]
    assert folder.files() == []
    assert fresh.keep(key("a"), sound())


def test_the_least_used_go_first(tmp_path: Path) -> None:
    """With room for three, a fourth sound displaces the one that was unused for longest."""
    one = 2 * 1_000 + 64
    folder = Folder(tmp_path / "sounds", limit_bytes=3 * one)
    keeper = folder.opened()
    for age, name in enumerate(("a", "b", "c")):
        keeper.keep(key(name), sound())
        path = next(path for path in folder.files() if path.stem == key(name))
        os.utime(path, (1_000 + age, 1_000 + age))
    assert folder.opened().find(key("a")) is not None
    keeper.keep(key("d"), sound())

    assert {path.stem for path in folder.files()} == {key("a"), key("c"), key("d")}
    assert keeper.size_bytes() == sum(path.stat().st_size for path in folder.files()) <= 3 * one


def test_the_size_is_what_lies_on_disk(folder: Folder) -> None:
    """Keeping the same sound twice takes room once."""
    keeper = folder.opened()
    keeper.keep(key("a"), sound())
    keeper.keep(key("a"), sound(2_000))

    assert keeper.count() == 1
    assert keeper.size_bytes() == folder.files()[0].stat().st_size == folder.opened().size_bytes()


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    """Without a place to keep sounds all goes on, unkept; memory still serves."""
    (tmp_path / "sounds").write_text("a file stands in the way")
    folder = Folder(tmp_path / "sounds")
    keeper = folder.opened()

    assert not keeper.keep(key("a"), sound())
    assert not keeper.keep(key("b"), sound())
    assert folder.said == ["voice.kept_unwritable"]
    assert keeper.find(key("a")) is not None


def test_what_is_remembered_never_reaches_the_disk(folder: Folder) -> None:
    """A phrase that names a person is found in this session and gone in the next."""
    keeper = folder.opened()
    keeper.remember(key("name"), sound())

    assert keeper.find(key("name")) is not None
    assert folder.files() == []
    assert folder.opened().find(key("name")) is None


def test_memory_is_bounded() -> None:
    """Remembering for a long session forgets the oldest."""
    keeper = KeptSounds(None, limit_bytes=0, notice=lambda _key, _fields: None)
    for number in range(50):
        keeper.remember(key(str(number)), sound(500_000))

    assert keeper.find(key("0")) is None
    assert keeper.find(key("49")) is not None
    assert keeper._memory_bytes <= 32_000_000
