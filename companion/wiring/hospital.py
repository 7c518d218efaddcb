"""Brings files of hospitals into the record: whose they are is confirmed first, and nothing of them is half there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.core.body import Import, Reading
from companion.core.hospital import HospitalPatient, HospitalRecord
from companion.errors import InputError, PromptError
from companion.exchange.fhir.incoming.bringing import Tally, taken_from
from companion.exchange.fhir.incoming.elements import Json
from companion.exchange.fhir.incoming.gathering import FilePatient, Gathered, gathered_from
from companion.exchange.fhir.incoming.streams import Unreadable, files_of
from companion.exchange.fhir.incoming.surveys import Surveys
from companion.exchange.fhir.incoming.taking import LeftOut, Taker
from companion.prompts import prompt_table
from companion.vitals.formats.fhir import FhirObservations
from companion.wiring.vitals import Wishes, reader_for

if TYPE_CHECKING:
    from datetime import datetime

    from companion.core.hospital import BroughtRecords
    from companion.core.person import Person
    from companion.store.record import Record

_YEARS_APART: Final = 2
"""Years by which a birth that was registered late may differ (호적); more is never agreed to beforehand."""
_LISTED: Final = 5


def look_through(paths: Sequence[Path]) -> Gathered:
    """Return whose some files, or the files in some folders, are. Nothing is kept.

    Raises:
        InputError: There is none, or one of them is broken or no FHIR.
    """
    files = files_of(list(paths))
    if not files:
        raise InputError("records.no_files")
    try:
        gathered = gathered_from(files)
    except Unreadable as error:
        raise _unreadable(error) from error
    if not gathered.keys:
        raise _nobody(gathered)
    return gathered


def chosen(gathered: Gathered, wanted: str) -> FilePatient:
    """Return the one patient of some files, or the one that was named.

    Raises:
        InputError: There are several and none was named, or there is none of that name.
    """
    keys = gathered.keys
    if wanted:
        if wanted not in keys:
            raise InputError("records.no_such_patient", patient=wanted, patients=_listed(keys))
        return gathered.patient(wanted)
    if len(keys) > 1:
        raise InputError("records.several_patients", count=len(keys), patients=_listed(keys))
    return gathered.patient(keys[0])


def as_confirmed(record: Record, person: Person, patient: FilePatient) -> tuple[HospitalPatient, bool]:
    """Return the patient as they are remembered, and whether they were confirmed to be this person before.

    A file without the Patient resource does not say of which hospital it is: there the key decides, where exactly one
    confirmed patient has it.

    Raises:
        InputError: They are somebody else, or another patient of that hospital is this person.
    """
    same = [one for one in record.hospital.patients(person.id) if one.key == patient.key]
    origin = same[0].origin if not patient.origin and len(same) == 1 else patient.origin
    confirmed = HospitalPatient(patient.key, origin, patient.gender, patient.born)
    return confirmed, record.hospital.check(person.id, confirmed)


def contradicts(patient: FilePatient, person: Person) -> bool:
    """Return whether the years of birth are too far apart for a late registration."""
    if patient.birth_year is None or person.birth_year is None:
        return False
    return abs(patient.birth_year - person.birth_year) > _YEARS_APART


def taker_for(person: Person, now: datetime) -> Taker:
    """Return what takes the resources about a person.

    Args:
        person: Whose zone dates are read in.
        now: Aware.

    Raises:
        PromptError: A table is broken.
    """
    reader = reader_for(person, Wishes(), now)
    fhir = next(one for one in reader.formats if isinstance(one, FhirObservations))

    def readings_of(resource: Json) -> Sequence[Reading | str]:
        try:
            found = [reader.judged(one) for one in fhir.measured(resource, reader.choices)]
        except (AttributeError, TypeError, ValueError, KeyError):  # elements that are not of their types
            return ["wrong_type"]
        return [one if isinstance(one, Reading) else getattr(one, "reason", "wrong_type") for one in found]

    local = now.astimezone(reader.choices.calendar.zone)
    try:
        surveys = Surveys.of(prompt_table("exchange/surveys.toml"))
        left_out = LeftOut.of(prompt_table("exchange/left_out.toml"))
    except (KeyError, TypeError, ValueError) as error:
        raise PromptError("prompts.table_broken", file="exchange", where=str(error)) from error
    return Taker(surveys, left_out, readings_of, local)


def bring_in(
    record: Record,
    person: Person,
    patient: HospitalPatient,
    gathered: Gathered,
    *,
    by: str = "",
    only_try: bool = False,
) -> tuple[BroughtRecords, Tally]:
    """Commit what files hold about a patient, all of it or nothing.

    Args:
        record: Opened.
        person: Who the patient was confirmed to be.
        patient: From ``as_confirmed``.
        gathered: From ``look_through``.
        by: Name of the account that confirmed it and brings it in.
        only_try: Undo it at the end, to see what would become of it.

    Returns:
        What became of it, and what was found. A file that was brought in before is not read again.

    Raises:
        InputError: A file changed since it was looked through, or the patient is somebody else.
        NotAllowed: Health data may not be kept.
        StorageFull: Nothing could be written.
    """
    now, tally = record.database.now(), Tally()
    taker = taker_for(person, now)

    def files() -> Iterator[tuple[Import, Iterator[HospitalRecord | Reading]]]:
        for path, digest in gathered.files.items():
            what = _import(path, digest, now, by)
            yield what, taken_from(path, gathered, patient.key, taker, tally, now)

    try:
        return record.hospital.bring_in(person.id, patient, files(), by=by, only_try=only_try), tally
    except Unreadable as error:
        raise _unreadable(error) from error


def known_files(record: Record, person: Person, gathered: Gathered) -> list[str]:
    """Return the names of the files that were brought in before."""
    now = record.database.now()
    return [
        path.name
        for path, digest in gathered.files.items()
        if record.hospital.imported(person.id, _import(path, digest, now))
    ]


def _import(path: Path, digest: str, now: datetime, by: str = "") -> Import:
    return Import(kind="fhir", source=path.name, digest=digest, at=now, format="FHIR R4", by=by)


def _nobody(gathered: Gathered) -> InputError:
    """Return why nothing can be taken of files that are about no patient."""
    if gathered.flawed_forms:
        file, element = gathered.flawed_forms[0]
        return InputError("records.flawed_form", file=file, element=element)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(gathered.kinds.items())) or "-"
    return InputError("records.only_blank_forms" if gathered.blank_forms else "records.about_nobody", kinds=kinds)


def _listed(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:_LISTED])
    return f"{shown} …" if len(keys) > _LISTED else shown


def _unreadable(error: Unreadable) -> InputError:
    return InputError(f"records.unreadable.{error.reason}", file=error.path.name, line=error.line, byte=error.byte)
