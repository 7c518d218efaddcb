"""Opens the record of this device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from companion.config import Settings, home_folder, load_settings
from companion.errors import StorageFull
from companion.wiring.clock import SystemClock

if TYPE_CHECKING:
    from companion.safety.protocol_state import Earlier
    from companion.store.database import Stamp
    from companion.store.place import Place
    from companion.store.record import Record


def record_place(settings: Settings | None = None) -> Place:
    """Return where the record lies."""
    from companion.store.place import Place

    settings = settings or load_settings()
    return Place(home_folder(), settings.record.server_url)


def stamp(settings: Settings) -> Stamp:
    """Return what this device writes on every row.

    Raises:
        StorageFull: Its id could not be written on first use.
    """
    from companion.store.database import Stamp

    return Stamp(device_id(), settings.record.centre_id, settings.record.centre_key)


@contextmanager
def open_record(
    ask: Callable[[], str], settings: Settings | None = None, *, now: Callable[[], datetime] | None = None
) -> Iterator[Record]:
    """Open the record and let it go at the end.

    Args:
        ask: Asks for the passphrase, where one opens the record.
        settings: Loaded where they are not given.
        now: The wall clock; that of the system where it is not given.

    Raises:
        StoreError: It is damaged, of a newer version, locked, or cannot be written.
        VaultError: Its key is wrong or cannot be used.
    """
    from companion.store import opening

    settings = settings or load_settings()
    record = opening.open_record(record_place(settings), stamp=stamp(settings), now=now or SystemClock().now, ask=ask)
    try:
        yield record
    finally:
        record.close()


def left_open(record: Record, person_id: str) -> Earlier | None:
    """Return the gravest danger that earlier sessions left open, if any: the next one returns to it.

    Raises:
        StoreUnreadable: The record cannot be read.
    """
    from companion.safety.protocol_state import Earlier
    from companion.safety.risk import Kind, Level

    levels, kinds = set(Level), set(Kind)
    found = record.danger.left_open(person_id)
    return Earlier.of((Level(level), Kind(kind)) for level, kind in found if level in levels and kind in kinds)


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
