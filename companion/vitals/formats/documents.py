"""JSON documents of makers and of Open mHealth: each shape is recognised by the names that it holds.

A document is read whole, so its size is bounded; what is streamed comes as tables, XML or lines.
Sources of the shapes: openmhealth/shimmer fixtures (Fitbit, Google Fit, iHealth, Withings; Apache-2.0), Open mHealth
schemas; Fitbit Takeout and Garmin's account export (``…_sleepData.json``, ``UDSFile_…json``) as several public projects
document them and test against them. No export of a person's own account was at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from companion.core.body import Reading
from companion.vitals.formats.open_mhealth import OPEN_MHEALTH
from companion.vitals.formats.shapes import SHAPES, Entry, Row, Shape
from companion.vitals.found import Choices, Found, Sample, Skipped, Trouble, Unreadable
from companion.vitals.kinds import UnknownUnit, canonical

LARGEST: Final = 256 << 20
"""Bytes of one document."""
_BROKEN: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class Document:
    """Reads one JSON document."""

    name: str = "JSON"

    def matches(self, sample: Sample) -> bool:
        """Return whether it begins as a JSON document and is none of FHIR."""
        head = sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return head[:1] in (b"{", b"[") and b'"resourceType"' not in sample.head

    def read(self, stream: BinaryIO, sample: Sample, choices: Choices) -> Iterator[Found]:
        """Yield the readings of the document.

        Raises:
            Unreadable: It breaks off, is no JSON, is too large, or has a shape that is not known.
        """
        text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise Unreadable("too_large")
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Unreadable("broken_off", str(getattr(error, "lineno", ""))) from error
        shape = next((one for one in (*SHAPES, OPEN_MHEALTH) if one.holds(document)), None)
        if shape is None:
            raise Unreadable("unknown_shape")
        if shape.named not in sample.name.lower():
            yield Skipped(shape.maker)
            return
        try:
            for number, row in enumerate(shape.rows(document), 1):
                yield from _found(shape, row, number, choices)
        except _BROKEN as error:
            raise Unreadable("unknown_shape") from error


def _found(shape: Shape, row: Row, number: int, choices: Choices) -> list[Found]:
    """Return what one part of a document holds."""
    try:
        entries = list(shape.entries(row, choices.calendar))
    except _BROKEN:
        return [Trouble(str(number), "unknown_shape")]
    return [_reading(entry, number) for entry in entries] or [Skipped(shape.maker)]


def _reading(entry: Entry, number: int) -> Found:
    if entry.at is None:
        return Trouble(str(number), "no_moment")
    try:
        value, unit = canonical(entry.kind, entry.value, entry.unit)
    except UnknownUnit:
        return Trouble(str(number), "unknown_unit")
    return Reading(entry.kind, value, unit, entry.at, entry.until, entry.device, entry.context)
