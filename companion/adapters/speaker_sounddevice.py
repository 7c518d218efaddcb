"""The loudspeaker: one PortAudio output stream that is fed without gaps.

The device asks for samples from a thread of its own (``_fill``); ``write`` only queues. A device that cannot do 24 kHz
is fed at 48 or 44.1 kHz through one streaming resampler, so that nothing clicks where two sounds meet. What has been
handed to the device is offered, with the time at which it will be heard, to whoever listens: the reference that echo
cancellation needs.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Condition
from typing import Any, Final

import numpy as np

from companion.adapters.sound_shape import resampled
from companion.core.audio import SPOKEN_RATE, Hertz, Samples, Sound
from companion.core.cancellation import Cancellation
from companion.errors import DeviceLost, DeviceMissing

PlayedListener = Callable[[Samples, float, Hertz], None]
"""Called on the device's thread with float32 [n], the monotonic second at which it is heard, and its rate."""

_RATES: Final = (SPOKEN_RATE, Hertz(48_000), Hertz(44_100))
_LITTLE_SECONDS: Final = 0.2
"""``write`` returns when no more than this is unplayed: enough to hand over the next phrase without a gap."""
_LATENCY_SECONDS: Final = 0.1
"""What the device holds: enough to ride out a busy processor; stopping throws it away instead of playing it."""
_DEAD_SECONDS: Final = 3.0
"""A device that asks for nothing for so long, while something is queued, is gone; some take two seconds to wake."""
_LOOK_SECONDS: Final = 0.1


class SounddeviceSpeaker:
    """A loudspeaker of this machine.

    Args:
        device: Name or number as PortAudio knows it; None for the system's default.
        on_played: Hears what is played.

    Raises:
        DeviceMissing: There is no such device, no device at all, or no PortAudio library.
    """

    def __init__(self, device: str | int | None = None, *, on_played: PlayedListener | None = None) -> None:
        self._on_played = on_played
        self._queue: deque[Samples] = deque()
        self._queued = 0
        self._sent = 0
        self._ended = False
        self._heard = 0.0
        self._asked_at = self._sent_at = time.monotonic()
        self._changed = Condition()
        self._device_rate = SPOKEN_RATE
        self._latency = _LATENCY_SECONDS
        self._stream = self._open(device)
        self._latency = float(self._stream.latency)
        self._resampler = _resampler(self._device_rate)
        self._started = False
        self._start()

    @property
    def rate(self) -> Hertz:
        """24 kHz; the device's own rate is this speaker's affair."""
        return SPOKEN_RATE

    def write(self, sound: Sound, cancel: Cancellation) -> None:
        """Queue ``sound``; return when no more than 0.2 s is unplayed, or at once when cancelled.

        Raises:
            DeviceLost: The device went away.
        """
        samples = resampled(sound.samples, sound.rate, self.rate)
        if cancel.cancelled or not len(samples):
            return
        self._start()
        cancel.on_cancel(self._drop)
        self._enqueue(self._at_device_rate(samples, last=False))
        self._wait_until(lambda: self._queued <= _LITTLE_SECONDS * self._device_rate, cancel)

    def drain(self, cancel: Cancellation) -> None:
        """Return when all has been heard, or dropped because of ``cancel``.

        Raises:
            DeviceLost: The device went away.
        """
        if not cancel.cancelled and self._started:
            self._enqueue(self._at_device_rate(np.zeros(0, dtype=np.float32), last=True))
        self._resampler = _resampler(self._device_rate)
        self._wait_until(lambda: not self._queued and self.played * self._device_rate >= self._sent - 1, cancel)

    @property
    def played(self) -> float:
        """Seconds of queued sound that have been heard since the speaker was opened; never decreases."""
        with self._changed:
            on_its_way = max(0.0, self._latency - (time.monotonic() - self._sent_at))
            self._heard = max(self._heard, self._sent / self._device_rate - on_its_way)
            return self._heard

    def close(self) -> None:
        """Let the device go, dropping what is queued. Calling it twice does nothing."""
        self._drop()
        stream, self._stream = self._stream, None
        self._started = False
        if stream is not None:
            import sounddevice

            try:
                stream.close(ignore_errors=True)
            except sounddevice.PortAudioError:
                return  # it is gone, which is what was wanted

    def _open(self, device: str | int | None) -> Any:  # noqa: ANN401 - sounddevice publishes no types
        """Return a stream of ``device`` that is not started, at the first rate that the device takes."""
        try:
            import sounddevice
        except OSError as error:
            raise DeviceMissing("speaker.no_library") from error
        failure: Exception | None = None
        for rate in _RATES:
            try:
                self._device_rate = rate
                return sounddevice.OutputStream(
                    samplerate=rate,
                    device=device,
                    channels=1,
                    dtype="float32",
                    latency=_LATENCY_SECONDS,
                    callback=self._fill,
                    finished_callback=self._finished,
                )
            except (sounddevice.PortAudioError, ValueError) as error:
                failure = error
        known = [each["name"] for each in sounddevice.query_devices() if each["max_output_channels"] > 0]
        if device is None or not known:
            raise DeviceMissing("speaker.missing") from failure
        raise DeviceMissing("speaker.unknown", device=device, known=", ".join(known)) from failure

    def _fill(self, out: Any, frames: int, moment: Any, status: Any) -> None:  # noqa: ANN401, ARG002 - PortAudio's own
        block = out[:, 0]
        block[:] = 0.0
        with self._changed:
            self._asked_at = time.monotonic()
            filled = 0
            while filled < frames and self._queue:
                head = self._queue[0]
                taken = min(len(head), frames - filled)
                block[filled : filled + taken] = head[:taken]
                filled += taken
                if taken == len(head):
                    self._queue.popleft()
                else:
                    self._queue[0] = head[taken:]
            self._queued -= filled
            if filled:
                self._sent += filled
                self._sent_at = self._asked_at
            self._changed.notify_all()
        if self._on_played is not None:
            self._on_played(block.copy(), self._asked_at + self._latency, self._device_rate)

    def _finished(self) -> None:
        with self._changed:
            self._ended = self._ended or self._started
            self._changed.notify_all()

    def _start(self) -> None:
        """Have the device ask for samples, unless it does.

        Raises:
            DeviceLost: It no longer can.
        """
        if self._started:
            return
        import sounddevice

        if self._stream is None:
            raise DeviceLost("speaker.lost")
        self._started = True
        self._asked_at = time.monotonic()
        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self._started = False
            raise DeviceLost("speaker.lost") from error

    def _stop(self) -> None:
        """Stop the device at once: what it holds is not played, and not counted as played."""
        if not self._started or self._stream is None:
            return
        heard = self.played
        self._started = False
        self._stream.abort(ignore_errors=True)
        with self._changed:
            self._sent = int(heard * self._device_rate)

    def _enqueue(self, samples: Samples) -> None:
        if len(samples):
            with self._changed:
                if not self._queue:
                    self._asked_at = time.monotonic()
                self._queue.append(samples)
                self._queued += len(samples)

    def _drop(self) -> None:
        """Forget what is queued, from any thread, and wake whoever waits; he stops the device."""
        with self._changed:
            self._queue.clear()
            self._queued = 0
            self._changed.notify_all()

    def _wait_until(self, reached: Callable[[], bool], cancel: Cancellation) -> None:
        with self._changed:
            while not cancel.cancelled and not reached():
                if self._ended or (self._queued and time.monotonic() - self._asked_at > _DEAD_SECONDS):
                    raise DeviceLost("speaker.lost")
                self._changed.wait(_LOOK_SECONDS)
        if cancel.cancelled:
            self._stop()

    def _at_device_rate(self, samples: Samples, *, last: bool) -> Samples:
        if self._resampler is None:
            return samples
        changed: Samples = np.clip(self._resampler.resample_chunk(samples, last=last), -1.0, 1.0).astype(np.float32)
        return changed


def _resampler(rate: Hertz) -> Any:  # noqa: ANN401 - soxr publishes no types
    if rate == SPOKEN_RATE:
        return None
    import soxr

    return soxr.ResampleStream(SPOKEN_RATE, rate, 1, dtype="float32")
