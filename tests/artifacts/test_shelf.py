"""Where model files lie and whether they are right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from companion.artifacts import shelf as shelf_module
from companion.artifacts.manifest import InstalledSource
from companion.artifacts.progress import Step
from companion.artifacts.shelf import Presence, Shelf
from companion.errors import ArtifactMissing, DigestMismatch
from tests.fakes.tiny_artifacts import CONFIG, WEIGHTS, put, tiny_manifest

MANIFEST = tiny_manifest()
GOOD = {"weights.bin": WEIGHTS, "config.json": CONFIG}
SWAPPED = WEIGHTS[:-1] + b"!"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def test_an_empty_shelf_misses_every_file(shelf: Shelf) -> None:
    """Nothing there is missing, not damaged, and the first file is named."""
    assert shelf.state(MANIFEST).presence is Presence.MISSING
    with pytest.raises(ArtifactMissing) as caught:
        shelf.path(MANIFEST)
    assert caught.value.fields["file"] == "config.json"


def test_one_missing_file_is_named(shelf: Shelf) -> None:
    """Half an artifact is partial."""
    put(shelf.own_folder(MANIFEST), {"config.json": CONFIG})
    state = shelf.state(MANIFEST)
    assert (state.presence, state.missing) == (Presence.PARTIAL, ("weights.bin",))


@pytest.mark.parametrize("content", [WEIGHTS[:-9], SWAPPED, b""], ids=["truncated", "swapped", "empty"])
def test_a_wrong_file_is_damaged_and_named(shelf: Shelf, content: bytes) -> None:
    """A truncated, swapped or empty file is never handed out."""
    put(shelf.own_folder(MANIFEST), {**GOOD, "weights.bin": content})
    assert shelf.state(MANIFEST).damaged == ("weights.bin",)
    with pytest.raises(DigestMismatch) as caught:
        shelf.path(MANIFEST)
    assert str(caught.value.fields["file"]).endswith("weights.bin")


def test_right_files_are_handed_out(shelf: Shelf) -> None:
    """Where every digest is right, the folder is given."""
    folder = put(shelf.own_folder(MANIFEST), GOOD)
    assert shelf.path(MANIFEST) == folder


def test_the_extra_folder_is_used_in_place_and_not_written_to(tmp_path: Path) -> None:
    """What COMPANION_MODELS holds stays where it is."""
    folder = put(tmp_path / "stick" / "tiny", GOOD)
    before = sorted(path.name for path in folder.iterdir())
    assert Shelf(tmp_path / "models", tmp_path / "stick").path(MANIFEST) == folder
    assert sorted(path.name for path in folder.iterdir()) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["tiny"]


def test_a_damaged_extra_folder_does_not_hide_good_own_files(tmp_path: Path) -> None:
    """The first place that holds everything rightly is taken."""
    put(tmp_path / "stick" / "tiny", {**GOOD, "config.json": b"{}"})
    shelf = Shelf(tmp_path / "models", tmp_path / "stick")
    own = put(shelf.own_folder(MANIFEST), GOOD)
    assert shelf.path(MANIFEST) == own


def test_damage_is_reported_rather_than_absence(tmp_path: Path) -> None:
    """Where one place is damaged and the other empty, the damage is what a person hears of."""
    put(tmp_path / "stick" / "tiny", {**GOOD, "config.json": b"{}"})
    state = Shelf(tmp_path / "models", tmp_path / "stick").state(MANIFEST)
    assert (state.presence, state.damaged) == (Presence.DAMAGED, ("config.json",))


def test_known_files_are_not_hashed_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start reads no weights; a new shelf over the same folder knows them too."""
    put(shelf.own_folder(MANIFEST), GOOD)
    shelf.path(MANIFEST)

    def refuse(path: Path, **_: object) -> tuple[int, str]:
        raise AssertionError(path)

    monkeypatch.setattr(shelf_module, "sha256_of", refuse)
    assert Shelf(shelf.folder).state(MANIFEST).presence is Presence.PRESENT


def test_a_touched_file_is_hashed_again(shelf: Shelf) -> None:
    """Another modification time ends the trust in a remembered digest."""
    folder = put(shelf.own_folder(MANIFEST), GOOD)
    shelf.path(MANIFEST)
    (folder / "weights.bin").write_bytes(SWAPPED)
    os.utime(folder / "weights.bin", ns=(1, 1))
    assert shelf.state(MANIFEST).presence is Presence.DAMAGED


def test_verify_trusts_no_memory(shelf: Shelf) -> None:
    """A file changed behind size, time and inode is found by verify, and remembered as unknown afterwards."""
    path = put(shelf.own_folder(MANIFEST), GOOD) / "weights.bin"
    shelf.path(MANIFEST)
    found = path.stat()
    with path.open("r+b") as file:
        file.write(b"W")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert shelf.state(MANIFEST).presence is Presence.PRESENT
    assert shelf.verify(MANIFEST).damaged == ("weights.bin",)
    assert shelf.state(MANIFEST).presence is Presence.DAMAGED


def test_verify_tells_how_far_it_is(shelf: Shelf) -> None:
    """The last step of each file reaches its size."""
    put(shelf.own_folder(MANIFEST), GOOD)
    steps: list[Step] = []
    shelf.verify(MANIFEST, progress=steps.append)
    assert {step.name: step.done for step in steps} == {"weights.bin": len(WEIGHTS), "config.json": len(CONFIG)}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}', "\0"])
def test_a_broken_memory_costs_time_and_nothing_else(shelf: Shelf, content: str) -> None:
    """An unreadable stamp file is as good as none."""
    folder = put(shelf.own_folder(MANIFEST), GOOD)
    (shelf.folder / ".verified.json").write_text(content)
    assert shelf.path(MANIFEST) == folder


def test_an_installed_dependency_is_found_and_checked(shelf: Shelf) -> None:
    """A file inside an installed distribution is found there; with another digest it is damaged."""
    import rich

    content = Path(rich.__file__).read_bytes()
    source = InstalledSource("rich", "rich")
    assert shelf.path(tiny_manifest(source, files={"__init__.py": content})) == Path(rich.__file__).parent
    assert shelf.state(tiny_manifest(source, files={"__init__.py": b"x"})).presence is Presence.DAMAGED


def test_a_dependency_that_is_not_installed_says_so(shelf: Shelf) -> None:
    """Nothing is pulled for it: the message is another one."""
    manifest = tiny_manifest(InstalledSource("no-such-distribution", "x"))
    with pytest.raises(ArtifactMissing) as caught:
        shelf.path(manifest)
    assert caught.value.key == "artifact.not_installed"
