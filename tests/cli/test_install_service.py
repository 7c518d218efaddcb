"""`companion install-service`: the unit is whole, hardened, and what systemd itself takes for a unit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from companion.wiring import service as wiring
from companion.wiring.service import Service, unit_text
from tests.cli.conftest import Program


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of the units of a user."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "my config"))
    return tmp_path / "my config" / "systemd" / "user"


def test_the_unit_is_written_said_and_removed(companion: Program, units: Path) -> None:
    """With what to type next; a second removal finds nothing."""
    done = companion("install-service", "--user")
    assert done.returncode == ExitCode.OK, done.stderr
    assert "systemctl --user daemon-reload && systemctl --user enable --now malbeot.service" in done.stderr
    text = (units / "malbeot.service").read_text(encoding="utf-8")
    assert f'ExecStart="{sys.executable}" -m companion run' in text
    assert "disable --now" in companion("install-service", "--user", "--remove").stderr
    assert not (units / "malbeot.service").exists()
    assert companion("install-service", "--user", "--remove").returncode == ExitCode.OK


def test_whoever_may_not_write_there_is_told_what_to_do(
    companion: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence, and no half a unit."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(wiring, "_SYSTEM", tmp_path)
    monkeypatch.setattr(Path, "write_text", refused)
    done = companion("install-service")
    assert done.returncode == ExitCode.INPUT
    assert "--user" in done.stderr
    assert list(tmp_path.glob("*.service")) == []


def test_a_unit_of_the_system_can_write_nothing_but_the_record(own_home: Path) -> None:
    """And may use sound and keys, and nothing else."""
    text = unit_text(Service(user=False, account="malbeot"))
    for line in (
        "User=malbeot",
        "ProtectSystem=strict",
        f'ReadWritePaths="{own_home.resolve()}"',
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "DevicePolicy=closed",
        "RestartPreventExitStatus=2 3 11",
    ):
        assert f"{line}\n" in text


@pytest.mark.parametrize("user", [True, False])
def test_systemd_takes_it_for_a_unit(
    user: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also with blanks and signs in the path of the record."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("SERVICE NOT VERIFIED: no systemd-analyze")
    monkeypatch.setenv("COMPANION_HOME", str(tmp_path / '말벗 100% "집"'))
    file = tmp_path / "malbeot.service"
    file.write_text(unit_text(Service(user=user, account="root")), encoding="utf-8")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    command = [analyze, *(["--user"] if user else []), "verify", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert "malbeot.service" not in done.stderr, done.stderr
