"""A hearing profile lifts what its table says, at the loudness that was asked for, and never clips."""

from __future__ import annotations

import numpy as np
import pytest

from companion.adapters.hearing_profile import FILE, OFF, HearingProfile, Section
from companion.adapters.loudness import CEILING_DBFS, Leveller
from companion.core.audio import SPOKEN_RATE, Sound, silence
from companion.core.speech_settings import HearingLift
from companion.errors import PromptError
from companion.prompts import prompt_table
from tests.adapters.test_loudness import speechlike

TABLE = prompt_table(FILE)
NAMES = sorted(TABLE["profiles"])
HERTZ = np.array([60.0, 1000.0, 3500.0, 9000.0])


def gains_db(section: Section) -> list[float]:
    """Return the gain in dB at each of HERTZ, from the transfer function itself."""
    b0, b1, b2, a0, a1, a2 = section.coefficients(SPOKEN_RATE)
    z = np.exp(-2j * np.pi * HERTZ / SPOKEN_RATE)
    return list(20 * np.log10(np.abs((b0 + b1 * z + b2 * z**2) / (a0 + a1 * z + a2 * z**2))))


def test_a_high_shelf_lifts_what_lies_above_it() -> None:
    """Nothing far below the corner, all of the gain far above it."""
    low, _, _, high = gains_db(Section("high_shelf", 1500.0, 6.0, 0.7))

    assert low == pytest.approx(0.0, abs=0.1)
    assert high == pytest.approx(6.0, abs=0.3)


def test_a_low_shelf_lowers_what_lies_below_it() -> None:
    """All of the gain far below the corner, nothing far above it."""
    low, _, _, high = gains_db(Section("low_shelf", 300.0, -6.0, 0.7))

    assert low == pytest.approx(-6.0, abs=0.3)
    assert high == pytest.approx(0.0, abs=0.1)


def test_a_peak_lifts_its_centre() -> None:
    """All of the gain at the centre, nothing far from it."""
    low, _, centre, _ = gains_db(Section("peak", 3500.0, 4.0, 2.0))

    assert low == pytest.approx(0.0, abs=0.1)
    assert centre == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lufs", [-26.0, -20.0, -14.0])
def test_a_lifted_sound_is_as_loud_as_asked_and_not_clipped(name: str, lufs: float) -> None:
    """Loudness is equal with and without a profile, and no sample exceeds the ceiling."""
    leveller = Leveller()
    sound = Sound(speechlike(2.0, 0.2))

    lifted = leveller.levelled(HearingProfile(TABLE, name).lifted(sound), lufs)

    plain = leveller.levelled(sound, lufs)
    assert leveller.loudness(lifted) == pytest.approx(leveller.loudness(plain), abs=0.5)
    assert np.abs(lifted.samples).max() <= 10 ** (CEILING_DBFS / 20) + 1e-6
    assert len(lifted.samples) == len(sound.samples)


def test_off_changes_nothing() -> None:
    """Without a profile the sound is the very one the voice made."""
    sound = Sound(speechlike(0.5, 0.2))

    assert HearingProfile(TABLE, OFF).lifted(sound) is sound


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stays_nothing(name: str) -> None:
    """An empty sound is no error, and silence stays silence."""
    profile = HearingProfile(TABLE, name)

    assert len(profile.lifted(silence(0)).samples) == 0
    assert not np.any(profile.lifted(silence(100)).samples)


def test_each_profile_of_the_settings_is_in_the_table() -> None:
    """What can be chosen can be played."""
    assert {lift.value for lift in HearingLift} == {OFF, *NAMES}


@pytest.mark.parametrize(
    ("kept", "lift"),
    [
        ({}, HearingLift.MILD),
        ({"hearing": "off"}, HearingLift.OFF),
        ({"hearing": "moderate"}, HearingLift.MODERATE),
        ({"hearing": "loud"}, HearingLift.MILD),
        ({"hearing": 3}, HearingLift.MILD),
    ],
)
def test_the_person_comes_before_the_settings(kept: dict[str, object], lift: HearingLift) -> None:
    """What is kept with the person counts; the settings where nothing is, or nothing that can be read."""
    assert HearingLift.remembered(kept, HearingLift.MILD) is lift


def test_an_unknown_profile_is_named() -> None:
    """A profile that the table does not have is told, with the file."""
    with pytest.raises(PromptError):
        HearingProfile(TABLE, "severe")
