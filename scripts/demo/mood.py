"""The latent mood of an invented person, day by day: what they say and how they answer follow from it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random  # noqa: TID251 - drawn by chance, from a seed

_STAYS = 0.93
"""How much of yesterday is left today."""
_SHIFT = 0.22
_WINTER = 0.25
_LOW_SHARE = 0.25
"""Share of people who go through a low time in a year."""


def mood_path(first: date, days: int, chance: Random) -> list[float]:
    """Return a mood for each day, about 0, in standard deviations of a usual day: lower is heavier."""
    usual, drift, found = chance.gauss(0.25, 0.4), 0.0, []
    low = _low_time(days, chance)
    for number in range(days):
        drift = _STAYS * drift + chance.gauss(0, _SHIFT)
        day_of_year = (first + timedelta(days=number)).timetuple().tm_yday
        season = -_WINTER * math.cos(2 * math.pi * (day_of_year - 15) / 365)
        found.append(max(-2.8, min(2.2, usual + drift + season + low[number])))
    return found


def _low_time(days: int, chance: Random) -> list[float]:
    """Return what a low time takes off, rising and falling over weeks; zeros for most people."""
    length, depth, begins = chance.randrange(35, 80), chance.uniform(1.1, 2.0), chance.randrange(max(1, days))
    off = [0.0] * days
    if chance.random() < _LOW_SHARE:
        for number in range(begins, min(days, begins + length)):
            off[number] = -depth * math.sin(math.pi * (number - begins + 1) / (length + 1))
    return off
