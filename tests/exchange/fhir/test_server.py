"""An export goes into a real FHIR server, is found there, comes out again, and is read by our own import."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.core.consent import Item
from companion.core.hospital import Kind
from companion.exchange.dossier import Dossier
from companion.screening.record import Status
from companion.wiring.hospital import as_confirmed, bring_in, chosen, look_through
from tests.exchange.fhir.conftest import of
from tests.exchange.fhir.resources import Json
from tests.exchange.fhir.server import NoServer, Server, running_server
from tests.records import agreeing, record_in


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Give an empty server; skip loudly where there is none."""
    try:
        with running_server() as running:
            yield running
    except NoServer as error:
        pytest.skip(f"FHIR SERVER NOT TESTED: {error}")


@pytest.fixture(scope="module")
def sent(server: Server, exported: bytes) -> tuple[int, Json]:
    """Send the export; give the answer."""
    return server.ask("", exported)


@pytest.fixture(scope="module")
def patient(resources: list[Json]) -> str:
    return str(of(resources, "Patient")[0]["id"])


def test_the_server_takes_every_resource(sent: tuple[int, Json], resources: list[Json]) -> None:
    """A transaction is all or nothing, and this one is all."""
    status, answer = sent
    assert status == 200, answer
    assert Counter(entry["response"]["status"][:3] for entry in answer["entry"]) == {"201": len(resources)}


def test_what_was_sent_is_found_by_its_codes(
    server: Server, sent: tuple[int, Json], patient: str, resources: list[Json]
) -> None:
    """Totals, items, vital signs and conditions, each as many as there were."""
    assert sent[0] == 200
    for code in ("44261-6", "44260-8", "48545-8", "8867-4", "85354-9"):
        found = server.every(f"/Observation?patient={patient}&code=http://loinc.org%7C{code}")
        assert len(found) == len(of(resources, "Observation", code)) > 0
    conditions = server.every(f"/Condition?patient={patient}")
    assert len(conditions) == len(of(resources, "Condition"))


def test_sending_it_twice_changes_nothing(
    server: Server, sent: tuple[int, Json], exported: bytes, resources: list[Json], patient: str
) -> None:
    """Everything is replaced by itself."""
    assert sent[0] == 200
    status, answer = server.ask("", exported)
    assert status == 200
    assert {entry["response"]["status"][:3] for entry in answer["entry"]} == {"200"}
    assert len(server.every(f"/Observation?patient={patient}")) == len(of(resources, "Observation"))


def test_everything_comes_out_again_and_is_read_by_our_import(
    server: Server, sent: tuple[int, Json], patient: str, resources: list[Json], dossier: Dossier, tmp_path: Path
) -> None:
    """Scores, readings and conditions are the same; a second reading adds nothing."""
    assert sent[0] == 200
    everything = server.every(f"/Patient/{patient}/$everything")
    file = tmp_path / "everything.json"
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in everything]}
    file.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    with record_in(tmp_path / "record") as record:
        person = agreeing(record, Item.HEALTH)
        gathered = look_through([file])
        confirmed, _ = as_confirmed(record, person, chosen(gathered, patient))
        told, tally = bring_in(record, person, confirmed, gathered)
        again, _ = bring_in(record, person, confirmed, gathered)
        records = record.hospital.records(person.id)
    assert tally.reasons == {}
    assert again.added == again.readings_added == 0
    assert told.readings_added == len({(one.kind, one.at, one.until, one.value) for one in dossier.readings})
    assert sum(one.kind is Kind.CONDITION for one in records) == len(of(resources, "Condition"))
    own = Counter(
        (one.screening.instrument, one.score.rounded)
        for one in dossier.screenings
        if one.score is not None and one.score.total_code and one.status is Status.COMPLETE
    )
    forms = Counter((one.instrument, one.number) for one in records if one.kind is Kind.FORM and one.number is not None)
    scores = Counter((one.instrument, one.number) for one in records if one.kind is Kind.SCORE)
    assert forms == own
    assert own <= scores
