"""Who has the record open: many at once, or one alone that changes its key or puts another file in its place.

An advisory lock of the operating system (flock) on a small file beside the record: it goes with the process, however
that ends.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from companion.errors import StorageFull, StoreBusy


class RecordLock:
    """Held until ``release`` or the end of the process.

    Args:
        path: The lock file; made if it is not there.
        alone: Whether nobody else may have the record open.

    Raises:
        StoreBusy: Somebody else has it open, alone or while it was wanted alone.
        StorageFull: The lock file could not be made.
    """

    def __init__(self, path: Path, *, alone: bool) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab")
        except OSError as error:
            raise StorageFull("store.cannot_write", file=path) from error
        try:
            fcntl.flock(self._file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise StoreBusy("store.in_use", file=path.with_suffix("")) from None

    def share(self) -> None:
        """Let others open the record too, from now on."""
        fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def release(self) -> None:
        """Let it go. Calling it twice does nothing."""
        self._file.close()
