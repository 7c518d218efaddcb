"""All resources of a dossier, as one transaction that may be sent twice, or as lines by type (bulk style).

Every resource is PUT under its own id: a server that has it already replaces it by the same, so that sending twice
changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from companion.exchange.dossier import Dossier
from companion.exchange.fhir.outgoing.forms import blank_forms, screening
from companion.exchange.fhir.outgoing.hospital import passed_on
from companion.exchange.fhir.outgoing.people import consents, device, meets_kr_core, patient, relatives
from companion.exchange.fhir.outgoing.readings import observations
from companion.exchange.fhir.outgoing.safety import alert, danger
from companion.exchange.fhir.outgoing.writing import Json, Writing


def resources_of(dossier: Dossier, words: Mapping[str, Any], codes: Mapping[str, Sequence[str]]) -> Iterator[Json]:
    """Yield the resources of a dossier, what is referred to before what refers to it.

    Args:
        dossier: What is exported.
        words: ``prompts/exchange/fhir.ko.toml``.
        codes: LOINC codes of readings by kind: part ``[codes]`` of ``prompts/vitals/codes.toml``.

    Raises:
        KeyError: A word or code is missing.
    """
    writing = Writing(dossier.person.id, dossier.zone, words, kr_core=meets_kr_core(dossier))
    yield patient(dossier, writing)
    yield device(dossier, writing)
    yield from relatives(dossier, writing)
    yield from consents(dossier, writing)
    yield from blank_forms(dossier, writing)
    for one in dossier.screenings:
        yield from screening(one, writing)
    yield from observations(dossier.readings, codes, writing)
    for found in dossier.dangers:
        yield danger(found, writing)
    for raised in dossier.alerts:
        yield alert(raised, writing)
    yield from passed_on(dossier.hospital, writing)


def transaction(resources: Iterator[Json]) -> bytes:
    """Return a transaction Bundle: the same resources give the same bytes."""
    whole = list(resources)
    inside = {_url(one): f"urn:uuid:{one['id']}" for one in whole}
    entries = [
        {
            "fullUrl": inside[_url(one)],
            "resource": _pointed(one, inside),
            "request": {"method": "PUT", "url": _url(one)},
        }
        for one in whole
    ]
    return _written({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def lines_by_type(resources: Iterator[Json]) -> dict[str, bytes]:
    """Return one file of lines for each type of resource, by name: ``Observation.ndjson``."""
    found: dict[str, list[bytes]] = {}
    for one in resources:
        found.setdefault(f"{one['resourceType']}.ndjson", []).append(_written(one))
    return {name: b"".join(lines) for name, lines in sorted(found.items())}


def _pointed(value: Any, inside: Mapping[str, str]) -> Any:  # noqa: ANN401 (JSON)
    """Return a resource whose references to others of the Bundle are their full addresses in it."""
    if isinstance(value, dict):
        return {
            name: inside.get(inner, inner) if name == "reference" else _pointed(inner, inside)
            for name, inner in value.items()
        }
    return [_pointed(one, inside) for one in value] if isinstance(value, list) else value


def _url(resource: Json) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
