"""`companion simulate`: one line of figures and findings, and a clear word about a persona that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program
from tests.simulation.personas import FOLDER

WHOLE = (FOLDER / "park-yeongho.toml").read_text(encoding="utf-8")


def persona_in(folder: Path, text: str) -> Path:
    """Write a persona and the manner it names into a folder; return its file."""
    (folder / "people").mkdir()
    (folder / "manners").mkdir()
    manner = FOLDER.parent / "manners" / "gyeongsang.toml"
    (folder / "manners" / manner.name).write_text(manner.read_text(encoding="utf-8"), encoding="utf-8")
    file = folder / "people" / "somebody.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_life_is_told_in_one_line(companion: Program) -> None:
    """--json gives sessions, turns, faults and every finding with its session and turn; nothing else is printed."""
    done = companion("simulate", str(FOLDER / "park-yeongho.toml"), "--sessions", "2", "--no-encoder", "--json")
    told = json.loads(done.stdout)

    assert done.returncode == ExitCode.OK
    assert done.stdout.count("\n") == 1
    assert (told["persona"], told["sessions"]) == ("park-yeongho", 2)
    assert set(told["faults"]) == {"repeated", "forgotten", "misspoken", "unsafe"}
    assert sum(told["faults"].values()) == len(told["findings"])
    assert all({"check", "fault", "session", "turn", "detail"} <= set(one) for one in told["findings"])


def test_what_was_said_can_be_read(companion: Program) -> None:
    """--transcript prints who said what before the findings."""
    done = companion("simulate", str(FOLDER / "seo-jaemin.toml"), "--sessions", "1", "--no-encoder", "--transcript")

    assert done.returncode == ExitCode.OK
    assert "서 선생님" in done.stdout
    assert "대화 1번" in done.stdout


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda text: text.replace('manner = "gyeongsang"', ""), "manner"),
        (lambda text: text.replace("hours = [10, 19]", "hours = [10, 25]"), "life.hours"),
        (lambda text: text.replace("turns = [5, 9]", "turns = [9, 5]"), "life.turns"),
        (lambda text: text.replace('mood = ["fair", "low", "fair", "good"]', 'mood = ["sad"]'), "life.mood"),
        (lambda text: text.replace('about = "고아원"', 'about = "(고아원"'), "unterminated"),
        (lambda text: text.replace('say = "부산 3부두에서 사십 년 하역했다"\n', ""), "say"),
        (lambda text: text + "\n[unknown]\n", "unknown"),
        (lambda text: text + "\n[[", "TOML"),
    ],
)
def test_a_broken_persona_is_named(companion: Program, tmp_path: Path, change: object, named: str) -> None:
    """What is missing or unfit is told in one sentence, and nothing is lived."""
    assert callable(change)
    done = companion("simulate", str(persona_in(tmp_path, change(WHOLE))), "--json")

    assert done.returncode == ExitCode.INPUT
    assert done.stdout == ""
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_persona_that_is_not_there(companion: Program, tmp_path: Path) -> None:
    """It is said which file cannot be read."""
    done = companion("simulate", str(tmp_path / "nobody.toml"))

    assert done.returncode == ExitCode.INPUT
    assert "nobody.toml" in done.stderr


@pytest.mark.parametrize("count", ["0", "10001"])
def test_a_number_of_sessions_that_nobody_lives(companion: Program, count: str) -> None:
    """The range is told."""
    done = companion("simulate", str(FOLDER / "park-yeongho.toml"), "--sessions", count)

    assert done.returncode == ExitCode.INPUT
    assert "10000" in done.stderr
