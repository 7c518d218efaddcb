"""`companion release`, run to its exit status on a machine with a record of many."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.core.access import OWNER
from companion.prompts import data_folder
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.wiring.instruments import instruments
from scripts.demo.cohort import Cohort, seed_cohort
from tests.cli.conftest import Program
from tests.records import PASSPHRASE
from tests.store.room import ADMIN, DAUGHTER, PASSWORD, quick_passwords


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Give a policy of today: whole, and good for a year."""
    text = (data_folder("prompts") / "release/policy.example.toml").read_text(encoding="utf-8")
    file = tmp_path / "policy.toml"
    file.write_text(text.replace("2027-12-31", "2099-12-31"), encoding="utf-8")
    return file


def seeded(home: Path, people: int) -> None:
    """Fill the record of the machine."""
    place = Place(home)
    now = datetime.now(UTC)
    with closing(open_record(place, stamp=Stamp("device"), now=lambda: now, ask=lambda: PASSPHRASE)) as record:
        seed_cohort(record.database, Cohort(people, 100, now), instruments()["phq9"])


def test_a_release_is_made_listed_and_left(companion: Program, own_home: Path, policy: Path, tmp_path: Path) -> None:
    """Tried, made, listed, catalogued; one person takes their consent back, and the recipient is to be told."""
    seeded(own_home, 120)
    out = tmp_path / "out"

    tried = companion("release", "--policy", str(policy), "--dry-run", "--json")
    made = companion("release", "--policy", str(policy), "--out", str(out), "--json")
    again = companion("release", "--policy", str(policy), "--out", str(out))
    listed = companion("release", "list", "--json")
    catalogue = companion("release", "list", "--dcat")
    leaving = [f"00000{number}" for number in range(6)]
    taken_back = ["--item", "research", "--answer", "withdrawn", "--giver-name", "본인"]
    withdrawn = [companion("people", "consent", one, *taken_back) for one in leaving]
    left = companion("release", "withdrawals", "--json")
    own = companion("people", "export", "000007", "--out", str(tmp_path / "own"))

    assert tried.returncode == made.returncode == listed.returncode == catalogue.returncode == 0, made.stderr
    assert not json.loads(tried.stdout)["made"]
    told = json.loads(made.stdout)
    assert told["k"] >= 5
    assert (out / "manifest.json").exists()
    assert again.returncode == 2
    (one,) = json.loads(listed.stdout)["releases"]
    assert (one["id"], one["people"]) == (told["release"], told["loss"]["people"])
    (dataset,) = json.loads(catalogue.stdout)["dcat:dataset"]
    assert dataset["dct:identifier"] == told["release"]
    assert dataset["dct:type"] == "current"
    assert {one.returncode for one in withdrawn} == {0}
    held = sum("tell the recipients" in one.stderr for one in withdrawn)
    assert own.returncode == 0, own.stderr
    (owed,) = json.loads(left.stdout)["releases"]
    assert len(owed["untold"]) == held > 0


def test_every_look_is_audited(companion: Program, own_home: Path, policy: Path, tmp_path: Path) -> None:
    """Reading for a release, making it and listing it stand in the audit, with counts and digests only."""
    seeded(own_home, 120)
    companion("release", "--policy", str(policy), "--out", str(tmp_path / "out"), "--json")
    companion("release", "list")

    now = datetime.now(UTC)
    with closing(open_record(Place(own_home), stamp=Stamp("device"), now=lambda: now, ask=lambda: "")) as record:
        with record.database.reading() as session:
            entries = record.audit.entries(session, limit=5)
        assert record.releases.list(OWNER)
    assert [one.action for one in entries] == ["releases_listed", "release_made", "release_prepared"]
    assert len(str(entries[1].details["manifest"])) == 64


def test_a_flawed_policy_names_every_problem(companion: Program, tmp_path: Path) -> None:
    """On standard error, a line each; the record is not even read."""
    file = tmp_path / "policy.toml"
    file.write_text("[release]\ntitle = 3\n[privacy]\nk = 1\n", encoding="utf-8")

    done = companion("release", "--policy", str(file), "--out", str(tmp_path / "out"))

    assert done.returncode == 2
    assert done.stdout == ""
    assert {line.partition(":")[0] for line in done.stderr.splitlines()[:-1]} == {
        "release.title",
        "release.recipient",
        "release.purpose",
        "release.legal_basis",
        "release.terms",
        "release.expires",
        "privacy.k",
    }
    assert not (tmp_path / "out").exists()


def test_one_person_is_no_release(companion: Program, own_home: Path, policy: Path, tmp_path: Path) -> None:
    """One sentence, nothing written."""
    seeded(own_home, 1)

    done = companion("release", "--policy", str(policy), "--out", str(tmp_path / "out"))

    assert done.returncode == 2
    assert "fewer people than k" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_policy_is_needed(companion: Program) -> None:
    """Without one the command says where an example is."""
    done = companion("release")

    assert done.returncode == 2
    assert "docs/release.md" in done.stderr


def test_only_an_administrator_may(
    companion: Program, own_home: Path, policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caregiver who is signed in is refused, nothing is written, and the refusal stands in the audit."""
    quick_passwords(monkeypatch)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    seeded(own_home, 20)
    typed = PASSWORD + "\n"
    companion("accounts", "add", ADMIN, "--role", "administrator", "--stdin", typed=typed)
    companion("accounts", "sign-in", ADMIN, "--stdin", typed=typed)
    companion("accounts", "add", DAUGHTER, "--stdin", typed=typed)
    companion("accounts", "sign-out")
    assert companion("accounts", "sign-in", DAUGHTER, "--stdin", typed=typed).returncode == 0

    for command in (("--policy", str(policy), "--out", str(tmp_path / "out")), ("list",), ("withdrawals",)):
        assert companion("release", *command).returncode == 10
    assert not (tmp_path / "out").exists()
