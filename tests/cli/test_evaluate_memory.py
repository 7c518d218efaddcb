"""``companion evaluate memory``."""

from __future__ import annotations

import json
from pathlib import Path

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program

SETS = Path(__file__).parents[1] / "evaluation" / "sets"


def test_memory_is_measured_on_one_line_of_json(companion: Program) -> None:
    """Facts planted and recalled, and those that nobody told."""
    done = companion("evaluate", "memory", "--json", str(SETS / "memory_seen.jsonl"))
    figures = json.loads(done.stdout)

    assert done.returncode == ExitCode.OK
    assert figures["n"] == 114
    assert figures["recalled"] <= figures["planted"]
