"""A pitch curve goes where its tones say, and keeps what the voice needs of its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.pitch_curve import LEAST_VOICED, Curve, tuned
from companion.core.score import Tone

BEGINS = (0, 40, 60, 100, 120)


def voice(hertz: float = 220.0) -> Curve:
    """Return two vowels with an unvoiced consonant between them, and silence after them."""
    curve = np.full(160, hertz, dtype=np.float32)
    curve[42:58] = 9.0
    curve[120:] = 8.0
    return curve


def test_vowels_stand_where_their_tones_are() -> None:
    """The first an octave below the second: in the middle of each the pitch is what was asked for."""
    made = tuned(voice(), BEGINS, (Tone(0, 1, 0.5, -6.0), Tone(2, 3, 0.5, 6.0)))
    assert made[20] == pytest.approx(220 * 2**-0.5, rel=0.03)
    assert made[80] == pytest.approx(220 * 2**0.5, rel=0.03)


def test_a_question_ends_high() -> None:
    """Two tones in the last vowel make it glide, also where its phone goes on into silence."""
    made = tuned(voice(), BEGINS, (Tone(2, 4, 0.25, -1.0), Tone(2, 4, 0.9, 7.0)))
    assert made[115] / made[70] > 1.4


def test_without_tones_nothing_changes() -> None:
    """A voice that is given none keeps its own melody."""
    np.testing.assert_array_equal(tuned(voice(), BEGINS, ()), voice())


@given(
    st.lists(st.floats(min_value=-12, max_value=12), min_size=2, max_size=2),
    st.floats(min_value=80, max_value=400),
    st.floats(min_value=0.7, max_value=1.4),
)
def test_voicing_stays_as_it_is(semitones: list[float], hertz: float, raised: float) -> None:
    """What was voiced is voiced, what was not is not, and every pitch is one a person can have."""
    before = voice(hertz)
    made = tuned(
        before,
        BEGINS,
        tuple(Tone(at, at + 1, 0.5, tone) for at, tone in zip((0, 2), semitones, strict=True)),
        raised=raised,
    )
    np.testing.assert_array_equal(made >= LEAST_VOICED, before >= LEAST_VOICED)
    assert float(made.max()) <= 600.0
    assert len(made) == len(before)


def test_a_curve_without_voice_is_left_alone() -> None:
    """Whispered or silent, there is no pitch to move."""
    silent = np.full(80, 9.0, dtype=np.float32)
    np.testing.assert_array_equal(tuned(silent, (0, 40, 80), (Tone(0, 1, 0.5, 3.0),)), silent)
