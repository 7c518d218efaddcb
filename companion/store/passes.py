"""Passes: what lets a schedule read the overview for an account when nobody is signed in.

A pass is a sign-in that nobody can act with: what is kept of it is another digest than that of a token, so that the
gate never finds it. It only begins a short sign-in of its account, which the audit shows like any other; grants and
consents are asked anew in that. A new password of the account, or closing it, ends its passes, as it ends its sign-ins.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.access import NOBODY, Action, Identity, is_pass_over
from companion.errors import NotAllowed, SignInRefused
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.gate import Gate
from companion.store.ids import new_id
from companion.store.tables.access import AccountRow, SignInRow

_BYTES: Final = 32
_DOMAIN: Final = b"companion pass\0"


class Passes:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._gate = Gate(database, audit)

    def give(self, by: Identity) -> str:
        """Commit a pass for the account of whoever asks and return it; only its digest is kept.

        Raises:
            SignInRefused: Nobody is signed in any more.
            NotAllowed: There is no account yet: then nothing has to be let in.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by) as entrance:
            if entrance.account is None:
                raise NotAllowed("access.pass_needs_account")
            token, now = secrets.token_urlsafe(_BYTES), entrance.now
            row = SignInRow(id=new_id(now), account_id=entrance.account.id, at=now, zone="UTC", last_used_at=now)
            row.token_digest = _digest(token)
            entrance.session.add(row)
            entrance.session.flush()
            self._audit.append(entrance.session, by, Action.PASS_GIVEN, details={"pass": row.id})
            return token

    def enter(self, token: str) -> str:
        """Begin a sign-in of the account that a pass is for, and return its token; it is to be ended after use.

        Raises:
            SignInRefused: There is no such pass, or not any more.
            StorageFull: Nothing could be written.
        """
        with self._database.writing() as session:
            entered = self._entered(session, _found(session, token), self._database.now())
        if entered is None:
            raise SignInRefused("access.pass_over")
        return entered

    def end(self, token: str) -> None:
        """End a pass; one that is over already, or never was, is no trouble.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing() as session:
            row = _found(session, token)
            if row is not None and row.ended_at is None:
                row.ended_at = self._database.now()
                self._audit.append(session, Identity(row.account_id), Action.PASS_ENDED, details={"pass": row.id})

    def _entered(self, session: Session, row: SignInRow | None, now: datetime) -> str | None:
        """Return the token of a sign-in, or None for a refusal; either is noted."""
        account = None if row is None else session.get(AccountRow, row.account_id)
        if row is None or account is None:
            self._audit.append(session, NOBODY, Action.SIGN_IN_FAILED, details={"why": "pass"})
            return None
        who = Identity(account.id)
        if row.ended_at is not None or account.disabled or is_pass_over(given_at=row.at, now=now):
            self._audit.append(session, who, Action.SIGN_IN_FAILED, details={"why": "pass", "pass": row.id})
            return None
        token = self._gate.sign_in(session, account, now)
        self._audit.append(session, who, Action.SIGNED_IN, details={"pass": row.id})
        return token


def _found(session: Session, token: str) -> SignInRow | None:
    return session.scalar(select(SignInRow).where(SignInRow.token_digest == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(_DOMAIN + token.encode("utf-8", "replace")).hexdigest()
