"""People in danger and those around them, in real records, for tests of alerts."""

from __future__ import annotations

from dataclasses import replace

from companion.core.consent import Answer, Item
from companion.core.masking.chain import Outward
from companion.core.person import Contact, Person
from companion.core.record import NewAlert, NewStep, NewTurn
from companion.ports import Notifier
from companion.prompts import prompt_table
from companion.safety.delivery_rules import load_delivery
from companion.session.alerting import Alerting
from companion.store.record import Record
from companion.wiring.alerts import alert_words
from companion.wiring.masking import outward
from tests.fakes.clock import FakeClock
from tests.records import decision, new_session, turn

RULES = load_delivery(prompt_table("safety/delivery.toml"))
WORDS = "농약을 사다 놨어"
DAUGHTER, WORKER = "json://daughter.example/one", "json://worker.example/two"


def contact(
    record: Record, person: Person, name: str, *channels: str, agreed: bool = True, **fields: object
) -> Contact:
    """Add a contact behind those that are there, agreed to by name."""
    order = len(record.people.contacts(person.id)) + 1
    added = Contact("", person.id, name, order=order, channels=channels)
    added = record.people.add_contact(replace(added, **fields))  # type: ignore[arg-type]
    if agreed:
        record.consents.decide(person.id, decision(Item.ALERTS, named=name))
    return added


def withdraw(record: Record, person: Person, item: Item, named: str = "") -> None:
    """Take a consent back."""
    record.consents.decide(person.id, decision(item, Answer.WITHDRAWN, named))


def alarming(*contacts: Contact, level: str = "urgent", kind: str = "plan_or_means") -> NewTurn:
    """Return a turn in which danger was heard, with what the protocol did and ordered."""
    order = NewAlert(level, kind, 0 if level == "urgent" else 900, tuple(one.id for one in contacts), bool(contacts))
    steps = (
        NewStep("say", "self_harm.open.urgent"),
        NewStep("alert"),
        NewStep("ask", "self_harm.ask.nearby", "nearby"),
    )
    return replace(
        turn(WORDS, risk_level=level),
        risk_kind=kind,
        risk_standing=level,
        steps=steps,
        answer="unclear",
        alerts=(order,),
        lexicon_version="lexicon",
        protocol_version="protocol",
    )


def raised(record: Record, person: Person, new: NewTurn) -> str:
    """Commit a conversation of one turn; return its id."""
    session_id = record.conversations.start_session(new_session(person))
    record.conversations.add_turn(session_id, 1, new)
    return session_id


def alerting(record: Record, notifier: Notifier, clock: FakeClock) -> Alerting:
    """Return what delivers, with the shipped rules and words."""

    def leaves(person_id: str, words: str) -> Outward:
        return outward(record, person_id)(words)

    return Alerting(record.alerts, notifier, rules=RULES, words=alert_words(), clock=clock, outward=leaves)
