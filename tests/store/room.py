"""A record with people and accounts, for the tests of who may see what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from companion.core.access import OWNER, AuditEntry, Identity, Role
from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard
from companion.core.person import Person
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.turn import Reply, ReplySource
from companion.store import passwords
from companion.store.audit import Audit
from companion.store.database import Database, Stamp, encrypted, server
from companion.store.record import Record
from companion.store.verification import verify
from companion.store.viewing import Viewer
from tests.fakes.clock import FakeClock

KEY = bytes(range(32))
AUDIT_KEY = bytes(range(1, 33))
PASSWORD = "긴 비밀번호 하나둘셋"  # noqa: S105 - a test's own
WRONG = "틀린 비밀번호 하나둘셋"
ADMIN = "관리자"
DAUGHTER = "큰따님"
NURSE = "박간호사"


def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost next to nothing, where what they cost is not tested."""
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 32)
    monkeypatch.setattr(passwords, "_PASSES", 1)


class Room:
    """One record on a real encrypted file, or a real server, and short words for what tests do with it."""

    def __init__(self, folder: Path, server_url: str = "") -> None:
        self.folder = folder
        self.clock = FakeClock()
        engine = server(server_url) if server_url else encrypted(folder / "record.sqlite3", KEY)
        database = Database(engine, place=folder, stamp=Stamp("device-1"), now=self.clock.now)
        self.record = Record(database, audit_key=AUDIT_KEY, folder=folder)
        self.accounts, self.grants = self.record.accounts, self.record.grants

    @property
    def audit(self) -> Audit:
        return self.record.audit

    def person(self, name: str, *, keeps: bool = True) -> str:
        """Add a person who agreed that conversations are kept."""
        person_id = self.record.people.add(Person(id="", address=f"{name}님", name=name)).id
        if keeps:
            self.decide(person_id, Item.CONVERSATION)
        return person_id

    def decide(self, person_id: str, item: Item, *, named: str = "", answer: Answer = Answer.GIVEN) -> None:
        """Take down a decision of the person."""
        decision = Decision(
            item, answer, self.clock.now(), Giver.PERSON, "본인", Manner.SPOKEN, Wording("1", "0" * 64), named=named
        )
        self.record.consents.decide(person_id, decision)

    def talked(self, person_id: str, *words: str) -> str:
        """Keep a conversation of so many turns."""
        self.clock.advance(60)
        now = self.clock.now()
        session_id = self.record.conversations.start_session(NewSession(person_id, now, "text", "embedded", "bank"))
        for number, said in enumerate(words, start=1):
            reply = Reply(text="그러셨어요?", source=ReplySource.BANK, id="other.neutral.0")
            heard = Heard.typed(said)
            self.record.conversations.add_turn(
                session_id, number, NewTurn(at=now, kind=TurnKind.EXCHANGE, reply=reply, heard=heard)
            )
        return session_id

    def signed_in(self, name: str) -> Identity:
        """Sign an account in."""
        return self.accounts.whoami(self.accounts.sign_in(name, PASSWORD))

    def administrator(self) -> Identity:
        """Add the first account and sign it in."""
        self.accounts.add(OWNER, ADMIN, Role.ADMINISTRATOR, PASSWORD)
        return self.signed_in(ADMIN)

    def reader(self, by: Identity, name: str, role: Role, *people: str) -> Identity:
        """Add an account that may read people who agreed to it by name, and sign it in."""
        self.accounts.add(by, name, role, PASSWORD)
        for person_id in people:
            self.decide(person_id, Item.SHARING, named=name)
            self.grants.grant(by, name, person_id)
        return self.signed_in(name)

    def viewer(self, identity: Identity) -> Viewer:
        return Viewer(self.record.database, self.record.audit, identity)

    def trail(self) -> list[AuditEntry]:
        """Return the whole audit, oldest first, after a look that it is whole."""
        found = verify(self.record.database, AUDIT_KEY, self.record.audit.anchors)
        assert found.findings == ()
        with self.record.database.reading() as session:
            entries = self.record.audit.entries(session, limit=1000)
        return sorted(entries, key=lambda entry: entry.number)

    def actions(self) -> list[str]:
        return [entry.action for entry in self.trail()]

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span).total_seconds())


@contextmanager
def a_room(folder: Path, server_url: str = "") -> Iterator[Room]:
    """Open a room and let it go."""
    room = Room(folder, server_url)
    try:
        yield room
    finally:
        room.record.close()
