"""Vital signs among FHIR R4 resources: a resource, a Bundle, or one resource a line (NDJSON).

Only Observations of kinds that are kept are read here; everything else of a hospital's record comes in another way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from companion.core.body import Reading
from companion.vitals.formats.documents import LARGEST
from companion.vitals.found import Choices, Found, Owner, Sample, Skipped, Trouble, Unreadable
from companion.vitals.kinds import Kind, UnknownUnit, canonical

_LOINC: Final = "http://loinc.org"
_UNTRUE: Final = ("entered-in-error", "cancelled")
_BEYOND: Final = {"<": "below_range", ">": "above_range"}
"""What a comparator says: the meter could not measure further."""
Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FhirObservations:
    """Reads resources by the codes of ``prompts/vitals/codes.toml``."""

    kinds: Mapping[str, Kind]
    """LOINC code to kind."""
    name: str = "FHIR"

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> FhirObservations:
        """Read the table of codes.

        Raises:
            ValueError: A kind is unknown.
        """
        return cls({code: Kind(name) for name, codes in table["codes"].items() for code in codes})

    def matches(self, sample: Sample) -> bool:
        """Return whether resources are in it."""
        return b'"resourceType"' in sample.head and sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"

    def read(self, stream: BinaryIO, _sample: Sample, choices: Choices) -> Iterator[Found]:
        """Yield the readings, resource by resource.

        Raises:
            Unreadable: It breaks off, is no JSON, or is too large for one document.
        """
        for number, resource in enumerate(_resources(stream), 1):
            kind = resource.get("resourceType")
            if kind == "Observation":
                yield from self._observation(resource, str(number), choices)
            elif kind == "Patient":
                yield _owner(resource, choices)
            else:
                yield Skipped(str(kind))

    def measured(self, resource: Resource, choices: Choices) -> list[Reading | Trouble]:
        """Return what is measured in one Observation; nothing where it is of other codes or was never true."""
        found = self._observation(resource, "", choices)
        return [one for one in found if isinstance(one, Reading | Trouble)]

    def _observation(self, resource: Resource, place: str, choices: Choices) -> Iterator[Found]:
        if resource.get("status") in _UNTRUE:
            yield Skipped("Observation (entered in error)")
            return
        parts: Sequence[Resource] = (resource, *resource.get("component", ()))
        told = [(kind, part) for part in parts if (kind := self._kind(part)) is not None]
        if not told:
            yield Skipped("Observation (other codes)")
            return
        at, until = _span(resource, choices)
        for kind, part in told:
            if kind is Kind.SYSTOLIC and part is resource and "valueQuantity" not in part:
                continue
            yield Trouble(place, "no_moment") if at is None else _reading(kind, part, (at, until), place)

    def _kind(self, part: Resource) -> Kind | None:
        codings = part.get("code", {}).get("coding", ())
        codes = (one.get("code") for one in codings if one.get("system", _LOINC) == _LOINC)
        return next((self.kinds[code] for code in codes if code in self.kinds), None)


def _span(resource: Resource, choices: Choices) -> tuple[Any, Any]:
    if "effectivePeriod" in resource:
        period = resource["effectivePeriod"]
        return choices.calendar.moment(period.get("start", "")), choices.calendar.moment(period.get("end", ""))
    return choices.calendar.moment(str(resource.get("effectiveDateTime", resource.get("effectiveInstant", "")))), None


def _reading(kind: Kind, part: Resource, span: tuple[Any, Any], place: str) -> Found:
    quantity = part.get("valueQuantity")
    if not isinstance(quantity, dict) or not isinstance(quantity.get("value"), int | float):
        return Trouble(place, "no_number")
    for unit in (quantity.get("code"), quantity.get("unit")):
        try:
            value, kept = canonical(kind, float(quantity["value"]), str(unit or ""))
        except UnknownUnit:
            continue
        quality = _BEYOND.get(str(quantity.get("comparator", ""))[:1], "")
        return Reading(kind, value, kept, span[0], span[1], quality=quality)
    return Trouble(place, "unknown_unit")


def _owner(resource: Resource, choices: Choices) -> Owner:
    names = resource.get("name") or [{}]
    name = names[0].get("text") or " ".join([*names[0].get("given", ()), names[0].get("family", "")])
    born = choices.calendar.moment(str(resource.get("birthDate", "")))
    return Owner(name.strip(), None if born is None else born.date())


def _resources(stream: BinaryIO) -> Iterator[Resource]:
    """Yield the resources of a document or of lines."""
    first = stream.readline(LARGEST)
    try:
        resource = json.loads(first)
    except ValueError:
        yield from _unfolded(_document(first, stream))
        return
    yield from _unfolded(resource)
    number = 1
    for line in stream:
        number += 1
        if not line.strip():
            continue
        try:
            yield from _unfolded(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise Unreadable("broken_off", str(number)) from error


def _document(first: bytes, stream: BinaryIO) -> Any:  # noqa: ANN401 (JSON)
    text = first + stream.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise Unreadable("too_large")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("broken_off", str(getattr(error, "lineno", ""))) from error


def _unfolded(resource: Any) -> Iterator[Resource]:  # noqa: ANN401 (JSON)
    if not isinstance(resource, dict) or "resourceType" not in resource:
        raise Unreadable("unknown_shape")
    if resource["resourceType"] != "Bundle":
        yield resource
        return
    for entry in resource.get("entry", ()):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield entry["resource"]
