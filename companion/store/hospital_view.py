"""What hospitals recorded as people look at it: each with the file that brought it, and the states it had before.

Queries only; who may call, and the audit of it, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from companion.core.hospital import KeptHospitalRecord
from companion.errors import InputError
from companion.store.hospital import record_of, shown
from companion.store.tables.body import ImportRow
from companion.store.tables.hospital import HospitalPatientRow, HospitalRecordRow


def kept_records(
    session: Session, person_id: str, *, kind: str = "", limit: int | None = None
) -> Sequence[KeptHospitalRecord]:
    """Return the records of a person that stand, newest first; what has no date stands last.

    Args:
        session: Any that reads.
        person_id: Whose.
        kind: Of ``companion.core.hospital.Kind``; empty for all.
        limit: The newest so many; None for all.
    """
    query = shown(person_id)
    if kind:
        query = query.where(HospitalRecordRow.kind == kind)
    at = HospitalRecordRow.occurred_at
    query = query.order_by(None).order_by(at.is_(None), at.desc(), HospitalRecordRow.id.desc())
    rows = session.scalars(query if limit is None else query.limit(limit)).all()
    return _kept(session, person_id, rows)


def states_of(session: Session, person_id: str, end: str) -> Sequence[KeptHospitalRecord]:
    """Return the state of one resource that stands, by the end of its id, and its earlier ones, newest first.

    Raises:
        InputError: There is none with such an id, or more than one.
    """
    query = select(HospitalRecordRow).where(HospitalRecordRow.person_id == person_id)
    found = session.scalars(query.where(HospitalRecordRow.id.endswith(end, autoescape=True)).limit(2)).all()
    if len(found) != 1:
        raise InputError("records.no_such_record" if not found else "store.id_not_unique", id=end)
    states = query.where(
        HospitalRecordRow.patient_id == found[0].patient_id,
        HospitalRecordRow.resource_type == found[0].resource_type,
        HospitalRecordRow.resource_id == found[0].resource_id,
    ).order_by(HospitalRecordRow.superseded, HospitalRecordRow.at.desc(), HospitalRecordRow.id.desc())
    return _kept(session, person_id, session.scalars(states).all())


def _kept(session: Session, person_id: str, rows: Sequence[HospitalRecordRow]) -> Sequence[KeptHospitalRecord]:
    imports = {row.id: row for row in session.scalars(select(ImportRow).where(ImportRow.person_id == person_id))}
    links = select(HospitalPatientRow).where(HospitalPatientRow.person_id == person_id)
    origins = {row.id: row.origin for row in session.scalars(links)}
    earlier = _earlier(session, person_id)
    return [
        KeptHospitalRecord(
            id=row.id,
            record=record_of(row),
            origin=origins.get(row.patient_id, ""),
            import_id=row.import_id or "",
            source=imports[row.import_id].source if row.import_id in imports else "",
            brought_at=row.at,
            by=imports[row.import_id].by if row.import_id in imports else "",
            earlier=0 if row.superseded else earlier.get((row.patient_id, row.resource_type, row.resource_id), 0),
        )
        for row in rows
    ]


def _earlier(session: Session, person_id: str) -> dict[tuple[str, str, str], int]:
    """Return how many earlier states are kept of each resource that has any."""
    row = aliased(HospitalRecordRow)
    resource = row.patient_id, row.resource_type, row.resource_id
    query = select(*resource, func.count()).where(row.person_id == person_id, row.superseded.is_(True))
    return {(one[0], one[1], one[2]): one[3] for one in session.execute(query.group_by(*resource))}
