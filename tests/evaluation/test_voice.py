"""What the measure of the voice counts, and what it does not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.audio import SPOKEN_RATE, Sound
from companion.core.numerals import read_digits, read_native, read_sino
from companion.errors import InputError
from companion.evaluation.cases import VoiceCase, read_voice_cases
from companion.evaluation.cer import ErrorCount
from companion.evaluation.numerals_heard import heard_errors
from companion.evaluation.voice import Said, VoiceInstruments, evaluate_voice, interval


def plain(text: str) -> str:
    """Stand in for the product's own speakable text: a per cent sign is read, the rest stays."""
    return text.replace("%", "퍼센트")


@pytest.mark.parametrize(
    ("spoken", "heard"),
    [
        ("세 시 이십 분", "3시 20분"),
        ("일흔다섯 살", "75살"),
        ("일공구 번으로 전화하세요", "109번으로 전화하세요."),
        ("일오칠칠 일삼팔구", "1577-1389"),
        ("사천백이십 보", "4,120보"),
        ("삼십육 점 팔 도", "36.8도"),
        ("유월 육 일", "6월 6일"),
        ("시월", "10월"),
        ("구십칠 퍼센트", "97%"),
        ("하나 둘 셋", "1 2 3"),
    ],
)
def test_numerals_are_read_the_nearest_way(spoken: str, heard: str) -> None:
    """A recogniser that writes figures has heard them right, in whichever way they were spoken."""
    assert heard_errors(spoken, heard, plain).errors == 0


@pytest.mark.parametrize(
    ("spoken", "heard", "errors"),
    [
        ("세 시", "4시", 1),
        ("일공구", "119", 1),
        ("안녕하세요", "안녕 하세요!", 0),
        ("안녕하세요", "", 5),
        ("네", "네네", 1),
    ],
)
def test_what_is_misheard_counts(spoken: str, heard: str, errors: int) -> None:
    """Another number, a missing and an added syllable are errors; spacing and punctuation are not."""
    assert heard_errors(spoken, heard, plain) == ErrorCount(errors, len(spoken.replace(" ", "")))


@given(st.integers(0, 10**15))
def test_every_number_is_heard_in_each_of_its_readings(number: int) -> None:
    """Law: a number read Sino-Korean, native or digit by digit and written in figures costs nothing."""
    readings = [read_sino(number), read_digits(str(number))]
    if 1 <= number <= 99:
        readings += [read_native(number), read_native(number, before_counter=False)]
    for reading in readings:
        assert heard_errors(reading, str(number), plain).errors == 0


def test_a_loop_of_digits_is_counted_and_does_not_hang() -> None:
    """Hundreds of invented digits are so many errors, soon."""
    assert heard_errors("일공구", "1 " * 500, plain).errors > 100
    assert heard_errors("일공구", "1" * 500, plain).errors > 100


def test_the_interval_holds_the_rate_and_is_always_the_same() -> None:
    """The bootstrap has a fixed seed, spans the micro-averaged rate, and is null for nothing."""
    counts = [ErrorCount(each % 4, 20) for each in range(60)]
    found = interval(counts)

    assert found is not None
    assert found == interval(counts)
    assert found[0] < sum(counts, ErrorCount()).errors / 1_200 < found[1]
    assert interval([]) is None


def sound(text: str) -> Sound:
    """A sound that says which text it came from by its length."""
    return Sound(np.full(len(text) * 100, 0.1, dtype=np.float32), SPOKEN_RATE)


def instruments(heard: dict[str, str], kept: list[str] | None = None) -> VoiceInstruments:
    by_length = {len(sound(text).samples): words for text, words in heard.items()}
    return VoiceInstruments(
        say=lambda text: Said(sound(text), 2.0, 0.5, 0.25, 8),
        baseline=lambda _text: sound(""),
        espeak=None,
        hear=lambda said: by_length.get(len(said.samples), ""),
        speakable=plain,
        voice="humming",
        recognizer="table",
        keep=None if kept is None else lambda name, _sound: kept.append(name),
    )


def test_figures_are_micro_averaged_and_name_the_worst() -> None:
    """Rates are errors over all letters; a case without `spoken` is said and kept, not scored."""
    cases = [
        VoiceCase("a", "안녕하세요", "안녕하세요", "plain"),
        VoiceCase("b", "3시예요, 네.", "세 시예요 네", "number"),
        VoiceCase("c", "음, 글쎄요. 그래요.", "", ""),
    ]
    kept: list[str] = []
    figures = evaluate_voice(
        cases, instruments({"안녕하세요": "안녕하세요", "3시예요, 네.": "네 시네요"}, kept)
    ).summary()

    assert (figures["n"], figures["n_unscored"]) == (2, 1)
    assert kept == ["a", "b", "c"]
    assert figures["cer"] == round(3 / 10, 4)
    assert figures["cer_by_kind"] == {"plain": 0.0, "number": 0.6}
    assert figures["cer_baseline"] == 1.0
    assert figures["cer_espeak"] is None
    assert figures["speakable_exact"] == 0.5
    assert figures["rtf"] == 0.25
    assert figures["first_sound_ms"] == 500 / 2
    assert figures["syllables_per_second"] == 4.0
    assert figures["worst"] == ["b"]
    assert (figures["voice"], figures["recognizer"]) == ("humming", "table")


def test_nothing_scored_is_null_not_zero() -> None:
    """With no reference there is no rate."""
    figures = evaluate_voice([VoiceCase("a", "네", "", "")], instruments({})).summary()

    assert (figures["n"], figures["cer"], figures["cer_ci95"], figures["rtf"]) == (0, None, None, None)


def written(folder: Path, *lines: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_cases_are_read(tmp_path: Path) -> None:
    """`spoken` and `kind` may be missing; ids may be numbers."""
    cases = read_voice_cases(written(tmp_path, {"id": 1, "text": "네"}, {"id": "b", "text": "x", "spoken": "엑스"}))

    assert [(case.id, case.spoken, case.kind) for case in cases] == [("1", "", ""), ("b", "엑스", "")]


@pytest.mark.parametrize(
    "lines",
    [(), ("{",), ({"id": "a"},), ({"text": "네"},), ({"id": "a", "text": "네"}, {"id": "a", "text": "네"}), ([1],)],
    ids=["empty", "not JSON", "no text", "no id", "same id", "no object"],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, lines: tuple[object, ...]) -> None:
    """Each kind of broken file is an error for the operator."""
    with pytest.raises(InputError):
        read_voice_cases(written(tmp_path, *lines))
