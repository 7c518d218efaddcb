"""Patient, the people around, 말벗 itself as a Device, and what was agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from companion.core.consent import Answer, Decision
from companion.exchange.dossier import ArtifactStamp, Dossier
from companion.exchange.fhir.outgoing.writing import Json, Writing, utc_key, without_empty

_GENDERS: Final = frozenset({"male", "female", "other", "unknown"})
_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
_STATUS: Final[Mapping[Answer, str]] = {
    Answer.GIVEN: "active",
    Answer.REFUSED: "rejected",
    Answer.WITHDRAWN: "inactive",
}


def patient(dossier: Dossier, writing: Writing) -> Json:
    """Return the person; of KR Core where it holds what that demands."""
    person = dossier.person
    own = writing.id("patient")
    names = [{"use": "official", "text": person.name}] if person.name else []
    names.append({"use": "nickname", "text": person.address})
    return without_empty(
        {
            "resourceType": "Patient",
            "id": own,
            "meta": writing.profile("krcore-patient"),
            "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{own}"}],
            "name": names,
            "gender": dossier.gender if dossier.gender in _GENDERS else "",
            "birthDate": dossier.born or ("" if person.birth_year is None else str(person.birth_year)),
            "communication": [
                {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "ko"}]}, "preferred": True}
            ],
        }
    )


def meets_kr_core(dossier: Dossier) -> bool:
    """Return whether a person holds what the Patient of KR Core demands: a name, a sex and a birth."""
    birth = dossier.born or dossier.person.birth_year
    return bool(dossier.person.name and dossier.gender in _GENDERS and birth)


def relatives(dossier: Dossier, writing: Writing) -> Iterator[Json]:
    """Yield the people who may be told, without telephones and channels."""
    for contact in dossier.contacts:
        yield {
            "resourceType": "RelatedPerson",
            "id": writing.id("contact", contact.id),
            "active": True,
            "patient": writing.patient,
            "relationship": [{"text": contact.relation or writing.words["relation_unknown"]}],
            "name": [{"text": contact.name}],
        }


def device(dossier: Dossier, writing: Writing) -> Json:
    """Return 말벗: its version, and the digests of the model files that took part."""
    stamp = dossier.device
    artifacts = {one.id: one for profile in sorted(stamp.profiles) for one in stamp.profiles[profile]}
    return without_empty(
        {
            "resourceType": "Device",
            "id": writing.id("device"),
            "identifier": [{"type": {"text": "device"}, "value": one} for one in stamp.ids],
            "status": "active",
            "deviceName": [{"name": writing.words["device"], "type": "user-friendly-name"}],
            "type": {"text": writing.words["purpose"]},
            "version": [{"value": stamp.software}],
            "property": [one for artifact in artifacts.values() for one in _digests(artifact)],
            "patient": writing.patient,
            "note": [{"text": f"{name}: {driver}"} for name, driver in _drivers(dossier)],
        }
    )


def consents(dossier: Dossier, writing: Writing) -> Iterator[Json]:
    """Yield the last decision on each thing that was asked, for each person it names."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in dossier.consents:
        last[decision.item, decision.named] = decision
    for (item, named), decision in sorted(last.items()):
        yield _consent(item, named, decision, writing)


def _consent(item: str, named: str, decision: Decision, writing: Writing) -> Json:
    words = writing.words["consent"]
    told = words[item].format(named=named)
    scope = "research" if item == "research" else "patient-privacy"
    until = {"period": {"end": writing.moment(decision.until)}} if decision.until is not None else {}
    given = decision.answer is Answer.GIVEN
    return {
        "resourceType": "Consent",
        "id": writing.id("consent", item, named, utc_key(decision.at)),
        "status": _STATUS[decision.answer],
        "scope": {"coding": [{"system": _SCOPE, "code": scope}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}], "text": told}],
        "patient": writing.patient,
        "dateTime": writing.moment(decision.at),
        "performer": [{"display": decision.giver_name}] if decision.giver_name else [writing.patient],
        "policyRule": {
            "text": words["policy"].format(version=decision.wording.version, digest=decision.wording.digest)
        },
        "provision": {"type": "permit" if given else "deny", **until},
    }


def _digests(artifact: ArtifactStamp) -> Iterator[Json]:
    for name, digest in sorted(artifact.digests.items()):
        if digest:
            kind = f"{artifact.kind} {artifact.id} {artifact.revision} {name}"
            yield {"type": {"text": kind}, "valueCode": [{"text": f"sha256:{digest}"}]}


def _drivers(dossier: Dossier) -> list[tuple[str, str]]:
    return [("reply_driver", one) for one in sorted(dossier.device.reply_drivers)]
