"""The command line as a whole: sentences and exit statuses instead of tracebacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from companion import errors
from companion.cli.app import main
from companion.cli.exit_codes import ExitCode, exit_code_for


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["companion", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CompanionError)]


def test_an_unknown_setting_is_named_and_ends_with_its_status(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt setting is one sentence that says where it stands."""
    (own_home / "config.toml").write_text('[person]\nadress = "순자님"\n', encoding="utf-8")

    status = run(monkeypatch, "talk", "--text")

    shown = capsys.readouterr().err
    assert status == ExitCode.CONFIG
    assert "person.adress" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "line",
    ['profile = "huge"', "threads = 0", "[audio]\nend_of_turn_seconds = 0.3", "[voice]\nspeed = 9", "= broken"],
)
def test_a_value_out_of_range_is_refused(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    """No setting is silently bent."""
    (own_home / "config.toml").write_text(line, encoding="utf-8")

    assert run(monkeypatch, "talk", "--text") == ExitCode.CONFIG
    assert "config.toml" in capsys.readouterr().err


def test_two_ways_of_hearing_at_once_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--text and --demo exclude each other."""
    assert run(monkeypatch, "talk", "--text", "--demo") == ExitCode.INPUT
    assert "choose one mode" in capsys.readouterr().err


def test_an_unforeseen_failure_shows_a_sentence_and_keeps_no_words(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A defect tells where its places are written, and what was said is not among them."""

    def fail(*_: object) -> None:
        raise RuntimeError("비밀스러운 말")

    monkeypatch.setattr("companion.wiring.record.open_record", fail)

    status = run(monkeypatch, "people", "list")

    log = (own_home / "defects.log").read_text(encoding="utf-8")
    assert status == ExitCode.DEFECT
    assert "defects.log" in capsys.readouterr().err
    assert "RuntimeError" in log
    assert "비밀" not in log


def test_sessions_of_an_empty_record_say_how_to_begin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A first look is no error."""
    monkeypatch.setattr(sys, "argv", ["companion", "sessions", "list"])
    with pytest.raises(SystemExit) as ended:
        main()

    assert not ended.value.code
    assert "companion talk" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if kind is not errors.CompanionError])
def test_every_kind_of_error_has_a_documented_status(kind: type[errors.CompanionError]) -> None:
    """No foreseen error ends like a defect."""
    assert exit_code_for(kind("common.defect")) is not ExitCode.DEFECT


def test_every_exit_status_is_in_the_readme() -> None:
    """What a script sees can be looked up."""
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")

    assert [code for code in ExitCode if f"| {code.value} |" not in readme] == []


def test_the_help_works_as_a_program() -> None:
    """`python -m companion` is the same command."""
    done = subprocess.run([sys.executable, "-m", "companion", "--help"], check=True, capture_output=True, text=True)

    assert "talk" in done.stdout
