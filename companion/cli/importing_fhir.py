"""``companion import fhir``: brings in what a hospital exported, once somebody confirmed whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.asking import agreed, ask_yes, at_terminal
from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, tell
from companion.cli.secret_entry import passphrase
from companion.core.access import Action
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.core.hospital import BroughtRecords
    from companion.core.person import Person
    from companion.exchange.fhir.incoming.bringing import Tally
    from companion.exchange.fhir.incoming.gathering import FilePatient, Gathered


def fhir(
    paths: Annotated[list[Path], typer.Argument(help="병원에서 받은 FHIR 파일이나 폴더 (files or folders)")],
    *,
    who: Annotated[str, typer.Option("--person", help="누구의 것인지 (whose)")] = "",
    patient: Annotated[str, typer.Option("--patient", help="파일 안의 환자 번호 (id of the patient)")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="보기만 합니다 (only look)")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="--patient로 적은 분이 이분이 맞음 (the named patient is them)")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """병원 기록(FHIR R4)을 들여옵니다. 누구의 것인지 확인한 뒤에만 들어갑니다 (hospital records)."""
    from companion.cli.importing import whose
    from companion.wiring.access import authorise, name_here
    from companion.wiring.hospital import as_confirmed, bring_in, chosen, known_files, look_through
    from companion.wiring.record import open_record

    if yes and not patient:
        raise InputError("records.yes_needs_patient")
    with open_record(passphrase) as record:
        person = whose(record, who)
        gathered = look_through(paths)
        found = chosen(gathered, patient)
        confirmed, is_known = as_confirmed(record, person, found)
        authorise(record, Action.HOSPITAL_IMPORTED, person.id, count=len(gathered.files))
        _show_patient(found, person)
        if not dry_run and not is_known and not _is_theirs(found, person, yes=yes):
            tell("records.not_confirmed")
            raise typer.Exit(ExitCode.INPUT)
        before = known_files(record, person, gathered)
        brought, tally = bring_in(record, person, confirmed, gathered, by=name_here(record), only_try=dry_run)
    _show(gathered, before, tally, brought, dry_run=dry_run)
    if json:
        patient_fields = {"key": found.key, "origin": confirmed.origin, "confirmed_before": is_known}
        print_json(_fields(person, gathered, tally, brought) | {"patient": patient_fields, "dry_run": dry_run})


def _show_patient(found: FilePatient, person: Person) -> None:
    """Put what the files say of the patient beside what the record says of the person."""
    gender = say(f"records.gender.{found.gender}") if found.gender in ("male", "female") else "-"
    tell("records.in_the_file", patient=found.key, name=found.name or "-", born=found.born or "-", gender=gender)
    tell("records.in_the_record", address=person.address, name=person.name or "-", year=person.birth_year or "-")


def _is_theirs(found: FilePatient, person: Person, *, yes: bool) -> bool:
    """Return whether somebody says that the patient is the person; births far apart are asked about in any case."""
    from companion.wiring.hospital import contradicts

    if not contradicts(found, person):
        return agreed("records.ask_theirs", yes=yes, address=person.address)
    tell("records.births_differ")
    if not at_terminal():
        raise InputError("records.births_need_somebody")
    return ask_yes("records.ask_theirs", address=person.address)


def _show(gathered: Gathered, before: list[str], tally: Tally, brought: BroughtRecords, *, dry_run: bool) -> None:
    for file in before:
        tell("records.known_file", file=file)
    for file, element in gathered.flawed_forms:
        tell("records.flawed_form", file=file, element=element)
    for kind, count in sorted(tally.kinds.items()):
        tell("records.found", kind=say(f"records.kind.{kind}"), count=count)
    for kind, count in sorted(tally.readings.items()):
        tell("records.found", kind=say(f"vitals.kind.{kind}"), count=count)
    if tally.old_scores:
        tell("records.old_scores", count=tally.old_scores)
    for reason, count in tally.reasons.most_common():
        places = ", ".join(tally.places[reason][:5])
        tell("records.troubled", count=count, why=say(f"records.trouble.{reason}"), places=places)
    if tally.skipped:
        kinds = ", ".join(f"{what} {count}" for what, count in tally.skipped.most_common())
        tell("records.skipped", count=sum(tally.skipped.values()), kinds=kinds)
    if tally.others:
        tell("records.others", count=tally.others)
    if brought.conflicting:
        tell("records.conflicting", count=brought.conflicting)
    tell("records.tried" if dry_run else "records.brought", **_counts(brought))


def _counts(brought: BroughtRecords) -> dict[str, int]:
    return {
        "added": brought.added,
        "replaced": brought.replaced,
        "known": brought.known,
        "conflicting": brought.conflicting,
        "readings_added": brought.readings_added,
        "readings_known": brought.readings_known,
    }


def _fields(person: Person, gathered: Gathered, tally: Tally, brought: BroughtRecords) -> dict[str, object]:
    return {
        "person": person.id,
        "files": [{"file": path.name, "digest": digest} for path, digest in gathered.files.items()],
        "found": dict(tally.kinds),
        "found_readings": dict(tally.readings),
        "old_scores": tally.old_scores,
        "troubles": dict(tally.reasons),
        "places": tally.places,
        "skipped": dict(tally.skipped),
        "other_patients": tally.others,
        **_counts(brought),
    }
