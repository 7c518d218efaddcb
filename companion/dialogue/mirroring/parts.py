"""The predicates of a telling, each with the clause before it, the last first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from companion.core.morphology import Morpheme

_PREDICATES: Final = frozenset({"VV", "VA", "XSV", "XSA", "VX", "VCP"})
STOPS: Final = frozenset({"EF", "SP", "SF", "IC", "MAJ"})
"""Tags behind which a clause begins, besides a connective."""
_SAYING: Final = 3
"""Morphemes at most of what only says that others say so."""


@dataclass(frozen=True, slots=True)
class Part:
    """A predicate of a telling and what stands before it."""

    first: int
    """Where its clause begins among the morphemes."""
    stem: int
    end: int
    """Where its ending stands."""
    last: bool
    """Whether nothing follows it."""
    quoted: bool
    """Whether somebody else said it: 온다 하더라."""


def parts_of(morphemes: Sequence[Morpheme], saying: frozenset[str]) -> Iterator[Part]:
    """Yield the predicates of a telling, the last first; what was only quoted by the one that quotes it."""
    ends = [at for at, one in enumerate(morphemes) if one.tag in {"EF", "EC"}]
    last = True
    for at in reversed(ends):
        stem = next((n for n in range(at - 1, -1, -1) if morphemes[n].tag != "EP"), None)
        if stem is None or morphemes[stem].tag not in _PREDICATES:
            continue
        behind = [one for one in morphemes[at + 1 :] if one.tag not in {"SF", "SP", "IC"}]
        quoted = _is_saying(behind, morphemes[at].form, saying)
        if last and not quoted and _quotes(morphemes, at, stem, saying):
            continue  # 온다 카더라: the part before it is what was said
        yield Part(_first(morphemes, stem), stem, at, last=last and (quoted or not behind), quoted=quoted)
        last = False


def _quotes(morphemes: Sequence[Morpheme], end: int, stem: int, saying: frozenset[str]) -> bool:
    before = [at for at in range(stem) if morphemes[at].tag == "EC"]
    return bool(before) and _is_saying(morphemes[before[-1] + 1 : end + 1], morphemes[before[-1]].form, saying)


def _is_saying(behind: Sequence[Morpheme], ending: str, saying: frozenset[str]) -> bool:
    """Whether what stands behind an ending only says that others say so: 다 카데, 다고 하더라, 다 안 하나."""
    words = [one for one in behind if one.form != "안"]
    return (
        ending.endswith(("다", "다고"))
        and 1 < len(words) <= _SAYING
        and words[0].form in saying
        and all(one.tag in {"EP", "EF", "EC"} for one in words[1:])
    )


def _first(morphemes: Sequence[Morpheme], stem: int) -> int:
    return next((at + 1 for at in range(stem - 1, -1, -1) if morphemes[at].tag in STOPS | {"EC"}), 0)
