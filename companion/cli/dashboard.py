"""``companion dashboard``: the caregiver's screens in a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.defects import keep_log, note_defect
from companion.cli.exit_codes import ExitCode
from companion.cli.output import tell
from companion.cli.secret_entry import passphrase
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.wiring.desk import RecordDoor


def dashboard(
    *,
    person: Annotated[str, typer.Option("--person", help="이분부터 보기: 이름이나 번호의 끝자리 (whom to show)")] = "",
) -> None:
    """보호자 화면을 엽니다 (the caregiver's screens)."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("dashboard.no_terminal")
    door = opened_door()
    try:
        _show(door, person)
    finally:
        door.close()


def opened_door(*, kept_sign_in: bool = True) -> RecordDoor:
    """Return the door to the record of this device, the passphrase asked for once; no record is made by looking.

    Raises:
        VaultError: Its key is wrong or cannot be used.
    """
    from companion.config import load_settings
    from companion.wiring.clock import SystemClock
    from companion.wiring.desk import door_here

    settings = load_settings()
    return door_here(settings, SystemClock().now, passphrase, kept_sign_in=kept_sign_in)


def _show(door: RecordDoor, person: str) -> None:
    from companion.dashboard.app import Dashboard
    from companion.dashboard.appearance import appearance_file, kept_appearance

    keep_log()
    file = appearance_file()
    app = Dashboard(door, appearance=kept_appearance(file), appearance_file=file, person=person)
    app.run()
    if app.defect is not None:
        tell("common.defect", file=note_defect(app.defect) or "-")
        raise typer.Exit(ExitCode.DEFECT)
