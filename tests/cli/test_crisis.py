"""A crisis typed into `companion talk --text`; the scripted ones are in `tests/simulation`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program


def test_a_crisis_through_the_command(companion: Program, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed into `companion talk --text`, a plan is met with 119 and 109, and the next session returns to it."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    plan = own_home / "plan.toml"
    plan.write_text(
        '[person]\naddress = "순자님"\n[consent]\ngiver_name = "김순자"\nconversation = true\n', encoding="utf-8"
    )
    assert companion("setup", "--from", str(plan)).returncode == ExitCode.OK
    first = companion("talk", "--text", "--silent", typed="농약을 사다 놨어\n")
    second = companion("talk", "--text", "--silent")
    turns = json.loads(companion("sessions", "show", "--json").stdout)["turns"]

    assert first.returncode == second.returncode == ExitCode.OK
    assert "119번" in first.stdout
    assert "109번이에요" in first.stdout
    assert "지난번에 많이 힘들다고" in turns[0]["reply"]
