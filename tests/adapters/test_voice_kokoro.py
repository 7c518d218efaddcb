"""How phones are cut into runs of the graph, and what tells sounds apart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.voice_kokoro import FILES, LONGEST_RUN, KokoroVoice, runs
from companion.core.phrase import Phrase
from companion.core.score import Score, Tone

PHONES = st.text(alphabet="anʔk ,.?!…", max_size=600)


def cut(phones: str) -> list[str]:
    return [run.phones for run in runs(Score(phones))]


def test_what_fits_is_one_run() -> None:
    """Commas and ends of sentences within the limit do not cut."""
    assert cut("ne, annjɔŋ. ne?") == ["ne, annjɔŋ. ne?"]
    assert cut("") == []


def test_long_rows_are_cut_at_the_best_place() -> None:
    """At ends of sentences before commas, at commas before spaces."""
    sentence, clause = "na " * 25 + "na.", "na " * 25 + "na,"
    assert cut(f"{sentence} {sentence}") == [sentence, sentence]
    assert cut(f"{clause} {clause[:-1]}") == [clause, clause[:-1]]


@given(PHONES)
def test_no_phone_is_lost_and_no_run_is_too_long(phones: str) -> None:
    """Joined, the runs are the phones, blanks aside; each holds at most what the graph can."""
    found = cut(phones)
    assert all(0 < len(run) <= LONGEST_RUN for run in found)
    assert "".join("".join(found).split()) == "".join(phones.split())


def test_a_tone_goes_with_its_vowel() -> None:
    """Cut in two, each run has the tones of its own vowels, counted from its own beginning."""
    phones = "na " * 50
    tones = tuple(Tone(at + 1, at + 2, 0.5, float(at)) for at in range(0, len(phones), 3))
    first, second = runs(Score(phones.strip(), tones))
    assert (*first.tones, *second.tones) != ()
    assert [tone.semitones for run in (first, second) for tone in run.tones] == [tone.semitones for tone in tones]
    for run in (first, second):
        assert {run.phones[tone.start : tone.end] for tone in run.tones} == {"a"}


@pytest.mark.models
@pytest.mark.parametrize("choice", ["least_style_row", "longest_last"])
def test_another_choice_is_another_sound(choice: str) -> None:
    """The fingerprint tells voices with different least rows apart, and with different lengths of the last phone."""
    folder = Path(os.environ.get("COMPANION_MODELS", "")) / "kokoro-82m"
    if not all((folder / file).is_file() for file in FILES):
        pytest.skip("the artifact kokoro-82m is not under $COMPANION_MODELS")
    voice = KokoroVoice(folder, pronounce=lambda _hangul, _rises: Score("ne"), digest="x")
    phrase = Phrase("네", "네", 300)
    before = voice.fingerprint(phrase)
    setattr(voice, choice, getattr(voice, choice) + 1)
    assert voice.fingerprint(phrase) != before
