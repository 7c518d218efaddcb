"""The microphone, through PortAudio. The only file that opens an input device.

The callback of the device does nothing but copy a block into a bounded queue: it never waits, and what does not fit is
reported on the next frame as an overflow. Imports sounddevice lazily: on Linux it needs the package libportaudio2.
"""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from types import ModuleType
from typing import Any, Final

import numpy as np

from companion.core.audio import FRAME_SAMPLES, HEARD_RATE, Frame, SampleIndex, Samples
from companion.errors import DeviceLost, DeviceMissing

_DROPPED_AT_START: Final = HEARD_RATE // 2
"""Half a second of clicks and settling gain. Source: peers, 2.3."""
_QUEUE_BLOCKS: Final = 256
"""About eight seconds: the listener is far quicker than the sound, so a full queue means that it stands still."""
_STALL_S: Final = 2.0
"""A device that gives nothing for so long is gone: unplugged ones often end without a word."""


@dataclass(frozen=True, slots=True)
class MicrophoneName:
    """One input device."""

    index: int
    name: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class _Block:
    samples: Samples
    """float32 [n], first channel, at the device's rate."""
    overflowed: bool


class SoundDeviceMicrophone:
    """One input device, listened to from the first call of ``frames`` until ``close``."""

    def __init__(self, device: str | int | None = None) -> None:
        """Remember which device; nothing is opened yet.

        Args:
            device: Name (or part of it), index, or None for the system's default.
        """
        self._device = device
        self._blocks: queue.Queue[_Block] = queue.Queue(maxsize=_QUEUE_BLOCKS)
        self._lost = False
        self._ended = Event()
        self._closed = Event()

    def frames(self) -> Iterator[Frame]:
        """Yield frames until ``close``; the first half second after opening is dropped.

        Raises:
            DeviceMissing: No such device, or PortAudio is not installed.
            DeviceLost: The device ended, or gave nothing for two seconds.
        """
        sounddevice = _portaudio()
        stream, rate = self._open(sounddevice)
        try:
            yield from self._framed(rate)
        finally:
            _close_quietly(sounddevice, stream)

    def close(self) -> None:
        """End ``frames`` soon, from any thread. Calling it twice does nothing."""
        self._closed.set()

    def _open(self, sounddevice: ModuleType) -> tuple[Any, int]:
        """Open and start the stream, at 16 kHz mono if the device allows; return it and its rate."""
        found = _find(sounddevice, self._device)
        channels_there = max(int(found["max_input_channels"]), 1)
        own_rate = round(float(found["default_samplerate"]))
        wishes = [(HEARD_RATE, 1), (own_rate, 1), (own_rate, channels_there)]
        failure: Exception | None = None
        for rate, channels in wishes:
            try:
                stream = sounddevice.InputStream(
                    samplerate=rate,
                    blocksize=rate * FRAME_SAMPLES // HEARD_RATE,
                    device=found["index"],
                    channels=channels,
                    dtype="float32",
                    callback=self._take,
                    finished_callback=self._ended.set,
                )
                stream.start()
            except sounddevice.PortAudioError as error:
                failure = error
                self._ended.clear()
            else:
                return stream, rate
        raise DeviceMissing("hearing.microphone_refused", device=found["name"]) from failure

    def _take(self, block: Samples, _count: int, _time: object, status: Any) -> None:  # noqa: ANN401 (CFFI flags)
        """Copy one block, on the device's own thread; never wait."""
        overflowed = bool(status.input_overflow) or self._lost
        try:
            self._blocks.put_nowait(_Block(block[:, 0].copy(), overflowed))
            self._lost = False
        except queue.Full:
            self._lost = True

    def _framed(self, rate: int) -> Iterator[Frame]:
        """Yield frames of 512 samples at 16 kHz out of the blocks of the device."""
        import soxr

        resampler = None if rate == HEARD_RATE else soxr.ResampleStream(rate, HEARD_RATE, 1, dtype="float32")
        rest = np.zeros(0, dtype=np.float32)
        position, overflowed = 0, False
        while (block := self._next()) is not None:
            samples = block.samples if resampler is None else resampler.resample_chunk(block.samples)
            rest = np.concatenate([rest, samples])
            overflowed = overflowed or block.overflowed
            while len(rest) >= FRAME_SAMPLES:
                samples = np.clip(rest[:FRAME_SAMPLES], -1.0, 1.0)
                frame = Frame(samples, SampleIndex(position), overflowed)
                rest, position = rest[FRAME_SAMPLES:], frame.end
                if frame.start >= _DROPPED_AT_START:
                    overflowed = False
                    yield frame

    def _next(self) -> _Block | None:
        """Return the next block, or None after ``close``.

        Raises:
            DeviceLost: None will come.
        """
        waited = 0.0
        step = 0.1
        while not self._closed.is_set():
            try:
                return self._blocks.get(timeout=step)
            except queue.Empty:
                waited += step
            if self._ended.is_set() or waited >= _STALL_S:
                raise DeviceLost("hearing.microphone_lost")
        return None


def list_microphones(*, rescan: bool = False) -> tuple[MicrophoneName, ...]:
    """Return the input devices that are there.

    Args:
        rescan: Look for devices plugged in since the start. Only while no stream, input or output, is open.

    Raises:
        DeviceMissing: PortAudio is not installed.
    """
    sounddevice = _portaudio()
    if rescan:
        # PortAudio looks for devices only when it starts.
        sounddevice._terminate()  # noqa: SLF001 (the library offers no other way)
        sounddevice._initialize()  # noqa: SLF001
    default = sounddevice.default.device[0]
    return tuple(
        MicrophoneName(int(device["index"]), str(device["name"]), int(device["index"]) == default)
        for device in sounddevice.query_devices()
        if device["max_input_channels"] > 0
    )


def _portaudio() -> ModuleType:
    try:
        import sounddevice
    except OSError as error:
        raise DeviceMissing("hearing.no_portaudio", package="libportaudio2") from error
    module: ModuleType = sounddevice
    return module


def _find(sounddevice: ModuleType, device: str | int | None) -> dict[str, Any]:
    try:
        found: dict[str, Any] = sounddevice.query_devices(device, "input")
    except (ValueError, sounddevice.PortAudioError) as error:
        if device is None:
            raise DeviceMissing("hearing.no_microphone") from error
        names = ", ".join(one.name for one in list_microphones()) or "-"
        raise DeviceMissing("hearing.microphone_unknown", device=device, there=names) from error
    if found["max_input_channels"] < 1:
        raise DeviceMissing("hearing.no_microphone")
    return found


def _close_quietly(sounddevice: ModuleType, stream: Any) -> None:  # noqa: ANN401 (the library has no types)
    """Let a stream go that may be dead already."""
    try:
        stream.abort()
        stream.close()
    except sounddevice.PortAudioError:
        # It is gone: nothing is left to let go.
        return
