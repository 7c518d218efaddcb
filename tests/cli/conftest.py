"""`companion` as a program, and a machine that was set up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

PLAN = """
[person]
address = "순자님"
name = "김순자"
birth_year = 1943

[[contacts]]
name = "큰따님"
relation = "딸"
phone = "010-2345-6789"

[consent]
giver_name = "김순자"
manner = "signed"
conversation = true
health = true
sharing = ["김영희"]
alerts = ["큰따님"]
"""


class Program(Protocol):
    """Runs `companion` and returns what it did."""

    def __call__(self, *arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run it."""
        ...


@pytest.fixture
def companion(own_home: Path) -> Program:
    """Give the program, on a machine without model files."""
    (own_home / "config.toml").write_text('profile = "embedded"\n', encoding="utf-8")

    def run(*arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "companion", *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True, input=typed, timeout=240)

    return run


@pytest.fixture
def set_up(companion: Program, tmp_path: Path) -> Program:
    """Give the program on a machine where one person agreed to everything but research."""
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    assert companion("setup", "--from", str(plan)).returncode == 0
    return companion
