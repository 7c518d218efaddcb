"""Brings an artifact: its sources in their order, until every file is here and verified.

A source that does not answer is passed over; what another brought stays. A file with the wrong digest is refused,
whatever its source, and the next source is tried. Nothing is fetched that is here already.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from companion.artifacts.carried import drop_wheels, fetch_carried
from companion.artifacts.delivery import Delivery, disk_errors
from companion.artifacts.digest import CHUNK
from companion.artifacts.hub import fetch_hub
from companion.artifacts.hub_answers import hub_answers
from companion.artifacts.lock import expected_files, locking_revision, read_lock, write_lock
from companion.artifacts.manifest import CarriedSource, FolderSource, HubSource, InstalledSource, Manifest, Source
from companion.artifacts.progress import Progress, silent
from companion.artifacts.shelf import Presence, Shelf
from companion.core.cancellation import Cancellation
from companion.errors import ArtifactError, ArtifactMissing, DigestMismatch, SourceUnreachable, StorageFull

RESERVE_BYTES: Final = 256 << 20
"""Room that is left on the disk for everything else."""

_HUB_SECONDS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did."""

    artifact: str
    folder: Path
    brought: tuple[str, ...]
    """Files that came now; empty where everything was here."""
    refused: tuple[str, ...] = ()
    """Files that a source offered with the wrong digest, though another had the right one."""


def free_bytes(folder: Path) -> int:
    """Return the room left on the disk of an existing folder."""
    return shutil.disk_usage(folder).free


def pull(
    manifest: Manifest,
    shelf: Shelf,
    *,
    progress: Progress = silent,
    cancel: Cancellation | None = None,
    room: Callable[[Path], int] = free_bytes,
    hub_is_up: Callable[[float], bool] = hub_answers,
) -> Pulled:
    """Bring every file of ``manifest`` that is not on ``shelf``.

    Args:
        manifest: What to bring.
        shelf: Where to; what lies in its extra folder is used in place.
        progress: Told how far it has come.
        cancel: Ends it with ``Cancelled``; the next pull goes on from there.
        room: Bytes left on the disk of a folder.
        hub_is_up: Whether the hub answers within so many seconds.

    Raises:
        ArtifactError: The manifest is not pinned, or the folder cannot be written to.
        ArtifactMissing: It is a dependency that is not installed.
        DigestMismatch: Every source that answered had the wrong file.
        SourceUnreachable: No source brought it; says what was tried.
        StorageFull: No room.
        Cancelled: The work was to end.
    """
    state = shelf.state(manifest)
    if state.presence is Presence.PRESENT:
        return Pulled(manifest.id, state.folder, ())
    if manifest.is_installed:
        raise ArtifactMissing("artifact.not_installed", artifact=manifest.id, file=(state.missing + state.damaged)[0])
    if not manifest.is_pinned:
        raise ArtifactError("artifact.unpinned", artifact=manifest.id)
    delivery = Delivery(manifest, shelf, progress=progress, cancel=cancel)
    with disk_errors(shelf.folder):
        shelf.folder.mkdir(parents=True, exist_ok=True)
        with _alone(shelf.folder):
            return _Pull(delivery, room, hub_is_up).run()


class _Pull:
    """One pull at work."""

    def __init__(self, delivery: Delivery, room: Callable[[Path], int], hub_is_up: Callable[[float], bool]) -> None:
        self._delivery = delivery
        self._manifest = delivery.manifest
        self._room = room
        self._hub_is_up = hub_is_up
        self._failures: list[ArtifactError] = []
        self._tried: list[str] = []

    def run(self) -> Pulled:
        first = wanted = self._wanted()
        for source in self._manifest.sources:
            if not wanted:
                break
            try:
                self._fetch(source, wanted)
            except (SourceUnreachable, DigestMismatch) as failure:
                self._failures.append(failure)
            wanted = self._wanted()
        if wanted:
            raise self._failure(wanted)
        for source in self._manifest.sources:
            if isinstance(source, CarriedSource):
                drop_wheels(source, self._delivery)
        refused = tuple(
            str(failure.fields["file"]) for failure in self._failures if isinstance(failure, DigestMismatch)
        )
        return Pulled(self._manifest.id, self._delivery.folder, first, refused)

    def _wanted(self) -> tuple[str, ...]:
        state = self._delivery.shelf.own_state(self._manifest)
        return tuple(sorted(state.missing + state.damaged))

    def _fetch(self, source: Source, wanted: Sequence[str]) -> None:
        match source:
            case FolderSource():
                self._copy(wanted)
            case HubSource(revision=revision):
                self._tried.append("hub")
                if not revision or not self._hub_is_up(_HUB_SECONDS):
                    raise SourceUnreachable("artifact.hub", repository=source.repository, detail="no answer")
                self._check_room(wanted, copies=1)
                fetch_hub(source, wanted, self._delivery)
            case CarriedSource():
                self._tried.append("carried")
                self._check_room(wanted, copies=2)
                fetch_carried(source, wanted, self._delivery)
            case InstalledSource():
                raise AssertionError(source)  # refused before

    def _copy(self, wanted: Sequence[str]) -> None:
        """Take what the extra folder holds rightly; where it held everything, it was used in place."""
        extra = self._delivery.shelf.extra
        if extra is None or not (extra / self._manifest.id).is_dir():
            return
        self._tried.append("folder")
        folder = extra / self._manifest.id
        expected = expected_files(self._manifest, folder)
        for name in wanted:
            known, path = expected[name], folder / name
            if known is None or not path.is_file():
                continue
            if name in read_lock(self._manifest, folder) and locking_revision(self._manifest):
                self._delivery.target(name)
                write_lock(self._manifest, self._delivery.folder, name, known)
            self._delivery.take_chunks(name, known, _chunks(path))

    def _check_room(self, wanted: Sequence[str], *, copies: int) -> None:
        size = sum(self._manifest.file(name).bytes_expected for name in wanted)
        needed, free = size * copies + RESERVE_BYTES, self._room(self._delivery.shelf.folder)
        if free < needed:
            raise StorageFull(
                "artifact.no_room",
                artifact=self._manifest.id,
                folder=self._delivery.shelf.folder,
                needed_mb=needed >> 20,
                free_mb=free >> 20,
            )

    def _failure(self, wanted: Sequence[str]) -> ArtifactError:
        for failure in self._failures:
            if isinstance(failure, DigestMismatch):
                return failure
        detail = "; ".join(str(failure.fields.get("detail", failure.key)) for failure in self._failures)
        tried = ", ".join(dict.fromkeys(self._tried)) or "-"
        return SourceUnreachable(
            "artifact.unreachable", artifact=self._manifest.id, file=wanted[0], tried=tried, detail=detail or "-"
        )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second pull out of the same folder; where the system has no such lock, the digests still decide."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (folder / ".pull.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArtifactError("artifact.busy", folder=folder) from error
        yield
