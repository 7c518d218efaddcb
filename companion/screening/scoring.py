"""Scores, derived from the answers every time they are needed and never kept as truth.

The same answers give the same score, in whatever order they were given; a score carries the version and the digest of
the instrument it was computed with.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from companion.screening.instrument import Band, CutOff, Instrument, Item, Subscale
from companion.screening.record import Answer

_CONFIDENCE_95: Final = 1.96
"""Two-sided 95 % of the normal distribution (Jacobson & Truax 1991)."""


class Validity(StrEnum):
    """Whether the answers make a total."""

    COMPLETE = "complete"
    PRORATED = "prorated"
    TOO_MANY_MISSING = "too_many_missing"
    REQUIRED_MISSING = "required_missing"
    """An item that is never imputed is missing (PHQ-9 item 9): a person has to follow up."""
    GATED = "gated"
    """Only the gate was asked, because its sum was too low: the subscale has a total, the whole has none."""


@dataclass(frozen=True, slots=True)
class SubscaleScore:
    """The sum of a subscale; None where one of its items is missing."""

    id: str
    title: str
    total: int | None
    total_code: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many items count as a diagnostic manual counts them: an extra line, no diagnosis."""

    symptoms: int
    core: bool
    """Whether a core item is among them."""
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers come to."""

    instrument: str
    version: str
    digest: str
    validity: Validity
    answered: int
    missing: tuple[str, ...]
    raw_sum: int
    """Sum of the answered items; a total only where nothing is missing."""
    total: Fraction | None
    """None where the form is invalid; prorated it may be no whole number."""
    total_code: str
    """LOINC code for exporting the total; empty where it must not be exported under that code."""
    band: Band | None
    cutoffs: tuple[CutOff, ...]
    """Those that are reached."""
    subscales: tuple[SubscaleScore, ...]
    counted: Counted | None

    @property
    def needs_follow_up(self) -> bool:
        """Whether a person has to ask what is missing."""
        return self.validity is Validity.REQUIRED_MISSING

    @property
    def rounded(self) -> int | None:
        """The total as a whole number, halves up; None where there is none."""
        return None if self.total is None else _rounded(self.total)


def score(instrument: Instrument, answers: Mapping[str, str], *, gated: bool = False) -> Score:
    """Return the score.

    Args:
        instrument: What the items and rules are.
        answers: Option id by item id; items without an answer are left out.
        gated: The items behind the gate were not asked because its sum was too low: then only the subscale has a total.
    """
    points = {item.id: _points(item, answers[item.id]) for item in instrument.scored if item.id in answers}
    missing = tuple(item.id for item in instrument.scored if item.id not in points)
    validity = Validity.GATED if gated and missing else _validity(instrument, missing)
    raw = sum(points.values())
    total = _total(instrument, validity, raw, len(points))
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        validity=validity,
        answered=len(points),
        missing=missing,
        raw_sum=raw,
        total=total,
        total_code=instrument.total_code if validity is Validity.COMPLETE else "",
        band=_band(instrument, total),
        cutoffs=tuple(one for one in instrument.cutoffs if total is not None and _rounded(total) >= one.at_least),
        subscales=tuple(_subscale(one, points) for one in instrument.subscales),
        counted=_counted(instrument, points) if total is not None else None,
    )


def score_of(instrument: Instrument, answers: Collection[Answer], *, gated: bool = False) -> Score:
    """Return the score of kept answers; superseded and unanswered ones do not count.

    Raises:
        ValueError: Two answers that count belong to one item.
    """
    options: dict[str, str] = {}
    for answer in answers:
        if answer.superseded or answer.option is None:
            continue
        if answer.item in options:
            raise ValueError("two answers to one item")
        options[answer.item] = answer.option
    return score(instrument, options, gated=gated)


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two totals of one instrument."""

    points: Fraction
    """Now minus before."""
    reliable: bool | None
    """Whether it is more than noise; None where no SD and retest of a population are cited."""
    source: str


def change(instrument: Instrument, before: Score, now: Score) -> Change | None:
    """Return the change; None where one has no total or they were made with different versions."""
    if before.total is None or now.total is None or before.digest != now.digest:
        return None
    points = now.total - before.total
    known = instrument.reliable_change
    if known is None:
        return Change(points, None, "")
    least = _CONFIDENCE_95 * known.sd * math.sqrt(2 * (1 - known.retest))
    return Change(points, abs(points) >= least, f"{known.source} ({known.population})")


def gate_is_open(instrument: Instrument, answers: Mapping[str, str]) -> bool | None:
    """Return whether the rest is to be asked; None while the gate is not decided, True where there is none.

    An item of the gate that stays unanswered opens it: what is not known must not end the screening.
    """
    gate = instrument.gate
    if gate is None or gate.gate_at_least is None:
        return True
    points = [_points(instrument.by_id[name], answers[name]) for name in gate.items if name in answers]
    if sum(points) >= gate.gate_at_least:
        return True
    return False if len(points) == len(gate.items) else None


def _points(item: Item, option: str) -> int:
    return item.score(item.scale.option(option))


def _validity(instrument: Instrument, missing: Collection[str]) -> Validity:
    if not missing:
        return Validity.COMPLETE
    if any(name in instrument.scoring.required for name in missing):
        return Validity.REQUIRED_MISSING
    if len(missing) > instrument.scoring.most_missing:
        return Validity.TOO_MANY_MISSING
    return Validity.PRORATED


def _total(instrument: Instrument, validity: Validity, raw: int, answered: int) -> Fraction | None:
    match validity:
        case Validity.COMPLETE:
            return Fraction(raw)
        case Validity.PRORATED:
            return Fraction(raw * len(instrument.scored), answered)
        case Validity.TOO_MANY_MISSING | Validity.REQUIRED_MISSING | Validity.GATED:
            return None


def _band(instrument: Instrument, total: Fraction | None) -> Band | None:
    if total is None:
        return None
    whole = _rounded(total)
    return next((band for band in instrument.bands if band.lowest <= whole <= band.highest), None)


def _rounded(total: Fraction) -> int:
    """Halves go up: a prorated total is never shown lower than it is."""
    return math.floor(total + Fraction(1, 2))


def _subscale(subscale: Subscale, points: Mapping[str, int]) -> SubscaleScore:
    whole = all(name in points for name in subscale.items)
    total = sum(points[name] for name in subscale.items) if whole else None
    return SubscaleScore(subscale.id, subscale.title, total, subscale.total_code if whole else "")


def _counted(instrument: Instrument, points: Mapping[str, int]) -> Counted | None:
    rule = instrument.algorithm
    if rule is None:
        return None
    counting = {name for name, got in points.items() if got >= (1 if name in rule.at_least_one else rule.at_least)}
    return Counted(len(counting), bool(counting & rule.core), rule.source)
