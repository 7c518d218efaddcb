"""Days of readings in a person's zone, and what is usual for one person. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby
from statistics import median
from typing import Final

_SCALE: Final = 0.6745
"""Median absolute deviation over standard deviation of a normal distribution: the constant of the modified z-score."""
_LEAST_SPREAD: Final = 0.02
"""Of the middle value: a spread smaller than meters can tell apart is taken as this, so that no trifle is unusual."""


@dataclass(frozen=True, slots=True)
class DayOf:
    """The readings of one kind on one day."""

    day: date
    count: int
    least: float
    middle: float
    most: float


def by_day(readings: Iterable[tuple[datetime, float]], zone: tzinfo) -> list[DayOf]:
    """Return the days that have readings, oldest first; a day without any is not among them.

    Args:
        readings: Moments (aware) and plausible values of one kind, in order of time.
        zone: Of the person: a day is theirs, also where clocks change.
    """
    days: list[DayOf] = []
    for day, of_day in groupby(readings, key=lambda one: one[0].astimezone(zone).date()):
        values = [value for _, value in of_day]
        days.append(DayOf(day, len(values), min(values), median(values), max(values)))
    return days


@dataclass(frozen=True, slots=True)
class Unusual:
    """A value far from what is usual."""

    value: float
    middle: float
    """Of the days it was set against."""
    score: float
    """Modified z-score; positive where higher."""


def unusual(value: float, others: Sequence[float], *, times: float, least: int) -> Unusual | None:
    """Return how far a value lies from the others, where that is further than ``times``; None otherwise.

    Args:
        value: Of the day looked at.
        others: Of the days before it.
        times: Modified z-score beyond which it is unusual; positive.
        least: How many others are needed to say anything.
    """
    if len(others) < least:
        return None
    middle = median(others)
    spread = max(median(abs(one - middle) for one in others), abs(middle) * _LEAST_SPREAD, 1e-9)
    score = _SCALE * (value - middle) / spread
    return Unusual(value, middle, score) if abs(score) > times else None
