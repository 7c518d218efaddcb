"""``companion doctor``: what works on this machine, and what to do about the rest."""

from __future__ import annotations

from typing import Annotated

import typer

from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line


def doctor(
    *,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """기계를 살펴보고 고칠 것을 알려 줍니다 (check this machine)."""
    from companion.wiring.check import Verdict
    from companion.wiring.checks import examine

    checks = []
    for check in examine():
        checks.append(check)
        if not json:
            print_line(f"{say(f'doctor.verdict.{check.verdict}')}  {check.name}: {say(check.key, **check.fields)}")
    healthy = all(check.verdict is not Verdict.PROBLEM for check in checks)
    if json:
        lines = [
            {"name": check.name, "verdict": check.verdict, "message": say(check.key, **check.fields)}
            for check in checks
        ]
        print_json({"healthy": healthy, "checks": lines})
    raise typer.Exit(ExitCode.OK if healthy else ExitCode.PROBLEMS)
