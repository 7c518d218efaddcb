"""The twenty-four solar terms (절기): the days on which the sun has come another fifteen degrees along its way.

Source: J. Meeus, Astronomical Algorithms, 2nd edition: chapter 25 (apparent longitude of the sun, low accuracy) with
the periodic terms of chapter 27, which bring an instant from a quarter of an hour to about a minute; ΔT by Espenak and
Meeus (2006). Pure: standard library only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from math import cos, radians, sin
from typing import Final

KOREAN_TIME: Final = timezone(timedelta(hours=9))
"""Korean days are counted in it, wherever the device stands."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years for which ΔT is good to about a minute."""
TERMS: Final = (
    "sohan",
    "daehan",
    "ipchun",
    "usu",
    "gyeongchip",
    "chunbun",
    "cheongmyeong",
    "gogu",
    "ipha",
    "soman",
    "mangjong",
    "haji",
    "soseo",
    "daeseo",
    "ipchu",
    "cheoseo",
    "baengno",
    "chubun",
    "hallo",
    "sanggang",
    "ipdong",
    "soseol",
    "daeseol",
    "dongji",
)
"""In the order of the solar year, the first of them in January."""

_STEP: Final = 15.0
_FIRST_LONGITUDE: Final = 285.0
_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_CENTURY: Final = 36525.0
_YEAR_DAYS: Final = 365.2422
_DEGREES_A_DAY: Final = 360 / _YEAR_DAYS
_DAY_SECONDS: Final = 86400.0
_ROUNDS: Final = 6
_DISTURBANCES: Final = (
    (203, 337.23, 32964.467),
    (199, 342.08, 20.186),
    (182, 27.85, 445267.112),
    (156, 73.14, 45036.886),
    (136, 171.52, 22518.443),
    (77, 222.54, 65928.934),
    (74, 296.72, 3034.906),
    (70, 243.58, 9037.513),
    (58, 119.81, 33718.147),
    (52, 297.17, 150.678),
    (50, 21.02, 2281.226),
    (45, 247.54, 29929.562),
    (44, 325.15, 31555.956),
    (29, 60.93, 4443.417),
    (18, 155.12, 67555.328),
    (17, 288.79, 4562.452),
    (16, 198.04, 62894.029),
    (14, 199.76, 31436.921),
    (12, 95.39, 14577.848),
    (12, 287.11, 31931.756),
    (12, 320.81, 34777.259),
)
"""What the moon and the planets do to the instant of a term: 10^-5 days, phase in degrees, degrees a century (table
27.C without nutation, which chapter 25 holds)."""
_DELTA_T: Final = (
    (1920, (-2.79, 1.494119, -0.0598939, 0.0061966, -0.000197), 1900),
    (1941, (21.20, 0.84493, -0.076100, 0.0020936), 1920),
    (1961, (29.07, 0.407, -1 / 233, 1 / 2547), 1950),
    (1986, (45.45, 1.067, -1 / 260, -1 / 718), 1975),
    (2005, (63.86, 0.3345, -0.060374, 0.0017275, 0.000651814, 0.00002373599), 2000),
    (LAST_YEAR + 2, (62.92, 0.32217, 0.005589), 2000),
)
"""Before which year, by which polynomial (seconds), counted in years from which."""


def delta_t(year: float) -> float:
    """Return what dynamical time is ahead of the clock, in seconds; good from 1900 to 2050."""
    coefficients, base = next((row, base) for before, row, base in _DELTA_T if year < before)
    return sum(value * (year - base) ** power for power, value in enumerate(coefficients))


def apparent_longitude(moment: datetime) -> float:
    """Return the apparent longitude of the sun in degrees, 0 to 360, to about a thousandth of a degree.

    Args:
        moment: Aware, of the years from ``FIRST_YEAR`` to ``LAST_YEAR``.
    """
    dynamical = moment.astimezone(UTC) + timedelta(seconds=delta_t(moment.year + moment.month / 12))
    century = (dynamical - _EPOCH).total_seconds() / _DAY_SECONDS / _CENTURY
    mean = 280.46646 + century * (36000.76983 + century * 0.0003032)
    anomaly = radians(357.52911 + century * (35999.05029 - century * 0.0001537))
    centre = (
        (1.914602 - century * (0.004817 + century * 0.000014)) * sin(anomaly)
        + (0.019993 - century * 0.000101) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * century)
    disturbed = sum(size * cos(radians(phase + speed * century)) for size, phase, speed in _DISTURBANCES)
    return (mean + centre - 0.00569 - 0.00478 * sin(node) - disturbed * 1e-5 * _DEGREES_A_DAY) % 360


def term_moment(year: int, term: str) -> datetime:
    """Return when a term of a solar year begins, in Korean time.

    Args:
        year: ``FIRST_YEAR`` to ``LAST_YEAR``.
        term: One of ``TERMS``.

    Raises:
        ValueError: Another year, or no term.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("outside the years that are known")
    index = TERMS.index(term)
    wanted = (_FIRST_LONGITUDE + _STEP * index) % 360
    moment = datetime(year, 1, 5, tzinfo=UTC) + timedelta(days=index * _YEAR_DAYS / len(TERMS))
    for _ in range(_ROUNDS):
        ahead = (wanted - apparent_longitude(moment) + 180) % 360 - 180
        moment += timedelta(days=ahead / _DEGREES_A_DAY)
    return moment.astimezone(KOREAN_TIME)


@lru_cache(maxsize=512)
def term_day(year: int, term: str) -> date:
    """Return the Korean day on which a term of a solar year begins; see ``term_moment``."""
    return term_moment(year, term).date()
