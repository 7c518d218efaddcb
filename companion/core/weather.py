"""The weather of a place, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayWeather:
    """What is forecast for one day."""

    day: date
    code: int
    """WMO code of the gravest weather of the day."""
    lowest: float
    """Degrees Celsius, two metres above the ground."""
    highest: float
    chance: int | None
    """Greatest probability of rain or snow within an hour, 0 to 100 percent; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How it is now, and what is forecast."""

    code: int
    """WMO code of the weather now."""
    temperature: float
    """Degrees Celsius, now."""
    days: tuple[DayWeather, ...]
    """In order, today first."""
