"""Puts files in the place of others so that a kill at any step leaves the old ones or leads on to the new ones.

Everything is made ready in ``record.restoring``. Up to the moment at which ``moves.json`` stands in it, nothing of the
record has changed; from then on whoever opens the record ends what was begun first. Every move is a rename within one
file system that may be tried again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from companion.errors import StorageFull, StoreUnreadable
from companion.store.durable import settle, write_whole
from companion.store.lock import RecordLock

_STAGE: Final = "record.restoring"
_MOVES: Final = "moves.json"


def stage(folder: Path) -> Path:
    """Return an empty folder beside the record, for its owner only, in which to make new files ready.

    Raises:
        StorageFull: It could not be made.
    """
    ready = folder / _STAGE
    try:
        discard(folder)
        ready.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise StorageFull("store.cannot_write", file=ready) from error
    return ready


def discard(folder: Path) -> None:
    """Remove what was made ready and not begun to be moved; nothing there is no trouble."""
    if not _is_pending(folder):
        shutil.rmtree(folder / _STAGE, ignore_errors=True)


def swap(folder: Path, *, aside: Mapping[str, str], new: tuple[str, ...]) -> None:
    """Move present files aside and the new ones out of the stage into their places.

    Args:
        folder: Of the record; the caller holds its lock alone.
        aside: Present file to the name it is kept under; one that is not there is left out.
        new: Names of the files in the stage, which are their names in the folder.

    Raises:
        StorageFull: A file could not be moved; what was begun is ended when the record is opened next.
    """
    present = {name: kept for name, kept in aside.items() if (folder / name).exists()}
    for name in new:
        _settle_file(folder / _STAGE / name)
    write_whole(folder / _STAGE / _MOVES, json.dumps({"aside": present, "new": list(new)}).encode())
    settle(folder)
    _end(folder)


def end_pending(folder: Path, lock: Path) -> None:
    """End a swap that was cut short, if there is one.

    Raises:
        StoreBusy: Somebody has the record open.
        StoreUnreadable: What was to be moved cannot be read.
        StorageFull: A file could not be moved.
    """
    if _is_pending(folder):
        alone = RecordLock(lock, alone=True)
        try:
            end_pending_alone(folder)
        finally:
            alone.release()


def end_pending_alone(folder: Path) -> None:
    """Do the same for a caller that holds the lock alone.

    Raises:
        StoreUnreadable: What was to be moved cannot be read.
        StorageFull: A file could not be moved.
    """
    if _is_pending(folder):
        _end(folder)


def _is_pending(folder: Path) -> bool:
    return (folder / _STAGE / _MOVES).exists()


def _end(folder: Path) -> None:
    ready = folder / _STAGE
    try:
        moves = json.loads((ready / _MOVES).read_text(encoding="utf-8"))
        aside, new = dict(moves["aside"]), [str(name) for name in moves["new"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreUnreadable("store.unreadable", file=ready / _MOVES) from None
    try:
        for name, kept in aside.items():
            if not (folder / kept).exists():
                (folder / name).replace(folder / kept)
        settle(folder)
        for name in new:
            if (ready / name).exists():
                (ready / name).replace(folder / name)
        settle(folder)
        (ready / _MOVES).unlink()
        shutil.rmtree(ready)
        settle(folder)
    except OSError as error:
        raise StorageFull("store.cannot_write", file=folder) from error


def _settle_file(path: Path) -> None:
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageFull("store.cannot_write", file=path) from error
