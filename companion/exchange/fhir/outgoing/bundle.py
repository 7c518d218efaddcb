"""All resources of a dossier, as one transaction that may be sent twice, or as lines by type (bulk style).

Every resource is PUT under its own id: a server that has it already replaces it by the same, so that sending twice
changes nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from companion.exchange.dossier import Dossier
from companion.exchange.fhir.outgoing.forms import blank_forms, screening
from companion.exchange.fhir.outgoing.hospital import passed_on
from companion.exchange.fhir.outgoing.paper import composition
from companion.exchange.fhir.outgoing.people import consents, device, meets_kr_core, patient, relatives
from companion.exchange.fhir.outgoing.readings import observations
from companion.exchange.fhir.outgoing.safety import alert, danger
from companion.exchange.fhir.outgoing.writing import Json, Writing, referred
from companion.exchange.report.layout import Section


def resources_of(
    dossier: Dossier, words: Mapping[str, Any], codes: Mapping[str, Sequence[str]], sections: Sequence[Section] = ()
) -> Iterator[Json]:
    """Yield the resources of a dossier, what is referred to before what refers to it.

    Args:
        dossier: What is exported.
        words: ``prompts/exchange/fhir.ko.toml``.
        codes: LOINC codes of readings by kind: part ``[codes]`` of ``prompts/vitals/codes.toml``.
        sections: Tables of a report that leave as a Composition.

    Raises:
        KeyError: A word or code is missing.
    """
    writing = Writing(dossier.person.id, dossier.zone, words, kr_core=meets_kr_core(dossier))
    told: list[Json] = []
    for one in _single(dossier, codes, writing):
        if one["resourceType"] in _TOLD:
            told.append(referred(one))
        yield one
    for one in passed_on(dossier.hospital, writing):
        if one["resourceType"] != "Provenance":
            told.append(referred(one))
        yield one
    yield from composition(dossier, sections, told, writing)


_TOLD: Final = frozenset({"QuestionnaireResponse", "DetectedIssue", "Communication"})
"""Of which a Composition tells."""


def _single(dossier: Dossier, codes: Mapping[str, Sequence[str]], writing: Writing) -> Iterator[Json]:
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


def transaction(resources: Iterator[Json]) -> bytes:
    """Return a transaction Bundle: the same resources give the same bytes. Only the text of it is held."""
    entries = (
        {
            "fullUrl": f"urn:uuid:{one['id']}",
            "resource": _pointed(one),
            "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"},
        }
        for one in resources
    )
    text = io.BytesIO(b'{"resourceType":"Bundle","type":"transaction","entry":[')
    text.seek(0, io.SEEK_END)
    for number, entry in enumerate(entries):
        text.write((b"," if number else b"") + _written(entry))
    text.write(b"]}\n")
    return text.getvalue()


def lines_by_type(resources: Iterator[Json]) -> dict[str, bytes]:
    """Return one file of lines for each type of resource, by name: ``Observation.ndjson``."""
    found: dict[str, io.BytesIO] = {}
    for one in resources:
        found.setdefault(f"{one['resourceType']}.ndjson", io.BytesIO()).write(_written(one))
    return {name: lines.getvalue() for name, lines in sorted(found.items())}


def _pointed(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return a resource whose references are full addresses in the Bundle: all that is referred to is in it."""
    if isinstance(value, dict):
        return {
            name: f"urn:uuid:{inner.rpartition('/')[2]}" if name == "reference" else _pointed(inner)
            for name, inner in value.items()
        }
    return [_pointed(one) for one in value] if isinstance(value, list) else value


def _written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
