from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from companion.adapters.recording import Recording, read_samples
from companion.core.audio import FRAME_SAMPLES, Samples
from companion.errors import InputError

RATE = 16_000


def tone(seconds: float, rate: int, *, hertz: float = 440.0, level: float = 0.5) -> Samples:
    times = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def heard(path: Path) -> Samples:
    return np.concatenate([frame.samples for frame in Recording(path).frames()])


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_every_format_is_read(tmp_path: Path, suffix: str) -> None:
    """WAV, FLAC, OGG and MP3 give the same tone in frames of 512 samples without a gap."""
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, tone(1.0, RATE), RATE)
    frames = list(Recording(path).frames())
    assert [frame.start for frame in frames] == [index * FRAME_SAMPLES for index in range(len(frames))]
    samples = np.concatenate([frame.samples for frame in frames])
    assert samples.dtype == np.float32
    middle = samples[4_000:12_000]
    assert float(np.sqrt((middle**2).mean())) == pytest.approx(0.5 / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_any_rate_and_two_channels_become_16_khz_mono(tmp_path: Path, rate: int) -> None:
    """A telephone recording in stereo, or a studio one, keeps its length and its pitch."""
    path = tmp_path / "stereo.wav"
    left = tone(2.0, rate)
    soundfile.write(path, np.stack([left, left], axis=1), rate)
    samples = read_samples(path)
    assert len(samples) == pytest.approx(2 * RATE, abs=64)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * RATE / len(samples) == pytest.approx(440, abs=2)


def test_the_last_frame_is_padded(tmp_path: Path) -> None:
    """700 samples are two frames, the second filled up with zeros."""
    path = tmp_path / "short.wav"
    soundfile.write(path, np.full(700, 0.5, dtype=np.float32), RATE, subtype="FLOAT")
    samples = heard(path)
    assert len(samples) == 2 * FRAME_SAMPLES
    assert not samples[700:].any()
    assert samples[699] == 0.5


def test_trailing_silence_follows(tmp_path: Path) -> None:
    """A second of silence after the end gives a listener time to decide."""
    path = tmp_path / "short.wav"
    soundfile.write(path, tone(0.512, RATE), RATE)
    samples = np.concatenate([frame.samples for frame in Recording(path, trailing_silence_s=1.0).frames()])
    assert len(samples) >= 1.5 * RATE
    assert not samples[-RATE + FRAME_SAMPLES :].any()


def test_broken_numbers_become_silence(tmp_path: Path) -> None:
    """Infinities and values beyond full scale in a float file stay within [-1, 1]."""
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.array([np.nan, np.inf, -np.inf, 7.0, -7.0] * 200, dtype=np.float32), RATE, subtype="FLOAT")
    samples = heard(path)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1.0


def test_an_hour_needs_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    """A recording of an hour is read in blocks: less than 8 MB are held at any time."""
    path = tmp_path / "hour.flac"
    with soundfile.SoundFile(path, "w", samplerate=8_000, channels=1) as file:
        minute = np.zeros(8_000 * 60, dtype=np.float32)
        for _ in range(60):
            file.write(minute)
    tracemalloc.start()
    count = sum(1 for _ in Recording(path).frames())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == pytest.approx(3_600 * RATE / FRAME_SAMPLES, rel=0.001)
    assert peak < 8_000_000


def test_closing_ends_the_frames(tmp_path: Path) -> None:
    """After ``close`` no frame comes, and closing twice does nothing."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(5.0, RATE), RATE)
    recording = Recording(path)
    frames = recording.frames()
    next(frames)
    recording.close()
    recording.close()
    assert list(frames) == []


def test_a_paced_recording_takes_its_time(tmp_path: Path) -> None:
    """Frames of a paced recording come no sooner than a microphone would give them."""
    import time

    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(0.32, RATE), RATE)
    began = time.monotonic()
    assert len(list(Recording(path, paced=True).frames())) == 10
    assert time.monotonic() - began >= 0.31


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "hearing.file_missing"),
        (b"", "hearing.file_empty"),
        ("전혀 소리가 아닙니다\n".encode() * 50, "hearing.not_audio"),
        (b"RIFF\x00\x00\x00\x00WAVE", "hearing.not_audio"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_heard(tmp_path: Path, content: bytes | None, key: str) -> None:
    """Missing, empty and foreign files are each named when they are opened."""
    path = tmp_path / "clip.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        Recording(path)
    assert refused.value.key == key


def test_a_header_without_sound_is_empty(tmp_path: Path) -> None:
    """A WAV file with no sample in it is empty."""
    path = tmp_path / "header.wav"
    soundfile.write(path, np.zeros(0, dtype=np.float32), RATE)
    with pytest.raises(InputError) as refused:
        Recording(path)
    assert refused.value.key == "hearing.file_empty"


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    """A folder given by mistake is refused as well."""
    with pytest.raises(InputError):
        Recording(tmp_path)


def test_a_file_cut_in_its_midst_gives_what_is_there(tmp_path: Path) -> None:
    """A FLAC of ten seconds cut in half gives four seconds at least, then says that it is damaged."""
    path = tmp_path / "cut.flac"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, RATE * 10).astype(np.float32), RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames = Recording(path).frames()
    for _ in range(4 * RATE // FRAME_SAMPLES):
        next(frames)
    with pytest.raises(InputError) as damaged:
        list(frames)
    assert damaged.value.key == "hearing.file_damaged"
