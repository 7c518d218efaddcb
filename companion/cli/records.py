"""``companion records list|show``: what hospitals recorded of a person, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.core.hospital import Kind
from companion.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from companion.core.hospital import KeptHospitalRecord

app: Final = typer.Typer(help="병원에서 온 기록 (hospital records)", no_args_is_help=True)
_Who = Annotated[str, typer.Argument(help="번호의 끝자리, 이름이나 호칭 (who)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_SHORT: Final = 8
"""Characters of an id's end that are shown."""


@app.command("list")
def list_records(
    who: _Who,
    *,
    kind: Annotated[str, typer.Option("--kind", help="condition, medication, result, score … (which)")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="몇 개까지 (how many)")] = 50,
    json: _Json = False,
) -> None:
    """병원에서 온 기록을 새것부터 보여 줍니다 (newest first)."""
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record

    if kind and kind not in set(Kind):
        raise InputError("records.no_such_kind", kind=kind, kinds=", ".join(Kind))
    with open_record(passphrase) as record:
        person = record.people.find(who)
        found = viewer(record).hospital_records(person.id, kind=kind, limit=limit)
        now, zone = record.database.now(), ZoneInfo(person.zone)
    if json:
        print_json({"person": person.id, "records": [_fields(one, now) for one in found]})
        return
    if not found:
        tell("records.none")
    for one in found:
        print_line(_line(one, zone, now))


@app.command("show")
def show(
    who: _Who,
    record_id: Annotated[str, typer.Argument(help="기록 번호의 끝자리 (end of its id)")],
    *,
    json: _Json = False,
) -> None:
    """한 기록과 그 출처, 앞서 왔던 판을 보여 줍니다 (one record, its source and earlier states)."""
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        states = viewer(record).hospital_record(person.id, record_id)
        now, zone = record.database.now(), ZoneInfo(person.zone)
    if json:
        print_json(
            {"person": person.id, "states": [{**_fields(one, now), "resource": one.record.resource} for one in states]}
        )
        return
    for one in states:
        print_line(_line(one, zone, now))
        brought = one.brought_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        print_line(say("records.from", origin=one.origin or "-", file=one.source or "-", at=brought, by=one.by or "-"))


def _line(kept: KeptHospitalRecord, zone: ZoneInfo, now: datetime) -> str:
    one = kept.record
    when = (
        one.occurred_at.astimezone(zone).strftime("%Y-%m-%d")[: max(4, min(10, len(one.occurred)))]
        if one.occurred_at
        else "-"
    )
    name = say(f"records.instrument.{one.instrument}") if one.instrument else one.text or say("records.nameless")
    marks = [say("records.old")] if one.is_old(now) else []
    marks += [say("records.earlier", count=kept.earlier)] if kept.earlier else []
    return "  ".join(
        part
        for part in (kept.id[-_SHORT:], when, say(f"records.kind.{one.kind}"), name, one.value, one.status, *marks)
        if part
    )


def _fields(kept: KeptHospitalRecord, now: datetime) -> dict[str, object]:
    one = kept.record
    return {
        "id": kept.id,
        "kind": one.kind,
        "resource": f"{one.resource_type}/{one.resource_id}",
        "text": one.text,
        "code": one.code,
        "system": one.system,
        "status": one.status,
        "occurred": one.occurred,
        "value": one.value,
        "number": one.number,
        "unit": one.unit,
        "instrument": one.instrument,
        "old": one.is_old(now),
        "origin": kept.origin,
        "source": kept.source,
        "brought_at": kept.brought_at.isoformat(),
        "by": kept.by,
        "earlier_states": kept.earlier,
    }
