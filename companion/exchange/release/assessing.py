"""What one kept screening comes to in a release: total, band, items, by the instrument that it was made with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from companion.core.research import Screened
from companion.screening.instrument import Band, Instrument
from companion.screening.scoring import score

NO_SCREENING = "none"
OTHER_VERSION = "other_version"
"""Validity of what was made with a wording that this program does not know: nothing is computed from it."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One screening without its words."""

    validity: str
    answered: int
    total: int | None
    total_code: str
    band: str
    """``10-14``: the totals that it spans; empty where there is no total."""
    items: tuple[tuple[str, int], ...]
    """Score by item; empty where there is no total."""


def assessed(screened: Screened, instruments: Mapping[str, Instrument]) -> Assessed:
    """Return what a screening comes to."""
    instrument = instruments.get(screened.instrument)
    if instrument is None or instrument.digest != screened.digest:
        return Assessed(OTHER_VERSION, 0, None, "", "", ())
    found = score(instrument, screened.options, gated=screened.gated)
    total = found.rounded
    scored = {item.id for item in instrument.scored}
    items = () if total is None else tuple(_pair(*one) for one in sorted(screened.points.items()) if one[0] in scored)
    return Assessed(str(found.validity), found.answered, total, found.total_code, band_code(found.band), items)


def band_code(band: Band | None) -> str:
    """Return what a band is called in a release: the totals that it spans."""
    return "" if band is None else f"{band.lowest}-{band.highest}"


@lru_cache(maxsize=1024)
def _pair(item: str, points: int) -> tuple[str, int]:
    """Return one and the same pair for every screening that has it: a hundred thousand of them lie in memory."""
    return item, points
