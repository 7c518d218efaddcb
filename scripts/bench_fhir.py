"""How much memory and time a hospital's export takes to be brought in, by its size.

    python scripts/bench_fhir.py [--megabytes 5 50 500]

Writes Bundles of one invented patient into a temporary folder, brings each into a fresh encrypted record in a process
of its own, and prints one line of JSON: seconds and peak resident memory of each, and the growth of both from the
smallest to the largest. Memory must not grow with the file.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_BEGAN = datetime(2010, 1, 1, tzinfo=UTC)
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ENTRIES = 40
"""Resources written at a time."""


def resources() -> Iterator[dict[str, Any]]:
    """Yield resources of one patient without end, of the kinds and sizes that Synthea writes."""
    number = 0
    while True:
        number += 1
        at = (_BEGAN + timedelta(minutes=7 * number)).isoformat()
        about = {"subject": {"reference": "urn:uuid:kim"}, "meta": {"profile": ["http://example.org/profile"]}}
        code, unit = (("4548-4", "%"), ("8867-4", "/min"), ("2947-0", "mmol/L"))[number % 3]
        yield about | {
            "resourceType": "Observation",
            "id": f"o{number}",
            "status": "final",
            "category": [{"coding": [{"system": _CATEGORY, "code": "laboratory"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": "a value"},
            "effectiveDateTime": at,
            "valueQuantity": {"value": 50 + number % 90 / 10, "unit": unit, "code": unit},
        }
        yield about | {
            "resourceType": "ExplanationOfBenefit",
            "id": f"e{number}",
            "status": "active",
            "text": {"status": "generated", "div": "<div>" + "claim " * 150 + "</div>"},
        }
        if number % 10 == 0:
            cold = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "J06.9"}], "text": "a cold"}
            yield about | {"resourceType": "Condition", "id": f"c{number}", "code": cold, "onsetDateTime": at}


def write(path: Path, megabytes: float) -> int:
    """Write one Bundle of about so many megabytes; return how many resources it holds."""
    written, size, found = 1, 0, resources()
    patient = {"resourceType": "Patient", "id": "kim", "name": [{"text": "김순자"}], "birthDate": "1943-05-12"}
    with path.open("w", encoding="utf-8") as file:
        file.write('{"resourceType": "Bundle", "type": "transaction", "entry": [')
        file.write(json.dumps({"fullUrl": "urn:uuid:kim", "resource": patient}))
        while size < megabytes * 1e6:
            part = "".join(", " + json.dumps({"resource": next(found)}) for _ in range(_ENTRIES))
            file.write(part)
            size += len(part)
            written += _ENTRIES
        file.write("]}")
    return written


def bring(path: Path, folder: Path) -> dict[str, float]:
    """Bring a file into a fresh record; return what it took."""
    from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
    from companion.core.person import Person
    from companion.store.database import Stamp
    from companion.store.opening import Place, open_record
    from companion.wiring.hospital import as_confirmed, bring_in, chosen, look_through

    now = datetime.now(UTC)
    record = open_record(Place(folder), stamp=Stamp("bench"), now=lambda: now, ask=lambda: "correct horse battery")
    person = record.people.add(Person("", "순자님"))
    wording = Wording("1", "0" * 64)
    record.consents.decide(
        person.id, Decision(Item.HEALTH, Answer.GIVEN, now, Giver.PERSON, "김순자", Manner.SIGNED, wording)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    gathered = look_through([path])
    looked = time.perf_counter() - begun
    patient, _ = as_confirmed(record, person, chosen(gathered, ""))
    told, _ = bring_in(record, person, patient, gathered)
    taken = time.perf_counter() - begun
    record.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds_looking": round(looked, 1),
        "seconds": round(taken, 1),
        "added": told.added,
        "readings": told.readings_added,
        "peak_mib": round(peak / 1024),
        "before_mib": round(before / 1024),
    }


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, nargs="+", default=[5, 50, 500])
    parser.add_argument("--bring", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if asked.bring is not None:
            print(json.dumps(bring(asked.bring, Path(name) / "record")))
            return
        measured = []
        for megabytes in asked.megabytes:
            path = Path(name) / "bundle.json"
            count = write(path, megabytes)
            done = subprocess.run(
                [sys.executable, __file__, "--bring", str(path)], check=True, stdout=subprocess.PIPE, text=True
            )
            measured.append({"megabytes": megabytes, "resources": count, **json.loads(done.stdout)})
    first, last = measured[0], measured[-1]
    growth = {name: round(last[name] / first[name], 2) for name in ("megabytes", "seconds", "peak_mib")}
    print(json.dumps({"files": measured, "growth": growth}))


if __name__ == "__main__":
    main()
