"""Where model files lie on this device, and whether they are what their manifests say.

Three places are looked at: the folder of an installed dependency, the folder that ``COMPANION_MODELS`` names (used in
place, never written to), and the own folder. The first that holds every file rightly is the one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from companion.artifacts.digest import STAMPS_FILE, Stamps, sha256_of
from companion.artifacts.lock import Expected, expected_files
from companion.artifacts.manifest import InstalledSource, Manifest
from companion.artifacts.progress import Progress, Stage, Step, silent
from companion.core.cancellation import Cancellation
from companion.errors import ArtifactMissing, DigestMismatch


class Presence(StrEnum):
    """How much of an artifact is here."""

    MISSING = "missing"
    """No file of it."""
    PARTIAL = "partial"
    """Some files; the others are named."""
    DAMAGED = "damaged"
    """A file is not the one that the manifest names."""
    PRESENT = "present"
    """Every file, each with the right digest."""


@dataclass(frozen=True, slots=True)
class ShelfState:
    """What was found of one artifact."""

    presence: Presence
    folder: Path
    """Where it lies, or where it would be put."""
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


class Shelf:
    """Finds and checks model files.

    Args:
        folder: The own folder, one folder per artifact id in it; need not exist yet.
        extra: A folder of the same shape that is used in place, or None.
    """

    def __init__(self, folder: Path, extra: Path | None = None) -> None:
        self.folder = folder
        self.extra = extra
        self._stamps = Stamps(folder / STAMPS_FILE)

    def own_folder(self, manifest: Manifest) -> Path:
        """Return the folder that a pull fills."""
        return self.folder / manifest.id

    def path(self, manifest: Manifest) -> Path:
        """Return the folder in which every file of the artifact lies and is right.

        Files not seen before are hashed, which takes seconds for large ones; known ones are not.

        Raises:
            ArtifactMissing: Files are missing.
            DigestMismatch: A file is not the one named.
        """
        state = self.state(manifest)
        match state.presence:
            case Presence.PRESENT:
                return state.folder
            case Presence.DAMAGED:
                raise DigestMismatch("artifact.digest", artifact=manifest.id, file=state.folder / state.damaged[0])
            case Presence.MISSING | Presence.PARTIAL:
                key = "artifact.not_installed" if manifest.is_installed else "artifact.missing"
                raise ArtifactMissing(key, artifact=manifest.id, file=state.missing[0], folder=state.folder)

    def state(self, manifest: Manifest) -> ShelfState:
        """Return what is here of the artifact, hashing only what is not known yet."""
        return self._best(manifest, fresh=False, progress=silent, cancel=None)

    def own_state(self, manifest: Manifest) -> ShelfState:
        """Return what is in the own folder, whatever lies elsewhere."""
        return self._look(manifest, self.own_folder(manifest), fresh=False, progress=silent, cancel=None)

    def verify(
        self, manifest: Manifest, *, progress: Progress = silent, cancel: Cancellation | None = None
    ) -> ShelfState:
        """Return what is here of the artifact, hashing everything anew."""
        return self._best(manifest, fresh=True, progress=progress, cancel=cancel)

    def remember(self, file: Path, sha256: str) -> None:
        """Note that a file was just found to have ``sha256``."""
        self._stamps.remember(file, sha256)

    def _best(self, manifest: Manifest, *, fresh: bool, progress: Progress, cancel: Cancellation | None) -> ShelfState:
        found: list[ShelfState] = []
        for folder in self._places(manifest):
            state = self._look(manifest, folder, fresh=fresh, progress=progress, cancel=cancel)
            if state.presence is Presence.PRESENT:
                return state
            found.append(state)
        for presence in (Presence.DAMAGED, Presence.PARTIAL):
            for state in found:
                if state.presence is presence:
                    return state
        return found[-1]

    def _places(self, manifest: Manifest) -> Iterator[Path]:
        for source in manifest.sources:
            if isinstance(source, InstalledSource) and (installed := installed_folder(source)) is not None:
                yield installed
        if self.extra is not None and (self.extra / manifest.id).is_dir():
            yield self.extra / manifest.id
        yield self.own_folder(manifest)

    def _look(
        self, manifest: Manifest, folder: Path, *, fresh: bool, progress: Progress, cancel: Cancellation | None
    ) -> ShelfState:
        missing: list[str] = []
        damaged: list[str] = []
        for name, expected in expected_files(manifest, folder).items():
            path = folder / name
            # Without a lock nobody can tell what a file pinned by commit alone has to be: it counts as not there.
            if expected is None or not path.is_file():
                missing.append(name)
            elif not self._is_right(
                path,
                expected,
                fresh=fresh,
                step=Step(Stage.VERIFY, manifest.id, name, 0, expected.size),
                progress=progress,
                cancel=cancel,
            ):
                damaged.append(name)
        presence = _presence(len(manifest.files), len(missing), len(damaged))
        return ShelfState(presence, folder, tuple(missing), tuple(damaged))

    def _is_right(
        self,
        path: Path,
        expected: Expected,
        *,
        fresh: bool,
        step: Step,
        progress: Progress,
        cancel: Cancellation | None,
    ) -> bool:
        if not fresh and self._stamps.is_known(path, expected.sha256):
            return True

        def report(done: int) -> None:
            progress(Step(step.stage, step.artifact, step.name, done, step.total))

        try:
            right = path.stat().st_size == expected.size and (
                sha256_of(path, report=report, cancel=cancel)[1] == expected.sha256
            )
        except OSError:
            right = False  # a file that cannot be read is of no more use than a wrong one
        if right:
            self._stamps.remember(path, expected.sha256)
        else:
            self._stamps.forget(path)
        return right


def installed_folder(source: InstalledSource) -> Path | None:
    """Return where the files of an installed dependency lie; None where it is not installed."""
    try:
        return Path(str(metadata.distribution(source.distribution).locate_file(source.root)))
    except metadata.PackageNotFoundError:
        return None


def _presence(total: int, missing: int, damaged: int) -> Presence:
    if damaged:
        return Presence.DAMAGED
    if missing == total:
        return Presence.MISSING
    return Presence.PARTIAL if missing else Presence.PRESENT
