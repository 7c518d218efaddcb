"""Who looked at what, and did what: newest first, for administrators. Names are looked up here; the audit holds ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from companion.core.access import KEY_HOLDER, NOBODY, OWNER, AuditEntry
from companion.dashboard.screens.listing import Listing
from companion.dashboard.times import moment
from companion.dashboard.widgets.prose import Line, muted, plain, strong
from companion.dashboard.words import explained, say
from companion.wiring.desk import Desk

_MOST: Final = 300
_SHORT: Final = 8


@dataclass(frozen=True, slots=True)
class Looked:
    """One entry with the name of whoever did it."""

    entry: AuditEntry
    account: str


class AuditTrail(Listing[Looked]):
    """The audit."""

    ID: ClassVar[str] = "audit"
    # Each reading of the audit is written down in it: reading anew at every change would never end.
    RELOADS: ClassVar[bool] = False
    COLUMNS: ClassVar[tuple[tuple[str, int], ...]] = (("when", 15), ("who", 12), ("what", 18), ("whose", 10))

    def reading(self, desk: Desk) -> Sequence[Looked]:
        """Return the newest entries."""
        entries = desk.viewer.audit_entries(limit=_MOST)
        names = {one.id: one.name for one in desk.record.accounts.all(desk.viewer.identity)}
        return [Looked(entry, _who(entry, names)) for entry in entries]

    def key_of(self, one: Looked) -> str:
        """Return chain and number."""
        return f"{one.entry.chain}/{one.entry.number}"

    def person_of(self, one: Looked) -> str:
        """Return about whom it is."""
        return one.entry.person_id

    def cells(self, one: Looked, now: datetime) -> Sequence[object]:
        """Return when, who, what and about whom."""
        return (moment(one.entry.at, now), one.account, _what(one.entry), self._whose(one.entry.person_id))

    def lines(self, one: Looked, now: datetime) -> Iterable[Line]:
        """Return the entry with its details."""
        entry = one.entry
        yield strong(f"{one.account}: {_what(entry)}")
        yield plain(moment(entry.at, now))
        if entry.person_id:
            yield plain(say("audit.about", name=self._whose(entry.person_id)))
        people = entry.details.get("people")
        if isinstance(people, list):
            names = ", ".join(self._whose(str(one)) for one in people)
            yield plain(say("audit.about_many", count=len(people), names=names))
        for name, value in entry.details.items():
            if name != "people":
                yield muted(f"{name}: {value}")
        yield muted(say("audit.entry", chain=entry.chain[-_SHORT:], number=entry.number))

    def _whose(self, person_id: str) -> str:
        return self.dashboard.people_shown.get(person_id, person_id[-_SHORT:])


def _who(entry: AuditEntry, names: Mapping[str, str]) -> str:
    own = {one.account_id: say(f"audit.{one.account_id}") for one in (OWNER, KEY_HOLDER, NOBODY)}
    return names.get(entry.account_id) or own.get(entry.account_id) or entry.account_id[-_SHORT:]


def _what(entry: AuditEntry) -> str:
    return explained(f"audit.action.{entry.action}") or entry.action
