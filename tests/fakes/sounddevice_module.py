"""Stands in for the sounddevice library: devices from a list, blocks from the test, no PortAudio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt


class PortAudioError(Exception):
    """As the library names it."""


class FakeSoundDevice(ModuleType):
    """The part of the library that the microphone uses."""

    PortAudioError = PortAudioError

    def __init__(self, devices: list[dict[str, Any]], *, rates: frozenset[int] = frozenset({16_000})) -> None:
        super().__init__("sounddevice")
        self.devices = [{"index": index, **device} for index, device in enumerate(devices)]
        self.rates = rates
        self.default = SimpleNamespace(device=(0 if devices else -1, -1))
        self.opened: list[FakeStream] = []
        self.script: Callable[[FakeStream], None] = lambda _stream: None
        """Called when a stream starts: feeds it."""

    def query_devices(self, device: str | int | None = None, kind: str | None = None) -> Any:  # noqa: ANN401
        if kind is None:
            return self.devices
        if device is None:
            if not self.devices:
                raise PortAudioError("Error querying device -1")
            return self.devices[0]
        for one in self.devices:
            if device == one["index"] or (isinstance(device, str) and device in str(one["name"])):
                return one
        raise ValueError(f"No input device matching {device!r}")

    def InputStream(self, **wish: Any) -> FakeStream:  # noqa: ANN401, N802 (the library's name)
        if wish["samplerate"] not in self.rates:
            raise PortAudioError("Invalid sample rate")
        stream = FakeStream(self, wish)
        self.opened.append(stream)
        return stream


class FakeStream:
    """One open input stream."""

    def __init__(self, library: FakeSoundDevice, wish: Mapping[str, Any]) -> None:
        self._library = library
        self.wish = wish
        self.closed = False

    @property
    def blocksize(self) -> int:
        return int(self.wish["blocksize"])

    def start(self) -> None:
        self._library.script(self)

    def feed(self, samples: npt.NDArray[np.float32], *, overflow: bool = False) -> None:
        """Have the device give one block; every channel the same."""
        block = np.repeat(samples[:, None], int(self.wish["channels"]), axis=1)
        self.wish["callback"](block, len(block), None, SimpleNamespace(input_overflow=overflow))

    def finish(self) -> None:
        """Have the device end by itself, as when it is pulled out."""
        self.wish["finished_callback"]()

    def abort(self) -> None:
        if self.closed:
            raise PortAudioError("closed")

    def close(self) -> None:
        self.closed = True
