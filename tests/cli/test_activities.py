"""``companion activities``: what ships, and what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program


def test_all_activities_are_listed_on_one_line_of_json(companion: Program) -> None:
    """With what speaks against each, and its source."""
    done = companion("activities", "list", "--json")
    listed = json.loads(done.stdout)

    assert done.returncode == ExitCode.OK
    assert listed["n"] == len(listed["activities"]) >= 24
    assert all(one["citation"] for one in listed["activities"])
    assert all(
        {"heart_disease", "lung_disease"} <= set(one["not_with"]) for one in listed["activities"] if one["holds_breath"]
    )


def test_the_shipped_scripts_are_whole(companion: Program) -> None:
    """Nothing to mend."""
    assert companion("activities", "check").returncode == ExitCode.OK


def test_every_problem_of_a_file_is_told_and_it_is_refused(companion: Program, tmp_path: Path) -> None:
    """One sentence for each."""
    file = tmp_path / "broken.toml"
    file.write_text('id = "x"\nkind = "juggling"\noffer = ["하자."]\n', encoding="utf-8")
    done = companion("activities", "check", str(file))

    assert done.returncode == ExitCode.INPUT
    assert len(done.stdout.splitlines()) > 3
    assert all("broken.toml" in line for line in done.stdout.splitlines())


def test_a_file_that_is_no_toml_is_refused_with_one_sentence(companion: Program, tmp_path: Path) -> None:
    """It says what is wrong."""
    file = tmp_path / "broken.toml"
    file.write_text("[[step", encoding="utf-8")
    done = companion("activities", "check", str(file))

    assert done.returncode == ExitCode.INPUT
    assert len(done.stderr.strip().splitlines()) == 1
