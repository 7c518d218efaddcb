"""Changes waiting for a centre that follows many devices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import ID, Base, Happened, UtcTime


class ChangeRow(Base, Happened):
    """One row that was written, changed or removed, in the transaction that did it.

    Where a centre's key is set, ``sealed`` holds the row as JSON that only the centre can read. Where none is, the
    row itself is what will be sealed when there is one.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_sent_at_at", "sent_at", "at"),)

    table: Mapped[str] = mapped_column(String(32))
    row_id: Mapped[str] = mapped_column(String(ID))
    operation: Mapped[str] = mapped_column(String(8))
    """insert, update, delete, or batch: rows of a table that came with ``row_id``; unbatch: these are gone again."""
    person_id: Mapped[str] = mapped_column(String(ID), default="", index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
