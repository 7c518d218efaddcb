"""Records for tests: real ones, encrypted in a folder or on a real server, with people who agreed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from companion.core.access import OWNER
from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard, Hearing
from companion.core.person import Person
from companion.core.record import KeptTurn, NewSession, NewTurn, SessionSummary, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.viewing import Viewer
from tests.fakes.clock import START, FakeClock

WORDING = Wording("1", "0" * 64)
REPLY = Reply(text="오늘은 어떠세요?", source=ReplySource.BANK, id="other.neutral.0")
PASSPHRASE = "correct horse battery"  # noqa: S105 - of no record but those of tests


def opened(folder: Path, clock: FakeClock | None = None, *, server_url: str = "", device: str = "device") -> Record:
    """Open the record of a folder, made with a key file on first use."""
    now = (clock or FakeClock()).now
    return open_record(Place(folder, server_url), stamp=Stamp(device), now=now, ask=lambda: PASSPHRASE)


@contextmanager
def record_in(folder: Path, clock: FakeClock | None = None, *, server_url: str = "") -> Iterator[Record]:
    """Open a record for a while."""
    record = opened(folder, clock, server_url=server_url)
    try:
        yield record
    finally:
        record.close()


def decision(item: Item = Item.CONVERSATION, answer: Answer = Answer.GIVEN, named: str = "") -> Decision:
    """Return what a person decides for themselves."""
    return Decision(
        item=item,
        answer=answer,
        at=START,
        giver=Giver.PERSON,
        giver_name="김순자",
        manner=Manner.SIGNED,
        wording=WORDING,
        named=named,
    )


def agreeing(record: Record, *items: Item, address: str = "순자님") -> Person:
    """Add a person who agrees to keep conversations, or to the items that are named."""
    person = record.people.add(Person(id="", address=address, name="김순자"))
    for item in items or (Item.CONVERSATION,):
        record.consents.decide(person.id, decision(item))
    return person


def new_session(person: Person) -> NewSession:
    """Return what is known when a session starts."""
    return NewSession(person_id=person.id, started_at=START, mode="text", profile="embedded", reply_driver="bank")


def turn(words: str = "그냥 그래", reply: Reply = REPLY, *, risk_level: str = "") -> NewTurn:
    """Return a turn in which something was said."""
    understood = Understanding(act=Act.TELL, topic="mood", feeling=Feeling.NEUTRAL, confidence=0.5, situation="mood.so")
    heard = Heard(text=words, confidence=0.9, hearing=Hearing.CLEAR, seconds=1.0)
    return NewTurn(
        at=START,
        kind=TurnKind.EXCHANGE,
        reply=reply,
        heard=heard,
        understanding=understood,
        risk_level=risk_level,
        risk_kind="passive_wish" if risk_level else "",
    )


def read_last(record: Record) -> tuple[SessionSummary, list[KeptTurn]]:
    """Return the last conversation as the owner of the device reads it."""
    summary, turns = Viewer(record.database, record.audit, OWNER).session("last")
    return summary, list(turns)
