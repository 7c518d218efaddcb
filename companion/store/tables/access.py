"""Accounts, what they may see, and who looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import ID, Base, Happened, OfPerson, Table, UtcTime, Words


class AccountRow(Base, Happened):
    """Somebody who may sign in."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(Words, unique=True)
    role: Mapped[str] = mapped_column(String(16))
    """caregiver, clinician or administrator."""
    password: Mapped[str] = mapped_column(String(256))
    """Argon2id in PHC form."""
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong passwords since the last right one."""
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    disabled: Mapped[bool] = mapped_column(default=False)


class GrantRow(Base, Happened, OfPerson):
    """One account may see one person's record."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_account_id_person_id", "account_id", "person_id", unique=True),)

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    granted_by: Mapped[str] = mapped_column(Words)


class SignInRow(Base, Happened):
    """One time that an account signed in, until it runs out."""

    __tablename__ = "sign_ins"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token: the token itself lies with whoever signed in."""
    last_used_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class AuditRow(Base, Happened):
    """One thing that an account did. Triggers refuse every change; ``digest`` chains each entry to the one before.

    Names nobody: accounts and people stand here by id, so that an entry outlives the erasure of either.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_chain_number", "chain", "number", unique=True),)

    chain: Mapped[str] = mapped_column(String(ID))
    """The device that wrote it: every device has a chain of its own."""
    number: Mapped[int]
    account_id: Mapped[str] = mapped_column(String(ID))
    """``owner`` for whoever holds the key of a device without accounts."""
    action: Mapped[str] = mapped_column(String(48))
    person_id: Mapped[str] = mapped_column(String(ID), default="", index=True)
    details: Mapped[dict[str, object]] = mapped_column(Table, default=dict)
    """Counts, kinds and dates; never words or names."""
    digest: Mapped[str] = mapped_column(String(64))
    """HMAC-SHA-256 over the digest before and this entry."""
