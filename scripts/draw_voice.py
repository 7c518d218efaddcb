"""Draws what the voice says, for eyes where there are no ears: ``draw_voice.py FOLDER [--text TEXT ...]``.

One PNG a sentence: the spectrogram (0 to 5 kHz, dark is loud, a line every half second and every kilohertz) and, over
it, the pitch (60 to 500 Hz, red, its own scale from bottom to top). For each it prints one line of JSON with what a
picture hides: the largest step between two samples (a click stands near 1), the longest silence within a phrase, the
pitch at the beginning and at the end of the last 0.3 s that are voiced, and how far the last 60 ms lie below the
loudest ones. Pitch is that of normalised autocorrelation.
"""

from __future__ import annotations

import argparse
import json
import struct
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.adapters.sound_shape import resampled
from companion.core.audio import SPOKEN_RATE, Samples
from companion.wiring import language
from companion.wiring.at_work import look
from companion.wiring.measuring_voice import speech
from companion.wiring.speaking import voice_name

SENTENCES: Final = (
    "점심은 맛있게 드셨어요?",
    "어제는 잘 주무셨어요?",
    "지금 어디가 제일 아프세요?",
    "오늘은 날씨가 참 좋네요.",
    "꽃밭에 물을 주고 왔습니다.",
    "지금 바로 119번에 전화하세요.",
    "노인학대 신고전화는 1577-1389번이에요.",
    "다시 말씀드릴게요. 109번이에요.",
    "혈압은 120에 80이고, 체온은 36.5도예요.",
    "비가 오는 날에는 무릎이 쑤신다고 하셨는데, 오늘은 조금 덜하셔서 다행이에요.",
)
RATE: Final = 16_000
_STEP: Final = 80
_WINDOW: Final = 512
_HIGHEST_HZ: Final = 5_000
_RANGE_DB: Final = 60.0
_ROWS: Final = 240
_PITCH_HZ: Final = (60.0, 500.0)
_PITCH_WINDOW: Final = 640
_VOICED: Final = 0.55
_QUIET: Final = 10 ** (-40 / 20)
_TAIL: Final = 12
_LAST: Final = 60

Picture = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]


def frames(samples: Samples, length: int) -> Values:
    """Return overlapping windows of ``length`` samples, one every 5 ms, the first centred on the first sample."""
    padded = np.pad(samples.astype(np.float64), length // 2)
    return np.lib.stride_tricks.sliding_window_view(padded, length)[::_STEP]


def spectrogram(samples: Samples) -> Picture:
    """Return grey values [rows, steps], row 0 the highest frequency."""
    power = np.abs(np.fft.rfft(frames(samples, _WINDOW) * np.hanning(_WINDOW), axis=1)) ** 2
    loud = 10 * np.log10(power[:, : _HIGHEST_HZ * _WINDOW // RATE] + 1e-9).T
    grey = 255 * (1 - np.clip((loud - loud.max() + _RANGE_DB) / _RANGE_DB, 0, 1))
    rows = np.linspace(len(grey) - 1, 0, _ROWS).astype(int)
    return grey[rows].astype(np.uint8)


def pitches(samples: Samples) -> Values:
    """Return hertz every 5 ms, 0 where unvoiced."""
    windows = frames(samples, _PITCH_WINDOW)
    windows = windows - windows.mean(axis=1, keepdims=True)
    spectra = np.fft.rfft(windows * np.hanning(_PITCH_WINDOW), 2 * _PITCH_WINDOW, axis=1)
    alike = np.fft.irfft(np.abs(spectra) ** 2, axis=1)
    tapered = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(_PITCH_WINDOW), 2 * _PITCH_WINDOW)) ** 2)
    shortest, longest = int(RATE / _PITCH_HZ[1]), int(RATE / _PITCH_HZ[0])
    ratio = alike[:, shortest:longest] / np.maximum(alike[:, :1], 1e-12) * (tapered[0] / tapered[shortest:longest])
    # The shortest lag that is nearly the best: longer ones are whole multiples of the period.
    near = ratio >= 0.92 * ratio.max(axis=1, keepdims=True)
    lag = shortest + near.argmax(axis=1)
    level = np.sqrt(np.mean(np.square(windows), axis=1))
    voiced = (ratio.max(axis=1) > _VOICED) & (level > level.max() * _QUIET)
    return np.where(voiced, RATE / lag, 0.0)


def drawn(samples: Samples) -> npt.NDArray[np.uint8]:
    """Return the picture [rows, steps, 3]."""
    picture = np.repeat(spectrogram(samples)[:, :, np.newaxis], 3, axis=2)
    picture[:, :: RATE // 2 // _STEP] = (120, 160, 220)
    picture[:: _ROWS * 1_000 // _HIGHEST_HZ] = (120, 160, 220)
    low, high = _PITCH_HZ
    for step, hertz in enumerate(pitches(samples)[: picture.shape[1]]):
        if hertz:
            row = int((_ROWS - 3) * (1 - (hertz - low) / (high - low)))
            picture[max(row, 0) : row + 3, step] = (220, 0, 0)
    return picture


def figures(samples: Samples) -> dict[str, object]:
    """Return what is printed of one sound."""
    track = pitches(samples)
    level = np.sqrt(np.mean(np.square(frames(samples, 2 * _STEP)), axis=1))
    quiet = np.flatnonzero(np.concatenate([[True], level > level.max() * _QUIET, [True]]))
    last = track[track > 0][-_LAST:]
    return {
        "seconds": round(len(samples) / RATE, 2),
        "largest_step": round(float(np.abs(np.diff(samples)).max()), 3),
        "longest_silence_ms": int(5 * (np.diff(quiet).max() - 1)),
        "pitch_hz": [round(float(np.median(last[:8]))), round(float(np.median(last[-8:])))],
        "last_60_ms_db": round(float(20 * np.log10(level[-_TAIL:].max() / level.max())), 1),
    }


def written_png(path: Path, picture: Picture) -> None:
    """Write ``picture`` [rows, columns, 3] as a PNG, three pixels wide for each step."""
    wide = np.repeat(picture, 3, axis=1)
    rows, columns = wide.shape[:2]
    raw = b"".join(b"\0" + row.tobytes() for row in wide)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw, 6)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def main() -> None:
    """Speak, draw and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", action="append")
    parser.add_argument("--voice")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    at_work = look()
    product = speech(at_work, asked.voice or voice_name(at_work), analyser=language.analyser())
    for number, text in enumerate(asked.text or SENTENCES, start=1):
        sound = product.say(text).sound
        samples = resampled(sound.samples, SPOKEN_RATE, RATE)
        file = asked.folder / f"{number:02}.png"
        written_png(file, drawn(samples))
        print(json.dumps({"file": file.name, "text": text, **figures(samples)}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
