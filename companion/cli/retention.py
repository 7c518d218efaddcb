"""``companion retention`` shows what is older than the rules in the settings allow, and with ``--apply`` deletes it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.asking import agreed
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase

if TYPE_CHECKING:
    from companion.core.retention import Plan

_SHORT = 8
"""Characters of a person's id that are shown: its end."""


def retention(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="정말로 지웁니다 (delete, not only show)")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="묻지 않으며, 시계가 맞다고 봅니다 (do not ask; the clock is right)")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """보관 기한이 지난 것을 보여 주고, --apply를 주면 지웁니다 (what is past its time; dry run by default)."""
    from companion.wiring import retention as wiring

    plan = wiring.planned(passphrase)
    done = False
    if apply and plan.rows:
        if agreed("retention.ask", yes=yes, rows=plan.rows):
            plan = wiring.applied(passphrase, clock_trusted=yes)
            done = True
        else:
            tell("retention.left")
    _show(plan, done=done, json=json)


def _show(plan: Plan, *, done: bool, json: bool) -> None:
    if json:
        print_json(_fields(plan, done=done))
        return
    if not plan.cutoffs:
        tell("retention.no_rules")
    for kind, cutoff in plan.cutoffs.items():
        print_line(say("retention.rule", kind=say(f"retention.kind.{kind}"), before=f"{cutoff.astimezone():%Y-%m-%d}"))
    totals: Counter[tuple[str, str]] = Counter()
    for count in plan.counts:
        totals[count.person_id, count.kind] += count.rows
    for (person, of_kind), rows in sorted(totals.items()):
        name = say(f"retention.kind.{of_kind}")
        print_line(say("retention.count", person=person[-_SHORT:], kind=name, rows=rows))
    if plan.clock_doubtful and plan.newest is not None and not done:
        tell("retention.clock_doubtful", newest=f"{plan.newest:%Y-%m-%d}")
    if plan.cutoffs:
        tell("retention.deleted" if done else "retention.would_go", rows=plan.rows)
    if done:
        tell("retention.backups_still_hold")


def _fields(plan: Plan, *, done: bool) -> dict[str, object]:
    return {
        "applied": done,
        "rows": plan.rows,
        "clock_doubtful": plan.clock_doubtful,
        "before": {kind: cutoff.isoformat() for kind, cutoff in plan.cutoffs.items()},
        "counts": [
            {"kind": count.kind, "person": count.person_id, "table": count.table, "rows": count.rows}
            for count in plan.counts
        ],
    }
