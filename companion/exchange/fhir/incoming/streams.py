"""Resources out of files, one at a time: a Bundle, a resource, one resource a line (NDJSON), each gzipped or not.

A file is never held whole, whatever its size; one resource is. Where a file is broken, the line and the byte are found
by reading it again up to there.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import ijson

Resource = Mapping[str, Any]
_CHUNK: Final = 1 << 16
_DEEPEST: Final = 64
"""Levels of a resource; the deepest of FHIR R4 have about ten."""
_SUFFIXES: Final = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz")
_BOM: Final = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """A file breaks off, or is not what it is called.

    Args:
        reason: Key under ``[records.unreadable]``.
        path: Which file.
        line: Of the first byte that does not fit, counted from 1; 0 where that says nothing.
        byte: Bytes before it.
    """

    def __init__(self, reason: str, path: Path, *, line: int = 0, byte: int = 0) -> None:
        self.reason, self.path, self.line, self.byte = reason, path, line, byte
        super().__init__(reason, path.name, line, byte)


@dataclass(frozen=True, slots=True)
class Located:
    """One resource of a file."""

    resource: Resource
    """Has a ``resourceType``."""
    full_url: str
    """Of the entry of a Bundle; empty elsewhere."""
    number: int
    """Counted from 1 through the file."""


def files_of(paths: list[Path]) -> list[Path]:
    """Return the files that are meant: those that are named, and those of FHIR in folders, in order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file() and one.name.lower().endswith(_SUFFIXES))
            found.extend(sorted(inside))
        else:
            found.append(path)
    return found


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hex.

    Raises:
        Unreadable: It cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unreadable("cannot_open", path) from error


def resources_in(path: Path) -> Iterator[Located]:
    """Yield the resources of a file.

    Raises:
        Unreadable: It cannot be opened, is no JSON to its end, or holds something else than resources.
    """
    try:
        with _opened(path) as raw:
            yield from _located(path, _Counted(raw))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable("broken_gzip", path) from error
    except OSError as error:
        raise Unreadable("cannot_open", path) from error


def _opened(path: Path) -> BinaryIO:
    raw = path.open("rb")
    begins = raw.read(4)
    raw.seek(0)
    if begins.startswith(b"\x1f\x8b"):
        raw.close()
        return cast("BinaryIO", gzip.open(path, "rb"))
    if begins.startswith(b"PK\x03\x04"):
        raw.close()
        raise Unreadable("packed", path)
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw.close()
        raise Unreadable("not_utf8", path)
    return raw


def _located(path: Path, stream: _Counted) -> Iterator[Located]:
    number = 0
    begins = _beginning(path)
    if begins not in (b"{", b"["):
        raise Unreadable("not_json" if begins else "empty", path)
    try:
        prefix = "entry.item" if _is_bundle(path) else ""
        for value in ijson.items(stream, prefix, multiple_values=True, use_float=True, buf_size=_CHUNK):
            for resource, full_url in _unfolded(value, path, in_bundle=bool(prefix)):
                number += 1
                yield Located(resource, full_url, number)
    except (ijson.JSONError, UnicodeDecodeError):
        raise _broken(path, stream.given) from None


def _beginning(path: Path) -> bytes:
    """Return the first byte of a file that is no blank; nothing where there is none in its first pages."""
    with _opened(path) as raw:
        return raw.read(_CHUNK).removeprefix(_BOM).lstrip()[:1]


def _unfolded(value: Any, path: Path, *, in_bundle: bool) -> Iterator[tuple[Resource, str]]:  # noqa: ANN401 (JSON)
    """Yield the resources of an entry, of a Bundle on a line, or a resource itself."""
    if in_bundle:
        resource = value.get("resource") if isinstance(value, dict) else None
        if isinstance(resource, dict):
            yield _typed(resource, path), str(value.get("fullUrl") or "")
        return
    if isinstance(value, dict) and value.get("resourceType") == "Bundle":
        for entry in value.get("entry") or ():
            yield from _unfolded(entry, path, in_bundle=True)
        return
    if not isinstance(value, dict):
        raise Unreadable("unknown_shape", path)
    yield _typed(value, path), ""


def _typed(resource: dict[str, Any], path: Path) -> Resource:
    if not isinstance(resource.get("resourceType"), str) or is_too_deep(resource):
        raise Unreadable("unknown_shape", path)
    return resource


def is_too_deep(value: Any, deepest: int = _DEEPEST) -> bool:  # noqa: ANN401 (JSON)
    """Return whether a JSON value is nested deeper than any resource is."""
    level = [value]
    for _ in range(deepest):
        level = [inner for one in level for inner in _children(one)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:  # noqa: ANN401 (JSON)
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_bundle(path: Path) -> bool:
    """Return whether the first value of a file is a Bundle, read as far as its ``resourceType``."""
    with _opened(path) as raw:
        events = ijson.parse(_Counted(raw), multiple_values=True, use_float=True, buf_size=_CHUNK)
        for prefix, event, value in events:
            if prefix == "resourceType" and event == "string":
                return bool(value == "Bundle")
            if prefix == "" and event in ("end_map", "start_array", "string", "number", "boolean", "null"):
                return False
    return False


class _Counted:
    """Reads a stream for the parser and counts what it gave.

    Args:
        raw: Open, at its beginning; a byte order mark is passed over.
        careful_from: From this many bytes on, one byte is given at a time.
    """

    def __init__(self, raw: BinaryIO, careful_from: int | None = None) -> None:
        self._raw = raw
        self._careful_from = careful_from
        self.given = 0
        self.lines = 1

    def read(self, size: int = _CHUNK) -> bytes:
        """Return the next bytes, at most ``size``; nothing at the end."""
        if size == 0:
            return b""  # ijson asks so whether bytes come
        if self._careful_from is not None:
            size = 1 if self.given >= self._careful_from else min(size, self._careful_from - self.given)
        data = self._raw.read(size)
        self.lines += data.count(b"\n")
        if self.given == 0 and data.startswith(_BOM):
            self.given = len(_BOM)
            data = data[len(_BOM) :]
            self.given += len(data)
            return data or self.read(size)
        self.given += len(data)
        return data


def _broken(path: Path, given: int) -> Unreadable:
    """Return where a file that does not parse stops to be JSON, found by reading it again."""
    careful_from = max(0, given - _CHUNK)
    with _opened(path) as raw:
        stream = _Counted(raw, careful_from)
        try:
            for _ in ijson.basic_parse(stream, multiple_values=True, use_float=True, buf_size=_CHUNK):
                pass
        except (ijson.JSONError, UnicodeDecodeError):
            pass
    return Unreadable("broken_json", path, line=stream.lines, byte=max(0, stream.given - 1))
