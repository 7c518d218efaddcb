"""What hospitals recorded, passed on as it was kept, with where it came from.

What would be no FHIR any more is not passed on: a resource without an element that R4 demands, with a status that R4
does not know, or with two values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from companion.exchange.dossier import HospitalRecord
from companion.exchange.fhir.outgoing.writing import Json, Writing, referred, utc_key

_DEMANDED: Final[Mapping[str, tuple[str, ...]]] = {
    "Condition": (),
    "MedicationRequest": ("intent", "medicationCodeableConcept"),
    "MedicationStatement": ("medicationCodeableConcept",),
    "AllergyIntolerance": (),
    "Observation": ("code",),
    "QuestionnaireResponse": (),
    "Encounter": ("class",),
    "Immunization": ("vaccineCode", "occurrenceDateTime"),
    "Procedure": (),
    "DiagnosticReport": ("code",),
}
_OBSERVED: Final = "registered preliminary final amended corrected cancelled entered-in-error unknown"
_STATUSES: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "MedicationRequest": "active on-hold cancelled completed entered-in-error stopped draft unknown",
        "MedicationStatement": "active completed entered-in-error intended stopped on-hold unknown not-taken",
        "Observation": _OBSERVED,
        "QuestionnaireResponse": "in-progress completed amended entered-in-error stopped",
        "Encounter": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
        "Immunization": "completed entered-in-error not-done",
        "Procedure": "preparation in-progress not-done on-hold stopped completed entered-in-error unknown",
        "DiagnosticReport": f"{_OBSERVED} partial appended",
    }.items()
}
"""Required value sets of FHIR R4 (4.0.1)."""
_OF_PATIENT: Final = frozenset({"AllergyIntolerance", "Immunization"})
"""Types that call whom they are about ``patient`` and not ``subject``."""


def passed_on(records: Sequence[HospitalRecord], writing: Writing) -> Iterator[Json]:
    """Yield the resources of hospitals about the person, and a Provenance for each file that brought some."""
    brought: dict[tuple[str, datetime | None], list[Json]] = {}
    for one in records:
        if not is_passable(one.resource):
            continue
        resource = _resource(one, writing)
        brought.setdefault((one.source, one.imported_at), []).append(resource)
        yield resource
    for (file, at), resources in brought.items():
        if at is not None:
            yield _provenance(file, at, resources, writing)


def is_passable(resource: Mapping[str, Any]) -> bool:
    """Return whether a resource that was kept is whole FHIR once it says whom it is about."""
    kind = str(resource.get("resourceType", ""))
    if kind not in _DEMANDED or any(not resource.get(name) for name in _DEMANDED[kind]):
        return False
    if kind in _STATUSES and resource.get("status") not in _STATUSES[kind]:
        return False
    choices = ("value", "effective", "onset", "abatement", "performed", "occurrence")
    return all(sum(name.startswith(choice) for name in resource) <= 1 for choice in choices)


def _resource(one: HospitalRecord, writing: Writing) -> Json:
    kind = str(one.resource["resourceType"])
    about = "patient" if kind in _OF_PATIENT else "subject"
    source = {"meta": {"source": one.origin}} if ":" in one.origin else {}
    own = {"id": writing.id("hospital", one.origin, kind, one.resource_id)}
    return {"resourceType": kind, **own, **source, **dict(one.resource), about: writing.patient}


def _provenance(file: str, at: datetime, resources: Sequence[Json], writing: Writing) -> Json:
    told = writing.words["hospital_file"].format(file=file)
    return {
        "resourceType": "Provenance",
        "id": writing.id("provenance", "file", file, utc_key(at)),
        "target": [referred(one) for one in resources],
        "recorded": writing.moment(at),
        "agent": [{"who": writing.device}],
        "entity": [{"role": "source", "what": {"display": told}}],
    }
