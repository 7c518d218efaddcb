"""Leaves every change of the record in the outbox, in the transaction that makes it.

Where the centre's key is set, the row is sealed to it (HPKE, RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM): the device
itself cannot read it again. Where none is set, only the fact is kept: the row itself is sealed when a key is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import delete, event, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from companion.store.ids import new_id
from companion.store.tables.access import AuditRow, SignInRow
from companion.store.tables.base import Base, storable_value
from companion.store.tables.body import ReadingDayRow
from companion.store.tables.outbox import ChangeRow
from companion.store.tables.people import PersonRow

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SEALED_ELSEWHERE: Final = ("delete", "batch", "unbatch")
_LOCAL: Final = (ChangeRow, SignInRow, AuditRow, ReadingDayRow)
"""Rows that stay on the device: the outbox itself, who is signed in here, this device's own audit, and what is added up
of readings, which go themselves."""


class Outbox:
    """Written through a session's events.

    Args:
        device_id: Stamped on every row.
        centre_id: Stamped on every row.
        centre_key: Raw X25519 public key, 32 bytes.
        now: The wall clock, aware.
    """

    def __init__(self, device_id: str, centre_id: str, centre_key: bytes | None, now: Callable[[], datetime]) -> None:
        self._device_id = device_id
        self._centre_id = centre_id
        self._key = None if centre_key is None else X25519PublicKey.from_public_bytes(centre_key)
        self._now = now

    def attach(self, sessions: sessionmaker[Session]) -> None:
        """Watch every session that is made."""
        event.listen(sessions, "before_flush", self._stamp)
        event.listen(sessions, "after_flush", self._leave)

    def _stamp(self, session: Session, _context: UOWTransaction, _instances: object) -> None:
        for row in session.new:
            if isinstance(row, Base):
                row.device_id, row.centre_id = self._device_id, self._centre_id

    def _leave(self, session: Session, _context: UOWTransaction) -> None:
        written = [(row, "insert") for row in session.new]
        written += [(row, "update") for row in session.dirty if session.is_modified(row)]
        written += [(row, "delete") for row in session.deleted]
        changes = [self._change(session, row, how) for row, how in written if not isinstance(row, _LOCAL)]
        if changes:
            names = [column.key for column in inspect(ChangeRow).column_attrs]
            session.connection().execute(
                insert(ChangeRow), [{name: getattr(change, name) for name in names} for change in changes]
            )

    def leave_many(self, session: Session, table: type[Base], rows: Sequence[dict[str, object]], *, of: str) -> None:
        """Insert many rows of one table, with one change for all of them: a year of minutes is half a million rows.

        Args:
            session: Inside a transaction that is being written.
            table: Of all the rows.
            rows: Values by column, of one person or of nobody; stamped here.
            of: Id of the row that they came with; the change carries it.
        """
        for row in rows:
            row |= {"device_id": self._device_id, "centre_id": self._centre_id}
        session.connection().execute(insert(table.__table__), rows)  # type: ignore[arg-type]  # a Table, as it is mapped
        change = self._change(session, table(id=of), "batch")
        change.person_id = str(rows[0].get("person_id") or "")
        change.sealed = self._sealed_values(f"{change.table}/{of}", rows)
        columns = [column.key for column in inspect(ChangeRow).column_attrs]
        session.connection().execute(insert(ChangeRow), [{name: getattr(change, name) for name in columns}])

    def take_back_many(self, session: Session, table: type[Base], *, of: str, person_id: str) -> None:
        """Leave that all rows of a table that came with a row are gone again; what still waited of them goes too."""
        session.execute(delete(ChangeRow).where(ChangeRow.row_id == of, ChangeRow.operation == "batch"))
        change = self._change(session, table(id=of, person_id=person_id), "unbatch")
        columns = [column.key for column in inspect(ChangeRow).column_attrs]
        session.connection().execute(insert(ChangeRow), [{name: getattr(change, name) for name in columns}])

    def _change(self, session: Session, row: Base, operation: str) -> ChangeRow:
        now = self._now()
        person = row.id if isinstance(row, PersonRow) else getattr(row, "person_id", session.info.get("person_id", ""))
        return ChangeRow(
            id=new_id(now),
            at=now,
            zone="UTC",
            device_id=self._device_id,
            centre_id=self._centre_id,
            table=row.__tablename__,
            row_id=row.id,
            operation=operation,
            person_id=person or "",
            sealed=self._sealed(row) if operation not in _SEALED_ELSEWHERE else None,
            sent_at=None,
        )

    def _sealed(self, row: Base) -> bytes | None:
        """Return the row for the centre's eyes only, bound to its table and id."""
        values = {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
        return self._sealed_values(f"{row.__tablename__}/{row.id}", values)

    def _sealed_values(self, bound_to: str, values: object) -> bytes | None:
        if self._key is None:
            return None
        plain = json.dumps(storable_value(values), ensure_ascii=False, default=_plain)
        return SUITE.encrypt(plain.encode(), self._key, info=bound_to.encode())


def _plain(value: object) -> str:
    """Return what JSON has no word for."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
