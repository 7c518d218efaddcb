"""``companion alerts list|show|ack|resolve|deliver|test``: who was told of a danger, and who looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase

if TYPE_CHECKING:
    from companion.safety.alerts import AlertStatus, Delivery
    from companion.store.alert_care import SeenAlert

app: Final = typer.Typer(help="위험을 알리는 일 (alerts)", no_args_is_help=True)

_SHORT: Final = 8
"""Characters of an id's end that are shown."""
_Which = Annotated[str, typer.Argument(help="알림 번호의 끝자리 (end of the alert's id)")]
_By = Annotated[str, typer.Option("--by", help="확인한 분의 이름 (your name)")]
_Note = Annotated[str, typer.Option("--note", help="무엇을 보고 무엇을 했는지 (what you found and did)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("list")
def list_alerts(
    *,
    everything: Annotated[bool, typer.Option("--all", help="마친 것도 (resolved ones too)")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="몇 건까지 (how many)")] = 50,
    json: _Json = False,
) -> None:
    """기다리는 알림을 보여 줍니다 (open alerts)."""
    from companion.store.alert_care import alerts_seen
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        found = alerts_seen(viewer(record), everything=everything, limit=limit)
    if json:
        false_alarms = sum(one.is_false_alarm for one in found)
        print_json({"alerts": [_fields(one) for one in found], "false_alarms": false_alarms})
        return
    if not found:
        tell("alerts.none")
    for one in found:
        sent = sum(made.outcome == "sent" for made in one.deliveries)
        print_line(say("alerts.line", **_said(one), sent=sent, tries=len(one.deliveries)))


@app.command("show")
def show(which: _Which, *, json: _Json = False) -> None:
    """알림 하나를, 누구에게 보냈고 누가 확인했는지와 함께 보여 줍니다 (one alert)."""
    from companion.store.alert_care import alert_seen
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        seen = alert_seen(viewer(record), which)
    if json:
        print_json(_fields(seen))
        return
    print_line(say("alerts.shown", **_said(seen)))
    names = [seen.contacts.get(one, "-") for one in seen.alert.order.contacts]
    told = say("alerts.yes" if seen.alert.order.told_person else "alerts.no")
    print_line(say("alerts.contacts", names=", ".join(names), told=told) if names else say("alerts.nobody"))
    for made in seen.deliveries:
        print_line(_try_line(seen, made))
    for note in seen.notes:
        status = say(f"alerts.status.{note.status}")
        false_alarm = say("alerts.is_false_alarm") if note.false_alarm else ""
        at = f"{note.at.astimezone():%Y-%m-%d %H:%M}"
        print_line(say("alerts.note", at=at, by=note.by, status=status, note=note.note, false_alarm=false_alarm))


@app.command("ack")
def acknowledge(which: _Which, by: _By = "", note: _Note = "", *, json: _Json = False) -> None:
    """알림을 맡습니다. 다음 분께 더 알리지 않습니다 (take an alert on)."""
    from companion.safety.alerts import AlertStatus

    _note(which, by, note, AlertStatus.ACKNOWLEDGED, json=json)


@app.command("resolve")
def resolve(
    which: _Which,
    by: _By = "",
    note: _Note = "",
    *,
    false_alarm: Annotated[bool, typer.Option("--false-alarm", help="위험이 아니었음 (it was no danger)")] = False,
    json: _Json = False,
) -> None:
    """알림을 마칩니다 (resolve an alert)."""
    from companion.safety.alerts import AlertStatus

    _note(which, by, note, AlertStatus.RESOLVED, false_alarm=false_alarm, json=json)


@app.command("deliver")
def deliver(*, json: _Json = False) -> None:
    """보낼 때가 된 알림을 한 번 보냅니다. 타이머로 1분마다 돌리세요 (deliver what is due; for a timer)."""
    from companion.wiring.alerts import delivered
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        came = delivered(record)
    counts = {
        "sent": came.sent,
        "failed": came.failed,
        "waiting": came.waiting,
        "unreachable": came.unreachable,
    }
    if json:
        print_json({**counts, "next_at": None if came.next_at is None else came.next_at.isoformat()})
        return
    tell("alerts.delivered", **counts)


@app.command("test")
def try_channels(*, json: _Json = False) -> None:
    """알릴 분 모두에게 시험 알림을 보내고, 갔는지 보여 줍니다 (send a test to every channel)."""
    from companion.wiring.alerts import tested
    from companion.wiring.record import open_record

    lines = []
    with open_record(passphrase) as record:
        for one in tested(record):
            why = say(one.sent.error_key) if one.sent.error_key else ""
            lines.append({"name": one.contact, "channel": one.channel, "outcome": one.sent.outcome, "why": why})
            if not json:
                outcome = say(f"alerts.outcome.{one.sent.outcome}")
                print_line(say("alerts.test_line", name=one.contact, channel=one.channel, outcome=outcome, why=why))
    if json:
        print_json({"channels": lines, "healthy": all(line["outcome"] == "sent" for line in lines) and bool(lines)})
    if not lines:
        tell("alerts.test_nobody")
    if not lines or any(line["outcome"] != "sent" for line in lines):
        raise typer.Exit(ExitCode.PROBLEMS)


def _note(which: str, by: str, note: str, status: AlertStatus, *, false_alarm: bool = False, json: bool) -> None:
    from companion.safety.alerts import AlertNote
    from companion.wiring.alerts import noted
    from companion.wiring.clock import SystemClock
    from companion.wiring.record import open_record

    wanted = AlertNote(which, SystemClock().now(), by, status, note, false_alarm)
    with open_record(passphrase) as record:
        alert = noted(record, which, wanted)
    if json:
        print_json({"id": alert.id, "status": alert.status, "false_alarm": false_alarm})
        return
    tell("alerts.noted", id=alert.id[-_SHORT:], status=say(f"alerts.status.{alert.status}"))


def _said(seen: SeenAlert) -> dict[str, object]:
    alert = seen.alert
    return {
        "id": alert.id[-_SHORT:],
        "at": f"{alert.raised_at.astimezone():%Y-%m-%d %H:%M}",
        "person": seen.person,
        "level": say(f"alerts.level.{alert.order.level}"),
        "kind": say(f"alerts.kind.{alert.order.kind}"),
        "status": say(f"alerts.status.{alert.status}"),
    }


def _try_line(seen: SeenAlert, made: Delivery) -> str:
    return say(
        "alerts.try",
        due=f"{(made.tried_at or made.due_at).astimezone():%Y-%m-%d %H:%M:%S}",
        name=seen.contacts.get(made.contact_id, "-"),
        channel=made.channel,
        number=made.number,
        outcome=say(f"alerts.outcome.{made.outcome}"),
        why=say(made.error_key) if made.error_key else "",
    )


def _fields(seen: SeenAlert) -> dict[str, object]:
    alert = seen.alert
    return {
        "id": alert.id,
        "person_id": alert.person_id,
        "raised_at": alert.raised_at.isoformat(),
        "level": alert.order.level,
        "kind": alert.order.kind,
        "status": alert.status,
        "within_seconds": alert.order.within_seconds,
        "told_person": alert.order.told_person,
        "contacts": [{"id": one, "name": seen.contacts.get(one, "")} for one in alert.order.contacts],
        "false_alarm": seen.is_false_alarm,
        "notes": [
            {
                "at": note.at.isoformat(),
                "by": note.by,
                "status": note.status,
                "note": note.note,
                "false_alarm": note.false_alarm,
            }
            for note in seen.notes
        ],
        "deliveries": [
            {
                "key": made.key,
                "contact_id": made.contact_id,
                "channel": made.channel,
                "number": made.number,
                "due_at": made.due_at.isoformat(),
                "tried_at": None if made.tried_at is None else made.tried_at.isoformat(),
                "outcome": made.outcome,
                "error_key": made.error_key,
            }
            for made in seen.deliveries
        ],
    }
