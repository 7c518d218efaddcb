"""k-anonymity and l-diversity: coarsens everybody alike, as little as it must, then leaves out who still stands alone.

Pure. Full-domain generalisation over the lattice of levels (Samarati 2001; LeFevre 2005), distinct l-diversity
(Machanavajjhala 2007), and one step more: a sensitive value that fewer than k people of a class share is withheld, so
that knowing it narrows nobody down. Laws, property-tested:
- in what is kept, every combination of shown quasi-identifiers and written sensitive value is that of k people or more;
- every class of shown quasi-identifiers has at least l different written sensitive values;
- the order of people changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

Levels = tuple[int, ...]
Shown = tuple[str, ...]
WITHHELD: Final = "withheld"


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a release."""

    k: int
    l: int  # noqa: E741 - the name that the literature gives it
    most_suppressed: float
    """Share of the people, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Quasi:
    """One quasi-identifier of everybody."""

    name: str
    shown: Sequence[Sequence[str]]
    """For each level, what is shown of each person."""
    coarsest: int
    """Last level that is of use."""


@dataclass(frozen=True, slots=True)
class Protected:
    """How people may be shown."""

    levels: Mapping[str, int]
    """By quasi-identifier."""
    classes: Mapping[Shown, tuple[int, ...]]
    """Indexes of the people that are kept, by what is shown of them."""
    suppressed: tuple[int, ...]
    """Indexes of those that are left out."""
    written: Mapping[int, str]
    """The sensitive value of everybody that is kept, or ``WITHHELD``."""
    k: int
    """People in the smallest class."""
    l: int  # noqa: E741 - as above
    """Fewest different written sensitive values in a class."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nothing in the lattice does what is asked."""

    people: int
    best_kept: int
    """Most people that could be kept with every class large and diverse enough."""


def protect(quasi: Sequence[Quasi], sensitive: Sequence[str], demand: Demand) -> Protected | Unreachable:
    """Return how people may be shown with the least loss, or how far it is from that.

    Args:
        quasi: What an attacker may know.
        sensitive: Of each person: what an attacker must not learn.
        demand: How safe it has to be.
    """
    best: tuple[float, Levels, Protected] | None = None
    best_kept = 0
    for levels in product(*(range(one.coarsest + 1) for one in quasi)):
        found = _at(quasi, sensitive, levels, demand)
        best_kept = max(best_kept, len(sensitive) - len(found.suppressed))
        if not found.classes or len(found.suppressed) > demand.most_suppressed * len(sensitive):
            continue
        loss = _loss(quasi, levels) + len(found.suppressed) / len(sensitive)
        if best is None or (loss, levels) < best[:2]:
            best = (loss, levels, found)
    return Unreachable(len(sensitive), best_kept) if best is None else best[2]


def written(values: Sequence[str], k: int) -> list[str]:
    """Return what is written of the sensitive values of one class: each is shared by at least k people there.

    Values of fewer are withheld together; while those withheld are fewer than k, the rarest of the rest joins them.
    """
    counts = Counter(values)
    rarest_first = sorted(counts, key=lambda value: (counts[value], value))
    kept = [value for value in rarest_first if counts[value] >= k]
    while kept and 0 < len(values) - sum(counts[value] for value in kept) < k:
        kept.pop(0)
    return [value if value in kept else WITHHELD for value in values]


def _loss(quasi: Sequence[Quasi], levels: Levels) -> float:
    """Return 0 where nothing is coarsened to 1 where all is as coarse as it can be."""
    each = [level / max(1, len(one.shown) - 1) for one, level in zip(quasi, levels, strict=True)]
    return sum(each) / max(1, len(each))


def _at(quasi: Sequence[Quasi], sensitive: Sequence[str], levels: Levels, demand: Demand) -> Protected:
    rows = [one.shown[level] for one, level in zip(quasi, levels, strict=True)]
    classes: dict[Shown, list[int]] = defaultdict(list)
    for index in range(len(sensitive)):
        classes[tuple(row[index] for row in rows)].append(index)
    kept: dict[Shown, tuple[int, ...]] = {}
    shown_of: dict[int, str] = {}
    fewest: list[int] = []
    for shown, members in sorted(classes.items()):
        values = written([sensitive[index] for index in members], demand.k)
        if len(members) >= demand.k and len(set(values)) >= demand.l:
            kept[shown] = tuple(members)
            shown_of.update(zip(members, values, strict=True))
            fewest.append(len(set(values)))
    return Protected(
        levels={one.name: level for one, level in zip(quasi, levels, strict=True)},
        classes=kept,
        suppressed=tuple(index for index in range(len(sensitive)) if index not in shown_of),
        written=shown_of,
        k=min(map(len, kept.values()), default=0),
        l=min(fewest, default=0),
    )
