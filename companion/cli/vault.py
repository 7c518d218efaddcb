"""``companion vault status|rotate|recover``: the keys of the record."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import new_passphrase, passphrase, recovery_code

app: Final = typer.Typer(help="기록의 열쇠 (keys of the record)", no_args_is_help=True)
_Key = Annotated[str | None, typer.Option("--key", help="file, keyring, passphrase 가운데 하나 (what opens it)")]


@app.command("status")
def status(*, json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False) -> None:
    """기록이 어떻게 잠겨 있는지 보여 줍니다 (how the record is locked)."""
    from companion.wiring.vault import look

    found = look()
    if json:
        print_json({"method": found.method, "changes": found.changes, "bytes": found.size})
        return
    method = say(f"vault.method.{found.method}")
    print_line(say("vault.status", file=found.file, megabytes=found.size / 1e6, method=method, changes=found.changes))


@app.command("rotate")
def rotate(key: _Key = None) -> None:
    """열쇠와 복구 번호를 바꿉니다. 기록을 모두 새로 잠급니다 (change the key)."""
    from companion.wiring.vault import change_key

    _show(change_key(key, ask=passphrase, ask_new=new_passphrase))


@app.command("recover")
def recover(key: _Key = None) -> None:
    """열쇠를 잃었을 때, 적어 둔 복구 번호로 엽니다 (open with the recovery code)."""
    from companion.wiring.vault import change_key

    _show(change_key(key, ask=passphrase, ask_new=new_passphrase, code=recovery_code()))


def show_code(code: str) -> None:
    """Show a recovery code, once."""
    tell("vault.code")
    print_line(code)


def _show(changed: tuple[str, str]) -> None:
    method, code = changed
    tell("vault.rotated", method=say(f"vault.method.{method}"))
    show_code(code)
