"""What hospitals recorded, under the consent to keep health data: brought in whole or not at all, and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Final, NoReturn

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from companion.core.body import Import, Reading
from companion.core.consent import Item
from companion.core.hospital import ENTERED_IN_ERROR, BroughtRecords, HospitalPatient, HospitalRecord, Kind
from companion.errors import InputError
from companion.store.bringing import add_readings, import_row, is_known
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import storable, zone_of
from companion.store.tables.hospital import HospitalPatientRow, HospitalRecordRow

_RECORD: Final = tuple(one.name for one in fields(HospitalRecord) if one.name != "resource")
_GENDER: Final = 16
"""Letters of a code; FHIR knows four short ones."""
_BATCH: Final = 500
"""Records that are held at a time, so that a large export fits into little memory."""
Found = HospitalRecord | Reading


class _Undone(Exception):
    """Rolls a trial back."""


def _undo() -> NoReturn:
    raise _Undone


class Hospital:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def bring_in(
        self,
        person_id: str,
        patient: HospitalPatient,
        files: Iterable[tuple[Import, Iterable[Found]]],
        *,
        by: str = "",
        only_try: bool = False,
    ) -> BroughtRecords:
        """Commit files of a hospital with those of their records and readings that are new, or nothing at all.

        Args:
            person_id: Whose record it becomes.
            patient: Who was confirmed to be that person; remembered with the files.
            files: Each with what is found in it, read while it is written. A file that was brought in before is passed
                over without being read.
            by: Name of whoever confirmed who the patient is.
            only_try: Undo everything at the end: what is returned says what would become of it.

        Raises:
            NotAllowed: Health data may not be kept.
            InputError: The patient is confirmed to be somebody else, or another patient of the same hospital is this
                person.
            StorageFull: Nothing could be written.
        """
        told: Counter[str] = Counter()
        try:
            with self._database.writing(person_id) as session:
                demand(session, person_id, Item.HEALTH, self._database.now())
                link = self._link(session, person_id, patient, by)
                writer = _Writer(session, self._database, person_id, link.id)
                for what, found in files:
                    if not is_known(session, person_id, what):
                        told += writer.write(what, found)
                if only_try:
                    _undo()
        except _Undone:
            pass
        return BroughtRecords(**told)

    def patients(self, person_id: str) -> Sequence[HospitalPatient]:
        """Return which patients of hospitals were confirmed to be a person, oldest first."""
        with self._database.reading() as session:
            return patients_in(session, person_id)

    def check(self, person_id: str, patient: HospitalPatient) -> bool:
        """Return whether a patient was confirmed to be this person before.

        Raises:
            InputError: As for ``bring_in``.
        """
        with self._database.reading() as session:
            return _standing(session, person_id, patient) is not None

    def imported(self, person_id: str, what: Import) -> bool:
        """Return whether a file was brought in before."""
        with self._database.reading() as session:
            return is_known(session, person_id, what)

    def records(self, person_id: str, kind: Kind | None = None) -> Sequence[HospitalRecord]:
        """Return the records that stand, in order of what happened; nothing where health data may not be kept.

        For the companion itself. People read through ``Viewer.hospital_records``, where it is audited.
        """
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            query = shown(person_id)
            if kind is not None:
                query = query.where(HospitalRecordRow.kind == kind)
            return [record_of(row) for row in session.scalars(query)]

    def _link(self, session: Session, person_id: str, patient: HospitalPatient, by: str) -> HospitalPatientRow:
        standing = _standing(session, person_id, patient)
        if standing is not None:
            return standing
        now = self._database.now()
        row = HospitalPatientRow(id=new_id(now), at=now, zone=zone_of(now), person_id=person_id)
        row.patient_key, row.origin, row.by = patient.key, patient.origin, by
        row.gender, row.born = patient.gender[:_GENDER], patient.born
        session.add(row)
        session.flush()
        return row


class _Writer:
    """Writes into one transaction, under one patient."""

    def __init__(self, session: Session, database: Database, person_id: str, link_id: str) -> None:
        self._session = session
        self._database = database
        self._person_id = person_id
        self._link_id = link_id
        self._imports: set[str] = set()
        """Of this very transaction."""

    def write(self, what: Import, found: Iterable[Found]) -> Counter[str]:
        """Add an import with what of it is new; return counts by the names of ``BroughtRecords``."""
        told: Counter[str] = Counter()
        import_id = import_row(self._session, self._person_id, what).id
        self._imports.add(import_id)
        waiting = iter(found)
        while batch := list(islice(waiting, _BATCH)):
            readings = [one for one in batch if isinstance(one, Reading)]
            added, known = add_readings(self._session, self._database, self._person_id, import_id, readings)
            told.update(readings_added=added, readings_known=known)
            told.update(self._records(import_id, [one for one in batch if isinstance(one, HospitalRecord)]))
        return told

    def _records(self, import_id: str, records: Sequence[HospitalRecord]) -> Counter[str]:
        told: Counter[str] = Counter()
        kept = self._kept(records)
        pending: dict[str, dict[str, object]] = {}
        for record in records:
            identity = record.resource_type, storable(record.resource_id)
            before = kept.get(identity)
            outcome = self._outcome(record, before)
            told[outcome] += 1
            if outcome not in {"added", "replaced"}:
                continue
            if before is not None:
                self._supersede(before.row_id, pending)
            values = self._values(import_id, record)
            pending[str(values["id"])] = values
            kept[identity] = _Kept(str(values["id"]), import_id, record)
        self._session.flush()
        self._database.add_many(self._session, HospitalRecordRow, list(pending.values()), of=import_id)
        return told

    def _outcome(self, record: HospitalRecord, before: _Kept | None) -> str:
        if before is None:
            return "known" if record.is_withdrawn else "added"
        if before.record.digest == record.digest:
            return "known"
        if before.import_id in self._imports and not (record.is_dated and before.record.is_dated):
            return "conflicting"
        return "replaced" if record.replaces(before.record) else "known"

    def _supersede(self, row_id: str, pending: dict[str, dict[str, object]]) -> None:
        if row_id in pending:
            pending[row_id]["superseded"] = True
        elif (row := self._session.get(HospitalRecordRow, row_id)) is not None:
            row.superseded = True

    def _values(self, import_id: str, record: HospitalRecord) -> dict[str, object]:
        """Return a row as values: a hundred thousand rows as objects would take minutes."""
        now = self._database.now()
        own: dict[str, object] = {name: getattr(record, name) for name in _RECORD}
        return own | {
            "id": new_id(now),
            "at": now,
            "zone": zone_of(now),
            "person_id": self._person_id,
            "import_id": import_id,
            "patient_id": self._link_id,
            "resource": dict(record.resource),
            "superseded": False,
        }

    def _kept(self, records: Sequence[HospitalRecord]) -> dict[tuple[str, str], _Kept]:
        """Return the newest state of each resource that is kept."""
        wanted: dict[str, set[str]] = {}
        for one in records:
            wanted.setdefault(one.resource_type, set()).add(storable(one.resource_id))
        return {
            (row.resource_type, row.resource_id): _Kept(row.id, row.import_id or "", record_of(row))
            for resource_type, ids in wanted.items()
            for row in self._session.scalars(self._standing(resource_type, ids))
        }

    def _standing(self, resource_type: str, ids: Collection[str]) -> Select[HospitalRecordRow]:
        """Return the statement that finds the standing states of resources of one type, by the index on them."""
        return select(HospitalRecordRow).where(
            HospitalRecordRow.person_id == self._person_id,
            HospitalRecordRow.patient_id == self._link_id,
            HospitalRecordRow.resource_type == resource_type,
            HospitalRecordRow.resource_id.in_(ids),
            HospitalRecordRow.superseded.is_(False),
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """The state of a resource that stands."""

    row_id: str
    import_id: str
    record: HospitalRecord


def record_of(row: HospitalRecordRow) -> HospitalRecord:
    """Return the value of a row."""
    values = {name: getattr(row, name) for name in _RECORD}
    return HospitalRecord(**{**values, "kind": Kind(row.kind)}, resource=dict(row.resource))


def patients_in(session: Session, person_id: str) -> list[HospitalPatient]:
    """Return which patients of hospitals were confirmed to be a person, oldest first."""
    return [HospitalPatient(row.patient_key, row.origin, row.gender, row.born) for row in _links(session, person_id)]


def shown(person_id: str) -> Select[HospitalRecordRow]:
    """Return the statement that finds the records of a person that stand, in order of what happened."""
    query = select(HospitalRecordRow).where(HospitalRecordRow.person_id == person_id)
    query = query.where(HospitalRecordRow.superseded.is_(False), HospitalRecordRow.status != ENTERED_IN_ERROR)
    return query.order_by(HospitalRecordRow.occurred_at, HospitalRecordRow.id)


def _links(session: Session, person_id: str) -> Sequence[HospitalPatientRow]:
    query = select(HospitalPatientRow).where(HospitalPatientRow.person_id == person_id)
    return session.scalars(query.order_by(HospitalPatientRow.at, HospitalPatientRow.id)).all()


def _standing(session: Session, person_id: str, patient: HospitalPatient) -> HospitalPatientRow | None:
    same = select(HospitalPatientRow).where(
        HospitalPatientRow.patient_key == storable(patient.key), HospitalPatientRow.origin == storable(patient.origin)
    )
    for row in session.scalars(same):
        if row.person_id == person_id:
            return row
        raise InputError("records.patient_of_another", patient=patient.key)
    others = [row for row in _links(session, person_id) if row.origin == storable(patient.origin)]
    if others:
        raise InputError("records.wrong_patient", patient=patient.key)
    return None
