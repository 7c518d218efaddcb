"""Which voices there are, how they blend, and what is said of those that cannot be had."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.voice_kokoro import FILES, GRAPH_FILE, SYMBOLS_FILE, KokoroVoice
from companion.adapters.voice_style import STYLES_FILE, blended, parse_blend, read_styles
from companion.adapters.voice_supertonic import SupertonicVoice
from companion.adapters.voices import VoiceCatalogue, open_voice
from companion.core.score import Score
from companion.core.speech_settings import SpeechLimits, SpeechSettings
from companion.errors import ArtifactMissing, ConfigError, DigestMismatch
from companion.prompts import prompt_table

TABLE = prompt_table("speech/voices.toml")
CATALOGUE = VoiceCatalogue.of(TABLE)


def test_every_voice_has_a_credit_and_the_default_is_there() -> None:
    """The catalogue names whom each voice is owed to; Koniwa / TNC for the four that were made from it."""
    assert CATALOGUE.default in CATALOGUE.entries
    for entry in CATALOGUE.entries.values():
        assert entry.credit
        assert entry.engine in ("kokoro", "supertonic", "espeak")
    owed = {name for name, entry in CATALOGUE.entries.items() if "Koniwa" in entry.credit}
    assert owed == {"jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"}


@pytest.mark.parametrize("name", ["jf_nobody", "jf_nezumi:0.5,jf_nobody:0.5"])
def test_a_voice_that_is_not_there_lists_those_that_are(name: str) -> None:
    """An unknown voice in the config is an error that names every voice there is."""
    with pytest.raises(ConfigError) as caught:
        CATALOGUE.entry(name)

    assert caught.value.key == "voice.unknown"
    assert str(caught.value.fields["known"]).split(", ") == list(CATALOGUE.entries)


@pytest.mark.parametrize("blend", ["", ",", "a:0", "a:-1", "a:x", "a:nan", "a:inf", "a,a", "a:1,,b"])
def test_a_malformed_blend_is_refused(blend: str) -> None:
    """No name, no weight, a weight of nothing, or a name twice."""
    with pytest.raises(ConfigError):
        parse_blend(blend)


def test_voices_of_two_engines_do_not_blend() -> None:
    """Only voices of the same engine share a style table."""
    with pytest.raises(ConfigError):
        CATALOGUE.entry("jf_nezumi,espeak")


def test_a_blend_is_the_weighted_mean() -> None:
    """Weights are shares of their sum; a bare name counts one."""
    styles = {"a": np.full((4, 256), 1.0, dtype=np.float32), "b": np.full((4, 256), 3.0, dtype=np.float32)}

    assert np.allclose(blended(styles, "a:3,b"), 1.5)
    assert np.array_equal(blended(styles, "b"), styles["b"])


@given(st.lists(st.sampled_from(["slower", "faster", "louder", "softer"]), max_size=12))
def test_what_is_remembered_brings_the_settings_back(asked: list[str]) -> None:
    """Whatever a person asked for, what is kept of it makes the same settings from the usual ones."""
    usual = SpeechSettings.usual(SpeechLimits.of(TABLE["speech"]))
    settings = usual
    for each in asked:
        settings = getattr(settings, each)()

    assert usual.with_remembered(settings.to_remember(usual)) == settings


@pytest.mark.parametrize("kept", [{"speed": "fast"}, {"speed": None, "lufs": True}, {"lufs": float("nan")}, {"x": 1}])
def test_what_is_no_number_is_not_remembered(kept: dict[str, object]) -> None:
    """A broken row speaks as usual."""
    usual = SpeechSettings.usual(SpeechLimits.of(TABLE["speech"]))
    assert usual.with_remembered(kept) == usual


def test_the_limits_hold_the_usual_settings() -> None:
    """The usual speed and loudness lie within the limits of the data, and steps end at the limits."""
    settings = SpeechSettings.usual(SpeechLimits.of(TABLE["speech"]))
    speeds = [settings.speed]
    while settings.slower() != settings:
        settings = settings.slower()
        speeds.append(settings.speed)

    assert settings.speed == settings.limits.speed.lowest
    assert speeds == sorted(speeds, reverse=True)
    assert settings.at(speed=99.0, lufs=99.0).lufs == settings.limits.lufs.highest
    assert 0 < settings.limits.slow_factor <= 1
    assert settings.limits.safety_lufs >= settings.limits.lufs.usual


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A folder without the files of the artifact is said to lack them."""
    for voice in ("jf_nezumi", "supertonic"):
        with pytest.raises(ArtifactMissing):
            open_voice(
                CATALOGUE.entry(voice),
                voice,
                folder=tmp_path,
                pronounce=lambda hangul, _rises: Score(hangul),
                threads=1,
            )


def test_supertonic_without_its_files_is_missing(tmp_path: Path) -> None:
    """The adapter of the recommended profiles says what it lacks.

    Its synthesis is not exercised here: the weights are on the hub only. What can be tested without them is.
    """
    with pytest.raises(ArtifactMissing) as caught:
        SupertonicVoice(tmp_path)
    assert caught.value.key == "voice.file_missing"


@pytest.fixture(scope="module")
def models() -> Path:
    folder = Path(os.environ.get("COMPANION_MODELS", ""))
    if not all((folder / "kokoro-82m" / file).is_file() for file in FILES):
        pytest.skip("the artifact kokoro-82m is not under $COMPANION_MODELS")
    return folder


@pytest.mark.models
@pytest.mark.parametrize("broken", [GRAPH_FILE, STYLES_FILE, SYMBOLS_FILE])
def test_a_truncated_file_is_named(tmp_path: Path, models: Path, broken: str) -> None:
    """Each file of the voice, cut short, is an error that names it."""
    folder = tmp_path / "kokoro-82m"
    folder.mkdir()
    for file in FILES:
        (folder / file).symlink_to(models / "kokoro-82m" / file)
    (folder / broken).unlink()
    shutil.copyfile(models / "kokoro-82m" / broken, folder / broken)
    with (folder / broken).open("r+b") as opened:
        opened.truncate((folder / broken).stat().st_size // 2)

    with pytest.raises(DigestMismatch) as caught:
        KokoroVoice(folder, pronounce=lambda hangul, _rises: Score(hangul))
    assert caught.value.fields["file"] == folder / broken


@pytest.mark.models
def test_every_kokoro_voice_of_the_catalogue_is_in_the_artifact(models: Path) -> None:
    """The names in the data file are those of the style tables, and every style has a row per number of phones."""
    styles = read_styles(models / "kokoro-82m")

    assert set(styles) == {name for name, entry in CATALOGUE.entries.items() if entry.engine == "kokoro"}
    assert {table.shape for table in styles.values()} == {(510, 256)}
