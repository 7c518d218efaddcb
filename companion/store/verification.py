"""Looks through the audit for what was changed, removed, put in, reordered or cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Text, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from companion.store.anchor import BEGINNING, Anchor, AnchorForged, Anchors
from companion.store.audit import digest
from companion.store.database import Database
from companion.store.tables.access import AuditRow

_AT_ONCE: Final = 1000


class Fault(StrEnum):
    """What is wrong at one place of a chain."""

    CHANGED = "changed"
    """The entry does not follow from the one before: one of the two was changed, or it was put there."""
    MISSING = "missing"
    """Entries before this one are gone."""
    CUT_OFF = "cut_off"
    """The chain ends before, or otherwise than, its anchor says."""
    NO_ANCHOR = "no_anchor"
    FORGED_ANCHOR = "forged_anchor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and where."""

    chain: str
    number: int
    """Of the entry; of the anchor where it says that entries are gone."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through the whole audit found."""

    entries: int
    chains: int
    findings: tuple[Finding, ...]


def verify(database: Database, key: bytes, anchors: Anchors) -> Verified:
    """Look at every entry of every chain, and at the anchors that lie beside the record.

    On a device every chain must have its anchor; on a server those of other devices lie with them.

    Raises:
        StoreUnreadable: It cannot be read at all.
    """
    # Anchors are read before the view of the record is taken: what is written meanwhile only makes the chain longer.
    known = {chain: _anchor(anchors, chain) for chain in anchors.chains()}
    with database.reading() as session:
        chains = sorted({*session.scalars(select(AuditRow.chain).distinct()), *known}, key=repr)
        count, findings = 0, list[Finding]()
        for chain in chains:
            walk = _Walk(key, chain, known.get(chain, Fault.NO_ANCHOR))
            for row in _rows(session, chain, on_server=database.is_server):
                walk.step(row)
            findings += walk.ended(must_be_anchored=not database.is_server or chain == database.stamp.device_id)
            count += walk.count
        return Verified(count, len(chains), tuple(findings))


def _anchor(anchors: Anchors, chain: str) -> Anchor | Fault:
    try:
        return anchors.read(chain) or Fault.NO_ANCHOR
    except AnchorForged:
        return Fault.FORGED_ANCHOR


def _rows(session: Session, chain: str, *, on_server: bool) -> Iterator[Sequence[object]]:
    """Yield the entries of a chain as they are stored, not as they would be understood."""
    at: ColumnElement[object] = type_coerce(AuditRow.at, Text)
    details: ColumnElement[object] = type_coerce(AuditRow.details, Text)
    if on_server:
        at, details = func.to_char(AuditRow.at, "YYYY-MM-DD HH24:MI:SS.US"), cast(AuditRow.details, Text)
    columns = (
        *(AuditRow.digest, AuditRow.chain, AuditRow.number, AuditRow.id, AuditRow.device_id, AuditRow.centre_id, at),
        *(AuditRow.zone, AuditRow.account_id, AuditRow.action, AuditRow.person_id, details),
    )
    query = select(*columns).where(AuditRow.chain == chain).order_by(AuditRow.number)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield tuple(row)


class _Walk:
    """Goes along one chain."""

    def __init__(self, key: bytes, chain: str, anchor: Anchor | Fault) -> None:
        self._key, self._chain, self._anchor = key, chain, anchor
        self._before, self._number = BEGINNING, 0
        self._anchored = isinstance(anchor, Anchor) and anchor.number == 0
        self._findings = list[Finding]()
        self.count = 0

    def step(self, row: Sequence[object]) -> None:
        """Look at the next entry."""
        stored, number = row[0], row[2]
        self.count += 1
        if number != self._number + 1:
            self._find(number, Fault.MISSING)
        elif stored != digest(self._key, self._before, row[1:]):
            self._find(number, Fault.CHANGED)
        if isinstance(self._anchor, Anchor) and number == self._anchor.number:
            self._anchored = stored == self._anchor.digest
        self._number = number if isinstance(number, int) else self._number + 1
        self._before = str(stored)

    def ended(self, *, must_be_anchored: bool) -> Sequence[Finding]:
        """Return what was found, the end of the chain included."""
        if isinstance(self._anchor, Anchor):
            if not self._anchored:
                self._find(self._anchor.number, Fault.CUT_OFF)
        elif must_be_anchored or self._anchor is Fault.FORGED_ANCHOR:
            self._find(self._number, self._anchor)
        return self._findings

    def _find(self, number: object, fault: Fault) -> None:
        self._findings.append(Finding(str(self._chain), number if isinstance(number, int) else self._number, fault))
