"""What names somebody in a text, as values, and the port through which a library finds more of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What it is."""

    NAME = "name"
    PLACE = "place"
    NUMBER = "number"
    CONTACT = "contact"
    BIRTH = "birth"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A half-open span of a text."""

    start: int
    end: int
    kind: Kind


class IdentifierFinder(Protocol):
    """Finds what names somebody in Korean text. Never raises on odd text."""

    def find(self, text: str) -> Sequence[Found]:
        """Return what it finds, in any order; spans may overlap."""
        ...


def merged(found: Iterable[Found]) -> list[Found]:
    """Return spans in order, those that overlap made one: the longest says what it is."""
    merged_spans: list[Found] = []
    longest = 0
    for one in sorted(found, key=lambda span: (span.start, -span.end)):
        if merged_spans and one.start < merged_spans[-1].end:
            last = merged_spans[-1]
            kind = one.kind if one.end - one.start > longest else last.kind
            longest = max(longest, one.end - one.start)
            merged_spans[-1] = Found(last.start, max(last.end, one.end), kind)
        else:
            merged_spans.append(one)
            longest = one.end - one.start
    return merged_spans
