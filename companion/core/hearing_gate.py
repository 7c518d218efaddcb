"""Decides how far a transcript can be trusted: clear, unsure, or nothing at all.

A recogniser of the Whisper kind writes something for every sound. On silence and noise that is either a loop, which
compresses well, or a phrase learnt from the ends of videos. Neither words nor figures decide alone: a known invention
is dropped only where the figures are weak, because a person may well say "감사합니다"; and a short answer ("네") is
kept although its figures are weaker than those of a sentence.

Pure: figures and words in, ``Heard`` out. The thresholds and phrases are data (``prompts/speech/inventions.toml``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from companion.core.heard import NOTHING_HEARD, Heard, Hearing

_REPEATED: Final = re.compile(r"(.{1,12}?)\1{5,}")
"""A piece of up to twelve letters, six times or more in a row."""
_REPEATED_SHARE: Final = 0.5
"""A loop is at least so much of the letters."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of transcript and how sure the recogniser was of it."""

    text: str
    avg_logprob: float
    """Mean log probability per token, natural logarithm; 0 is certain."""
    no_speech_prob: float
    """Probability in [0, 1] that there is no speech."""
    compression_ratio: float
    """Bytes over compressed bytes: loops are high."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the gate stands. Source and data that they were tuned on: see the data file."""

    loop_compression_ratio: float
    """At or above: a loop, never words."""
    noise_no_speech_prob: float
    """At or above: no speech."""
    weak_avg_logprob: float
    """At or below, and ..."""
    weak_no_speech_prob: float
    """... at or above this: no speech."""
    unsure_avg_logprob: float
    """At or below: speech whose words are doubtful."""
    invention_no_speech_prob: float
    """A known invention at or above this is nothing ..."""
    invention_avg_logprob: float
    """... and so is one at or below this."""
    answer_avg_logprob: float
    """A short answer is clear above this, however doubtful a sentence would be."""
    answer_no_speech_prob: float
    """A short answer at or above this is nothing."""


@dataclass(frozen=True, slots=True)
class GateTable:
    """The data of the gate."""

    thresholds: Thresholds
    inventions: tuple[str, ...]
    """Whole utterances, letters and digits only."""
    beginnings: tuple[str, ...]
    """How known inventions begin, letters and digits only; what follows may differ."""
    answers: frozenset[str]
    """Short answers, letters only."""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> GateTable:
        """Build it from the parsed data file.

        Raises:
            KeyError: A table or threshold is missing.
            ValueError: A threshold is not a number, or a phrase has no letters.
        """
        figures = {field.name: float(table["thresholds"][field.name]) for field in fields(Thresholds)}
        return cls(
            thresholds=Thresholds(**figures),
            inventions=_phrases(table["inventions"]["whole"]),
            beginnings=_phrases(table["inventions"]["beginnings"]),
            answers=frozenset(_phrases(table["answers"]["words"])),
        )


class Verdict(StrEnum):
    """What the gate makes of one segment."""

    CLEAR = "clear"
    UNSURE = "unsure"
    LOOP = "loop"
    NO_SPEECH = "no_speech"
    INVENTION = "invention"


def judge(segments: Sequence[Segment], table: GateTable, *, seconds: float = 0.0) -> Heard:
    """Return what was heard, from all segments of one utterance.

    Segments that are nothing (loops, noise, inventions) are left out. What is left is UNSURE if any segment in it is,
    or if a loop was left out: somebody spoke there, and the words are lost.
    """
    verdicts = [(segment, verdict_on(segment, table)) for segment in segments]
    kept = [(segment, verdict) for segment, verdict in verdicts if verdict in {Verdict.CLEAR, Verdict.UNSURE}]
    text = unicodedata.normalize("NFC", " ".join(segment.text.strip() for segment, _ in kept)).strip()
    if not letters(text):
        return NOTHING_HEARD
    doubtful = any(verdict in {Verdict.UNSURE, Verdict.LOOP} for _, verdict in verdicts)
    hearing = Hearing.UNSURE if doubtful else Hearing.CLEAR
    return Heard(text=text, confidence=confidence([segment for segment, _ in kept]), hearing=hearing, seconds=seconds)


def verdict_on(segment: Segment, table: GateTable) -> Verdict:
    """Return what one segment is worth."""
    limits, bare = table.thresholds, letters(segment.text)
    if segment.compression_ratio >= limits.loop_compression_ratio or _is_loop(bare):
        return Verdict.LOOP
    if bare in table.answers:
        if segment.no_speech_prob >= limits.answer_no_speech_prob:
            return Verdict.NO_SPEECH
        return Verdict.CLEAR if segment.avg_logprob > limits.answer_avg_logprob else Verdict.UNSURE
    weak = segment.avg_logprob <= limits.weak_avg_logprob and segment.no_speech_prob >= limits.weak_no_speech_prob
    if not bare or segment.no_speech_prob >= limits.noise_no_speech_prob or weak:
        return Verdict.NO_SPEECH
    if is_known_invention(segment.text, table) and (
        segment.no_speech_prob >= limits.invention_no_speech_prob or segment.avg_logprob <= limits.invention_avg_logprob
    ):
        return Verdict.INVENTION
    return Verdict.UNSURE if segment.avg_logprob <= limits.unsure_avg_logprob else Verdict.CLEAR


def is_known_invention(text: str, table: GateTable) -> bool:
    """Whether these words are known to be written on silence and noise."""
    bare = letters(text)
    return bare in table.inventions or bare.startswith(table.beginnings)


def confidence(segments: Sequence[Segment]) -> float:
    """Return how sure the recogniser was, in [0, 1]: the mean token probability, weighed by length, times speech."""
    weights = [max(len(letters(segment.text)), 1) for segment in segments]
    if not weights:
        return 0.0
    sure = [math.exp(min(s.avg_logprob, 0.0)) * (1.0 - min(max(s.no_speech_prob, 0.0), 1.0)) for s in segments]
    return sum(w * c for w, c in zip(weights, sure, strict=True)) / sum(weights)


def letters(text: str) -> str:
    """Return the letters and digits of ``text``, NFC, in lower case: what remains when style is left aside."""
    folded = unicodedata.normalize("NFC", text).lower()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LN")


def _is_loop(bare: str) -> bool:
    """Whether a longer text is one piece over and over (흐흐흐흐흐흐), or letters without a vowel (ㅋㅋ, ㄱㄱㄱ).

    Three or four times ("아이고 아이고 아이고", "네네네네") is how people speak.
    """
    if bare and all("\u3131" <= letter <= "\u318e" for letter in bare):
        return True
    return any(match.end() - match.start() >= _REPEATED_SHARE * len(bare) for match in _REPEATED.finditer(bare))


def _phrases(phrases: Sequence[str]) -> tuple[str, ...]:
    bare = tuple(letters(str(phrase)) for phrase in phrases)
    if not all(bare):
        raise ValueError("a phrase without letters")
    return bare
