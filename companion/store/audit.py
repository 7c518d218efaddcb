"""The audit: append-only, each entry chained to the one before by a keyed digest, its end anchored beside the record.

Every device writes a chain of its own. Entries of one chain are serial: on SQLite the writing transaction holds the
write lock from its beginning, on PostgreSQL an advisory lock of the chain is taken. An anchor that contradicts its
chain is never written over, so that the evidence stays until somebody has looked.

What it cannot show: a folder put back whole, record and anchors together, to an earlier day.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Text, event, func, or_, select
from sqlalchemy.orm import Session

from companion.core.access import Action, AuditEntry, Identity, is_fit_for_audit
from companion.errors import StorageFull
from companion.store.anchor import BEGINNING, Anchor, AnchorForged, Anchors
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.access import AuditRow

_DOMAIN: Final = b"companion audit entry\0"
_LOCK: Final = 7_248
"""Any number that is ours: the first half of the advisory lock of a chain on PostgreSQL."""
_TAIL: Final = "audit tail"
TIME: Final = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLite keeps a time, and how PostgreSQL is asked for it: what is digested is what is stored."""


class Audit:
    """Over one database.

    Args:
        database: Opened.
        key: 32 bytes, kept in the vault and never changed.
        folder: Where the anchors lie.
    """

    def __init__(self, database: Database, key: bytes, folder: Path) -> None:
        self._database = database
        self._key = key
        self._chain = database.stamp.device_id
        self._one_at_a_time = threading.Lock()
        self.anchors = Anchors(folder, key)

    def append(
        self,
        session: Session,
        by: Identity,
        action: Action,
        *,
        person_id: str = "",
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Add an entry to a writing transaction; it is there if and when the transaction is.

        Args:
            session: From ``Database.writing``.
            by: Who did it.
            action: What was done.
            person_id: Whose record it was about.
            details: Counts, kinds, ids and dates.

        Raises:
            ValueError: The details might hold a name or words.
            StorageFull: The first anchor of the chain could not be written.
        """
        details = dict(details or {})
        if not is_fit_for_audit(details):
            raise ValueError(f"unfit for the audit: {sorted(details)}")
        self._take_turn(session)
        number, before = self._last(session)
        self._watch(session, number)
        row = AuditRow(chain=self._chain, number=number + 1, at=self._database.now().astimezone(UTC), zone="UTC")
        row.id, row.device_id, row.centre_id = new_id(row.at), self._chain, self._database.stamp.centre_id
        row.account_id, row.action, row.person_id, row.details = by.account_id, str(action), person_id, details
        row.digest = digest(self._key, before, _fields(row))
        session.add(row)
        session.flush()
        session.info[_TAIL] = Anchor(self._chain, row.number, row.digest)

    def entries(
        self, session: Session, *, limit: int, person_id: str = "", account_id: str = ""
    ) -> Sequence[AuditEntry]:
        """Return the newest entries, newest first, of everybody or about one person or by one account."""
        query = select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.number.desc()).limit(limit)
        if person_id:
            among = AuditRow.details.cast(Text).contains(person_id, autoescape=True)
            query = query.where(or_(AuditRow.person_id == person_id, among))
        if account_id:
            query = query.where(AuditRow.account_id == account_id)
        return [_entry(row) for row in session.scalars(query)]

    def accept_restored(self, by: Identity, *, details: Mapping[str, object] | None = None) -> None:
        """Note that a backup was put in the record's place, and anchor every chain where it ends now.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing() as session:
            self._take_turn(session)
            for chain in session.scalars(select(AuditRow.chain).distinct()).all():
                self.anchors.write(Anchor(chain, *self._last(session, chain)))
            if self._last(session)[0] == 0:
                self.anchors.write(Anchor(self._chain, 0, BEGINNING))
            self.append(session, by, Action.RECORD_RESTORED, details=details)

    def _take_turn(self, session: Session) -> None:
        if self._database.is_server:
            session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(self._chain))))

    def _last(self, session: Session, chain: str | None = None) -> tuple[int, str]:
        query = select(AuditRow.number, AuditRow.digest).where(AuditRow.chain == (chain or self._chain))
        last = session.execute(query.order_by(AuditRow.number.desc()).limit(1)).first()
        return (0, BEGINNING) if last is None else (last.number, last.digest)

    def _watch(self, session: Session, number: int) -> None:
        """See to it, once a transaction, that the anchor follows its commit."""
        if _TAIL not in session.info and self._agrees(session, number):
            event.listen(session, "after_commit", self._follow)

    def _agrees(self, session: Session, number: int) -> bool:
        """Return whether the anchor fits the chain; the first one is written before the first entry."""
        try:
            anchor = self.anchors.read(self._chain)
        except AnchorForged:
            return False
        if anchor is None:
            if number == 0:
                self.anchors.write(Anchor(self._chain, 0, BEGINNING))
            return number == 0
        query = select(AuditRow.digest).where(AuditRow.chain == self._chain, AuditRow.number == anchor.number)
        return anchor.number == 0 or session.scalar(query) == anchor.digest

    def _follow(self, session: Session) -> None:
        tail = session.info.get(_TAIL)
        if tail is None or session.in_nested_transaction():
            return
        # The entry is on the disk: an anchor that cannot follow now follows with the next one.
        with self._one_at_a_time, suppress(StorageFull, AnchorForged):
            anchor = self.anchors.read(self._chain)
            if anchor is not None and anchor.number < tail.number:
                self.anchors.write(tail)


def digest(key: bytes, before: str, fields: Sequence[object]) -> str:
    """Return the keyed digest of an entry: over the digest before it and every field as it is stored."""
    content = json.dumps([before, *fields], default=repr, separators=(",", ":"))
    return hmac.new(key, _DOMAIN + content.encode(), hashlib.sha256).hexdigest()


def _fields(row: AuditRow) -> Sequence[object]:
    """Return what is digested of a row that is about to be written, in the order of ``verification.STORED``."""
    at = row.at.strftime(TIME)
    details = json.dumps(row.details)
    return [
        *(row.chain, row.number, row.id, row.device_id, row.centre_id, at, row.zone),
        *(row.account_id, row.action, row.person_id, details),
    ]


def _entry(row: AuditRow) -> AuditEntry:
    at: datetime = row.at
    return AuditEntry(row.chain, row.number, at, row.account_id, row.action, row.person_id, row.details)
