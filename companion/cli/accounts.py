"""``companion accounts``: who may sign in, whose record is open to whom, and signing in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import hidden, line_of_input, passphrase, recovery_code
from companion.core.access import Account, Identity, Role
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.store.record import Record

app: Final = typer.Typer(help="기록을 볼 사람을 정합니다 (accounts)", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(help="계정 이름 (name of the account)")]
_Person = Annotated[str, typer.Argument(help="어르신의 이름, 호칭 또는 번호 (person: name or id)")]
_FromInput = Annotated[bool, typer.Option("--stdin", help="비밀번호를 표준 입력에서 읽습니다 (password from stdin)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("add")
def add(
    name: _Name,
    role: Annotated[Role, typer.Option(help="보호자, 의료진, 관리자 (what it is for)")] = Role.CAREGIVER,
    *,
    stdin: _FromInput = False,
) -> None:
    """계정을 만듭니다. 첫 계정은 관리자입니다 (add an account; the first is an administrator)."""
    with _record() as record:
        by = _here(record)
        record.accounts.add(by, name, role, _new_password(stdin=stdin))
    tell("access.added", name=name, role=say(f"access.role.{role}"))


@app.command("list")
def list_accounts(*, json: _Json = False) -> None:
    """계정을 모두 보여 줍니다 (every account)."""
    with _record() as record:
        accounts = record.accounts.all(_here(record))
    if json:
        print_json({"accounts": [_fields(account) for account in accounts]})
        return
    if not accounts:
        tell("access.none_yet")
    for account in accounts:
        state = say("access.state.disabled" if account.disabled else "access.state.open")
        role = say(f"access.role.{account.role}")
        print_line(say("access.line", name=account.name, role=role, people=len(account.people), state=state))


@app.command("passwd")
def change_password(
    name: _Name,
    *,
    stdin: _FromInput = False,
    by_code: Annotated[
        bool, typer.Option("--recovery-code", help="관리자가 잊었을 때, 복구 코드로 (forgotten: by the recovery code)")
    ] = False,
) -> None:
    """비밀번호를 바꿉니다. 자기 것은 옛 비밀번호가 먼저입니다 (change a password; your own: the old one first)."""
    from companion.wiring.access import let_in_again

    with _record() as record:
        if by_code:
            let_in_again(record, recovery_code(), name, _new_password(stdin=stdin))
        else:
            by = _here(record)
            old = None
            if record.accounts.is_own(by, name):
                old = line_of_input() if stdin else hidden("access.old_password")
            record.accounts.change_password(by, name, _new_password(stdin=stdin), old=old)
    tell("access.password_changed")


@app.command("disable")
def disable(name: _Name) -> None:
    """계정을 닫습니다 (an account signs in no more)."""
    with _record() as record:
        record.accounts.disable(_here(record), name)
    tell("access.disabled", name=name)


@app.command("grant")
def grant(name: _Name, person: _Person) -> None:
    """어르신의 기록을 계정에 열어 줍니다 (open a person's record to an account)."""
    with _record() as record:
        record.grants.grant(_here(record), name, record.people.find(person).id)
    tell("access.granted", name=name)


@app.command("revoke")
def revoke(name: _Name, person: _Person) -> None:
    """어르신의 기록을 계정에서 거둡니다 (close a person's record to an account)."""
    with _record() as record:
        record.grants.revoke(_here(record), name, record.people.find(person).id)
    tell("access.revoked", name=name)


@app.command("sign-in")
def sign_in(name: _Name, *, stdin: _FromInput = False) -> None:
    """이 기기에서 들어갑니다. 15분 쓰지 않으면 나갑니다 (sign in at this device)."""
    from companion.wiring.access import keep_token

    with _record() as record:
        keep_token(record.accounts.sign_in(name, line_of_input() if stdin else hidden("access.password")))
    tell("access.signed_in", name=name)


@app.command("sign-out")
def sign_out() -> None:
    """이 기기에서 나갑니다 (sign out)."""
    from companion.wiring.access import forget_token, kept_token

    with _record() as record:
        record.accounts.sign_out(kept_token())
    forget_token()
    tell("access.signed_out")


@app.command("schedule")
def schedule(
    *, end: Annotated[bool, typer.Option("--end", help="허락을 거둡니다 (let no schedule read any more)")] = False
) -> None:
    """예약해 둔 실행이 '한눈에 보기'를 읽게 합니다 (let a schedule of this device read the overview)."""
    from companion.wiring.access import end_pass, give_pass

    with _record() as record:
        if end:
            end_pass(record)
            tell("access.pass_ended")
        else:
            tell("access.pass_given", name=give_pass(record))


@contextmanager
def _record() -> Iterator[Record]:
    from companion.wiring.record import open_record, record_place

    if not record_place().exists:
        raise InputError("access.no_record")
    with open_record(passphrase) as record:
        yield record


def _here(record: Record) -> Identity:
    from companion.wiring.access import whoever_is_here

    return whoever_is_here(record)


def _new_password(*, stdin: bool) -> str:
    return line_of_input() if stdin else hidden("access.new_password", twice=True)


def _fields(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "added_at": account.added_at.isoformat(),
        "disabled": account.disabled,
        "locked_until": None if account.locked_until is None else account.locked_until.isoformat(),
        "people": list(account.people),
    }
