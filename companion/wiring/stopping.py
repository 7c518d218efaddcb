"""How a caregiver ends a running conversation kindly: a request beside the record, which talk and run look for.

The request is a small file that holds the moment it was made, nothing of anybody. It is obeyed for half a minute and by
one conversation only; it ends a conversation as Ctrl-C does, with a goodbye, and never the daily life around it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from companion.config import home_folder

HOLDS: Final = timedelta(seconds=30)
"""How long a request is obeyed: one that nobody was there to hear must not end a later conversation."""
_LOOK_EVERY: Final = 0.5


def ask_to_stop(now: datetime) -> None:
    """Ask whichever conversation runs on this device to end.

    Raises:
        StorageFull: The request could not be written.
    """
    from companion.store.durable import write_whole

    write_whole(_file(), now.isoformat().encode("ascii"))


def taken(now: datetime, since: datetime) -> bool:
    """Take a request away, and return whether it is to be obeyed.

    Args:
        now: Aware.
        since: When the conversation began; what was asked before it was not meant for it.
    """
    file = _file()
    try:
        asked = datetime.fromisoformat(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    with suppress(OSError):
        file.unlink()
    return asked.tzinfo is not None and since <= asked and now - asked < HOLDS


@asynccontextmanager
async def obeying(stop: Callable[[], None], now: Callable[[], datetime]) -> AsyncIterator[None]:
    """Look for a request while the block runs, and call ``stop`` at each.

    Args:
        stop: Ends the conversation kindly.
        now: The wall clock, aware.
    """
    watching = asyncio.create_task(_watched(stop, now, now()))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watched(stop: Callable[[], None], now: Callable[[], datetime], since: datetime) -> None:
    while True:
        if taken(now(), since):
            stop()
        await asyncio.sleep(_LOOK_EVERY)


def _file() -> Path:
    return home_folder() / "stop-talking"
