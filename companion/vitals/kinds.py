"""What is measured, in which units, and what a device can have measured at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from companion.core.body import Reading

MG_DL_PER_MMOL_L: Final = 18.016
"""Molar mass of glucose 180.16 g/mol: 1 mmol/L = 18.016 mg/dL."""
KG_PER_LB: Final = 0.45359237
_MINUTES: Final = {"min": 1.0, "s": 1 / 60, "h": 60.0, "ms": 1 / 60_000}


class Kind(StrEnum):
    """What is measured."""

    HEART_RATE = "heart_rate"
    GLUCOSE = "glucose"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    SPO2 = "spo2"
    STEPS = "steps"
    SLEEP = "sleep"
    WEIGHT = "weight"


UNITS: Final[Mapping[Kind, str]] = {
    Kind.HEART_RATE: "/min",
    Kind.GLUCOSE: "mg/dL",
    Kind.SYSTOLIC: "mm[Hg]",
    Kind.DIASTOLIC: "mm[Hg]",
    Kind.SPO2: "%",
    Kind.STEPS: "{steps}",
    Kind.SLEEP: "min",
    Kind.WEIGHT: "kg",
}
"""UCUM unit in which each is kept."""

_SPELLINGS: Final[Mapping[str, str]] = {
    "mg/dl": "mg/dL", "mmol/l": "mmol/L", "mmol<180.1558800000541>/l": "mmol/L", "/min": "/min", "bpm": "/min",
    "beats/min": "/min", "count/min": "/min", "mmhg": "mm[Hg]", "mm[hg]": "mm[Hg]", "%": "%", "%o2": "%",
    "{steps}": "{steps}", "steps": "{steps}", "count": "{steps}", "보": "{steps}", "kg": "kg", "lb": "lb", "lbs": "lb",
    "[lb_av]": "lb", "g": "g", "min": "min", "s": "s", "h": "h", "ms": "ms", "hr": "h", "분": "min", "시간": "h",
    "회/분": "/min",
}  # fmt: skip
"""Lower-case spellings met in files, and what they mean in UCUM; ``lb`` stands for [lb_av]."""


class UnknownUnit(ValueError):
    """A unit that this kind is not measured in."""


def canonical(kind: Kind, value: float, unit: str) -> tuple[float, str]:
    """Return a value in the unit in which its kind is kept.

    Args:
        kind: What was measured.
        value: As the file tells it.
        unit: As the file spells it.

    Raises:
        UnknownUnit: Nothing of this kind is measured in it: it is refused rather than guessed.
    """
    meant = _SPELLINGS.get(unit.strip().lower(), "")
    kept = UNITS[kind]
    if meant == kept:
        return value, kept
    factor = {
        (Kind.GLUCOSE, "mmol/L"): MG_DL_PER_MMOL_L,
        (Kind.WEIGHT, "lb"): KG_PER_LB,
        (Kind.WEIGHT, "g"): 0.001,
        **{(Kind.SLEEP, spelled): minutes for spelled, minutes in _MINUTES.items()},
    }.get((kind, meant))
    if factor is None:
        raise UnknownUnit(unit)
    return round(value * factor, 4), kept


def spelled(text: str) -> str:
    """Return the UCUM unit that a piece of text is, empty where it is none."""
    return _SPELLINGS.get(text.strip().lower(), "")


class Quality(StrEnum):
    """Why a reading is doubted; it is kept all the same."""

    PLAUSIBLE = ""
    IMPLAUSIBLE = "implausible"
    """No device measures such a value in a living person."""
    BELOW_RANGE = "below_range"
    """The device said only that it is lower than it can measure; the value is its limit."""
    ABOVE_RANGE = "above_range"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What can be measured at all, by kind: not what is healthy."""

    by_kind: Mapping[Kind, tuple[float, float]]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Bounds:
        """Read ``prompts/vitals/bounds.toml``.

        Raises:
            ValueError: A kind is unknown or its bounds are the wrong way round.
        """
        found = {Kind(name): (float(one["least"]), float(one["most"])) for name, one in table["kinds"].items()}
        for kind, (least, most) in found.items():
            if not least < most:
                raise ValueError(kind)
        return cls(found)

    def judged(self, reading: Reading) -> Reading:
        """Return a reading with its quality, unless it has one already."""
        least, most = self.by_kind.get(Kind(reading.kind), (float("-inf"), float("inf")))
        if reading.quality or least <= reading.value <= most:
            return reading
        return replace(reading, quality=Quality.IMPLAUSIBLE)
