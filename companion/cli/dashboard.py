"""``companion dashboard``: the caregiver's screens in a terminal or a browser; their overview and keys as lines."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.defects import keep_log, note_defect
from companion.cli.exit_codes import ExitCode
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.errors import InputError, KeyRefused, SignInRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from companion.wiring.board import Board
    from companion.wiring.desk import Desk, RecordDoor

_PORT = 8420
_Person = Annotated[str, typer.Option("--person", help="이분부터 보기: 이름이나 번호의 끝자리 (whom to show)")]


def dashboard(  # noqa: PLR0913 - each is an option of the command line
    *,
    person: _Person = "",
    once: Annotated[bool, typer.Option("--once", help="한 번만 글로 보여 줍니다 (plain text)")] = False,
    json: Annotated[bool, typer.Option("--json", help="--once를 한 줄 JSON으로 (one line of JSON)")] = False,
    web: Annotated[bool, typer.Option("--web", help="이 기기의 브라우저에서 봅니다 (in a browser)")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="--web의 포트; 0은 아무거나 (port)")] = _PORT,
    keys: Annotated[bool, typer.Option("--keys", help="모든 키를 글로 보여 줍니다 (every key)")] = False,
    served: Annotated[bool, typer.Option("--served", hidden=True)] = False,
) -> None:
    """보호자 화면을 엽니다 (the caregiver's screens)."""
    if json and not once:
        raise InputError("dashboard.json_with_once")
    if once + web + keys + served > 1:
        raise InputError("dashboard.one_of")
    if keys:
        _print_keys()
    elif once:
        _print_overview(json=json)
    elif web:
        _serve(port)
    else:
        _open(person, served=served)


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


def _open(person: str, *, served: bool) -> None:
    if not served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("dashboard.no_terminal")
    _demand_letters()
    door = opened_door(kept_sign_in=not served)
    try:
        _show(door, person)
    finally:
        door.close()


def _demand_letters() -> None:
    """Refuse a terminal that cannot show the letters of the screens, rather than fill it with signs.

    Raises:
        InputError: Its encoding is not UTF-8.
    """
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    if codecs.lookup(encoding).name != "utf-8":
        raise InputError("dashboard.no_utf8", encoding=encoding)


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


def _print_overview(*, json: bool) -> None:
    from companion.dashboard.once import fields_of, lines_of
    from companion.wiring.board import board

    door = opened_door()
    try:
        found = _looked_once(door, board)
    finally:
        door.close()
    if json:
        print_json(fields_of(found))
        return
    for line in lines_of(found):
        print_line(line)


def _looked_once(door: RecordDoor, reading: Callable[[Desk], Board]) -> Board:
    """Look as whoever is signed in; else by the pass of a schedule, where one was given."""
    from companion.wiring.access import kept_pass

    try:
        return door.look(reading)
    except SignInRefused:
        given = kept_pass()
        if given is None:
            raise
    door.enter_by_pass(given)
    return door.look(reading)


def _print_keys() -> None:
    from companion.dashboard.keys_listed import listed

    for line in listed():
        print_line(line)


def _serve(port: int) -> None:
    """Serve to whoever has an account; where there is none, the link alone would open every record."""
    from companion.dashboard.web.serving import serve
    from companion.wiring.vault import look

    if look().method == "passphrase" and not os.environ.get("COMPANION_PASSPHRASE_FILE"):
        raise KeyRefused("dashboard.web_passphrase")
    door = opened_door(kept_sign_in=False)
    try:
        door.who()
    except SignInRefused:
        pass
    else:
        raise InputError("dashboard.web_needs_account")
    finally:
        door.close()
    serve(port, _say_where)


def _say_where(url: str) -> None:
    tell("dashboard.web_ready")
    print_line(url)
