"""The Hugging Face hub, at one full commit.

``huggingface_hub`` knows addresses, credentials and the hub's own record of a file; the bytes are streamed here,
because it throws a half-written file away when it is interrupted, and a gigabyte over a home line has to be resumed by
range.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from companion.artifacts.delivery import Delivery
from companion.artifacts.digest import check, sha256_of
from companion.artifacts.hub_answers import hub_endpoint
from companion.artifacts.lock import Expected, expected_files, write_lock
from companion.artifacts.manifest import HubSource
from companion.artifacts.progress import Stage
from companion.errors import DigestMismatch, SourceUnreachable

_ATTEMPTS: Final = 4
_READ_SECONDS: Final = 30.0
_OK, _PARTIAL, _RANGE_REFUSED = 200, 206, 416


@dataclass(frozen=True, slots=True)
class _Record:
    """What the hub says of one file at the pinned commit."""

    size: int
    sha256: str | None
    """For large files."""
    blob: str
    """Git's SHA-1 of the blob, which is all there is for small ones."""


def fetch_hub(source: HubSource, names: Sequence[str], delivery: Delivery) -> None:
    """Bring the files called ``names``, resuming what was begun.

    Raises:
        SourceUnreachable: The hub does not answer, or not with these files.
        DigestMismatch: What arrived is not the file named; it is deleted.
        Cancelled: The work was to end; what has arrived is kept for the next time.
    """
    with _mapped(source):
        expected = expected_files(delivery.manifest, delivery.folder)
        unknown = [name for name in names if expected[name] is None]
        records = _records(source, unknown) if unknown else {}
        for name in names:
            known = expected[name]
            if known is not None:
                _bring(source, name, known.size, delivery)
                _take(source, name, known, delivery)
            else:
                _bring(source, name, records[name].size, delivery)
                _take_locked(name, records[name], delivery)


def _take(source: HubSource, name: str, expected: Expected, delivery: Delivery) -> None:
    try:
        delivery.take_file(name, expected, delivery.temporary(name))
    except DigestMismatch:
        # What was resumed may have begun as another revision of the file: one clean try before it is refused.
        _bring(source, name, expected.size, delivery)
        delivery.take_file(name, expected, delivery.temporary(name))


def _take_locked(name: str, record: _Record, delivery: Delivery) -> None:
    temporary = delivery.temporary(name)
    size, digest = sha256_of(temporary, cancel=delivery.cancel)
    right = size == record.size and (
        digest == record.sha256 if record.sha256 is not None else _git_blob(temporary) == record.blob
    )
    if not right:
        temporary.unlink()
        raise DigestMismatch("artifact.refused", artifact=delivery.manifest.id, file=name)
    expected = Expected(size, digest)
    write_lock(delivery.manifest, delivery.folder, name, expected)
    delivery.take_file(name, expected, temporary)


def _bring(source: HubSource, name: str, size: int, delivery: Delivery) -> None:
    """Stream ``name`` to its temporary file, going on where an earlier try ended."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

    url = hf_hub_url(source.repository, source.path_of(name), revision=source.revision, endpoint=hub_endpoint())
    temporary, left = delivery.temporary(name), _ATTEMPTS
    while True:
        before = temporary.stat().st_size if temporary.exists() else 0
        if before == size:
            return
        if before > size:
            temporary.unlink()
            before = 0
        try:
            _stream(url, temporary, name=name, begin=before, size=size, delivery=delivery)
        except HTTPError as error:
            grown = temporary.exists() and temporary.stat().st_size > before
            left = _ATTEMPTS if grown else left - 1
            if left <= 0 or _is_refusal(error):
                raise
            continue
        arrived = temporary.stat().st_size if temporary.exists() else 0
        if arrived != size:
            left -= 1
            if left <= 0:
                raise SourceUnreachable(
                    "artifact.hub", repository=source.repository, detail=f"{name}: {arrived}/{size}"
                )


def _stream(url: str, temporary: Path, *, name: str, begin: int, size: int, delivery: Delivery) -> None:
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if begin:
        headers["Range"] = f"bytes={begin}-"
    session: Any = get_session()
    with session.stream("GET", url, headers=headers, timeout=_READ_SECONDS, follow_redirects=True) as answer:
        if answer.status_code == _RANGE_REFUSED:
            temporary.unlink(missing_ok=True)
            return
        hf_raise_for_status(answer)
        resumed = answer.status_code == _PARTIAL and begin > 0
        done = begin if resumed else 0
        with temporary.open("ab" if resumed else "wb") as file:
            # As it arrives: what a larger buffer holds when the line drops would be lost.
            for chunk in answer.iter_bytes():
                check(delivery.cancel)
                file.write(chunk)
                done += len(chunk)
                delivery.report(Stage.FETCH, name, done, size)
                if done > size:
                    return


def _records(source: HubSource, names: Sequence[str]) -> dict[str, _Record]:
    from huggingface_hub import HfApi

    paths = {source.path_of(name): name for name in names}
    found: dict[str, _Record] = {}
    answer = HfApi(endpoint=hub_endpoint()).get_paths_info(
        source.repository, list(paths), revision=source.revision, repo_type="model"
    )
    for entry in answer:
        lfs = getattr(entry, "lfs", None)
        blob = getattr(entry, "blob_id", None)
        if blob is not None and entry.path in paths:
            record = _Record(entry.size, lfs.sha256 if lfs is not None else None, blob)  # type: ignore[union-attr]
            found[paths[entry.path]] = record
    absent = [name for name in names if name not in found]
    if absent:
        raise SourceUnreachable("artifact.hub", repository=source.repository, detail=f"{absent[0]}: not found")
    return found


def _git_blob(path: Path) -> str:
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _is_refusal(error: Exception) -> bool:
    # 4xx will be the same at the next try; 429 and 5xx may not.
    status = getattr(getattr(error, "response", None), "status_code", 0)
    return 400 <= status < 500 and status not in (408, 429)  # noqa: PLR2004 - HTTP statuses


@contextmanager
def _mapped(source: HubSource) -> Iterator[None]:
    """Turn what the library raises into ours. ``OSError`` of the disk passes through."""
    from huggingface_hub.errors import HTTPError, OfflineModeIsEnabled  # type: ignore[attr-defined]

    try:
        yield
    except (HTTPError, OfflineModeIsEnabled) as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        key = "artifact.hub_gated" if status in (401, 403) else "artifact.hub"
        detail = f"HTTP {status}" if status else type(error).__name__
        raise SourceUnreachable(key, repository=source.repository, detail=detail) from error
