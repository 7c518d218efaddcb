"""The melody of Seoul Korean: high after strong onsets, up in questions, down in statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.intonation import Intonation
from companion.core.pronunciation import phones
from companion.core.score import Score
from companion.errors import PromptError
from companion.prompts import prompt_table

PHONES = prompt_table("speech/phones.toml")
TEXT = st.text(alphabet="가친까물 은,.?!…x", max_size=60)


def score(pronounced: str, *, rises: bool = False) -> Score:
    return Intonation(prompt_table("speech/intonation.toml")).score(pronounced, PHONES, rises=rises)


def first_tone(pronounced: str) -> float:
    return score(pronounced).tones[0].semitones


def test_a_phrase_begins_high_after_a_strong_onset() -> None:
    """친구 begins above 진구, and 딸 above 달: that is how ears tell them apart."""
    assert first_tone("친구가 와요.") > first_tone("진구가 와요.") + 4
    assert first_tone("따리 와요.") > first_tone("다리 와요.") + 4
    assert first_tone("소리가 나요.") > first_tone("나리가 나요.") + 4


def test_questions_rise_and_statements_fall() -> None:
    """The same words asked end higher than they begin, told they end lower."""
    asked, told = score("드셔써요?", rises=True), score("드셔써요.")
    assert asked.tones[-1].semitones > asked.tones[-2].semitones + 4
    assert told.tones[-1].semitones < told.tones[-2].semitones
    assert asked.phones.rstrip("?.") == told.phones.rstrip("?.")


def test_a_sentence_that_goes_on_does_not_fall() -> None:
    """Before a comma, and where a breath is taken, the last syllable rises a little."""
    for text in ("바블 먹꼬,", "바블 먹꼬"):
        tones = score(text).tones
        assert tones[-1].semitones > tones[-2].semitones


def test_a_question_within_a_run_rises_too() -> None:
    """A question mark in the middle asks, whatever the end does."""
    tones = score("네? 그래요.").tones
    assert tones[1].semitones > tones[0].semitones + 4


def test_later_words_lie_lower() -> None:
    """The pitch declines from word to word."""
    tones = [tone.semitones for tone in score("나무나무 나무나무 나무나무").tones]
    assert tones[0] == pytest.approx(tones[1])
    firsts = [tone.semitones for tone in score("나무나무 나무나무 나무나무").tones if tone.start in (1, 10, 19)]
    assert firsts == sorted(firsts, reverse=True)


@given(TEXT, st.booleans())
def test_tones_lie_in_vowels_and_phones_are_the_same(text: str, rises: bool) -> None:  # noqa: FBT001 (drawn)
    """Every tone is within one vowel, they come in order of time, and the phones are those without a melody."""
    made = score(text, rises=rises)
    vowels = set("".join(PHONES["vowels"].values()))
    assert made.phones == phones(text, PHONES)
    assert all(tone.start < tone.end and set(made.phones[tone.start : tone.end]) <= vowels for tone in made.tones)
    places = [(tone.start, tone.share) for tone in made.tones]
    assert places == sorted(places)


def test_a_broken_table_is_named() -> None:
    """A missing entry is one clear error."""
    with pytest.raises(PromptError):
        Intonation({"onsets": {}})
