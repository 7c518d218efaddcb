"""``companion audit verify|list``: whether the audit is whole, and who looked at what."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.core.access import Action, AuditEntry
from companion.errors import InputError

app: Final = typer.Typer(help="누가 무엇을 보았는지 살핍니다 (audit)", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_SHORT: Final = 8
_ACTIONS: Final = frozenset(Action)


@app.command("verify")
def verify(*, json: _Json = False) -> None:
    """감사 기록이 온전한지 살핍니다 (whether nothing was changed, removed or cut off)."""
    from companion.wiring.access import verified
    from companion.wiring.record import open_record, record_place

    if not record_place().exists:
        raise InputError("access.no_record")
    with open_record(passphrase) as record:
        found = verified(record)
    if json:
        findings = [{"chain": one.chain, "number": one.number, "fault": one.fault.value} for one in found.findings]
        print_json({"whole": not findings, "entries": found.entries, "chains": found.chains, "findings": findings})
    elif found.findings:
        for one in found.findings:
            print_line(say(f"audit.fault.{one.fault}", number=one.number, chain=one.chain[-_SHORT:]))
        tell("audit.not_whole", count=len(found.findings))
    else:
        tell("audit.whole", entries=found.entries)
    raise typer.Exit(ExitCode.PROBLEMS if found.findings else ExitCode.OK)


@app.command("list")
def list_entries(
    limit: Annotated[int, typer.Option(min=1, help="몇 개까지 (how many)")] = 50,
    person: Annotated[str, typer.Option(help="이 어르신에 대한 것만 (about one person: name or id)")] = "",
    *,
    json: _Json = False,
) -> None:
    """최근 것부터 보여 줍니다. 관리자만 봅니다 (newest first; administrators only)."""
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record, record_place

    if not record_place().exists:
        raise InputError("access.no_record")
    with open_record(passphrase) as record:
        looking = viewer(record)
        person_id = record.people.find(person).id if person else ""
        entries = looking.audit_entries(limit=limit, person_id=person_id)
    if json:
        print_json({"entries": [_fields(entry) for entry in entries]})
        return
    for entry in entries:
        print_line(_line(entry))


def _line(entry: AuditEntry) -> str:
    details = " ".join(f"{name}={_shown(value)}" for name, value in entry.details.items())
    return say(
        "audit.line",
        number=entry.number,
        at=entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        account=entry.account_id[-_SHORT:],
        action=say(f"audit.action.{entry.action}") if entry.action in _ACTIONS else entry.action,
        person=entry.person_id[-_SHORT:] or "-",
        details=details,
    )


def _shown(value: object) -> str:
    return ",".join(str(one)[-_SHORT:] for one in value) if isinstance(value, list) else str(value)


def _fields(entry: AuditEntry) -> dict[str, object]:
    return {
        "chain": entry.chain,
        "number": entry.number,
        "at": entry.at.isoformat(),
        "account": entry.account_id,
        "action": entry.action,
        "person": entry.person_id,
        "details": dict(entry.details),
    }
