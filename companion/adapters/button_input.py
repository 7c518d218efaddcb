"""A button or key of an input device of Linux, read as it is: no library has wheels for it.

Layout of an event: struct input_event of linux/input.h, in the byte order and word size of the machine: seconds and
microseconds (long), type and code (unsigned short), value (int).
"""

from __future__ import annotations

import os
import select
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from companion.errors import DeviceLost, DeviceMissing

_EVENT: Final = struct.Struct("@llHHi")
_KEY: Final = 1
"""EV_KEY of linux/input-event-codes.h."""
_DOWN: Final = 1
"""0 is released, 2 is held."""
_LOOK: Final = 0.2
"""Seconds between two looks at whether it was closed."""


class InputButton:
    """Any key of one device.

    Args:
        path: Such as ``/dev/input/by-id/usb-…-event-kbd``.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._closed = False

    def presses(self) -> Iterator[None]:
        """Yield at each press until ``close`` is called.

        Raises:
            DeviceMissing: No such device is there, or it may not be read.
            DeviceLost: It went away.
        """
        try:
            device = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise DeviceMissing("button.missing", device=self._path) from error
        try:
            yield from self._read(device)
        finally:
            os.close(device)

    def _read(self, device: int) -> Iterator[None]:
        rest = b""
        while not self._closed:
            ready, _, _ = select.select([device], [], [], _LOOK)
            if not ready:
                continue
            try:
                rest += os.read(device, 64 * _EVENT.size)
            except BlockingIOError:
                continue
            except OSError as error:
                raise DeviceLost("button.lost", device=self._path) from error
            whole = len(rest) - len(rest) % _EVENT.size
            for _, _, kind, _, value in _EVENT.iter_unpack(rest[:whole]):
                if kind == _KEY and value == _DOWN:
                    yield None
            rest = rest[whole:]

    def close(self) -> None:
        """End ``presses`` soon, from any thread. Calling it twice does nothing."""
        self._closed = True
