"""How much of each screening may be shown, against somebody who knows one of its results. Pure.

k-anonymity over age, sex and region does nothing against a neighbour who also knows that the score was 17. So within a
class (and among those whose sensitive value is written alike) each shown result has to be shared by at least k people:
a total that fewer share is shown as its band only, a band that fewer share not at all, and the answers to items only
where every one of them is shared. Where days are shown, a result is known together with its weekday.

Law: for every class, instrument and shown total (band, answer to an item), the people who show it are at least k, or
none. Against somebody who knows several results of one person together there is no such law; see decision record 0025.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """What is shown of a screening besides that it was."""

    NOTHING = 0
    BAND = 1
    TOTAL = 2
    ITEMS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What one screening came to."""

    group: Hashable
    """The class of the person, and what is written of their sensitive value."""
    person: int
    setting: Hashable
    """What is shown beside the result: the instrument, and the weekday where days are shown."""
    total: int | None
    band: str
    items: tuple[tuple[str, int], ...]
    """Score by item."""


def revealed(results: Sequence[Result], k: int) -> list[Level]:
    """Return what may be shown of each result, in their order."""
    banded = _shared(results, k, lambda one: [one.band] if one.total is not None else [])
    totals = _shared(results, k, lambda one: [one.total] if one.total is not None else [])
    levels = [Level.BAND if index in banded else Level.NOTHING for index in range(len(results))]
    for index in totals & banded:
        levels[index] = Level.TOTAL
    open_to_items = sorted(index for index in totals & banded if results[index].items)
    while True:
        some = [results[index] for index in open_to_items]
        safe = _shared(some, k, lambda one: one.items)
        left = [open_to_items[position] for position in sorted(safe)]
        if len(left) == len(open_to_items):
            break
        open_to_items = left
    for index in open_to_items:
        levels[index] = Level.ITEMS
    return levels


def _shared(results: Sequence[Result], k: int, values: Callable[[Result], Iterable[Hashable]]) -> set[int]:
    """Return the indexes of results whose every value is shared by at least k people of their class and setting."""
    people: dict[Hashable, set[int]] = defaultdict(set)
    for one in results:
        for value in values(one):
            holders = people[one.group, one.setting, value]
            if len(holders) < k:
                holders.add(one.person)
    return {
        index
        for index, one in enumerate(results)
        if (own := list(values(one))) and all(len(people[one.group, one.setting, value]) >= k for value in own)
    }
