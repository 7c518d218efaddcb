"""Accounts: who may sign in, and how signing in fails.

A failure is counted, and the account locked, in the transaction that finds it; what is told is the same for a wrong
password, an unknown name, and a locked or disabled account, and takes as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.core.access import KEY_HOLDER, NOBODY, Account, Action, Identity, Lock, Role, account_name
from companion.errors import InputError, NotAllowed, SignInRefused
from companion.store import passwords
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.gate import Entrance, Gate, end_sign_ins, has_accounts, token_digest
from companion.store.ids import new_id
from companion.store.tables.access import AccountRow, GrantRow, SignInRow


class Accounts:
    """Over one database and its audit."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._gate = Gate(database, audit)

    def add(self, by: Identity, name: str, role: Role, password: str) -> Account:
        """Commit a new account; the first one is an administrator.

        Raises:
            AccessError: It may not be added by whoever asks.
            InputError: The name is taken or empty, the role is not that of a first account, or the password is unfit.
            StorageFull: Nothing could be written.
        """
        name = account_name(name)
        if not name:
            raise InputError("access.name_empty")
        kept = passwords.encoded(password, name=name)
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            session, now = entrance.session, entrance.now
            if role is not Role.ADMINISTRATOR and not has_accounts(session):
                raise InputError("access.first_administrator")
            if _named(session, name) is not None:
                raise InputError("access.name_taken")
            row = AccountRow(id=new_id(now), at=now, zone="UTC", name=name, role=role, password=kept)
            row.failures, row.disabled = 0, False
            session.add(row)
            session.flush()
            self._audit.append(session, by, Action.ACCOUNT_ADDED, details={"account": row.id, "role": str(role)})
            return _account(row, ())

    def all(self, by: Identity) -> Sequence[Account]:
        """Return every account with the people granted to it, in the order they were added.

        Raises:
            AccessError: Whoever asks may not see that.
        """
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            granted: dict[str, list[str]] = {}
            for grant in entrance.session.scalars(select(GrantRow).order_by(GrantRow.at, GrantRow.id)):
                granted.setdefault(grant.account_id, []).append(grant.person_id)
            rows = entrance.session.scalars(select(AccountRow).order_by(AccountRow.at, AccountRow.id))
            return [_account(row, granted.get(row.id, ())) for row in rows]

    def change_password(self, by: Identity, name: str, new: str, *, old: str | None = None) -> None:
        """Commit a new password and end every sign-in of its account: an administrator's for anybody, or one's own.

        Raises:
            AccessError: It is another's, or the old password of one's own is wrong.
            InputError: There is no such account, or the password is unfit.
            StorageFull: Nothing could be written.
        """
        name = account_name(name)
        kept = passwords.encoded(new, name=name)
        with self._database.reading() as session:
            found = _named(session, name)
            proven = old is not None and passwords.is_right(old, None if found is None else found.password)
        with self._gate.entered(by) as entrance:
            is_own = entrance.account is not None and entrance.account.name == name
            if not is_own:
                entrance.demand_administrator()
            elif not proven:
                raise SignInRefused("access.old_password_wrong")
            self._replace_password(entrance.session, by, _demanded(entrance.session, name), kept)

    def recover(self, name: str, new: str) -> None:
        """Give an administrator a new password, on the word of a caller who saw the recovery code of the record.

        Raises:
            InputError: There is no such administrator, or the password is unfit.
            StorageFull: Nothing could be written.
        """
        name = account_name(name)
        kept = passwords.encoded(new, name=name)
        with self._database.writing() as session:
            row = _demanded(session, name)
            if row.role != Role.ADMINISTRATOR or row.disabled:
                raise InputError("access.no_such_account")
            self._replace_password(session, KEY_HOLDER, row, kept)

    def disable(self, by: Identity, name: str) -> None:
        """Let an account sign in no more, and end its sign-ins; its entries in the audit stay.

        Raises:
            AccessError: Whoever asks may not, or nobody could add accounts any more.
            InputError: There is no such account.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            row = _demanded(entrance.session, account_name(name))
            if _is_last_administrator(entrance, row):
                raise NotAllowed("access.last_administrator")
            row.disabled = True
            end_sign_ins(entrance.session, row.id, entrance.now)
            self._audit.append(entrance.session, by, Action.ACCOUNT_DISABLED, details={"account": row.id})

    def sign_in(self, name: str, password: str) -> str:
        """Begin a sign-in and return its token, to be kept by whoever signed in.

        Raises:
            SignInRefused: Name or password is wrong, or too many were.
            StorageFull: Nothing could be written.
        """
        name = account_name(name)
        with self._database.reading() as session:
            found = _named(session, name)
            looked_at = None if found is None else found.password
        right = passwords.is_right(password, looked_at)
        with self._database.writing() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.name == name).with_for_update())
            now = self._database.now()
            token = self._decided(session, row, now, right=right and row is not None and row.password == looked_at)
        if token is None:
            raise SignInRefused("access.sign_in_refused")
        return token

    def sign_out(self, token: str | None) -> None:
        """End a sign-in; one that is over already, or never was, is no trouble.

        Raises:
            StorageFull: Nothing could be written.
        """
        if token is None:
            return
        with self._database.writing() as session:
            row = session.scalar(select(SignInRow).where(SignInRow.token_digest == token_digest(token)))
            if row is not None and row.ended_at is None:
                row.ended_at = self._database.now()
                self._audit.append(session, Identity(row.account_id, row.id), Action.SIGNED_OUT)

    def own(self, by: Identity) -> Account:
        """Return the account of whoever asks, without whose records are open to it.

        Raises:
            SignInRefused: They are not signed in any more, or need no account.
        """
        with self._gate.entered(by) as entrance:
            if entrance.account is None:
                raise SignInRefused("access.not_signed_in")
            return _account(entrance.account, ())

    def is_own(self, by: Identity, name: str) -> bool:
        """Return whether a name is that of whoever asks."""
        with self._database.reading() as session:
            row = _named(session, account_name(name))
            return row is not None and row.id == by.account_id

    def whoami(self, token: str | None) -> Identity:
        """Return who a token is, and note that it was used; without one the owner, while there is no account.

        Raises:
            SignInRefused: Nobody is signed in by it, or not any more.
            StorageFull: Nothing could be written.
        """
        identity = self._gate.identity(token)
        with self._gate.entered(identity):
            return identity

    def _replace_password(self, session: Session, by: Identity, row: AccountRow, kept: str) -> None:
        row.password, row.failures, row.locked_until = kept, 0, None
        end_sign_ins(session, row.id, self._database.now())
        self._audit.append(session, by, Action.PASSWORD_CHANGED, details={"account": row.id})

    def _decided(self, session: Session, row: AccountRow | None, now: datetime, *, right: bool) -> str | None:
        """Return a token, or None for a refusal; either is noted."""
        if row is None:
            self._audit.append(session, NOBODY, Action.SIGN_IN_FAILED)
            return None
        who, lock = Identity(row.id), Lock(row.failures, row.locked_until)
        if row.disabled or lock.holds(now):
            row.locked_until = lock.seen(now).until
            why = "disabled" if row.disabled else "locked"
            self._audit.append(session, who, Action.SIGN_IN_FAILED, details={"why": why})
            return None
        if right:
            row.failures, row.locked_until = 0, None
            token = self._gate.sign_in(session, row, now)
            self._audit.append(session, who, Action.SIGNED_IN)
            return token
        lock = lock.after_failure(now)
        row.failures, row.locked_until = lock.failures, lock.until
        self._audit.append(session, who, Action.SIGN_IN_FAILED, details={"failures": lock.failures})
        if lock.until is not None:
            until = lock.until.isoformat(timespec="seconds")
            self._audit.append(session, who, Action.ACCOUNT_LOCKED, details={"until": until})
        return None


def _named(session: Session, name: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.name == name))


def _demanded(session: Session, name: str) -> AccountRow:
    row = _named(session, name)
    if row is None:
        raise InputError("access.no_such_account")
    return row


def _is_last_administrator(entrance: Entrance, row: AccountRow) -> bool:
    standing = select(func.count()).where(AccountRow.role == Role.ADMINISTRATOR, AccountRow.disabled.is_(False))
    return row.role == Role.ADMINISTRATOR and not row.disabled and (entrance.session.scalar(standing) or 0) <= 1


def _account(row: AccountRow, people: Sequence[str]) -> Account:
    return Account(row.id, row.name, Role(row.role), row.at, row.disabled, row.locked_until, tuple(people))
