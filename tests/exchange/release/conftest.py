"""A real record of an invented cohort, and a release made of it by the example policy: one for the whole session."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from companion.core.research import Participant, pseudonym
from companion.exchange.release.making import Imprint, make, publish, workshop
from companion.exchange.release.policy import Policy, read_policy
from companion.exchange.release.preparing import Rules, prepare
from companion.prompts import data_folder, prompt_table
from companion.store.record import Record
from companion.store.research import research_view
from companion.wiring.instruments import instruments
from companion.wiring.releasing import hierarchies, schema
from scripts.demo.cohort import Cohort, seed_cohort
from tests.fakes.clock import FakeClock
from tests.records import opened

NOW = datetime(2026, 11, 26, 23, 59, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
SECRET = bytes(range(32))
PEOPLE, DAYS = 200, 120
WORDS = prompt_table("release/words.ko.toml")["summary"]


@dataclass(frozen=True)
class Released:
    """A release, and what only its maker knows."""

    folder: Path
    record: Record
    rules: Rules
    participants: Mapping[str, Participant]
    """By id: everybody who was considered."""

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what it says of itself."""
        read: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return read

    @property
    def manifest_loss(self) -> dict[str, Any]:
        """Return what it says was lost."""
        read: dict[str, Any] = json.loads((self.folder / "loss_report.json").read_text(encoding="utf-8"))
        return read

    def called(self, person_id: str) -> str:
        """Return the pseudonym of a person."""
        return pseudonym(self.rules.secret, person_id)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask DuckDB; a table is called by its name."""
        with closing(duckdb.connect()) as connection:
            for name in self.manifest["tables"]:
                files = self.folder / "parquet" / name / "*" / "*.parquet"
                connection.execute(
                    f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', hive_partitioning=true)"  # noqa: S608
                )
            return connection.execute(query).fetchall()


def example_policy(**changes: Any) -> Policy:  # noqa: ANN401 - fields of any type
    """Return the policy that ships as an example, changed."""
    text = (data_folder("prompts") / "release/policy.example.toml").read_bytes()
    policy, problems = read_policy(
        text, schema=schema(), hierarchies=hierarchies(), instruments=instruments(), today=NOW.date()
    )
    assert policy is not None, problems
    return replace(policy, **changes)


def rules_of(policy: Policy, secret: bytes = SECRET) -> Rules:
    """Return by what a release is made."""
    return Rules(policy, schema(), hierarchies(), instruments(), secret, NOW)


def release_into(folder: Path, record: Record, rules: Rules) -> None:
    """Make a release of a record into a folder."""
    with workshop(folder) as part, research_view(record.database) as source:
        make(source, prepare(source, rules), rules, Imprint("release", "malbeot test", WORDS), part)
        publish(part, folder)


@pytest.fixture(scope="session")
def cohort_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Give the record of a cohort in which nine of ten agree to research."""
    clock = FakeClock()
    clock.now = lambda: NOW  # type: ignore[method-assign] # the cohort ends today
    with closing(opened(tmp_path_factory.mktemp("cohort"), clock)) as record:
        seed_cohort(record.database, Cohort(PEOPLE, DAYS, NOW, research=0.9), instruments()["phq9"])
        yield record


@pytest.fixture(scope="session")
def released(cohort_record: Record, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Give a release of the cohort by the example policy."""
    folder, rules = tmp_path_factory.mktemp("out") / "release", rules_of(example_policy())
    release_into(folder, cohort_record, rules)
    with research_view(cohort_record.database) as source:
        people = {one.id: one for one in source.participants()}
    return Released(folder, cohort_record, rules, people)
