from __future__ import annotations

import sys
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest

from companion.adapters import microphone_sounddevice
from companion.adapters.microphone_sounddevice import SoundDeviceMicrophone, list_microphones
from companion.core.audio import FRAME_SAMPLES
from companion.errors import DeviceLost, DeviceMissing
from tests.fakes.sounddevice_module import FakeSoundDevice, FakeStream

USB: dict[str, Any] = {"name": "USB Speakerphone", "max_input_channels": 2, "default_samplerate": 44_100.0}
SPEAKER: dict[str, Any] = {"name": "HDMI", "max_input_channels": 0, "default_samplerate": 48_000.0}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    library = FakeSoundDevice([USB, SPEAKER])
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return library


def tone(stream: FakeStream, blocks: int) -> None:
    """Give so many blocks of a tone of 440 Hz, and then end."""
    rate = int(stream.wish["samplerate"])
    samples = 0.5 * np.sin(2 * np.pi * 440 * np.arange(blocks * stream.blocksize) / rate)
    for block in samples.astype(np.float32).reshape(blocks, -1):
        stream.feed(block)
    stream.finish()


def test_the_first_half_second_is_dropped(library: FakeSoundDevice) -> None:
    """Frames begin half a second after opening, contiguous from there, and the loss of the device ends them."""
    library.script = lambda stream: tone(stream, 40)
    source = SoundDeviceMicrophone().frames()
    frames = list(islice(source, 24))
    with pytest.raises(DeviceLost):
        next(source)
    assert frames[0].start == 16 * FRAME_SAMPLES
    assert all(before.end == after.start for before, after in pairwise(frames))
    assert not any(frame.overflowed for frame in frames)


def test_another_rate_is_resampled(library: FakeSoundDevice) -> None:
    """A device of 44.1 kHz gives a tone of the same pitch at 16 kHz."""
    library.rates = frozenset({44_100})
    library.script = lambda stream: tone(stream, 120)
    frames = list(islice(SoundDeviceMicrophone("USB").frames(), 90))
    samples = np.concatenate([frame.samples for frame in frames])
    spectrum = np.abs(np.fft.rfft(samples))
    assert library.opened[0].wish["samplerate"] == 44_100
    assert np.argmax(spectrum) * 16_000 / len(samples) == pytest.approx(440, abs=2)


def test_lost_sound_is_reported_once_on_the_next_frame(library: FakeSoundDevice) -> None:
    """An overflow of the device marks one frame."""

    def script(stream: FakeStream) -> None:
        for index in range(30):
            stream.feed(np.full(FRAME_SAMPLES, 0.1, dtype=np.float32), overflow=index == 20)

    library.script = script
    frames = list(islice(SoundDeviceMicrophone().frames(), 14))
    assert [frame.overflowed for frame in frames] == [index == 4 for index in range(14)]


def test_the_callback_never_waits_for_a_listener_that_stands_still(library: FakeSoundDevice) -> None:
    """More blocks than the queue holds are dropped without blocking the device, and the loss is reported later."""

    def script(stream: FakeStream) -> None:
        for _ in range(400):
            stream.feed(np.full(FRAME_SAMPLES, 0.1, dtype=np.float32))

    library.script = script
    microphone = SoundDeviceMicrophone()
    frames = microphone.frames()
    kept = list(islice(frames, 240))
    assert not any(frame.overflowed for frame in kept)
    library.opened[0].feed(np.full(FRAME_SAMPLES, 0.1, dtype=np.float32))
    assert next(frames).overflowed


def test_a_silent_stall_is_a_lost_device(library: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that gives nothing more and says nothing is lost after a while."""
    monkeypatch.setattr(microphone_sounddevice, "_STALL_S", 0.1)
    with pytest.raises(DeviceLost) as lost:
        next(SoundDeviceMicrophone().frames())
    assert lost.value.key == "hearing.microphone_lost"
    assert library.opened[0].closed


def test_closing_ends_the_frames_and_lets_the_device_go(library: FakeSoundDevice) -> None:
    """After ``close`` the frames end without an error."""
    library.script = lambda stream: tone(stream, 30)
    microphone = SoundDeviceMicrophone()
    frames = microphone.frames()
    next(frames)
    microphone.close()
    microphone.close()
    assert list(frames) == []
    assert library.opened[0].closed


@pytest.mark.parametrize(
    ("device", "key"),
    [("nonsense", "hearing.microphone_unknown"), (7, "hearing.microphone_unknown"), ("HDMI", "hearing.no_microphone")],
)
def test_a_device_that_is_not_there_is_missing(library: FakeSoundDevice, device: str | int, key: str) -> None:
    """A wrong name lists those that are there; a speaker is no microphone."""
    with pytest.raises(DeviceMissing) as missing:
        next(SoundDeviceMicrophone(device).frames())
    assert missing.value.key == key
    assert library.opened == []


def test_no_device_at_all_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a sound card says so."""
    monkeypatch.setitem(sys.modules, "sounddevice", FakeSoundDevice([]))
    with pytest.raises(DeviceMissing) as missing:
        next(SoundDeviceMicrophone().frames())
    assert missing.value.key == "hearing.no_microphone"
    assert list_microphones() == ()


def test_a_device_that_refuses_every_rate_is_missing(library: FakeSoundDevice) -> None:
    """A device that another program holds is named."""
    library.rates = frozenset()
    with pytest.raises(DeviceMissing) as missing:
        next(SoundDeviceMicrophone().frames())
    assert missing.value.key == "hearing.microphone_refused"
    assert missing.value.fields["device"] == "USB Speakerphone"


def test_without_portaudio_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a bare machine the library cannot be loaded: the message names the system package."""

    class NoPortAudio:
        def find_spec(self, name: str, _path: object, _target: object = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPortAudio(), *sys.meta_path])
    for call in (lambda: next(SoundDeviceMicrophone().frames()), list_microphones):
        with pytest.raises(DeviceMissing) as missing:
            call()
        assert (missing.value.key, missing.value.fields["package"]) == ("hearing.no_portaudio", "libportaudio2")


def test_only_inputs_are_listed(library: FakeSoundDevice) -> None:
    """The list holds what can be listened to, and which of them is the default."""
    (only,) = list_microphones()
    assert (only.index, only.name, only.is_default) == (0, library.devices[0]["name"], True)
