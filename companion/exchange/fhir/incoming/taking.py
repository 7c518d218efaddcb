"""From resources to what is kept: records, readings, or the reason why something is not taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, TypeAlias

from companion.core.body import Reading
from companion.core.hospital import ENTERED_IN_ERROR, HospitalRecord, Kind
from companion.exchange.fhir.incoming.elements import (
    SNOMED,
    Concept,
    Json,
    coding,
    concept,
    dated,
    mapping,
    moment,
    objects,
    text,
)
from companion.exchange.fhir.incoming.forms import Forms
from companion.exchange.fhir.incoming.gathering import Gathered, tail
from companion.exchange.fhir.incoming.kept import ELEMENTS, digest_of_kept, flaw_of, kept_elements
from companion.exchange.fhir.incoming.observations import Observations
from companion.exchange.fhir.incoming.parts import Draft, Refused, Skipped
from companion.exchange.fhir.incoming.surveys import Surveys

Found: TypeAlias = HospitalRecord | Reading | Refused | Skipped
ReadingsOf: TypeAlias = Callable[[Json], Sequence[Reading | str]]
"""What measurements an Observation holds, each a reading or the reason why it is none; nothing for other codes."""
_SLACK: Final = timedelta(days=1)
_NOT_DONE: Final = frozenset({"not-done", "cancelled", "registered"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a hospital's record is none of 말벗's business."""

    observations: frozenset[str]
    categories: frozenset[str]
    conditions: frozenset[str]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> LeftOut:
        """Read ``prompts/exchange/left_out.toml``.

        Raises:
            KeyError: A part is missing.
        """
        seen = table["observations"]
        return cls(frozenset(seen["loinc"]), frozenset(seen["categories"]), frozenset(table["conditions"]["snomed"]))


class Taker:
    """Takes the resources about one patient.

    Args:
        surveys: Instruments as others exchange them.
        left_out: Codes that are not kept.
        readings_of: Finds what devices measure too.
        now: Aware; what lies after it has not happened.
    """

    def __init__(self, surveys: Surveys, left_out: LeftOut, readings_of: ReadingsOf, now: datetime) -> None:
        self._surveys = surveys
        self._left_out = left_out
        self._readings_of = readings_of
        self._now = now

    def taken(self, resource: Json, gathered: Gathered) -> Iterator[Found]:
        """Yield what is kept of a resource, and what is not taken."""
        kind = str(resource["resourceType"])
        if kind not in ELEMENTS:
            yield Skipped(kind)
            return
        if resource.get("modifierExtension"):
            yield Refused("modified", kind)
            return
        if flaw := flaw_of(resource):
            yield Refused("wrong_type", kind, flaw)
            return
        for one in self._parts(kind, resource, gathered):
            yield self._finished(one, resource) if isinstance(one, Draft) else one

    def _parts(self, kind: str, resource: Json, gathered: Gathered) -> Iterator[Draft | Reading | Refused | Skipped]:
        if kind == "Observation":
            yield from Observations(self._surveys, self._left_out, self._readings_of).parts(resource)
        elif kind == "QuestionnaireResponse":
            yield from Forms(self._surveys).parts(resource, gathered)
        elif kind == "Condition":
            yield self._condition(resource)
        elif kind in ("MedicationRequest", "MedicationStatement"):
            yield _medication(resource, gathered)
        else:
            yield _PLAIN[kind](resource)

    def _condition(self, resource: Json) -> Draft | Refused | Skipped:
        named = concept(resource.get("code"))
        if self._left_out.conditions & set(named.codes(SNOMED)):
            return Skipped("Condition (circumstances)")
        if not named.text:
            return Refused("no_name", "Condition")
        verified = concept(resource.get("verificationStatus")).first.code
        status = verified if verified in ("refuted", ENTERED_IN_ERROR) else ""
        return Draft(
            Kind.CONDITION,
            named,
            status or concept(resource.get("clinicalStatus")).first.code,
            dated(resource, "onsetDateTime", "onsetPeriod", "recordedDate"),
            ended=dated(resource, "abatementDateTime") or text(mapping(resource.get("abatementPeriod")).get("end")),
        )

    def _finished(self, draft: Draft, resource: Json) -> HospitalRecord | Refused:
        kind = str(resource["resourceType"])
        zone = self._zone
        occurred_at = moment(draft.occurred, zone)
        if occurred_at is None and (draft.occurred or draft.needs_moment):
            return Refused("no_moment", kind)
        if occurred_at is not None and occurred_at > self._now + _SLACK:
            return Refused("future", kind)
        kept = kept_elements(resource) if not draft.resource else draft.resource
        digest = digest_of_kept(kept)
        meta = mapping(resource.get("meta"))
        record = HospitalRecord(
            kind=draft.kind,
            resource_type=kind,
            resource_id=(text(resource.get("id")) or f"sha256-{digest[:32]}") + draft.suffix,
            text=draft.named.text,
            code=draft.named.first.code,
            system=draft.named.first.system,
            status=draft.status,
            occurred=draft.occurred,
            occurred_at=occurred_at,
            ended_at=moment(draft.ended, zone),
            value=draft.value.text,
            number=draft.value.number,
            unit=draft.value.unit,
            instrument=draft.instrument,
            version=text(meta.get("versionId")),
            updated_at=moment(meta.get("lastUpdated"), zone),
            resource=kept,
            digest=digest,
        )
        return record if record.text or draft.may_be_nameless else replace(record, text=record.code)

    @property
    def _zone(self) -> tzinfo:
        zone = self._now.tzinfo
        assert zone is not None  # noqa: S101 - aware by contract
        return zone


def _medication(resource: Json, gathered: Gathered) -> Draft | Refused | Skipped:
    kind = str(resource["resourceType"])
    if text(resource.get("status")) in _NOT_DONE:
        return Skipped(f"{kind} (not given)")
    named = concept(resource.get("medicationCodeableConcept"))
    kept = kept_elements(resource)
    if not named.text:
        named = _referred(resource, gathered)
        codings = [{"system": one.system, "code": one.code, "display": one.display} for one in named.codings]
        coded = [{name: value for name, value in one.items() if value} for one in codings]
        kept["medicationCodeableConcept"] = {"text": named.text, **({"coding": coded} if coded else {})}
    if not named.text:
        return Refused("no_name", kind)
    dosage = objects(resource.get("dosageInstruction")) or objects(resource.get("dosage"))
    told = "; ".join(filter(None, (text(one.get("text")) for one in dosage)))
    occurred = dated(resource, "authoredOn", "effectiveDateTime", "effectivePeriod")
    draft = Draft(Kind.MEDICATION, named, text(resource.get("status")), occurred, resource=kept)
    return replace(draft, value=replace(draft.value, text=told))


def _referred(resource: Json, gathered: Gathered) -> Concept:
    """Return what a prescription refers to: a Medication inside it, or one of the files."""
    reference = mapping(resource.get("medicationReference"))
    told = text(reference.get("reference"))
    for inner in objects(resource.get("contained")):
        if told == f"#{text(inner.get('id'))}":
            return concept(inner.get("code"))
    found = gathered.medications.get(tail(told), Concept())
    return found if found.text else Concept(text(reference.get("display")))


def _allergy(resource: Json) -> Draft | Refused | Skipped:
    named = concept(resource.get("code"))
    if not named.text:
        return Refused("no_name", "AllergyIntolerance")
    verified = concept(resource.get("verificationStatus")).first.code
    status = verified if verified in ("refuted", ENTERED_IN_ERROR) else ""
    reactions = (
        concept(manifestation).text
        for one in objects(resource.get("reaction"))
        for manifestation in objects(one.get("manifestation"))
    )
    draft = Draft(
        Kind.ALLERGY,
        named,
        status or concept(resource.get("clinicalStatus")).first.code,
        dated(resource, "onsetDateTime", "recordedDate"),
    )
    return replace(draft, value=replace(draft.value, text=", ".join(filter(None, reactions))))


def _encounter(resource: Json) -> Draft | Refused | Skipped:
    status = text(resource.get("status"))
    if status in ("planned", "cancelled"):
        return Skipped("Encounter (not happened)")
    named = concept(next(iter(objects(resource.get("type"))), {}))
    kind = coding(resource.get("class"))
    if not named.text:
        named = Concept(kind.display or kind.code, (kind,) if kind.code else ())
    reasons = filter(None, (concept(one).text for one in objects(resource.get("reasonCode"))))
    ended = text(mapping(resource.get("period")).get("end"))
    draft = Draft(Kind.ENCOUNTER, named, status, dated(resource, "period"), ended=ended, may_be_nameless=True)
    return replace(draft, value=replace(draft.value, text=", ".join(reasons)))


def _immunization(resource: Json) -> Draft | Refused | Skipped:
    return _done(resource, Kind.IMMUNIZATION, "vaccineCode", ("occurrenceDateTime",))


def _procedure(resource: Json) -> Draft | Refused | Skipped:
    return _done(resource, Kind.PROCEDURE, "code", ("performedDateTime", "performedPeriod"))


def _done(resource: Json, kind: Kind, name: str, moments: tuple[str, ...]) -> Draft | Refused | Skipped:
    of_type, status = str(resource["resourceType"]), text(resource.get("status"))
    if status in _NOT_DONE:
        return Skipped(f"{of_type} (not done)")
    named = concept(resource.get(name))
    return Draft(kind, named, status, dated(resource, *moments)) if named.text else Refused("no_name", of_type)


def _report(resource: Json) -> Draft | Refused | Skipped:
    status = text(resource.get("status"))
    if status in _NOT_DONE:
        return Skipped("DiagnosticReport (not done)")
    named = concept(resource.get("code"))
    if not named.text:
        return Refused("no_name", "DiagnosticReport")
    occurred = dated(resource, "effectiveDateTime", "effectivePeriod", "issued")
    draft = Draft(Kind.REPORT, named, status, occurred)
    return replace(draft, value=replace(draft.value, text=text(resource.get("conclusion"))))


_PLAIN: Final[Mapping[str, Callable[[Json], Draft | Refused | Skipped]]] = {
    "AllergyIntolerance": _allergy,
    "Encounter": _encounter,
    "Immunization": _immunization,
    "Procedure": _procedure,
    "DiagnosticReport": _report,
}
