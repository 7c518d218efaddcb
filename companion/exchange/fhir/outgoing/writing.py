"""What every resource needs: stable ids, moments, concepts with Korean words, and whom it is about.

Law: the same record gives the same ids and the same elements, whenever and by whomever it is exported. Ids are UUIDs of
version 5 in a name space of the person, so that nothing of the record can be read off them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

Json: TypeAlias = dict[str, Any]
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
_KR_CORE: Final = "http://www.hl7korea.or.kr/fhir/krcore/StructureDefinition"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_EVERYBODY: Final = UUID("6f6d9ec6-2b1c-5c43-9d4a-0c5b8f6f3a11")
"""Name space of all exports; any UUID that is ours and never changes."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How the resources about one person are written."""

    person_id: str
    zone: tzinfo
    words: Mapping[str, Any]
    """``prompts/exchange/fhir.ko.toml``."""
    kr_core: bool = False
    """Whether the person meets KR Core: its vital signs are about such a Patient only."""

    def id(self, *of: object) -> str:
        """Return the id of what is named by some keys of this person's record."""
        return str(uuid5(uuid5(_EVERYBODY, self.person_id), "/".join(str(one) for one in of)))

    @property
    def patient(self) -> Json:
        """A reference to the person."""
        return reference("Patient", self.id("patient"))

    @property
    def device(self) -> Json:
        """A reference to 말벗."""
        return reference("Device", self.id("device"))

    def profile(self, name: str) -> Json:
        """Return the ``meta`` that claims a profile of KR Core; an empty one where the person does not meet it."""
        return {"profile": [f"{_KR_CORE}/{name}"]} if self.kr_core and name else {}

    def moment(self, at: datetime) -> str:
        """Return a dateTime or instant with its offset, in the person's zone, to the millisecond."""
        return at.astimezone(self.zone).isoformat(timespec="milliseconds")

    def coded(self, code: str, text: str) -> Json:
        """Return a concept of LOINC with Korean words; words alone where there is no code."""
        if not code:
            return {"text": text}
        display = self.words["loinc"].get(code)
        coding = {"system": LOINC, "code": code, **({"display": display} if display else {})}
        return {"coding": [coding], "text": text}


def shared_id(*of: object) -> str:
    """Return the id of what is the same for everybody: a blank form."""
    return str(uuid5(_EVERYBODY, "/".join(str(one) for one in of)))


def reference(kind: str, of: str) -> Json:
    """Return a reference to a resource of the same export."""
    return {"reference": f"{kind}/{of}"}


def referred(resource: Mapping[str, Any]) -> Json:
    """Return a reference to a resource that is at hand."""
    return reference(str(resource["resourceType"]), str(resource["id"]))


def category(code: str) -> list[Json]:
    """Return the category of an Observation: survey, vital-signs or laboratory."""
    return [{"coding": [{"system": _CATEGORY, "code": code}]}]


def quantity(value: float, unit: str, comparator: str = "") -> Json:
    """Return a Quantity in a UCUM unit; whole numbers stay whole."""
    whole = int(value) if float(value).is_integer() else round(value, 4)
    sign = {"comparator": comparator} if comparator else {}
    return {"value": whole, **sign, "unit": unit, "system": UCUM, "code": unit}


def utc_key(at: datetime) -> str:
    """Return what names a moment in an id, whatever zone it is told in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def without_empty(resource: Json) -> Json:
    """Return a resource without elements that hold nothing: FHIR has no empty ones."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {}, ())}
