"""The commands of `companion`, run to their exit status in the process of the test, and a machine that was set up."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
import typer.main

from companion.cli.app import main

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


@dataclass(frozen=True)
class Done:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


class Program(Protocol):
    """Runs `companion` with nobody at a terminal."""

    def __call__(self, *arguments: str, typed: str = "") -> Done:
        """Run it with what is typed on standard input."""
        ...


_tree = cache(typer.main.get_command)
"""The tree of commands, which holds nothing of a run and is dear to build."""


@pytest.fixture(autouse=True)
def one_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the tree of commands once for all commands that run in this process."""
    monkeypatch.setattr(typer.main, "get_command", _tree)


@pytest.fixture
def companion(own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """Give the program, on a machine without model files."""
    (own_home / "config.toml").write_text('profile = "embedded"\n', encoding="utf-8")

    def run(*arguments: str, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["companion", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def set_up(companion: Program, tmp_path: Path) -> Program:
    """Give the program on a machine where one person agreed to everything but research."""
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    assert companion("setup", "--from", str(plan)).returncode == 0
    return companion
