"""``companion reminders add|list|remove|pause|resume``: what the family wants said, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.core.life import Reminder
    from companion.dialogue.daily.rules import Kind
    from companion.store.reminder_care import SeenReminder

app: Final = typer.Typer(help="챙겨 드릴 것 (reminders)", no_args_is_help=True)

_SHORT: Final = 8
"""Characters of an id's end that are shown."""
_Which = Annotated[str, typer.Argument(help="알림 번호의 끝자리 (end of the reminder's id)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("add")
def add(  # noqa: PLR0913 - each is an option of the command line
    *,
    kind: Annotated[str, typer.Option("--kind", help="medicine, water, appointment, check_in")] = "medicine",
    words: Annotated[str, typer.Option("--words", help="무엇을: 혈압약 (what)")] = "",
    by: Annotated[str, typer.Option("--by", help="누가 정했는지: 큰딸 (who set it)")] = "",
    person: Annotated[str, typer.Option("--person", help="어르신: 이름이나 번호 (whose)")] = "",
    at: Annotated[list[str] | None, typer.Option("--at", help="몇 시: 08:00 (times)")] = None,
    days: Annotated[str, typer.Option("--days", help="요일: mon,wed (days)")] = "",
    on: Annotated[str, typer.Option("--on", help="하루만: 2026-12-01 (once)")] = "",
    until: Annotated[str, typer.Option("--until", help="이날까지: 2026-12-31 (last day)")] = "",
    every: Annotated[int | None, typer.Option("--every", help="몇 분마다 (minutes)")] = None,
    begin: Annotated[str, typer.Option("--from", help="몇 시부터 (from)")] = "",
    end: Annotated[str, typer.Option("--to", help="몇 시까지 (to)")] = "",
    in_quiet_hours: Annotated[
        bool, typer.Option("--in-quiet-hours", help="조용한 시간에도 말합니다 (also then)")
    ] = False,
    json: _Json = False,
) -> None:
    """챙겨 드릴 것을 적습니다. 적힌 그대로만 말합니다 (say what was set, and nothing else)."""
    from companion.config import load_settings
    from companion.wiring.people import person_here
    from companion.wiring.record import open_record
    from companion.wiring.reminders import ReminderPlan, added

    table: dict[str, object] = {
        "times": list(at or ()),
        "days": [one.strip() for one in days.split(",")] if days.strip() else None,
        "on": on or None,
        "until": until or None,
        "in_quiet_hours": in_quiet_hours or None,
        "every_minutes": every,
        "from": begin or None,
        "to": end or None,
    }
    schedule = {name: value for name, value in table.items() if value not in (None, [])}
    plan = ReminderPlan(_kind(kind), words, by, schedule)
    settings = load_settings()
    with open_record(passphrase, settings) as record:
        whose = record.people.find(person) if person else person_here(record, settings)
        made = added(record, whose, plan, settings)
    if json:
        print_json(_fields(made))
    else:
        tell("reminders.added", **_said(made))


def _kind(typed: str) -> Kind:
    from companion.dialogue.daily.rules import Kind

    allowed = (Kind.MEDICINE, Kind.WATER, Kind.APPOINTMENT, Kind.CHECK_IN)
    if typed not in allowed:
        raise InputError("reminders.unfit", place=f"--kind {typed} ({', '.join(allowed)})")
    return Kind(typed)


@app.command("list")
def list_reminders(*, json: _Json = False) -> None:
    """챙겨 드릴 것을 보여 줍니다 (what is said, and when)."""
    from companion.store.reminder_care import reminders_seen
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        found = reminders_seen(viewer(record))
    if json:
        print_json({"reminders": [{**_fields(one.reminder), "person": one.person_id} for one in found]})
        return
    if not found:
        tell("reminders.none")
    for one in found:
        print_line(_line(one))


@app.command("remove")
def remove(which: _Which, *, json: _Json = False) -> None:
    """지웁니다 (remove)."""
    from companion.wiring.access import whoever_is_here
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        gone = record.reminder_care.remove(whoever_is_here(record), which)
    if json:
        print_json({**_fields(gone), "removed": True})
    else:
        tell("reminders.removed", **_said(gone))


@app.command("pause")
def pause(
    which: _Which,
    until: Annotated[str, typer.Option("--until", help="다시 말할 날: 2026-12-01 (first day again)")] = "",
    *,
    json: _Json = False,
) -> None:
    """멈춥니다. --until 을 주면 그날부터 다시 말합니다 (pause)."""
    from companion.wiring.access import whoever_is_here
    from companion.wiring.record import open_record
    from companion.wiring.reminders import typed_schedule

    if until:
        typed_schedule({"times": "00:00", "paused_until": until})
    schedule = {"paused_until": until} if until else None
    with open_record(passphrase) as record:
        now = record.reminder_care.change(whoever_is_here(record), which, active=bool(until), schedule=schedule)
    if json:
        print_json(_fields(now))
    elif until:
        tell("reminders.paused_until", date=until, **_said(now))
    else:
        tell("reminders.paused", **_said(now))


@app.command("resume")
def resume(which: _Which, *, json: _Json = False) -> None:
    """다시 말합니다 (resume)."""
    from companion.wiring.access import whoever_is_here
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        now = record.reminder_care.change(whoever_is_here(record), which, active=True, schedule={"paused_until": None})
    if json:
        print_json(_fields(now))
    else:
        tell("reminders.resumed", **_said(now))


def _line(seen: SeenReminder) -> str:
    one = seen.reminder
    state = say("reminders.active" if one.active else "reminders.inactive")
    if one.last_said_at is not None:
        state = f"{state} {say('reminders.said', at=f'{one.last_said_at.astimezone():%Y-%m-%d %H:%M}')}".strip()
    return say("reminders.line", person=seen.person, by=one.set_by, state=state, **_said(one)).rstrip()


def _said(one: Reminder) -> dict[str, str]:
    from companion.wiring.reminders import schedule_in_words

    kind = say(f"reminders.kind.{one.kind}")
    return {"id": one.id[-_SHORT:], "kind": kind, "when": schedule_in_words(one.schedule), "words": one.words}


def _fields(one: Reminder) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "words": one.words,
        "by": one.set_by,
        "schedule": dict(one.schedule),
        "active": one.active,
        "last_said_at": None if one.last_said_at is None else one.last_said_at.isoformat(),
    }
