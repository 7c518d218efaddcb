from __future__ import annotations

from pathlib import Path

import pytest

from companion.core.heard import NOTHING_HEARD, Heard, Hearing
from companion.errors import InputError
from companion.evaluation.manifests import Clip
from companion.evaluation.speech import SpeechInstruments, evaluate_speech
from tests.fakes.clock import FakeClock
from tests.fakes.hearing import clearly

CLIPS = (
    Clip("a", Path("a.wav"), 2, transcript="삼 월에 만나요", source="one"),
    Clip("b", Path("b.wav"), 3, transcript="그래요", source="two"),
)
HUM, COUGH = Clip("hum", Path("hum.wav"), 2), Clip("cough", Path("cough.wav"), 3)


class Instruments:
    """Hears what its table says, and takes one second for it."""

    def __init__(self, heard: dict[str, Heard], baseline: dict[str, str] | None = None) -> None:
        self.clock = FakeClock()
        self.heard, self.raw = heard, baseline

    def made(self) -> SpeechInstruments:
        return SpeechInstruments(
            hear=self.hear,
            baseline=None if self.raw is None else self.transcribe,
            seconds=lambda _path: 4.0,
            spoken=lambda text: text.replace("3", "삼"),
            clock=self.clock,
        )

    def hear(self, path: Path) -> Heard:
        self.clock.advance(1.0)
        return self.heard[path.stem]

    def transcribe(self, path: Path) -> str:
        self.clock.advance(2.0)
        assert self.raw is not None
        return self.raw[path.stem]


def test_the_figures_are_those_of_the_definition() -> None:
    """Errors over letters, numbers read out; raw beside it; the baseline; seconds taken over seconds of sound."""
    heard = {"a": clearly("3월에 만나요."), "b": clearly("그래")}
    summary = evaluate_speech(CLIPS, (), Instruments(heard, {"a": "삼월에", "b": "그래요"}).made()).summary()
    assert summary["n"] == 2
    assert summary["cer"] == pytest.approx(1 / 9, abs=1e-4)
    assert summary["cer_raw"] == pytest.approx(2 / 9, abs=1e-4)
    assert summary["cer_baseline"] == pytest.approx(3 / 9, abs=1e-4)
    assert summary["rtf"] == 0.25
    assert summary["by_source"] == {
        "one": {"n": 1, "cer": 0.0, "cer_raw": 0.1667, "cer_baseline": 0.5},
        "two": {"n": 1, "cer": 0.3333, "cer_raw": 0.3333, "cer_baseline": 0.0},
    }
    assert summary["inventions"] is None


def test_every_word_on_noise_is_an_invention() -> None:
    """Doubtful words on noise count as much as clear ones: somebody would be asked what nobody said."""
    heard = {"hum": NOTHING_HEARD, "cough": Heard("네", 0.3, Hearing.UNSURE)}
    figures = evaluate_speech((), (HUM, COUGH), Instruments(heard).made())
    assert figures.invented == ("cough",)
    assert figures.summary()["inventions"] == 1


def test_refused_speech_counts_as_deleted() -> None:
    """A gate that refuses everything is no way to a low error rate."""
    heard = {"a": NOTHING_HEARD, "b": NOTHING_HEARD}
    summary = evaluate_speech(CLIPS, (), Instruments(heard).made()).summary()
    assert (summary["cer"], summary["refused"], summary["cer_baseline"]) == (1.0, 2, None)


def test_a_file_that_is_not_audio_names_its_line() -> None:
    """The list's line is told, not only the file."""

    def refuse(_path: Path) -> Heard:
        raise InputError("hearing.not_audio", file="b.wav")

    instruments = Instruments({}).made()
    broken = SpeechInstruments(refuse, None, instruments.seconds, instruments.spoken, instruments.clock)
    with pytest.raises(InputError) as refused:
        evaluate_speech(CLIPS[1:], (), broken)
    assert refused.value.fields["line"] == 3


def test_progress_is_told_to_the_last() -> None:
    """Speech and noise count together."""
    told: list[tuple[int, int]] = []
    heard = {"a": NOTHING_HEARD, "b": NOTHING_HEARD, "hum": NOTHING_HEARD}
    evaluate_speech(CLIPS, (HUM,), Instruments(heard).made(), lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
