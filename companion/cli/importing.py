"""``companion import vitals|fhir``: brings files of wearables, meters and hospitals in."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.asking import agreed
from companion.cli.importing_fhir import fhir
from companion.cli.importing_progress import Counting
from companion.cli.messages import say
from companion.cli.output import print_json, tell
from companion.cli.secret_entry import passphrase
from companion.core.access import Action
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.core.body import Brought
    from companion.core.person import Person
    from companion.store.record import Record
    from companion.vitals.incoming import Reader, Seen

_MANY: Final = 100_000
"""Readings of a file of which it is said beforehand that they take their time: about ten seconds' worth."""
app: Final = typer.Typer(help="밖에서 온 기록을 들여옵니다 (bring records in)", no_args_is_help=True)
app.command("fhir")(fhir)


@app.callback()
def importing() -> None:
    """밖에서 온 기록을 들여옵니다 (bring records in)."""


@app.command("vitals")
def vitals(  # noqa: PLR0913 - each is an option of the command line
    files: Annotated[list[Path], typer.Argument(help="내보내기 파일, ZIP도 됩니다 (exports; ZIP too)")],
    *,
    who: Annotated[str, typer.Option("--person", help="누구의 것인지 (whose)")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="보기만 합니다 (only look)")] = False,
    zone: Annotated[str, typer.Option("--zone", help="시각이 적힌 시간대 (zone of plain times)")] = "",
    day_first: Annotated[bool, typer.Option("--day-first", help="05-12는 12월 5일 (day first)")] = False,
    month_first: Annotated[bool, typer.Option("--month-first", help="05-12는 5월 12일 (month first)")] = False,
    glucose_unit: Annotated[str, typer.Option("--glucose-unit", help="mg/dL|mmol/L")] = "",
    mapping: Annotated[Path | None, typer.Option("--mapping", help="열 이름을 적은 TOML (headings)")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="이 분의 것이 맞음 (it is theirs)")] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """시계, 혈당계, 혈압계의 기록을 들여옵니다. 같은 파일은 두 번 들어가지 않습니다 (readings of devices)."""
    from companion.vitals.moments import Order
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record
    from companion.wiring.vitals import Wishes, reader_for

    if day_first and month_first:
        raise InputError("vitals.both_orders")
    order = Order.DAY_FIRST if day_first else Order.MONTH_FIRST if month_first else None
    wishes = Wishes(zone, order, _glucose_unit(glucose_unit), mapping)
    with open_record(passphrase) as record:
        person = whose(record, who)
        authorise(record, Action.READINGS_IMPORTED, person.id, count=len(files))
        reader = reader_for(person, wishes, record.database.now())
        done = [_one(record, person, reader, file, dry_run=dry_run, yes=yes) for file in files]
    if json:
        print_json({"person": person.id, "dry_run": dry_run, "files": done})


def _glucose_unit(text: str) -> str:
    if text and text.lower() not in ("mg/dl", "mmol/l"):
        raise InputError("vitals.no_such_unit", unit=text)
    return text


def whose(record: Record, who: str) -> Person:
    """Return who is named, or the person of this device where nobody is.

    Raises:
        InputError: Nobody, or more than one, is meant.
    """
    from companion.config import load_settings
    from companion.wiring.people import person_here

    return record.people.find(who) if who else person_here(record, load_settings())


def _one(record: Record, person: Person, reader: Reader, file: Path, *, dry_run: bool, yes: bool) -> dict[str, object]:
    """Look a file through, ask whose it is where that is in doubt, and bring it in."""
    from companion.vitals.owning import in_doubt

    seen = _looked_through(reader, file)
    _show(file, seen, reader.choices.calendar.zone)
    doubt = in_doubt(seen.owners, person)
    fields = _fields(file, seen, doubt=doubt)
    if dry_run:
        tell("vitals.looked_only", file=file.name)
        return fields
    if doubt and not agreed("vitals.ask_theirs", yes=yes, file=file.name, address=person.address):
        tell("vitals.left_out", file=file.name)
        return fields
    brought = _brought_in(record, person, reader, file, seen)
    _tell_done(file, brought)
    added, known = (0, sum(seen.kinds.values())) if brought is None else (brought.added, brought.known)
    return {**fields, "added": added, "known": known, "seen_before": brought is None}


def _looked_through(reader: Reader, file: Path) -> Seen:
    from companion.wiring.vitals import look_through

    counting = Counting("vitals.looking", file.name)
    try:
        return look_through(reader, file, counting)
    finally:
        counting.end()


def _brought_in(record: Record, person: Person, reader: Reader, file: Path, seen: Seen) -> Brought | None:
    from companion.wiring.vitals import bring_in

    count = sum(seen.kinds.values())
    if count > _MANY:
        tell("vitals.many", file=file.name, count=f"{count:,}")
    counting = Counting("vitals.bringing", file.name, count)
    try:
        return bring_in(record, person, reader, file, seen, counting)
    except KeyboardInterrupt:
        counting.end()
        tell("vitals.stopped", file=file.name)
        raise
    finally:
        counting.end()


def _tell_done(file: Path, brought: Brought | None) -> None:
    if brought is None:
        tell("vitals.known_file", file=file.name)
    else:
        tell("vitals.brought", file=file.name, added=brought.added, known=brought.known)


def _show(file: Path, seen: Seen, zone: tzinfo) -> None:
    kinds = ", ".join(f"{say(f'vitals.kind.{kind}')} {count}" for kind, count in sorted(seen.kinds.items()))
    first, last = (one.astimezone(zone).strftime("%Y-%m-%d") for one in (seen.first, seen.last) if one is not None)
    tell("vitals.holds", file=file.name, format=", ".join(sorted(seen.formats)), kinds=kinds, first=first, last=last)
    for why, count in sorted(seen.doubted.items()):
        tell("vitals.doubted", count=count, why=say(f"vitals.quality.{why}"))
    for reason, count in seen.reasons.most_common():
        places = ", ".join(one.place for one in seen.troubles if one.reason == reason and one.place) or "-"
        tell("vitals.troubled", count=count, why=say(f"vitals.trouble.{reason}"), places=places)
    if seen.skipped:
        tell("vitals.skipped", count=sum(seen.skipped.values()))


def _fields(file: Path, seen: Seen, *, doubt: bool) -> dict[str, object]:
    return {
        "file": file.name,
        "digest": seen.digest,
        "formats": sorted(seen.formats),
        "kinds": dict(seen.kinds),
        "doubted": dict(seen.doubted),
        "skipped": sum(seen.skipped.values()),
        "troubles": dict(seen.reasons),
        "first": None if seen.first is None else seen.first.isoformat(),
        "last": None if seen.last is None else seen.last.isoformat(),
        "owner_in_doubt": doubt,
    }
