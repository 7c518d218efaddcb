"""How well speech is recognised, and what is invented where nobody speaks.

Takes the product's hearing and the raw recogniser as callables, so that it measures what is wired and imports neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from companion.core.heard import Heard, Hearing
from companion.errors import InputError
from companion.evaluation.cer import ErrorCount, count_errors
from companion.evaluation.manifests import Clip
from companion.ports import Clock

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SpeechInstruments:
    """What is measured, and with what."""

    hear: Callable[[Path], Heard]
    """One file as one turn, the way the product hears it."""
    baseline: Callable[[Path], str] | None
    """The same file through the raw recogniser; None leaves the baseline out."""
    seconds: Callable[[Path], float]
    """Length of a file."""
    spoken: Callable[[str], str]
    """Reads numbers, units and letters out in Korean."""
    clock: Clock


@dataclass(frozen=True, slots=True)
class ClipResult:
    """One clip of speech. Holds words: for scoring only, never for logs."""

    clip: Clip
    heard: Heard
    product: ErrorCount
    """Numbers read out in both texts."""
    raw: ErrorCount
    """Texts as they are."""
    baseline: ErrorCount
    seconds: float
    took: float
    """Seconds that hearing took."""
    baseline_took: float


@dataclass(frozen=True, slots=True)
class SpeechFigures:
    """What it comes to."""

    clips: tuple[ClipResult, ...]
    invented: tuple[str, ...] = field(default=())
    """Ids of the noises in which words were heard."""
    noises: int = 0

    def summary(self) -> dict[str, object]:
        """Return the figures as ``--json`` prints them; rates are fractions, null where they were not measured."""
        seconds = sum(result.seconds for result in self.clips)
        return {
            "n": len(self.clips),
            **_rates(self.clips),
            "rtf": _rounded(_share(sum(result.took for result in self.clips), seconds)),
            "by_source": {
                source: {"n": len(results), **_rates(results)} for source, results in _by_source(self.clips).items()
            },
            "inventions": len(self.invented) if self.noises else None,
            "n_noise": self.noises,
            "invented": list(self.invented),
            "rtf_baseline": _rounded(_share(sum(result.baseline_took for result in self.clips), seconds)),
            "unsure": sum(result.heard.hearing is Hearing.UNSURE for result in self.clips),
            "refused": sum(result.heard.hearing is Hearing.NOTHING for result in self.clips),
        }


def evaluate_speech(
    clips: Sequence[Clip],
    noises: Sequence[Clip],
    instruments: SpeechInstruments,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> SpeechFigures:
    """Hear every clip and every noise once.

    Args:
        clips: Speech with transcripts.
        noises: Sounds in which nobody says anything.
        instruments: What is measured, and with what.
        progress: Told how many of how many are done.

    Raises:
        InputError: A file is not audio; names its line.
        InferenceError: A recogniser failed.
    """
    total = len(clips) + len(noises)
    results: list[ClipResult] = []
    for clip in clips:
        results.append(_hear_clip(clip, instruments))
        progress(len(results), total)
    invented: list[str] = []
    for done, noise in enumerate(noises, start=len(clips) + 1):
        if _on_line(noise, instruments.hear).hearing is not Hearing.NOTHING:
            invented.append(noise.id)
        progress(done, total)
    return SpeechFigures(tuple(results), tuple(invented), len(noises))


def _hear_clip(clip: Clip, instruments: SpeechInstruments) -> ClipResult:
    now, spoken = instruments.clock.monotonic, instruments.spoken
    seconds = _on_line(clip, instruments.seconds)
    began = now()
    heard = _on_line(clip, instruments.hear)
    middle = now()
    other = "" if instruments.baseline is None else instruments.baseline(clip.path)
    ended = now()
    read_out = spoken(clip.transcript)
    return ClipResult(
        clip=clip,
        heard=heard,
        product=count_errors(read_out, spoken(heard.text)),
        raw=count_errors(clip.transcript, heard.text),
        baseline=ErrorCount() if instruments.baseline is None else count_errors(read_out, spoken(other)),
        seconds=seconds,
        took=middle - began,
        baseline_took=ended - middle,
    )


def _on_line(clip: Clip, work: Callable[[Path], Result]) -> Result:
    try:
        return work(clip.path)
    except InputError as error:
        raise InputError("evaluate.clip_unusable", line=clip.line, clip=clip.id, why=error.key) from error


def _rates(results: Iterable[ClipResult]) -> dict[str, float | None]:
    kept = tuple(results)
    return {
        "cer": _rounded(sum((result.product for result in kept), ErrorCount()).rate),
        "cer_raw": _rounded(sum((result.raw for result in kept), ErrorCount()).rate),
        "cer_baseline": _rounded(sum((result.baseline for result in kept), ErrorCount()).rate),
    }


def _by_source(results: Iterable[ClipResult]) -> dict[str, list[ClipResult]]:
    found: dict[str, list[ClipResult]] = {}
    for result in results:
        found.setdefault(result.clip.source, []).append(result)
    return found


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)
