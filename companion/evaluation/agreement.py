"""How well two series of totals agree: the intraclass correlation ICC(2,1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_RATERS: Final = 2


def icc_2_1(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return ICC(2,1): two-way random effects, absolute agreement, single rater (Shrout & Fleiss 1979).

    Args:
        first: One total per person.
        second: The other rater's totals of the same people, in the same order.

    Returns:
        At most 1; None for fewer than two people, or where nobody differs from anybody but the raters do.

    Raises:
        ValueError: The series differ in length.
    """
    if len(first) != len(second):
        raise ValueError("series of different length")
    people = len(first)
    if people < _RATERS:
        return None
    grand = (sum(first) + sum(second)) / (_RATERS * people)
    rows = [(one + other) / _RATERS for one, other in zip(first, second, strict=True)]
    columns = [sum(first) / people, sum(second) / people]
    between = _RATERS * sum((row - grand) ** 2 for row in rows) / (people - 1)
    raters = people * sum((column - grand) ** 2 for column in columns)
    whole = sum((value - grand) ** 2 for value in (*first, *second))
    residual = max(whole - between * (people - 1) - raters, 0.0) / (people - 1)
    below = between + (_RATERS - 1) * residual + _RATERS * (raters - residual) / people
    if below <= 0:
        return 1.0 if list(first) == list(second) else None
    return (between - residual) / below
