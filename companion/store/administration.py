"""Lets an administrator, or the owner of a device without accounts, look after people; notes it before it is done."""

from __future__ import annotations

from collections.abc import Mapping

from companion.core.access import Action, Identity
from companion.store.audit import Audit
from companion.store.database import Database
from companion.store.gate import Gate


class Administration:
    """Over one database and its audit.

    Reading who is there and changing who they are is no look into what they said: it needs no grant, and it is noted.
    """

    def __init__(self, database: Database, audit: Audit) -> None:
        self._audit = audit
        self._gate = Gate(database, audit)

    def authorise(
        self, by: Identity, action: Action, person_id: str = "", details: Mapping[str, object] | None = None
    ) -> None:
        """Note an action that is about to be done, and refuse whoever may not do it.

        Raises:
            SignInRefused: Nobody is signed in any more.
            NotAllowed: Whoever is, is no administrator.
            StorageFull: It could not be noted: it must not be done.
        """
        with self._gate.entered(by, person_id=person_id) as entrance:
            entrance.demand_administrator()
            self._audit.append(entrance.session, by, action, person_id=person_id, details=details or {})
