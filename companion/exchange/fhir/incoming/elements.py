"""Elements of FHIR R4, read from JSON that may hold anything: what does not have its shape is simply not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

Json = Mapping[str, Any]
_DATE: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_LONGEST_TEXT: Final = 2000
"""Letters of a name or a value that are kept."""
_EARLIEST: Final = 1880
LOINC: Final = "http://loinc.org"
SNOMED: Final = "http://snomed.info/sct"


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a code system; the system is empty where the source names none."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """What something is called and how it is coded."""

    text: str = ""
    codings: tuple[Coding, ...] = ()

    @property
    def first(self) -> Coding:
        """The first code, or an empty one."""
        return self.codings[0] if self.codings else Coding("", "")

    def codes(self, system: str) -> Iterator[str]:
        """Yield the codes of a system, and those for which no system is named."""
        return (one.code for one in self.codings if one.system in ("", system))


def mapping(value: object) -> Json:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Sequence[Json]:
    """Return the objects of a list; one object for itself."""
    if isinstance(value, dict):
        return (value,)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else ()


def text(value: object) -> str:
    """Return a text without blanks around it, cut where it is very long; empty for anything else."""
    return " ".join(value.split())[:_LONGEST_TEXT] if isinstance(value, str) else ""


def concept(value: object) -> Concept:
    """Return a CodeableConcept, or an empty one."""
    found = mapping(value)
    codings = tuple(coding(one) for one in objects(found.get("coding")))
    named = text(found.get("text")) or next((one.display for one in codings if one.display), "")
    known = tuple(one for one in codings if one.code)
    return Concept(named or next((one.code for one in known), ""), known)


def coding(value: object) -> Coding:
    """Return a Coding, or an empty one."""
    found = mapping(value)
    return Coding(text(found.get("system")), text(found.get("code")), text(found.get("display")))


def moment(value: object, zone: tzinfo) -> datetime | None:
    """Return the beginning of a FHIR date or dateTime, aware; None where it is none.

    Args:
        value: ``2019``, ``2019-03``, ``2019-03-04``, ``2019-03-04T09:00:00.123456+09:00``.
        zone: Of dates, and of times that name no zone.
    """
    written = text(value)
    try:
        if _DATE.fullmatch(written):
            year, month, day = (int(part) for part in (written + "-01-01")[:10].split("-"))
            found = datetime(year, month, day, tzinfo=zone)
        else:
            found = datetime.fromisoformat(written)
            found = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year >= _EARLIEST else None


def dated(resource: Json, *names: str) -> str:
    """Return the first of some elements that names a moment; of a Period its start."""
    for name in names:
        value = resource.get(name)
        written = text(value) or text(mapping(value).get("start"))
        if written:
            return written
    return ""


def number(value: object) -> float | None:
    """Return a number, also one that is spelled as text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    written = text(value)
    return float(written) if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", written) else None


@dataclass(frozen=True, slots=True)
class Value:
    """What was found."""

    text: str = ""
    number: float | None = None
    unit: str = ""
    concept: Concept = Concept()


def value_of(part: Json) -> Value:
    """Return ``value[x]`` of an Observation, a component or an answer; an empty one where there is none."""
    if quantity := mapping(part.get("valueQuantity")):
        return _quantity(quantity)
    if part.get("valueCodeableConcept") or part.get("valueCoding"):
        return _coded(part)
    for name in ("valueInteger", "valueDecimal"):
        if (found_number := number(part.get(name))) is not None:
            return Value(f"{found_number:g}", found_number)
    if isinstance(part.get("valueBoolean"), bool):
        return Value("true" if part["valueBoolean"] else "false")
    for name in ("valueString", "valueDateTime", "valueDate", "valueTime"):
        if written := text(part.get(name)):
            return Value(written, number(written))
    return Value()


def _coded(part: Json) -> Value:
    if whole := part.get("valueCodeableConcept"):
        found = concept(whole)
        return Value(found.text, concept=found)
    one = coding(part["valueCoding"])
    return Value(one.display or one.code, _ordinal(mapping(part["valueCoding"])), concept=Concept(one.display, (one,)))


def _quantity(quantity: Json) -> Value:
    amount = number(quantity.get("value"))
    if amount is None:
        return Value()
    comparator, unit = text(quantity.get("comparator")), text(quantity.get("code")) or text(quantity.get("unit"))
    shown = " ".join(part for part in (f"{comparator}{amount:g}", text(quantity.get("unit")) or unit) if part)
    return Value(shown, None if comparator else amount, unit)


def _ordinal(coded: Json) -> float | None:
    """Return the ordinal that an answer carries in an extension."""
    for extension in objects(coded.get("extension")):
        if text(extension.get("url")).endswith("/ordinalValue"):
            return number(extension.get("valueDecimal"))
    return None
