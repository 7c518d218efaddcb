"""How well what the product says is understood: it speaks, a recogniser listens, and the letters are compared.

Takes voice and recogniser as callables, so that it measures what is wired and imports neither. The reference is always
what a person wrote by hand, never what the product made of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from companion.core.audio import Sound
from companion.evaluation.cases import VoiceCase
from companion.evaluation.cer import ErrorCount
from companion.evaluation.numerals_heard import hangul_only, heard_errors

BAD_RATE: Final = 0.30
"""A sentence with more errors than this is listed as one of the worst."""
_SEED: Final = 20_261_123
_RESAMPLES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Said:
    """One text, spoken."""

    sound: Sound
    """All phrases with their pauses, at the loudness at which they are played."""
    trimmed_seconds: float
    """Of the phrases alone."""
    synthesis_seconds: float
    first_sound_seconds: float
    """From the text handed over to the first phrase ready to be played."""
    syllables: int
    """Of all phrases."""


@dataclass(frozen=True, slots=True)
class VoiceInstruments:
    """What is measured, and with what."""

    say: Callable[[str], Said]
    """The product, kept sounds off."""
    baseline: Callable[[str], Sound]
    """The same voice with bare phones and no rules of pronunciation."""
    espeak: Callable[[str], Sound] | None
    """espeak-ng, where it is installed."""
    hear: Callable[[Sound], str]
    speakable: Callable[[str], str]
    voice: str
    recognizer: str
    keep: Callable[[str, Sound], None] | None = None
    """Takes the id of a case and its sound."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One scored sentence."""

    case: VoiceCase
    errors: ErrorCount
    baseline: ErrorCount
    espeak: ErrorCount | None
    said: Said
    speakable_exact: bool


@dataclass(frozen=True, slots=True)
class VoiceFigures:
    """What it comes to."""

    results: tuple[CaseResult, ...]
    unscored: int
    voice: str
    recognizer: str

    def summary(self) -> dict[str, object]:
        """Return the figures as ``--json`` prints them; rates are fractions, null where nothing was measured."""
        results = self.results
        spoken = sum(result.said.trimmed_seconds for result in results)
        kinds = sorted({result.case.kind for result in results})
        has_espeak = bool(results) and all(result.espeak is not None for result in results)
        return {
            "n": len(results),
            "n_unscored": self.unscored,
            "cer": _rate([result.errors for result in results]),
            "cer_ci95": interval([result.errors for result in results]),
            "cer_by_kind": {
                kind: _rate([result.errors for result in results if result.case.kind == kind]) for kind in kinds
            },
            "speakable_exact": _share(sum(result.speakable_exact for result in results), len(results)),
            "cer_baseline": _rate([result.baseline for result in results]),
            "cer_espeak": _rate([result.espeak or ErrorCount() for result in results]) if has_espeak else None,
            "rtf": _share(sum(result.said.synthesis_seconds for result in results), spoken),
            "first_sound_ms": _first_sound_ms(results),
            "syllables_per_second": _share(sum(result.said.syllables for result in results), spoken),
            "worst": [result.case.id for result in results if (result.errors.rate or 0.0) > BAD_RATE],
            "voice": self.voice,
            "recognizer": self.recognizer,
        }


def evaluate_voice(
    cases: Sequence[VoiceCase],
    instruments: VoiceInstruments,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> VoiceFigures:
    """Speak every case and listen to it.

    Args:
        cases: Those without ``spoken`` are said (and kept, if sounds are) and not scored.
        instruments: What is measured, and with what.
        progress: Told how many of how many are done.

    Raises:
        InferenceError: The voice or the recogniser failed.
    """
    results: list[CaseResult] = []
    unscored = 0
    for done, case in enumerate(cases, start=1):
        said = instruments.say(case.text)
        if instruments.keep is not None:
            instruments.keep(case.id, said.sound)
        if hangul_only(case.spoken):
            results.append(_scored(case, case.spoken, said, instruments))
        else:
            unscored += 1
        progress(done, len(cases))
    return VoiceFigures(tuple(results), unscored, instruments.voice, instruments.recognizer)


def _scored(case: VoiceCase, spoken: str, said: Said, instruments: VoiceInstruments) -> CaseResult:
    def errors(sound: Sound) -> ErrorCount:
        return heard_errors(spoken, instruments.hear(sound), instruments.speakable)

    return CaseResult(
        case=case,
        errors=errors(said.sound),
        baseline=errors(instruments.baseline(case.text)),
        espeak=None if instruments.espeak is None else errors(instruments.espeak(case.text)),
        said=said,
        speakable_exact=hangul_only(instruments.speakable(case.text)) == hangul_only(spoken),
    )


def interval(counts: Sequence[ErrorCount]) -> list[float] | None:
    """Return the 95% interval of the micro-averaged rate, by a bootstrap over sentences with a fixed seed."""
    if not counts:
        return None
    errors = np.array([count.errors for count in counts], dtype=np.float64)
    letters = np.array([count.letters for count in counts], dtype=np.float64)
    picks = np.random.default_rng(_SEED).integers(0, len(counts), size=(_RESAMPLES, len(counts)))
    rates = errors[picks].sum(axis=1) / letters[picks].sum(axis=1)
    low, high = np.quantile(rates, (0.025, 0.975))
    return [round(float(low), 4), round(float(high), 4)]


def _rate(counts: Sequence[ErrorCount]) -> float | None:
    rate = sum(counts, ErrorCount()).rate
    return None if rate is None else round(rate, 4)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _first_sound_ms(results: Sequence[CaseResult]) -> int | None:
    waits = [result.said.first_sound_seconds for result in results]
    return round(1000 * median(waits)) if waits else None
