"""What every recogniser must do: the fake, and Whisper where its files are."""

from __future__ import annotations

import os
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.recognizer_faster_whisper import FasterWhisperRecognizer, raw_transcriber
from companion.adapters.recording import Recording, read_samples
from companion.adapters.vad_silero import SileroActivity
from companion.core.audio import HEARD_RATE, Samples
from companion.core.heard import NOTHING_HEARD, Hearing
from companion.core.hearing_gate import GateTable
from companion.errors import ArtifactMissing, InferenceError
from companion.evaluation.cer import count_errors
from companion.ports import Recognizer
from companion.prompts import prompt_table
from companion.session.recorded import hear_recording
from tests.fakes.hearing import ScriptedRecognizer, clearly

RECORDINGS = Path(__file__).parent.parent / "recordings"
CUP = RECORDINGS / "zeroth_104_003_0294.flac"
FLOWERS = RECORDINGS / "zeroth_104_003_0193.flac"
SAID = {
    CUP: "한 잔 의 커피 가 소비자 에게 전해지기 위해선 여러 차례 의 공정을 거쳐야 한다",
    FLOWERS: "그 바람 에 나 의 몸 도 겹쳐 쓰러지 며 한창 피어난 노란 동백꽃 속으로 폭 파묻혀 버렸다",
}


def gate() -> GateTable:
    return GateTable.from_table(prompt_table("speech/inventions.toml"))


def whisper_folder() -> Path:
    folder = Path(os.environ.get("COMPANION_MODELS", "")) / "whisper-base"
    if not os.environ.get("COMPANION_MODELS") or not folder.is_dir():
        pytest.skip("COMPANION_MODELS has no whisper-base")
    return folder


@cache
def whisper() -> FasterWhisperRecognizer:
    return FasterWhisperRecognizer(whisper_folder(), gate=gate(), threads=2, device="cpu")


def fake() -> ScriptedRecognizer:
    return ScriptedRecognizer([clearly(SAID[CUP])])


makers = pytest.mark.parametrize("make", [fake, pytest.param(whisper, marks=pytest.mark.models)])


@makers
@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0])
def test_silence_is_nothing(make: object, seconds: float) -> None:
    """Digital silence of any length, none included, is nothing heard."""
    recognizer: Recognizer = make()  # type: ignore[operator]
    assert recognizer.recognise(np.zeros(round(seconds * HEARD_RATE), dtype=np.float32)) == NOTHING_HEARD


@makers
def test_a_sentence_is_heard(make: object) -> None:
    """A clear sentence comes back with few errors, NFC, trimmed, with a confidence."""
    recognizer: Recognizer = make()  # type: ignore[operator]
    heard = recognizer.recognise(read_samples(CUP))
    assert heard.hearing is Hearing.CLEAR
    assert heard.text == unicodedata.normalize("NFC", heard.text).strip()
    assert 0.5 < heard.confidence <= 1.0
    rate = count_errors(SAID[CUP], heard.text).rate
    assert rate is not None
    assert rate < 0.15


@pytest.mark.models
def test_soft_speech_is_heard() -> None:
    """30 dB quieter the words are still there."""
    quiet = (read_samples(FLOWERS) * 10 ** (-30 / 20)).astype(np.float32)
    heard = whisper().recognise(quiet)
    rate = count_errors(SAID[FLOWERS], heard.text).rate
    assert rate is not None
    assert rate < 0.3


@pytest.mark.models
@pytest.mark.parametrize("name", ["white", "hum", "clicks", "full scale"])
def test_noise_is_nothing(name: str) -> None:
    """Noise, hum, clicks and a square wave at full scale are never taken for clear words, even by the gate alone."""
    rng = np.random.default_rng(3)
    times = np.arange(HEARD_RATE * 4) / HEARD_RATE
    sounds: dict[str, Samples] = {
        "white": rng.normal(0, 0.05, len(times)).astype(np.float32),
        "hum": (0.2 * np.sin(2 * np.pi * 60 * times)).astype(np.float32),
        "clicks": ((np.arange(len(times)) % 8_000 < 20) * 0.8).astype(np.float32),
        "full scale": np.sign(np.sin(2 * np.pi * 200 * times)).astype(np.float32),
    }
    assert whisper().recognise(sounds[name]).hearing is not Hearing.CLEAR


@pytest.mark.models
def test_odd_sound_is_a_value() -> None:
    """Numbers that are no sound give nothing, and no error."""
    broken = np.full(HEARD_RATE, np.nan, dtype=np.float32)
    assert whisper().recognise(broken) == NOTHING_HEARD


@pytest.mark.models
def test_the_product_hears_a_file() -> None:
    """Voice activity, turn taking, recognition and gate together give the sentence of a recording."""
    heard = hear_recording(Recording(FLOWERS), SileroActivity(), whisper())
    rate = count_errors(SAID[FLOWERS], heard.text).rate
    assert rate is not None
    assert rate < 0.2
    assert 5.0 < heard.seconds < 9.0


@pytest.mark.models
def test_the_baseline_hears_as_well() -> None:
    """The raw recogniser that the product is measured against works on the same files."""
    rate = count_errors(SAID[CUP], raw_transcriber(whisper_folder())(read_samples(CUP))).rate
    assert rate is not None
    assert rate < 0.2


def test_a_folder_without_the_files_is_named(tmp_path: Path) -> None:
    """A missing file is an artifact that is missing, not a traceback."""
    with pytest.raises(ArtifactMissing) as missing:
        FasterWhisperRecognizer(tmp_path, gate=gate())
    assert "model.bin" in str(missing.value)


def test_files_that_are_no_recogniser_are_refused(tmp_path: Path) -> None:
    """Truncated or swapped files are refused when they are loaded."""
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(InferenceError) as unusable:
        FasterWhisperRecognizer(tmp_path, gate=gate(), device="cpu")
    assert unusable.value.key == "hearing.recognizer_unusable"
