"""Readings of wearables and meters, and the imports that bring data in, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one measurement."""

    kind: str
    """heart_rate, glucose, systolic, diastolic, spo2, steps, sleep, weight."""
    value: float
    unit: str
    """UCUM: ``/min``, ``mg/dL``, ``mm[Hg]``, ``%``, ``{steps}``, ``min``, ``kg``."""
    at: datetime
    """When it was measured, or when it began; aware, in the person's zone."""
    until: datetime | None = None
    """End of what lasts: sleep, the steps of an hour."""
    device: str = ""
    context: str = ""
    """fasting, after_meal, resting …"""
    quality: str = ""
    """Empty for a plausible one; otherwise why it is doubted. A doubted one is kept all the same."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file or stream that was brought in."""

    kind: str
    """vitals or fhir."""
    source: str
    """Name of the file or stream."""
    digest: str
    """SHA-256 of what was brought in, hex: the same is never brought in twice."""
    at: datetime
    format: str = ""
    by: str = ""
    """Who did it."""
    counts: Mapping[str, object] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of an import."""

    id: str
    added: int
    known: int
    """Readings that were there already: the same kind, moment and value, from whichever file."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """The plausible readings of one kind in a quarter of an hour."""

    at: datetime
    """When the quarter began; UTC."""
    count: int
    least: float
    mean: float
    most: float


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A doctor's own limit for a person, in place of a rule's."""

    rule: str
    value: float | None
    """None takes the doctor's limit back."""
    set_by: str
    """Name of whoever set it, as it was told."""
    at: datetime


class SensorService(StrEnum):
    """What a device tells over the air."""

    HEART_RATE = "heart_rate"
    GLUCOSE = "glucose"


@dataclass(frozen=True, slots=True)
class Sensor:
    """A device of a person whose readings come over the air."""

    address: str
    """Of Bluetooth, or whatever the system calls the device by."""
    name: str
    services: frozenset[SensorService]
    at: datetime
    """When it was paired; aware."""
    last_sequence: int | None = None
    """Number of the newest stored record that was taken from it."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Association:
    """Whether something measured and the mood of conversations moved together over days. Nothing about why."""

    measure: str
    """sleep or glucose_variability."""
    days: int
    """Days of which both are known."""
    coefficient: float | None = None
    """Spearman's rank correlation, -1 to 1; None where there are too few days, or nothing varies."""
    low: float | None = None
    """Lower end of the 95 % interval, by bootstrap over blocks of days."""
    high: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The readings of a person over some weeks, as a caregiver sees them."""

    now: datetime
    quarters: Mapping[str, Sequence[Quarter]]
    """By kind, oldest first; a kind that was ever measured is there, if need be empty."""
    beyond: Mapping[str, Sequence[Reading]]
    """Readings beyond what was asked about, newest first, by kind."""
    own: Mapping[str, float]
    """The doctor's limits that stand, by id of the rule."""
