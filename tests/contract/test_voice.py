"""What every voice does, the fake one and the real ones."""

from __future__ import annotations

import importlib.util
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.voice_espeak import EspeakVoice
from companion.adapters.voice_kokoro import FILES, KokoroVoice
from companion.core.audio import SPOKEN_RATE
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.core.score import Score
from companion.ports import Voice
from tests.fakes.voice import HummingVoice

ODD = {
    "empty": "",
    "blank": "   ",
    "only punctuation": "... !? …,",
    "Latin and Chinese": "hello 你好 world 健康",
    "control characters": "\x00\x07\x1b[31m\u200b\ufeff",
    "an unknown jamo": "ㆍㆎ ᅝ ㅋㅋㅋ",
    "an unlikely syllable": "뷁힣쀍",
    "5,000 characters of Latin": "word " * 1_000,
    "emoji": "😀👍🏽",
    "half a surrogate": "안녕\ud83d",
}


def simple_phones(hangul: str) -> str:
    """Stand in for the pronouncer: the contract is about sound, not about which."""
    return "".join("annjɔŋ" if "가" <= letter <= "힣" else letter for letter in hangul)


def phrase(words: str, *, rises: bool = False) -> Phrase:
    return Phrase(written=words, spoken=words, pause_after_ms=300, rises=rises)


@pytest.fixture(scope="module")
def kokoro() -> KokoroVoice:
    folder = Path(os.environ.get("COMPANION_MODELS", "")) / "kokoro-82m"
    if not all((folder / file).is_file() for file in FILES):
        pytest.skip("the artifact kokoro-82m is not under $COMPANION_MODELS")
    return KokoroVoice(folder, pronounce=lambda hangul, _rises: Score(simple_phones(hangul)))


@pytest.fixture(params=["fake", pytest.param("kokoro", marks=pytest.mark.models), "espeak"])
def voice(request: pytest.FixtureRequest) -> Voice:
    if request.param == "fake":
        return HummingVoice()
    if request.param == "espeak":
        if importlib.util.find_spec("espeakng_loader") is None:
            pytest.skip("the extra companion[espeak] is not installed")
        return EspeakVoice()
    real: KokoroVoice = request.getfixturevalue("kokoro")
    return real


def test_says_korean_as_trimmed_24_khz_mono(voice: Voice) -> None:
    """A phrase becomes audible float32 at 24 kHz in [-1, 1] that neither begins nor ends in silence."""
    sound = voice.say(phrase("안녕하세요."))

    assert sound.rate == SPOKEN_RATE
    assert sound.samples.dtype == np.float32
    assert sound.samples.ndim == 1
    assert 0.01 < float(np.abs(sound.samples).max()) <= 1.0
    edge = int(0.1 * SPOKEN_RATE)
    assert float(np.abs(sound.samples[:edge]).max()) > 0.001
    assert float(np.abs(sound.samples[-edge:]).max()) > 0.001


def test_faster_is_shorter(voice: Voice) -> None:
    """The same phrase takes less time at a higher speed."""
    slow = voice.say(phrase("안녕하세요."), speed=0.7)
    fast = voice.say(phrase("안녕하세요."), speed=1.4)

    assert fast.seconds < 0.85 * slow.seconds


def test_a_question_is_said_too(voice: Voice) -> None:
    """A phrase that rises is audible."""
    assert len(voice.say(phrase("안녕하세요", rises=True)).samples) > 0


@pytest.mark.parametrize("words", ODD.values(), ids=ODD.keys())
def test_odd_text_is_no_error(voice: Voice, words: str) -> None:
    """What cannot be said is silence, never an exception, and never a sample out of range."""
    sound = voice.say(phrase(words))

    assert sound.samples.dtype == np.float32
    assert bool(np.isfinite(sound.samples).all())
    assert float(np.abs(sound.samples).max(initial=0.0)) <= 1.0


@pytest.mark.parametrize("words", ["", "... !?", "\x00\x07"])
def test_nothing_to_say_is_an_empty_sound(voice: Voice, words: str) -> None:
    """Text without a single letter makes no sound at all."""
    assert len(voice.say(phrase(words)).samples) == 0


def test_a_cancelled_voice_says_nothing(voice: Voice) -> None:
    """Cancelled beforehand, it returns an empty sound at once."""
    cancel = Cancellation()
    cancel.cancel()

    assert len(voice.say(phrase("안녕하세요."), cancel=cancel).samples) == 0


@pytest.mark.models
@pytest.mark.parametrize("after", [0.02, 0.4])
def test_a_long_synthesis_ends_soon_after_it_is_cancelled(kokoro: KokoroVoice, after: float) -> None:
    """Even 5,000 characters end sooner than two short sentences take; scripts/bench_voice.py has the milliseconds."""
    began = time.perf_counter()
    kokoro.say(phrase("안녕하세요, 반갑습니다."))
    one_sentence = time.perf_counter() - began
    cancel = Cancellation()
    cancelled_at: list[float] = []

    def stop() -> None:
        cancelled_at.append(time.perf_counter())
        cancel.cancel()

    timer = threading.Timer(after, stop)
    timer.start()
    sound = kokoro.say(phrase("안녕하세요 " * 834), cancel=cancel)
    ended = time.perf_counter()
    timer.join()

    assert len(sound.samples) == 0
    assert ended - cancelled_at[0] < 2 * one_sentence


@pytest.mark.models
def test_a_fingerprint_tells_sounds_apart(kokoro: KokoroVoice) -> None:
    """Two phrases share a fingerprint exactly if they would sound the same; the pause after is no part of the sound."""
    base = kokoro.fingerprint(phrase("안녕하세요."))

    assert base == kokoro.fingerprint(phrase("안녕하세요."))
    assert base == kokoro.fingerprint(Phrase("안녕하세요.", "안녕하세요.", pause_after_ms=0))
    others = {
        kokoro.fingerprint(phrase("안녕히.")),
        kokoro.fingerprint(phrase("안녕하세요."), speed=0.9),
        kokoro.fingerprint(phrase("안녕하세요.", rises=True)),
    }
    assert len(others) == 3
    assert base not in others
