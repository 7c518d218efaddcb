"""How bytes from any source become a file of the artifact: temporary file, hash, move.

The temporary file lies in the destination folder, so that the move is a rename and a half-written file never has the
right name. A file whose size or digest is wrong is deleted and named.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from companion.artifacts.digest import check, sha256_of
from companion.artifacts.lock import Expected
from companion.artifacts.manifest import Manifest
from companion.artifacts.progress import Progress, Stage, Step, silent
from companion.artifacts.shelf import Shelf
from companion.core.cancellation import Cancellation
from companion.errors import ArtifactError, DigestMismatch, StorageFull

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Delivery:
    """Takes the files of one artifact.

    Args:
        manifest: Whose files.
        shelf: Where they go and who remembers them.
        progress: Told of bytes hashed.
        cancel: Ends the work between two chunks.
    """

    def __init__(
        self,
        manifest: Manifest,
        shelf: Shelf,
        *,
        progress: Progress = silent,
        cancel: Cancellation | None = None,
    ) -> None:
        self.manifest = manifest
        self.shelf = shelf
        self.progress = progress
        self.cancel = cancel
        self.folder = shelf.own_folder(manifest)

    def target(self, name: str) -> Path:
        """Return where ``name`` will lie, its folder made."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def temporary(self, name: str) -> Path:
        """Return the temporary file for ``name``, beside where it will lie."""
        target = self.target(name)
        return target.with_name(f".{target.name}.part")

    def take_chunks(self, name: str, expected: Expected, chunks: Iterable[bytes]) -> None:
        """Write, hash, move.

        Raises:
            DigestMismatch: Too many bytes, too few, or the wrong ones; nothing of them is kept.
            Cancelled: The work was to end.
        """
        temporary = self.temporary(name)
        found, done = hashlib.sha256(), 0
        try:
            with temporary.open("wb") as file:
                for chunk in chunks:
                    check(self.cancel)
                    done += len(chunk)
                    if done > expected.size:
                        break
                    found.update(chunk)
                    file.write(chunk)
                    self.report(Stage.JOIN, name, done, expected.size)
            self._settle(name, temporary, expected, (done, found.hexdigest()))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def take_file(self, name: str, expected: Expected, path: Path) -> None:
        """Hash and move a file that lies on the same disk; a wrong one is deleted.

        Raises:
            DigestMismatch: It is not the one named.
            Cancelled: The work was to end; the file stays.
        """
        found = sha256_of(
            path, report=lambda done: self.report(Stage.VERIFY, name, done, expected.size), cancel=self.cancel
        )
        self._settle(name, path, expected, found)

    def report(self, stage: Stage, name: str, done: int, total: int) -> None:
        """Tell how far it has come."""
        self.progress(Step(stage, self.manifest.id, name, done, total))

    def _settle(self, name: str, path: Path, expected: Expected, found: tuple[int, str]) -> None:
        if found != (expected.size, expected.sha256):
            path.unlink(missing_ok=True)
            raise DigestMismatch("artifact.refused", artifact=self.manifest.id, file=name)
        target = self.target(name)
        path.replace(target)
        self.shelf.remember(target, expected.sha256)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk says into errors that an operator understands.

    Raises:
        StorageFull: No room is left.
        ArtifactError: The folder cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("artifact.disk_full", folder=folder) from error
        detail = error.strerror or type(error).__name__
        raise ArtifactError("artifact.not_writable", folder=folder, detail=detail) from error
