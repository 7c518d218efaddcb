"""``companion vitals show|limit``: readings of devices as a caregiver sees them, and a doctor's own limits.

The commands about the devices themselves stand in ``vitals_devices``, those for the clinician in ``vitals_together``.
"""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.cli.vitals_devices import devices, forget, pair
from companion.cli.vitals_together import together
from companion.core.access import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.core.body import LookedAt, Quarter
    from companion.core.person import Person
    from companion.vitals.rules import Finding

app: Final = typer.Typer(help="시계, 혈당계, 혈압계의 측정값 (readings)", no_args_is_help=True)
app.command("pair")(pair)
app.command("devices")(devices)
app.command("forget")(forget)
app.command("together")(together)
_Who = Annotated[str, typer.Argument(help="번호의 끝자리, 이름이나 호칭 (who)")]


@app.command("show")
def show(
    who: _Who,
    *,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="며칠 동안 (days)")] = 28,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """측정값을 날마다 보여 주고, 살펴볼 것을 알려 줍니다. 진단이 아닙니다 (days of readings, and notes)."""
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record
    from companion.wiring.vitals import looked_at

    with open_record(passphrase) as record:
        person = record.people.find(who)
        seen, findings = looked_at(record, viewer(record), person, days=days)
    if json:
        print_json(_fields(person, seen, findings))
        return
    _show(person, seen, findings)


@app.command("limit")
def limit(
    who: _Who,
    rule: Annotated[str, typer.Argument(help="glucose_low …")],
    value: Annotated[float | None, typer.Argument(help="비우면 의사의 한계값을 거둠 (empty takes it back)")] = None,
    *,
    by: Annotated[str, typer.Option("--by", help="정한 의사 (who set it)")] = "",
) -> None:
    """의사가 이분에게 따로 정한 한계값을 적습니다 (a doctor's own limit)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record
    from companion.wiring.vitals import set_limit

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.LIMIT_SET, person.id, rule=rule)
        set_limit(record, person, rule, value, by)
    tell("vitals.limit_set" if value is not None else "vitals.limit_taken_back", rule=rule, value=value)


def _show(person: Person, seen: LookedAt, findings: Sequence[Finding]) -> None:
    if not any(seen.quarters.values()):
        tell("vitals.nothing_measured")
    for finding in findings:
        print_line(say(f"vitals.meaning.{finding.meaning}", note=note_of(finding)))
    for kind, quarters in seen.quarters.items():
        if quarters:
            print_line(say("vitals.kind_line", kind=say(f"vitals.kind.{kind}"), unit=say(f"vitals.unit.{kind}")))
        for day, of_day in _days(quarters, person).items():
            print_line(say("vitals.day_line", day=day, **_day_fields(of_day)))
    print_line(say("vitals.not_a_diagnosis"))


def note_of(finding: Finding) -> str:
    """Return a finding in words."""
    kind = say(f"vitals.kind.{finding.kind}")
    return finding.note.format_map({**finding.fields, "kind": kind})


def _days(quarters: Sequence[Quarter], person: Person) -> dict[str, list[Quarter]]:
    days: dict[str, list[Quarter]] = {}
    for one in quarters:
        days.setdefault(one.at.astimezone(ZoneInfo(person.zone)).strftime("%Y-%m-%d"), []).append(one)
    return days


def _day_fields(quarters: Sequence[Quarter]) -> dict[str, object]:
    count = sum(one.count for one in quarters)
    return {
        "count": count,
        "least": round(min(one.least for one in quarters), 1),
        "mean": round(fmean([one.mean for one in quarters], [one.count for one in quarters]), 1),
        "most": round(max(one.most for one in quarters), 1),
    }


def _fields(person: Person, seen: LookedAt, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "person": person.id,
        "days": {
            kind: {day: _day_fields(of_day) for day, of_day in _days(quarters, person).items()}
            for kind, quarters in seen.quarters.items()
        },
        "findings": [
            {
                "rule": one.rule,
                "meaning": one.meaning,
                "kind": one.kind,
                "at": one.at.isoformat(),
                "value": one.value,
                "note": note_of(one),
            }
            for one in findings
        ],
        "own_limits": dict(seen.own),
    }
