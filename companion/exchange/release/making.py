"""Makes a release: prepares, writes into a folder that nobody sees, looks at it as its recipient would, moves it whole.

The record is read twice in one look: once to decide how people may be shown, once to write. Nothing of it is kept on
the disk in between, and the folder of the release appears when all of it is on the disk, or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.core.research import ResearchSource
from companion.errors import InputError, StorageFull
from companion.exchange.release.papers import (
    Loss,
    Made,
    manifest_fields,
    shown_columns,
    write_codebook,
    write_loss,
    write_manifest,
)
from companion.exchange.release.preparing import Prepared, Rules
from companion.exchange.release.rows import rows_of
from companion.exchange.release.schema import Column
from companion.exchange.release.writing import TableFiles, bucket_of, read_back


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a release says of itself."""

    release_id: str
    software: str
    """Name and version."""
    words: Mapping[str, Any]
    """Of the text beside it: table ``summary`` of ``prompts/release/words.ko.toml``."""


class Standing(Exception):
    """Somebody stands out of the tables as they were written: a defect, found before anybody got them."""


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Give a folder beside ``target`` in which a release is made; whatever is left there at the end goes.

    Raises:
        InputError: There is something at ``target`` already.
        StorageFull: It cannot be written there.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError("release.exists", folder=target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
    except OSError as error:
        raise StorageFull("release.cannot_write", folder=target.parent) from error
    try:
        yield part
    except OSError as error:
        raise StorageFull("release.cannot_write", folder=target.parent) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def publish(part: Path, target: Path) -> None:
    """Put a finished folder into its place; afterwards it is on the disk under its name.

    Raises:
        StorageFull: It could not be moved; nothing is there.
    """
    try:
        if target.exists():
            target.rmdir()
        part.rename(target)
        _settle(target.parent)
    except OSError as error:
        raise StorageFull("release.cannot_write", folder=target.parent) from error


@contextmanager
def handing_over(part: Path, target: Path) -> Iterator[Callable[[], None]]:
    """Give what puts a finished folder into its place; where the block fails after that, it is taken away again.

    The ledger commits after the folder has its name: a commit that fails leaves neither.
    """
    moved: list[Path] = []

    def move() -> None:
        publish(part, target)
        moved.append(target)

    try:
        yield move
    except BaseException:
        for folder in moved:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def make(source: ResearchSource, prepared: Prepared, rules: Rules, imprint: Imprint, folder: Path) -> Made:
    """Write a whole release into an empty folder.

    Args:
        source: The same look at the record by which it was prepared.
        prepared: Who is in it, and how.
        rules: By what it is made.
        imprint: What it says of itself.
        folder: Empty.

    Raises:
        OSError: It could not be written.
        Standing: What was written is not as safe as it has to be.
        StoreError: The record cannot be read.
    """
    loss = Loss.of(prepared)
    tables = rules.schema.chosen(rules.policy.columns)
    rows = _write_tables(source, prepared, rules, loss, (folder, tables, imprint.release_id))
    k, least = _look_over(read_back(folder, "people"), prepared, rules)
    write_codebook(folder, tables, rules.schema)
    described = manifest_fields(rules, prepared, imprint.release_id, imprint.software)
    described["privacy"] |= {"k": k, "l": least}
    made_at = f"{rules.made_at:%Y-%m-%d}"
    same = ("title", "recipient", "purpose", "legal_basis", "terms", "expires", "software")
    fields = {name: described[name] for name in same} | {"made_at": made_at, "k": k, "l": least}
    write_loss(folder, loss, fields, imprint.words)
    described["tables"] = {
        name: {"rows": rows[name], "columns": {one.name: str(one.kind) for one in columns}}
        for name, columns in tables.items()
    }
    digest = write_manifest(folder, described)
    _to_disk(folder)
    return Made(
        release_id=imprint.release_id,
        manifest_digest=digest,
        rows=rows,
        k=k,
        l=least,
        loss=loss,
        person_ids=tuple(one.person.id for one in prepared.members),
        software=imprint.software,
    )


def _write_tables(
    source: ResearchSource,
    prepared: Prepared,
    rules: Rules,
    loss: Loss,
    place: tuple[Path, Mapping[str, Sequence[Column]], str],
) -> Mapping[str, int]:
    """Write every row; return how many there are by table."""
    folder, tables, release_id = place
    described = {"release": release_id, "schema_version": rules.schema.version}
    with ExitStack() as open_files:
        files = {
            name: open_files.enter_context(TableFiles(folder, name, columns, rules.policy.formats, described))
            for name, columns in tables.items()
        }
        histories = source.histories([one.person for one in prepared.members])
        for member, history in zip(prepared.members, histories, strict=True):
            found = rows_of(member, history, prepared, rules)
            bucket = bucket_of(member.pseudonym, len(prepared.members))
            for name, file in files.items():
                file.add(bucket, found.tables[name])
            loss.count(found.revealed, found.trimmed)
    return {name: file.rows for name, file in files.items()}


def _look_over(people: Sequence[Mapping[str, object]], prepared: Prepared, rules: Rules) -> tuple[int, int]:
    """Return k and l of the people as they were written, counted by nothing but what lies there.

    Raises:
        Standing: They are not what they were prepared to be.
    """
    shown = shown_columns(rules)
    classes: dict[tuple[object, ...], Counter[object]] = defaultdict(Counter)
    for row in people:
        classes[tuple(row[name] for name in shown)][row["sensitive_band"]] += 1
    k = min(sum(values.values()) for values in classes.values())
    fewest = min(len(values) for values in classes.values())
    together = min(count for values in classes.values() for count in values.values())
    if k < prepared.protected.k or fewest < prepared.protected.l or together < rules.policy.k:
        raise Standing
    if len({row["person"] for row in people}) != len(people):
        raise Standing
    return k, fewest


def _to_disk(folder: Path) -> None:
    """Bring every file to the disk, readable by its owner only."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o700 if path.is_dir() else 0o600)
        _settle(path)
    _settle(folder)


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
