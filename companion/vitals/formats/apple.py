"""Apple Health: ``export.xml``, streamed record by record.

The export carries a document type of its own without entities; one that declares entities is no export, and is refused
before anything of it is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from companion.core.body import Reading
from companion.vitals.formats.table import number_in
from companion.vitals.found import Choices, Found, Owner, Sample, Skipped, Trouble, Unreadable
from companion.vitals.kinds import Kind, Quality, UnknownUnit, canonical

_CHUNK: Final = 1 << 16
_LONGEST: Final = 1 << 20
"""Bytes of one tag: an export's have a few hundred."""
_DEEPEST: Final = 32
"""Elements within each other: an export's are four deep."""
_KINDS: Final[Mapping[str, Kind]] = {
    "HKQuantityTypeIdentifierHeartRate": Kind.HEART_RATE,
    "HKQuantityTypeIdentifierRestingHeartRate": Kind.HEART_RATE,
    "HKQuantityTypeIdentifierBloodGlucose": Kind.GLUCOSE,
    "HKQuantityTypeIdentifierBloodPressureSystolic": Kind.SYSTOLIC,
    "HKQuantityTypeIdentifierBloodPressureDiastolic": Kind.DIASTOLIC,
    "HKQuantityTypeIdentifierOxygenSaturation": Kind.SPO2,
    "HKQuantityTypeIdentifierStepCount": Kind.STEPS,
    "HKQuantityTypeIdentifierBodyMass": Kind.WEIGHT,
    "HKCategoryTypeIdentifierSleepAnalysis": Kind.SLEEP,
}
_RESTING: Final = "HKQuantityTypeIdentifierRestingHeartRate"
_ASLEEP: Final = "HKCategoryValueSleepAnalysisAsleep"
_METADATA: Final = frozenset({"HKBloodGlucoseMealTime", "HKMetadataKeyHeartRateMotionContext"})
"""Keys that say something of a reading; there may be any number of others."""
_MEALS: Final = {"1": "before_meal", "2": "after_meal"}
"""HKBloodGlucoseMealTime."""
_AT_REST: Final = "1"
"""HKHeartRateMotionContext: sedentary."""


@dataclass(frozen=True, slots=True)
class AppleHealth:
    """Reads ``export.xml``."""

    name: str = "Apple Health"

    def matches(self, sample: Sample) -> bool:
        """Return whether it is an export of Apple Health."""
        return b"<HealthData" in sample.head or b"DOCTYPE HealthData" in sample.head

    def read(self, stream: BinaryIO, _sample: Sample, choices: Choices) -> Iterator[Found]:
        """Yield the records of kinds that are kept; the others are counted.

        Raises:
            Unreadable: It breaks off, is no XML, declares entities, or would not fit into memory.
        """
        records = _Records(choices)
        parser = expat.ParserCreate()
        parser.StartElementHandler = records.start
        parser.EndElementHandler = records.end
        parser.EntityDeclHandler = _no_entities
        parser.buffer_text = True
        fed = 0
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > _LONGEST:  # the parser keeps what it waits for the end of
                    raise Unreadable("entities")
                yield from records.taken()
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("broken_off", str(error.lineno)) from error
        yield from records.taken()


def _no_entities(*_declared: Any) -> None:  # noqa: ANN401 - the parser hands in seven values of which none is wanted
    raise Unreadable("entities")


class _Records:
    """Makes readings of elements as they pass."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._found: list[Found] = []
        self._open: dict[str, str] | None = None
        self._number = 0
        self._depth = 0

    def taken(self) -> list[Found]:
        """Return what was made since the last time."""
        taken, self._found = self._found, []
        return taken

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("entities")
        if name == "Me":
            born = self._choices.calendar.moment(attributes.get("HKCharacteristicTypeIdentifierDateOfBirth", ""))
            if born is not None:
                self._found.append(Owner(born=born.date()))
        elif name == "Record":
            self._number += 1
            self._open = dict(attributes)
        elif name == "MetadataEntry" and self._open is not None and attributes.get("key") in _METADATA:
            self._open[f"metadata {attributes['key']}"] = attributes.get("value", "")

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == "Record" and self._open is not None:
            self._found.append(self._made(self._open))
            self._open = None

    def _made(self, record: Mapping[str, str]) -> Found:
        kind = _KINDS.get(record.get("type", ""))
        if kind is None:
            return Skipped(record.get("type", "").removeprefix("HKQuantityTypeIdentifier"))
        place = str(self._number)
        at = self._choices.calendar.moment(record.get("startDate", ""))
        until = self._choices.calendar.moment(record.get("endDate", ""))
        if at is None:
            return Trouble(place, "no_moment")
        device = record.get("sourceName", "")
        if kind is Kind.SLEEP:
            return _sleep(record, at, until, device)
        value = number_in(record.get("value", ""))
        if value is None:
            return Trouble(place, "no_number")
        unit = record.get("unit", "")
        if kind is Kind.SPO2 and value <= 1:
            value *= 100  # HealthKit writes the share and the unit %
        try:
            value, unit = canonical(kind, value, unit)
        except UnknownUnit:
            return Trouble(place, "unknown_unit")
        lasting = until if until is not None and until > at else None
        return Reading(kind, value, unit, at, lasting, device, _context(record), Quality.PLAUSIBLE)


def _sleep(record: Mapping[str, str], at: datetime, until: datetime | None, device: str) -> Found:
    if not record.get("value", "").startswith(_ASLEEP) or until is None or until <= at:
        return Skipped("SleepAnalysis (in bed or awake)")
    minutes = round((until - at).total_seconds() / 60, 2)
    stage = record.get("value", "").removeprefix(_ASLEEP).lower()
    return Reading(Kind.SLEEP, minutes, "min", at, until, device, stage, Quality.PLAUSIBLE)


def _context(record: Mapping[str, str]) -> str:
    if record.get("type") == _RESTING or record.get("metadata HKMetadataKeyHeartRateMotionContext") == _AT_REST:
        return "resting"
    return _MEALS.get(record.get("metadata HKBloodGlucoseMealTime", ""), "")
