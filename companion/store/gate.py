"""Lets those in who may act: one transaction in which who asks is looked at, and what was refused is noted too."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from companion.core.access import OWNER, Action, Identity, Role, has_run_out
from companion.errors import AccessError, NotAllowed, SignInRefused
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.access import AccountRow, SignInRow

_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who came in, and the transaction to act in."""

    session: Session
    account: AccountRow | None
    """None for the owner of a device without accounts."""
    now: datetime

    def demand_administrator(self) -> None:
        """Refuse everybody but an administrator, and the owner while there is no account.

        Raises:
            NotAllowed: It is another account.
        """
        if self.account is not None and self.account.role != Role.ADMINISTRATOR:
            raise NotAllowed("access.administrators_only")


class Gate:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    @contextmanager
    def entered(self, by: Identity, *, person_id: str = "") -> Iterator[Entrance]:
        """Give a transaction to whoever may act now; an error of access in it is audited, and undoes all else.

        Raises:
            SignInRefused: The sign-in is over, the account is disabled, or nobody is signed in.
            NotAllowed: The block refused.
        """
        refusal: AccessError | None = None
        with self._database.writing(person_id) as session:
            try:
                now = self._database.now()
                account = self._admitted(session, by, now)
                with session.begin_nested():
                    yield Entrance(session, account, now)
            except AccessError as error:
                refusal = error
                details = {"why": error.key}
                self._audit.append(session, by, Action.REFUSED, person_id=person_id, details=details)
        if refusal is not None:
            raise refusal

    def sign_in(self, session: Session, account: AccountRow, now: datetime) -> str:
        """Begin a sign-in inside a transaction and return its token, of which only the digest is kept."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        row = SignInRow(id=new_id(now), account_id=account.id, at=now, zone="UTC", last_used_at=now)
        row.token_digest = token_digest(token)
        session.add(row)
        session.flush()
        return token

    def identity(self, token: str | None) -> Identity:
        """Return who a token is; without one the owner, while there is no account.

        Raises:
            SignInRefused: Nobody is signed in by it.
        """
        with self._database.reading() as session:
            if not has_accounts(session):
                return OWNER
            if token is None:
                raise SignInRefused("access.not_signed_in")
            row = session.scalar(select(SignInRow).where(SignInRow.token_digest == token_digest(token)))
            if row is None:
                raise SignInRefused("access.sign_in_over")
            return Identity(row.account_id, row.id)

    def _admitted(self, session: Session, by: Identity, now: datetime) -> AccountRow | None:
        if by == OWNER:
            if has_accounts(session):
                raise SignInRefused("access.not_signed_in")
            return None
        sign_in = session.get(SignInRow, by.sign_in_id)
        account = session.get(AccountRow, by.account_id)
        if sign_in is None or account is None or sign_in.account_id != account.id or account.disabled:
            raise SignInRefused("access.sign_in_over")
        if sign_in.ended_at is not None:
            raise SignInRefused("access.sign_in_over")
        if has_run_out(began_at=sign_in.at, last_used_at=sign_in.last_used_at, now=now):
            sign_in.ended_at = now
            self._audit.append(session, by, Action.SIGN_IN_RAN_OUT)
            raise SignInRefused("access.sign_in_over")
        sign_in.last_used_at = max(sign_in.last_used_at, now.astimezone(UTC))
        return account


def has_accounts(session: Session) -> bool:
    """Return whether there is any account, disabled ones too: the owner's time is over."""
    return bool(session.scalar(select(exists().select_from(AccountRow))))


def end_sign_ins(session: Session, account_id: str, now: datetime) -> None:
    """End every sign-in of an account inside a transaction."""
    query = select(SignInRow).where(SignInRow.account_id == account_id, SignInRow.ended_at.is_(None))
    for row in session.scalars(query):
        row.ended_at = now


def token_digest(token: str) -> str:
    """Return what is kept of a token: SHA-256, hex."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
