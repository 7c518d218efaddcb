"""Whether sleep, or how much sugar goes up and down, moved together with the mood of conversations. Pure.

Spearman's rank correlation with a percentile interval of a moving-block bootstrap (Künsch 1989): neighbouring days are
alike, and drawing days one by one would make an interval that is too narrow. Chance is a fixed sequence: the same days
always give the same figures. A correlation is no cause, and below ``LEAST_DAYS`` nothing is computed at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby
from math import sqrt
from statistics import fmean
from typing import Final

from companion.core.body import Association, Quarter
from companion.core.together import LEAST_DAYS

LEAST_QUARTERS: Final = 67
"""Of a day with a sensor: 70 % of 96. Source: Battelino and others 2019 (doi:10.2337/dci19-0028), sufficient data."""
LEAST_TURNS: Final = 3
"""Of a day of conversations: of fewer no mood is told. A choice of this product."""
_DRAWS: Final = 2000
_BLOCK: Final = 4
"""Days: about the cube root of the numbers of days that are met here."""
_TAIL: Final = 0.025
_SEED: Final = 20_261_127
_NOON: Final = time(12)
_WORD: Final = (1 << 64) - 1


def associated(measure: str, values: Mapping[date, float], moods: Mapping[date, float]) -> Association:
    """Return how one measure and mood moved together on the days of which both are known.

    Args:
        measure: Name of it.
        values: By day.
        moods: By day, in [-1, 1].
    """
    days = sorted(values.keys() & moods.keys())
    if len(days) < LEAST_DAYS:
        return Association(measure, len(days))
    pairs = [(values[day], moods[day]) for day in days]
    coefficient = spearman(pairs)
    if coefficient is None:
        return Association(measure, len(days))
    drawn = sorted(one for sample in _samples(pairs) if (one := spearman(sample)) is not None)
    if len(drawn) < _DRAWS / 2:
        return Association(measure, len(days))
    low, high = drawn[int(_TAIL * len(drawn))], drawn[-1 - int(_TAIL * len(drawn))]
    return Association(measure, len(days), round(coefficient, 2), round(low, 2), round(high, 2))


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Spearman's rank correlation, ties sharing the mean of their ranks; None where one side never varies."""
    first, second = _ranks([one for one, _ in pairs]), _ranks([one for _, one in pairs])
    middle = (len(pairs) + 1) / 2
    both = sum((one - middle) * (other - middle) for one, other in zip(first, second, strict=True))
    spread = sqrt(sum((one - middle) ** 2 for one in first) * sum((one - middle) ** 2 for one in second))
    return both / spread if spread else None


def moods_of(days: Iterable[tuple[date, int, int, int]]) -> dict[date, float]:
    """Return the mood of each day: bright turns less heavy ones, over all of them.

    Args:
        days: Day, turns, bright turns, heavy turns; days with few turns are left out.
    """
    return {day: (bright - heavy) / turns for day, turns, bright, heavy in days if turns >= LEAST_TURNS}


def sleep_of(quarters: Sequence[Quarter], zone: tzinfo) -> dict[date, float]:
    """Return minutes asleep by the day on which the person woke: from noon to noon."""
    slept: dict[date, float] = {}
    for one in quarters:
        at = one.at.astimezone(zone)
        day = at.date() + timedelta(days=at.time() >= _NOON)
        slept[day] = slept.get(day, 0.0) + one.mean * one.count
    return slept


def variability_of(quarters: Sequence[Quarter], zone: tzinfo) -> dict[date, float]:
    """Return the coefficient of variation of glucose by day, percent, of days on which a sensor told enough."""
    found: dict[date, float] = {}

    def day_of(one: Quarter) -> date:
        at: datetime = one.at.astimezone(zone)
        return at.date()

    for day, of_day in groupby(quarters, key=day_of):
        means = [one.mean for one in of_day]
        if len(means) < LEAST_QUARTERS:
            continue
        middle = fmean(means)
        found[day] = 100 * sqrt(fmean([(one - middle) ** 2 for one in means])) / middle
    return found


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(range(len(values)), key=lambda index: values[index])
    ranks = [0.0] * len(values)
    rank = 1
    for _, equal in groupby(ordered, key=lambda index: values[index]):
        tied = list(equal)
        for index in tied:
            ranks[index] = rank + (len(tied) - 1) / 2
        rank += len(tied)
    return ranks


def _samples(pairs: Sequence[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    """Yield as many days again, drawn in blocks of neighbours."""
    starts = len(pairs) - _BLOCK + 1
    chance = _sequence(_SEED)
    for _ in range(_DRAWS):
        sample: list[tuple[float, float]] = []
        while len(sample) < len(pairs):
            start = next(chance) % starts
            sample += pairs[start : start + _BLOCK]
        yield sample[: len(pairs)]


def _sequence(state: int) -> Iterator[int]:
    """Yield numbers of 64 bits, always the same ones (SplitMix64, Steele and others 2014)."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _WORD
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
        yield mixed ^ (mixed >> 31)
