"""`companion evaluate risk` as a program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode

CASES = [
    {"id": "a", "text": "농약을 사다 놨어 오늘 마실 거야", "label": "active_plan"},
    {"id": "b", "text": "오늘 점심에 국수를 먹었어", "label": "active"},
    {"id": "c", "text": "배고파 죽겠네", "label": "none", "more": 1},
    {"id": 4, "text": "죽고 싶어", "label": "none"},
    {"id": "e", "text": "그냥 그래", "label": "passive", "context": ["죽고 싶어"]},
]


def companion(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "companion", "evaluate", "risk", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=240)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES), encoding="utf-8")
    return path


def test_figures_are_one_line_of_json(file: Path, tmp_path: Path) -> None:
    """The fields of the issue, and nothing else on standard output; each case can be written as well."""
    done = companion(str(file), "--json", "--out", str(tmp_path / "out.jsonl"))
    figures = json.loads(done.stdout)

    assert done.returncode == ExitCode.OK
    assert done.stdout.count("\n") == 1
    assert figures["n"] == 5
    assert figures["recall"]["active_plan"] == {"watch": 1.0, "concern": 1.0, "urgent": 1.0}
    assert figures["missed"] == ["b", "e"]
    assert figures["false_alarms"] == ["4"]
    assert (figures["false_alarm_rate"], figures["watch_rate"]) == (0.5, 0.5)
    assert figures["false_alarms_per_1000"] == 500.0
    assert figures["false_alarms_by_kind"] == {"passive_wish": 1}
    assert figures["decided_by"] == {"rules": 2}
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 5


def test_the_figures_can_be_read(file: Path) -> None:
    """Without --json they are sentences."""
    done = companion(str(file))
    assert done.returncode == ExitCode.OK
    assert "active_plan" in done.stdout
    assert "missed" in done.stdout


@pytest.mark.parametrize(
    ("line", "named"),
    [('{"id": "x", "text": "가", "label": "grave"}', "label"), ('{"id": "x", "label": "none"}', "text"), ("{", "2")],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, named: str) -> None:
    """By number and field, with status 2 and no traceback."""
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "ok", "text": "가", "label": "none"}\n' + line + "\n", encoding="utf-8")
    done = companion(str(path), "--json")
    assert done.returncode == ExitCode.INPUT
    assert done.stdout == ""
    assert named in done.stderr
    assert "2" in done.stderr
    assert "Traceback" not in done.stderr
