"""Which elements of a resource are kept, and whether its elements are of their types.

What is not named here is not kept: narrative, identifiers, notes, names of staff, places, insurance, attachments,
extensions. A US social security number or a resident registration number has nowhere to stand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from companion.exchange.fhir.incoming.elements import Json

ELEMENTS: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "Condition": "clinicalStatus verificationStatus category severity code bodySite stage onsetDateTime "
        "onsetPeriod abatementDateTime abatementPeriod recordedDate",
        "MedicationRequest": "status intent medicationCodeableConcept authoredOn dosageInstruction",
        "MedicationStatement": "status medicationCodeableConcept effectiveDateTime effectivePeriod dosage",
        "AllergyIntolerance": "clinicalStatus verificationStatus type category criticality code onsetDateTime "
        "recordedDate reaction",
        "Observation": "status category code effectiveDateTime effectivePeriod effectiveInstant issued valueQuantity "
        "valueCodeableConcept valueString valueBoolean valueInteger valueDateTime dataAbsentReason interpretation "
        "referenceRange component",
        "QuestionnaireResponse": "questionnaire status authored item",
        "Encounter": "status class type period reasonCode",
        "Immunization": "status vaccineCode occurrenceDateTime occurrenceString primarySource",
        "Procedure": "status code performedDateTime performedPeriod",
        "DiagnosticReport": "status category code effectiveDateTime effectivePeriod issued conclusion",
    }.items()
}
_DROPPED: Final = frozenset({"id", "extension", "modifierExtension", "identifier", "note", "reference"})
_NUMBERS: Final = frozenset({"valueDecimal", "valueInteger"})
_AMOUNTS: Final = frozenset({"valueQuantity", "valueDuration", "valueAge", "valueCount", "valueDistance", "valueMoney"})
_WORDS: Final = frozenset({"valueString", "valueCode", "valueDateTime", "valueDate", "valueUri", "linkId", "status"})


def kept_elements(resource: Json) -> dict[str, Any]:
    """Return what is kept of a resource: its type and the elements that are named, without what never is."""
    kind = str(resource["resourceType"])
    wanted = ELEMENTS[kind]
    kept = {name: _plain(value) for name, value in resource.items() if name in wanted}
    return {"resourceType": kind, **{name: value for name, value in kept.items() if value not in (None, {}, [])}}


def digest_of_kept(kept: Json) -> str:
    """Return the SHA-256 of what is kept, hex: the same however the file orders its keys."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def flaw_of(value: Any, name: str = "") -> str:  # noqa: ANN401 (JSON)
    """Return the name of the first element that is not of its type, or nothing.

    Checked is what a wrong value would be read from: numbers, amounts and words of ``value[x]``, wherever they stand.
    """
    own = _own_flaw(value, name)
    if own:
        return own
    if isinstance(value, dict):
        return next((flaw for key, inner in value.items() if (flaw := flaw_of(inner, key))), "")
    if isinstance(value, list):
        return next((flaw for inner in value if (flaw := flaw_of(inner))), "")
    return ""


def _own_flaw(value: Any, name: str) -> str:  # noqa: ANN401 (JSON)
    if name in _NUMBERS:
        return "" if _is_number(value) else name
    if name in _AMOUNTS:
        return "" if isinstance(value, dict) and _is_number(value.get("value", 0)) else f"{name}.value"
    if name in _WORDS:
        return "" if isinstance(value, str) else name
    return name if name == "valueBoolean" and not isinstance(value, bool) else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key not in _DROPPED and not key.startswith("_")}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
