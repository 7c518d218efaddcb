"""What a voice that takes phones is given: the phones of a phrase, and where their pitch goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Tone(NamedTuple):
    """A pitch to be reached within one vowel."""

    start: int
    """Index in the phones of the vowel's first symbol ..."""
    end: int
    """... and just past its last."""
    share: float
    """Where in the vowel: 0 is its beginning, 1 its end."""
    semitones: float
    """Above the pitch at which the voice speaks."""


@dataclass(frozen=True, slots=True)
class Score:
    """Phones, spaces and punctuation, and tones in order of time; without tones the voice keeps its own melody."""

    phones: str
    tones: tuple[Tone, ...] = ()

    def between(self, start: int, end: int) -> Score:
        """Return the part from index ``start`` to ``end`` of the phones, its tones counted from there."""
        tones = (tone for tone in self.tones if start <= tone.start and tone.end <= end)
        moved = tuple(tone._replace(start=tone.start - start, end=tone.end - start) for tone in tones)
        return Score(self.phones[start:end], moved)


Scoring: TypeAlias = Callable[[str, bool], Score]
"""From Hangul and punctuation, and whether the last syllable asks, to the score."""
