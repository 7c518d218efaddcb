"""How fast and how loud the person likes to be spoken to. A value: it moves by steps between limits that are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite


class HearingLift(StrEnum):
    """How much of what age takes from hearing is lifted when something is said."""

    OFF = "off"
    MILD = "mild"
    MODERATE = "moderate"

    @classmethod
    def remembered(cls, kept: Mapping[str, object], usual: HearingLift) -> HearingLift:
        """Return what is remembered of a person as ``hearing``; ``usual`` where nothing is that can be read."""
        value = kept.get("hearing")
        return cls(value) if isinstance(value, str) and value in set(cls) else usual


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one setting; ``lowest <= usual <= highest`` and ``step > 0``."""

    lowest: float
    usual: float
    highest: float
    step: float

    def clamp(self, value: float) -> float:
        """Return the nearest value within the limits."""
        return min(max(value, self.lowest), self.highest)


@dataclass(frozen=True, slots=True)
class SpeechLimits:
    """The ``[speech]`` tables of ``prompts/speech/voices.toml``."""

    speed: Limits
    """Of the voice's default of about 3.7 syllables a second."""
    lufs: Limits
    """Loudness, LUFS (ITU-R BS.1770)."""
    safety_lufs: float
    """Safety speech is never softer than this."""
    slow_factor: float
    """Speed of a phrase in the manner SLOW, of the person's own; in (0, 1]."""
    slow_least: float
    """Such a phrase is never said slower than this, however slowly the person likes the rest."""

    @classmethod
    def of(cls, table: Mapping[str, Mapping[str, float]]) -> SpeechLimits:
        """Read the limits from the parsed table ``speech``.

        Raises:
            KeyError: A figure is missing.
        """
        return cls(
            speed=Limits(**{name: float(value) for name, value in table["speed"].items()}),
            lufs=Limits(**{name: float(value) for name, value in table["lufs"].items()}),
            safety_lufs=float(table["manner"]["safety_lufs"]),
            slow_factor=float(table["manner"]["slow_factor"]),
            slow_least=float(table["manner"]["slow_least"]),
        )


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Speed and loudness of one person. Law: every step keeps both within the limits."""

    limits: SpeechLimits
    speed: float
    lufs: float

    @classmethod
    def usual(cls, limits: SpeechLimits) -> SpeechSettings:
        """Return the settings of somebody who never asked for others."""
        return cls(limits, speed=limits.speed.usual, lufs=limits.lufs.usual)

    def at(self, *, speed: float | None = None, lufs: float | None = None) -> SpeechSettings:
        """Return these with another speed or loudness, clamped: what was remembered of an earlier session."""
        return replace(
            self,
            speed=self.speed if speed is None else self.limits.speed.clamp(speed),
            lufs=self.lufs if lufs is None else self.limits.lufs.clamp(lufs),
        )

    def with_remembered(self, kept: Mapping[str, object]) -> SpeechSettings:
        """Return these as an earlier session left them; what is not a number there is passed over."""
        speed, lufs = (_number(kept.get(name)) for name in ("speed", "lufs"))
        return self.at(speed=speed, lufs=lufs)

    def to_remember(self, usual: SpeechSettings) -> dict[str, object]:
        """Return what is not as in ``usual``, to be kept with the person: ``usual.with_remembered`` gives these."""
        kept: dict[str, object] = {}
        if self.speed != usual.speed:
            kept["speed"] = self.speed
        if self.lufs != usual.lufs:
            kept["lufs"] = self.lufs
        return kept

    def slower(self) -> SpeechSettings:
        """One step slower, down to the limit."""
        return self.at(speed=self.speed - self.limits.speed.step)

    def faster(self) -> SpeechSettings:
        """One step faster, up to the limit."""
        return self.at(speed=self.speed + self.limits.speed.step)

    def louder(self) -> SpeechSettings:
        """One step louder, up to the limit."""
        return self.at(lufs=self.lufs + self.limits.lufs.step)

    def softer(self) -> SpeechSettings:
        """One step softer, down to the limit."""
        return self.at(lufs=self.lufs - self.limits.lufs.step)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)
