"""Real records for the tests of the store: encrypted files, made and filled through the store itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard, Hearing
from companion.core.person import Person
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.store import cipher
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.vault.places import Method
from companion.store.vault.vault import Vault
from companion.store.vault.wrapping import Secrets
from tests.fakes.clock import START, FakeClock

Read = Callable[..., list[tuple[Any, ...]]]
STAMP = Stamp(device_id="device")
PERSON = Person(id="01900000-0000-7000-8000-000000000001", address="영자 님", name="김영자")


def no_passphrase() -> str:
    raise AssertionError("no passphrase opens this record")


def opened(place: Place, clock: FakeClock | None = None, method: Method = Method.FILE) -> Record:
    """Open a record, made on first use."""
    return open_record(place, stamp=STAMP, now=(clock or FakeClock()).now, ask=no_passphrase, method=method)


def begun(folder: Path, clock: FakeClock | None = None) -> Place:
    """Make a record with one person who agreed to have conversations kept."""
    place, clock = Place(folder), clock or FakeClock()
    with closing(opened(place, clock)) as record:
        record.people.add(PERSON)
        record.consents.decide(PERSON.id, decision(Item.CONVERSATION, at=clock.now()))
    return place


def decision(item: Item, answer: Answer = Answer.GIVEN, at: datetime = START) -> Decision:
    """Make a decision of the person."""
    wording = Wording("1", "0" * 64)
    return Decision(item, answer, at, Giver.PERSON, PERSON.name, Manner.SPOKEN, wording)


def session(at: datetime = START) -> NewSession:
    """Make what is known when a session starts."""
    return NewSession(person_id=PERSON.id, started_at=at, mode="text", profile="embedded", reply_driver="bank")


def turn(words: str = "그냥 그래", at: datetime = START, risk: str = "none") -> NewTurn:
    """Make an exchange."""
    understood = Understanding(act=Act.TELL, topic="mood", feeling=Feeling.NEUTRAL, confidence=0.5, situation="mood.so")
    reply = Reply(text="그러시군요.", source=ReplySource.BANK, id="mood.so.0")
    heard = Heard(text=words, confidence=0.9, hearing=Hearing.CLEAR, seconds=1.0)
    return NewTurn(
        at=at,
        kind=TurnKind.EXCHANGE,
        reply=reply,
        heard=heard,
        understanding=understood,
        risk_level=risk,
        risk_kind="" if risk == "none" else "suicide.passive",
        risk_evidence="" if risk == "none" else "rule",
    )


def talked(record: Record, *words: str, at: datetime = START) -> str:
    """Keep one whole conversation; return its id."""
    session_id = record.conversations.start_session(session(at))
    for number, said in enumerate(words, 1):
        record.conversations.add_turn(session_id, number, turn(said, at + timedelta(seconds=number)))
    record.conversations.end_session(session_id, at + timedelta(minutes=10), "person")
    return session_id


def secrets_of(place: Place) -> Secrets:
    """Return what opens a record by its key file, also while the record is being begun."""
    return Vault(place.vault if place.vault.exists() else place.new_vault).candidates(no_passphrase)[0]


@contextmanager
def reading(place: Place) -> Iterator[Read]:
    """Read an encrypted file without the store, over one connection."""
    with closing(cipher.connect(place.file, secrets_of(place).data_key, pragmas=False)) as connection:
        yield lambda query, *values: connection.execute(query, values).fetchall()


def rows(place: Place, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Read an encrypted file without the store."""
    with reading(place) as read:
        return read(query, *values)


def heard_in(place: Place) -> list[str]:
    """Return everything that was said, in the order it was kept."""
    return [str(row[0]) for row in rows(place, "SELECT heard FROM turns ORDER BY rowid")]


def rotated(place: Place) -> str:
    """Change the key of a closed record, as a change of key does; return the new recovery code."""
    vault = Vault(place.vault)
    contents = vault.candidates(no_passphrase)[0]
    fresh = contents.with_new_data_key()
    code = vault.begin_rotation(fresh, Method.FILE, no_passphrase)
    cipher.change_key(place.file, contents.data_key, fresh.data_key)
    vault.end_rotation(moved=True)
    return code
