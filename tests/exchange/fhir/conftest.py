"""A dossier of half a year with what a hospital recorded, as the resources of its export."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from companion.core.hospital import HospitalRecord, KeptHospitalRecord
from companion.exchange.dossier import Dossier
from companion.exchange.fhir.incoming.bringing import Tally, taken_from
from companion.wiring.export_files import fhir_of
from companion.wiring.exporting import hospital_entry
from companion.wiring.hospital import look_through, taker_for
from tests.exchange.fhir.resources import Json

SAMPLES = Path(__file__).parent / "samples"
HOSPITAL = SAMPLES / "pysynthea_Guadalupe_Rodrigez.json.gz"
IMMUNISED = SAMPLES / "synthea_smart_Kirsten_Witting.json.gz"


@pytest.fixture(scope="session")
def told(dossier: Dossier) -> Dossier:
    """Give the dossier of somebody with records of two hospitals."""
    found = []
    for file in (HOSPITAL, IMMUNISED):
        gathered = look_through([file])
        patient = gathered.patient(gathered.keys[0])
        now = dossier.made.at
        taken = taken_from(file, gathered, patient.key, taker_for(dossier.person, now), Tally(), now)
        records = (one for one in taken if isinstance(one, HospitalRecord))
        found += [
            hospital_entry(KeptHospitalRecord(f"{file.name}-{n}", one, patient.origin, "i", file.name, now), now)
            for n, one in enumerate(records)
        ]
    return replace(dossier, hospital=tuple(found))


@pytest.fixture(scope="session")
def exported(told: Dossier) -> bytes:
    """Give the transaction of it."""
    return fhir_of(told).files["malbeot.fhir.json"]


@pytest.fixture(scope="session")
def resources(exported: bytes) -> list[Json]:
    """Give its resources."""
    whole: dict[str, Any] = json.loads(exported)
    return [entry["resource"] for entry in whole["entry"]]


def of(resources: list[Json], kind: str, code: str = "") -> list[Json]:
    """Return the resources of a type, and with a LOINC code."""
    return [
        one
        for one in resources
        if one["resourceType"] == kind
        and (not code or any(coding.get("code") == code for coding in one["code"].get("coding", ())))
    ]
