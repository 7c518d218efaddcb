"""Research releases: who was given what, and the pseudonyms of who was in it. No person stands here by id.

Which pseudonym is whose follows from the key of the record alone (``store.releases``). So erasing a person leaves no
trace of who they were here, and still leaves what is owed to them: that the recipient is asked to delete a pseudonym.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import Base, Happened, Table, UtcTime, Words


class ReleaseRow(Base, Happened):
    """One release that was handed over; ``at`` is when."""

    __tablename__ = "releases"

    title: Mapped[str] = mapped_column(Words)
    recipient: Mapped[str] = mapped_column(Words)
    purpose: Mapped[str] = mapped_column(Words)
    legal_basis: Mapped[str] = mapped_column(Words)
    terms: Mapped[str] = mapped_column(Words)
    expires: Mapped[str] = mapped_column(String(10))
    """Last day on which the recipient may hold it, ISO 8601."""
    policy_digest: Mapped[str] = mapped_column(String(64))
    manifest_digest: Mapped[str] = mapped_column(String(64))
    k: Mapped[int]
    l: Mapped[int]  # noqa: E741 - the name that the literature gives it
    rows: Mapped[dict[str, object]] = mapped_column(Table, default=dict)
    formats: Mapped[list[object]] = mapped_column(Table, default=list)
    software: Mapped[str] = mapped_column(String(32))


class ReleaseMemberRow(Base):
    """One pseudonym of one release."""

    __tablename__ = "release_members"
    __table_args__ = (Index("ix_release_members_release_id_pseudonym", "release_id", "pseudonym", unique=True),)

    release_id: Mapped[str] = mapped_column(ForeignKey("releases.id", ondelete="CASCADE"))
    pseudonym: Mapped[str] = mapped_column(String(32))
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the recipient was asked to delete it."""
