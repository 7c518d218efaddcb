"""Lifts what age takes from hearing, when a sound is played: kept sounds stay as the voice made them.

Second-order sections after R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients",
run by scipy. Which are run, and where their figures come from, is the table ``prompts/speech/hearing.toml``. A lifted
sound has another loudness and other peaks: whoever plays it levels it after this (``Leveller``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from companion.core.audio import Hertz, Sound
from companion.errors import PromptError

FILE: Final = "speech/hearing.toml"
OFF: Final = "off"
_KINDS: Final = ("low_shelf", "high_shelf", "peak")


@dataclass(frozen=True, slots=True)
class Section:
    """One filter of a profile."""

    kind: str
    """``low_shelf``, ``high_shelf`` or ``peak``."""
    hz: float
    """Corner of a shelf, centre of a peak."""
    gain_db: float
    q: float

    def coefficients(self, rate: Hertz) -> npt.NDArray[np.float64]:
        """Return b0, b1, b2, a0, a1, a2 with a0 = 1, for samples at ``rate``."""
        gain = 10 ** (self.gain_db / 40)
        turn = 2 * pi * self.hz / rate
        alpha = sin(turn) / (2 * self.q)
        if self.kind == "peak":
            above = (1 + alpha * gain, -2 * cos(turn), 1 - alpha * gain)
            below = (1 + alpha / gain, -2 * cos(turn), 1 - alpha / gain)
            return np.array((*above, *below)) / below[0]
        # A high shelf is a low one with the cosine turned about.
        lean = cos(turn) if self.kind == "low_shelf" else -cos(turn)
        sign = 1 if self.kind == "low_shelf" else -1
        slope = 2 * sqrt(gain) * alpha
        above = (
            gain * (gain + 1 - (gain - 1) * lean + slope),
            sign * 2 * gain * (gain - 1 - (gain + 1) * lean),
            gain * (gain + 1 - (gain - 1) * lean - slope),
        )
        below = (
            gain + 1 + (gain - 1) * lean + slope,
            sign * -2 * (gain - 1 + (gain + 1) * lean),
            gain + 1 + (gain - 1) * lean - slope,
        )
        return np.array((*above, *below)) / below[0]


class HearingProfile:
    """One profile of the table. Law: ``off`` changes nothing; a lifted sound is as long as it was.

    Args:
        table: ``prompts/speech/hearing.toml``, parsed.
        name: ``off``, or a profile of the table.

    Raises:
        PromptError: There is no such profile, or an entry is missing or of the wrong kind.
    """

    def __init__(self, table: Mapping[str, Any], name: str) -> None:
        import scipy.signal  # loaded here, so that the first reply does not wait for it

        self._run = scipy.signal.sosfilt
        try:
            self._sections = () if name == OFF else _sections(table["profiles"][name])
        except (KeyError, TypeError, ValueError) as error:
            raise PromptError("prompts.table_broken", file=FILE, where=str(error)) from error

    def lifted(self, sound: Sound) -> Sound:
        """Return ``sound`` with what age takes lifted; its samples may exceed 1 until it is levelled."""
        if not self._sections or not len(sound.samples):
            return sound
        sections = np.array([section.coefficients(sound.rate) for section in self._sections])
        return Sound(self._run(sections, sound.samples.astype(np.float64)).astype(np.float32), sound.rate)


def _sections(entries: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    sections = tuple(
        Section(str(entry["kind"]), float(entry["hz"]), float(entry["gain_db"]), float(entry["q"])) for entry in entries
    )
    for section in sections:
        if section.kind not in _KINDS or section.hz <= 0 or section.q <= 0:
            raise ValueError(f"{section.kind} {section.hz} {section.q}")
    return sections
