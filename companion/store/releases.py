"""The ledger of research releases: who was given what, and whom its recipient has still to be told about.

A pseudonym is a keyed digest of an id under a secret of its release, and that secret a keyed digest under the key of
the audit, which the vault keeps and no release holds. So the ledger needs no list of who was who: whose pseudonym it is
can be asked of the key, and after an erasure of nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.core.access import Action, Identity
from companion.core.research import KeptRelease, NewRelease, Withdrawn, pseudonym
from companion.errors import InputError
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.gate import Entrance, Gate
from companion.store.ids import new_id
from companion.store.research import agreeing_to_research
from companion.store.tables.base import storable, zone_of
from companion.store.tables.release import ReleaseMemberRow, ReleaseRow

_DOMAIN: Final = b"companion research release\0"
_SHORTEST_END: Final = 4


class Releases:
    """Over one database, its audit, and the key that secrets of releases are derived from.

    Args:
        database: Opened.
        audit: Of the same database.
        key: 32 bytes: the key of the audit, which never changes.
    """

    def __init__(self, database: Database, audit: Audit, key: bytes) -> None:
        self._database = database
        self._audit = audit
        self._gate = Gate(database, audit)
        self._key = key

    def new_id(self) -> str:
        """Return an id for a release that is to be made."""
        return new_id(self._database.now())

    def secret(self, release_id: str) -> bytes:
        """Return the secret of a release, 32 bytes; it is never written anywhere."""
        return hmac.new(self._key, _DOMAIN + release_id.encode(), hashlib.sha256).digest()

    def hand_over(
        self, by: Identity, release: NewRelease, person_ids: Collection[str], publish: Callable[[], None]
    ) -> None:
        """Commit that a release was made, and publish it inside the transaction: both happen or neither.

        Args:
            by: Who makes it.
            release: What the ledger keeps.
            person_ids: Everybody in it.
            publish: Puts the finished files into their place; what it raises undoes the entry.

        Raises:
            AccessError: Whoever asks may not.
            InputError: Somebody in it took their consent back while it was made.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            gone = set(person_ids) - agreeing_to_research(entrance.session, entrance.now)
            if gone:
                raise InputError("release.withdrawn_meanwhile", count=len(gone))
            self._enter(entrance, release, person_ids)
            details = {
                "release": release.id,
                "people": len(person_ids),
                "policy": release.policy_digest,
                "manifest": release.manifest_digest,
            }
            self._audit.append(entrance.session, by, Action.RELEASE_MADE, details=details)
            publish()

    def list(self, by: Identity) -> Sequence[KeptRelease]:
        """Return every release, oldest first.

        Raises:
            AccessError: Whoever asks may not.
        """
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            found = [_kept(entrance.session, row) for row in _all(entrance.session)]
            self._audit.append(entrance.session, by, Action.RELEASES_LISTED, details={"count": len(found)})
            return found

    def withdrawals(self, by: Identity) -> Sequence[Withdrawn]:
        """Return the releases that hold somebody who does not agree any more, or was erased, oldest first.

        Raises:
            AccessError: Whoever asks may not.
        """
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            found = [self._withdrawn(entrance, row) for row in _all(entrance.session)]
            listed = [one for one in found if one.untold or one.told]
            details = {"count": len(listed), "untold": sum(len(one.untold) for one in listed)}
            self._audit.append(entrance.session, by, Action.RELEASES_LISTED, details=details)
            return listed

    def note_told(self, by: Identity, release_id: str) -> Withdrawn:
        """Commit that the recipient of a release was asked to delete all who left it; return who that was.

        Raises:
            AccessError: Whoever asks may not.
            InputError: No release, or more than one, has such an id.
            StorageFull: Nothing could be written.
        """
        with self._gate.entered(by) as entrance:
            entrance.demand_administrator()
            row = _meant(entrance.session, release_id)
            found = self._withdrawn(entrance, row)
            members = select(ReleaseMemberRow).where(ReleaseMemberRow.release_id == row.id)
            for member in entrance.session.scalars(members.where(ReleaseMemberRow.pseudonym.in_(found.untold))):
                member.told_at = entrance.now
            details = {"release": row.id, "count": len(found.untold)}
            self._audit.append(entrance.session, by, Action.RELEASE_WITHDRAWALS_TOLD, details=details)
            return found

    def holding(self, person_id: str) -> Sequence[KeptRelease]:
        """Return the releases that somebody is in, oldest first: what they may know of their own data."""
        with self._database.reading() as session:
            rows = [row for row in _all(session) if self._is_in(session, row, person_id)]
            return [_kept(session, row) for row in rows]

    def _is_in(self, session: Session, row: ReleaseRow, person_id: str) -> bool:
        called = pseudonym(self.secret(row.id), person_id)
        query = select(func.count()).select_from(ReleaseMemberRow)
        mine = (ReleaseMemberRow.release_id == row.id, ReleaseMemberRow.pseudonym == called)
        return bool(session.scalar(query.where(*mine)))

    def _enter(self, entrance: Entrance, release: NewRelease, person_ids: Collection[str]) -> None:
        now, secret = entrance.now, self.secret(release.id)
        row = ReleaseRow(id=release.id, at=now, zone=zone_of(now), expires=release.expires.isoformat())
        for name in _SAME:
            setattr(row, name, getattr(release, name))
        row.rows, row.formats = dict(release.rows), list(release.formats)
        entrance.session.add(row)
        entrance.session.flush()
        called = sorted({pseudonym(secret, one) for one in person_ids})
        members: list[dict[str, object]] = [
            {"id": new_id(now), "release_id": row.id, "pseudonym": one, "told_at": None} for one in called
        ]
        self._database.add_many(entrance.session, ReleaseMemberRow, members, of=row.id)

    def _withdrawn(self, entrance: Entrance, row: ReleaseRow) -> Withdrawn:
        secret = self.secret(row.id)
        here = {pseudonym(secret, one) for one in agreeing_to_research(entrance.session, entrance.now)}
        columns = select(ReleaseMemberRow.pseudonym, ReleaseMemberRow.told_at)
        query = columns.where(ReleaseMemberRow.release_id == row.id).order_by(ReleaseMemberRow.pseudonym)
        gone = [(called, told) for called, told in entrance.session.execute(query) if called not in here]
        untold = tuple(called for called, told in gone if told is None)
        return Withdrawn(_kept(entrance.session, row), untold, tuple(called for called, told in gone if told))


_SAME: Final = (
    *("title", "recipient", "purpose", "legal_basis", "terms", "policy_digest", "manifest_digest"),
    *("k", "l", "software"),
)
"""Columns that are as the value has them."""


def _all(session: Session) -> Sequence[ReleaseRow]:
    return session.scalars(select(ReleaseRow).order_by(ReleaseRow.at, ReleaseRow.id)).all()


def _meant(session: Session, wanted: str) -> ReleaseRow:
    if len(wanted) < _SHORTEST_END:
        raise InputError("release.no_such_release", id=wanted)
    query = select(ReleaseRow).where(ReleaseRow.id.endswith(storable(wanted), autoescape=True)).limit(2)
    found = session.scalars(query).all()
    if len(found) != 1:
        raise InputError("release.no_such_release", id=wanted)
    return found[0]


def _kept(session: Session, row: ReleaseRow) -> KeptRelease:
    query = select(func.count()).select_from(ReleaseMemberRow).where(ReleaseMemberRow.release_id == row.id)
    release = NewRelease(
        id=row.id,
        expires=date.fromisoformat(row.expires),
        rows={name: int(str(count)) for name, count in row.rows.items()},
        formats=tuple(map(str, row.formats)),
        **{name: getattr(row, name) for name in _SAME},
    )
    return KeptRelease(release, row.at, session.scalar(query) or 0)
