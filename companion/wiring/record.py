"""Opens the record of this device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from companion.config import home_folder
from companion.errors import StorageFull

if TYPE_CHECKING:
    from companion.store.repository import Repository


def record_file() -> Path:
    """Return where conversations are kept."""
    return home_folder() / "record.sqlite3"


@contextmanager
def open_repository() -> Iterator[Repository]:
    """Open the record and let it go at the end.

    Raises:
        StoreUnreadable: It is damaged or of a newer version.
        StorageFull: It cannot be written.
    """
    from companion.store.repository import Repository

    repository = Repository(record_file(), device_id=device_id())
    try:
        yield repository
    finally:
        repository.close()


def device_id() -> str:
    """Return the id that this device stamps on every row, made on first use.

    Raises:
        StorageFull: It could not be written.
    """
    file = home_folder() / "device_id"
    try:
        return str(UUID(file.read_text(encoding="utf-8").strip()))
    except (OSError, ValueError):
        pass
    made = str(uuid4())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageFull("store.cannot_write", file=file) from error
    return made
