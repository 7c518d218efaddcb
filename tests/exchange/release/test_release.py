"""A release as its recipient gets it: tables, papers, digests; read by DuckDB, counted by an independent library."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from companion.core.access import OWNER
from companion.core.consent import Answer, Item
from companion.core.research import NewRelease
from companion.errors import InputError, StorageFull
from companion.exchange.release import making, rows
from companion.exchange.release.making import Standing, handing_over, publish, workshop
from companion.exchange.release.policy import read_policy
from companion.exchange.release.preparing import prepare
from companion.store.record import Record
from companion.store.research import research_view
from companion.wiring.instruments import instruments
from companion.wiring.releasing import hierarchies, schema
from scripts.demo.cohort import Cohort, person_id, seed_cohort
from tests.exchange.release.conftest import NOW, PEOPLE, SEOUL, Released, example_policy, release_into, rules_of
from tests.fakes.clock import FakeClock
from tests.records import decision, opened

ORACLE = ("pycanon==1.3.5",)
"""Pins numpy and pandas: it lives in an environment of its own."""
COUNT = """
import json, sys
import pandas
from pycanon import anonymity
manifest = json.load(open(sys.argv[1] + "/manifest.json", encoding="utf-8"))
people = pandas.read_csv(sys.argv[1] + "/csv/people.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
quasi, sensitive = manifest["privacy"]["quasi_identifiers"], [manifest["privacy"]["sensitive"]]
print(json.dumps({
    "k": anonymity.k_anonymity(people, quasi),
    "l": anonymity.l_diversity(people, quasi, sensitive),
    "k_with_sensitive": anonymity.k_anonymity(people, quasi + sensitive),
}))
"""


@pytest.fixture(scope="session")
def oracle() -> Path:
    """Give a Python with an independent library of anonymity, made once for what it pins and kept for other runs."""
    name = hashlib.sha256("\n".join((*ORACLE, sys.version)).encode()).hexdigest()[:16]
    folder = Path.home() / ".cache" / "malbeot-tests" / f"oracle-{name}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        uv = [sys.executable, "-m", "uv"]
        venv = [*uv, "venv", "-q", "--python", sys.executable, str(folder)]
        made = subprocess.run(venv, check=False, capture_output=True)
        install = [*uv, "pip", "install", "-q", "--python", str(python), *ORACLE]
        if made.returncode or subprocess.run(install, check=False, capture_output=True).returncode:
            pytest.skip("no package registry is in reach: k and l were counted by our own code alone")
        (folder / "whole").touch()
    return python


def test_an_independent_library_counts_the_same_k_and_l(released: Released, oracle: Path) -> None:
    """What the manifest claims of the people table is what pycanon finds in it."""
    done = subprocess.run([oracle, "-c", COUNT, released.folder], check=True, capture_output=True, text=True)
    counted, claimed = json.loads(done.stdout), released.manifest["privacy"]

    assert (counted["k"], counted["l"]) == (claimed["k"], claimed["l"])
    assert claimed["k"] >= claimed["k_asked"] == 5
    assert claimed["l"] >= claimed["l_asked"] == 2
    assert counted["k_with_sensitive"] >= 5


def test_duckdb_reads_the_partitions_as_they_are(released: Released) -> None:
    """Hive partitions, typed columns; tables join by pseudonym; CSV and Parquet tell the same."""
    claimed = {name: table["rows"] for name, table in released.manifest["tables"].items()}

    counted = {name: released.rows(f"SELECT count(*) FROM {name}")[0][0] for name in claimed}  # noqa: S608
    joined = released.rows(
        "SELECT count(*), sum(a.score) = sum(s.total) FROM (SELECT person, screening, sum(score)::INT AS score "
        "FROM answers GROUP BY ALL) a JOIN screenings s USING (person, screening)"
    )
    months = released.rows("SELECT count(DISTINCT date_trunc('month', date)) FROM days")
    with closing(duckdb.connect()) as connection:
        lines = connection.execute("SELECT count(*) FROM read_csv(?)", [f"{released.folder}/csv/days.csv"]).fetchall()

    assert counted == claimed
    assert claimed["answers"] > 0
    assert joined[0][1]
    assert months[0][0] > 12
    assert lines == [(claimed["days"],)]


def test_many_people_lie_in_sixteen_partitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released: Released
) -> None:
    """The first digit of the pseudonym says where."""
    monkeypatch.setattr("companion.exchange.release.writing._ONE_BUCKET", 10)
    release_into(tmp_path / "out", released.record, released.rules)
    again = replace(released, folder=tmp_path / "out")

    assert len(list((tmp_path / "out/parquet/days").iterdir())) == 16
    same = "SELECT * EXCLUDE (bucket) FROM people ORDER BY person"
    assert again.rows(same) == released.rows(same)
    assert again.rows("SELECT count(*) FROM people WHERE bucket != substr(person, 1, 1)") == [(0,)]


def test_only_who_agrees_is_in_it_and_nobody_by_name(released: Released) -> None:
    """Nine of ten agreed; no id of the record, no day on which anything really was, stands anywhere."""
    everything = b"".join(path.read_bytes() for path in sorted((released.folder / "csv").iterdir()))
    inside = released.rows("SELECT count(*) FROM people")[0][0]

    assert inside <= len(released.participants) < PEOPLE
    assert inside + released.manifest_loss["suppressed"] == len(released.participants)
    assert b"cohort-" not in everything
    assert all(person.encode() not in everything for person in released.participants)


def test_every_file_is_what_the_manifest_says(released: Released) -> None:
    """Digests, sizes, and nothing beside them; nobody else can read it."""
    listed = {one["path"]: one for one in released.manifest["files"]}
    found = {
        path.relative_to(released.folder).as_posix(): path for path in released.folder.rglob("*") if path.is_file()
    }

    assert set(listed) | {"manifest.json"} == set(found)
    for name, one in listed.items():
        assert hashlib.sha256(found[name].read_bytes()).hexdigest() == one["sha256"]
        assert found[name].stat().st_size == one["bytes"]
    assert {path.stat().st_mode & 0o077 for path in found.values()} == {0}


def test_the_codebook_names_every_column(released: Released) -> None:
    """Type, unit and meaning of each, and no column without them."""
    with (released.folder / "codebook.csv").open(encoding="utf-8-sig", newline="") as file:
        described = {(one["table"], one["column"]): one for one in csv.DictReader(file)}
    written = {(name, column) for name, table in released.manifest["tables"].items() for column in table["columns"]}

    assert set(described) == written
    assert all(one["type"] and one["what"] for one in described.values())


def test_what_was_lost_is_said_in_numbers_and_words(released: Released) -> None:
    """The report adds up, and the text beside it has no slot left open."""
    loss = released.manifest_loss
    text = (released.folder / "README.ko.txt").read_text(encoding="utf-8")

    assert sum(loss["screenings"].values()) == released.manifest["tables"]["screenings"]["rows"]
    assert loss["people"] + loss["suppressed"] == loss["considered"]
    assert str(loss["people"]) in text
    assert "{" not in text
    assert "나이대" in text
    assert released.rules.policy.recipient in text


def test_intervals_between_the_days_of_a_person_stay(released: Released) -> None:
    """What is shown of a person's days are their real days, moved by one number of weeks."""
    shown: dict[str, list[date]] = {}
    for pseudonym, day in released.rows("SELECT person, date FROM days ORDER BY person, date"):
        shown.setdefault(pseudonym, []).append(day)
    with research_view(released.record.database) as source:
        for history in source.histories(list(released.participants.values())[:40]):
            days = shown.get(released.called(history.participant.id), [])
            real = sorted({talk.at.astimezone(SEOUL).date() for talk in history.talks})
            if days:
                start = next(
                    place
                    for place in range(len(real))
                    if [one - real[place] for one in real[place : place + len(days)]] == [one - days[0] for one in days]
                )
                assert (days[0] - real[start]).days % 7 == 0
                assert days[0] != real[start]


def test_consent_to_health_data_gates_what_is_read(tmp_path: Path) -> None:
    """Who agreed to research and took back that health data is kept is in it without screenings and readings."""
    clock = FakeClock()
    clock.now = lambda: NOW  # type: ignore[method-assign] # the cohort ends today
    with closing(opened(tmp_path / "record", clock)) as record:
        seed_cohort(record.database, Cohort(60, 90, NOW), instruments()["phq9"])
        for number in range(12):
            record.consents.decide(person_id(number), replace(decision(Item.HEALTH, Answer.WITHDRAWN), at=NOW))
        with research_view(record.database) as source:
            people = [one for one in source.participants() if not one.health]
            histories = list(source.histories(people))

    assert len(histories) == 12
    assert all(one.talks and not one.screenings and not one.readings for one in histories)
    assert {done.mood_before for one in histories for done in one.activities} == {None}


def test_fewer_people_than_k_are_refused(tmp_path: Path) -> None:
    """Four people, and nothing is written."""
    clock = FakeClock()
    clock.now = lambda: NOW  # type: ignore[method-assign] # the cohort ends today
    with closing(opened(tmp_path / "record", clock)) as record:
        seed_cohort(record.database, Cohort(4, 30, NOW), instruments()["phq9"])
        with pytest.raises(InputError) as refused:
            release_into(tmp_path / "out", record, rules_of(example_policy()))

    assert refused.value.key == "release.too_few"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "record"]


def test_a_few_dozen_people_cannot_reach_k(tmp_path: Path) -> None:
    """Three quasi-identifiers of 24 people cannot be shown without leaving out more than the policy allows."""
    clock = FakeClock()
    clock.now = lambda: NOW  # type: ignore[method-assign] # the cohort ends today
    with closing(opened(tmp_path / "record", clock)) as record:
        seed_cohort(record.database, Cohort(24, 90, NOW), instruments()["phq9"])
        fine = replace(example_policy(), coarsest={"age": 1, "sex": 0, "region": 1})
        with pytest.raises(InputError) as refused:
            release_into(tmp_path / "out", record, rules_of(fine))

    assert refused.value.key == "release.unreachable"
    assert not (tmp_path / "out").exists()


def test_a_release_that_somebody_stands_out_of_is_never_handed_over(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong on the way, what was written is counted before it gets its name."""
    honest = rows.rows_of

    def careless(member: object, *more: object) -> object:
        found = honest(member, *more)  # type: ignore[arg-type] # passed on
        if member.pseudonym.startswith("0"):  # type: ignore[attr-defined] # a Member
            found.tables["people"][0]["age_band"] = member.pseudonym  # type: ignore[index, attr-defined]
        return found

    monkeypatch.setattr(making, "rows_of", careless)
    with pytest.raises(Standing):
        release_into(tmp_path / "out", released.record, released.rules)

    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    """Nothing is ever written over."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/paper").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError) as refused, workshop(tmp_path / "out"):
        pass

    assert refused.value.key == "release.exists"
    assert (tmp_path / "out/paper").read_text(encoding="utf-8") == "mine"


def new_release(release_id: str) -> NewRelease:
    """Return what the ledger keeps of a release."""
    texts = dict.fromkeys(("title", "recipient", "purpose", "legal_basis", "terms", "software"), "-")
    return NewRelease(
        id=release_id,
        expires=date(2027, 1, 1),
        policy_digest="0" * 64,
        manifest_digest="1" * 64,
        k=5,
        l=2,
        rows={"people": 3},
        formats=("csv",),
        **texts,
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Record:
    """Give a small record of its own."""
    clock = FakeClock()
    clock.now = lambda: datetime(2026, 11, 26, 23, 59, tzinfo=UTC)  # type: ignore[method-assign]
    record = opened(tmp_path / "record", clock)
    seed_cohort(record.database, Cohort(8, 20, NOW), instruments()["phq9"])
    return record


def test_whoever_left_is_owed_a_word_to_the_recipient(ledger: Record) -> None:
    """Withdrawn or erased: their pseudonym is listed until the recipient was told, and no release names them again."""
    release_id = ledger.releases.new_id()
    members = [person_id(number) for number in range(8)]
    ledger.releases.hand_over(OWNER, new_release(release_id), members, publish=lambda: None)
    assert ledger.releases.withdrawals(OWNER) == []
    assert [one.release.id for one in ledger.releases.holding(members[0])] == [release_id]

    ledger.consents.decide(members[0], replace(decision(Item.RESEARCH, Answer.WITHDRAWN), at=NOW))
    ledger.belongings.erase(members[1])

    (left,) = ledger.releases.withdrawals(OWNER)
    assert len(left.untold) == 2
    assert not set(left.untold) & set(members)
    with research_view(ledger.database) as source:
        assert {one.id for one in source.participants()} == set(members[2:])
    ledger.releases.note_told(OWNER, release_id[-8:])
    (told,) = ledger.releases.withdrawals(OWNER)
    assert (told.untold, told.told) == ((), left.untold)
    ledger.close()


def test_somebody_who_withdraws_while_it_is_made_stops_it(ledger: Record, tmp_path: Path) -> None:
    """Consent is asked again in the transaction that hands the release over; the folder never gets its name."""
    members = [person_id(number) for number in range(8)]
    ledger.consents.decide(members[3], replace(decision(Item.RESEARCH, Answer.WITHDRAWN), at=NOW))

    with workshop(tmp_path / "out") as part, pytest.raises(InputError) as refused:
        ledger.releases.hand_over(
            OWNER, new_release(ledger.releases.new_id()), members, publish=lambda: publish(part, tmp_path / "out")
        )

    assert refused.value.key == "release.withdrawn_meanwhile"
    assert ledger.releases.list(OWNER) == []
    assert not (tmp_path / "out").exists()
    ledger.close()


def test_a_commit_that_fails_takes_the_folder_back(ledger: Record, tmp_path: Path) -> None:
    """The folder has its name before the ledger is on the disk: where that fails, neither is there."""

    def then_full(move: Callable[[], None]) -> None:
        move()
        assert (tmp_path / "out/table").exists()
        raise StorageFull("store.cannot_write", file="-")

    given = new_release(ledger.releases.new_id())
    with workshop(tmp_path / "out") as part:
        (part / "table").write_text("rows", encoding="utf-8")
        with pytest.raises(StorageFull), handing_over(part, tmp_path / "out") as move:
            ledger.releases.hand_over(OWNER, given, [person_id(0)], publish=lambda: then_full(move))

    assert not (tmp_path / "out").exists()
    assert ledger.releases.list(OWNER) == []
    ledger.close()


def test_a_folder_that_cannot_get_its_name_leaves_no_entry(ledger: Record) -> None:
    """The ledger holds what was handed over and nothing else."""

    def full() -> None:
        raise StorageFull("release.cannot_write", folder="-")

    with pytest.raises(StorageFull):
        ledger.releases.hand_over(OWNER, new_release(ledger.releases.new_id()), [person_id(0)], publish=full)

    assert ledger.releases.list(OWNER) == []
    ledger.close()


def test_every_problem_of_a_policy_is_said_at_once() -> None:
    """Unknown keys, an expired date, k of 1, an unknown column, a missing recipient: one look mends them all."""
    text = """
nonsense = 1
[release]
title = "가"
purpose = "나"
legal_basis = "다"
terms = "라"
expires = 2026-11-26
[privacy]
k = 1
quasi_identifiers = ["age", "name"]
sensitive = "phq99"
[tables]
people = ["age_band", "region"]
screenings = ["total", "verbatim"]
turns = "all"
""".encode()
    policy, problems = read_policy(
        text, schema=schema(), hierarchies=hierarchies(), instruments=instruments(), today=date(2026, 11, 26)
    )

    assert policy is None
    assert {(one.place, one.code) for one in problems} == {
        ("nonsense", "unknown_key"),
        ("release.recipient", "missing"),
        ("release.expires", "expired"),
        ("privacy.k", "out_of_range"),
        ("privacy.quasi_identifiers", "unknown_choice"),
        ("privacy.sensitive", "unknown_choice"),
        ("tables.people", "unknown_column"),
        ("tables.screenings", "unknown_column"),
        ("tables.turns", "unknown_table"),
    }


def test_dry_and_real_agree_on_who_is_in_it(cohort_record: Record) -> None:
    """Preparing twice with one secret comes to the same."""
    rules = rules_of(example_policy())
    with research_view(cohort_record.database) as source:
        one, other = prepare(source, rules), prepare(source, rules)

    assert one == other
