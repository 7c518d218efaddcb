"""Puts together what delivers alerts, and what people do about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from companion.core.access import Action
from companion.core.person import channel_name
from companion.prompts import prompt_table
from companion.wiring.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from companion.errors import StoreError
    from companion.ports import Clock, Notifier, Sent
    from companion.safety.alerts import Alert, AlertNote, Contact
    from companion.safety.notices import AlertWords
    from companion.session.alerting import Alerting, Round
    from companion.store.record import Record


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a test message."""

    contact: str
    channel: str
    """Its name, never its address."""
    sent: Sent


@cache
def alert_words() -> AlertWords:
    """Return what contacts read.

    Raises:
        PromptError: The table is broken.
    """
    from companion.safety.notices import AlertWords

    numbers = prompt_table("safety/numbers.toml")["numbers"]
    constants = {slot: str(entry["number"]) for slot, entry in numbers.items()}
    return AlertWords(prompt_table("safety/alert.ko.toml"), constants)


def notifier() -> Notifier:
    """Return what sends."""
    from companion.adapters.notifier_apprise import AppriseNotifier

    return AppriseNotifier()


def alerting(record: Record, clock: Clock | None = None) -> Alerting:
    """Return what delivers the alerts of a record, by the clock of the system where none is given.

    Raises:
        PromptError: A table is broken.
    """
    from companion.safety.delivery_rules import load_delivery
    from companion.session.alerting import Alerting
    from companion.wiring.masking import outward

    return Alerting(
        record.alerts,
        notifier(),
        rules=load_delivery(prompt_table("safety/delivery.toml")),
        words=alert_words(),
        clock=clock or SystemClock(),
        outward=lambda person_id, words: outward(record, person_id)(words),
    )


@asynccontextmanager
async def watching(
    record: Record, on_trouble: Callable[[StoreError], None], clock: Clock | None = None
) -> AsyncIterator[Callable[[], None]]:
    """Deliver alerts beside a conversation; give what is called when one was raised.

    Raises:
        PromptError: A table is broken.
    """
    from companion.session.alerting import AlertWatch

    watch = AlertWatch(alerting(record, clock), clock=clock or SystemClock(), on_trouble=on_trouble)
    watch.start()
    try:
        yield watch.alarm
    finally:
        await watch.close()


def delivered(record: Record) -> Round:
    """Make every try that is due, once.

    Raises:
        StoreError: The record cannot be used.
    """
    return alerting(record).round()


def told_contacts(record: Record, person_id: str) -> tuple[Contact, ...]:
    """Return who would really be told of a danger now: nobody else may be promised.

    Where the record cannot be read, nobody: then nothing is promised.
    """
    from companion.errors import StoreError

    try:
        return record.alerts.contacts(person_id)
    except StoreError:
        return ()


def noted(record: Record, wanted: str, note: AlertNote) -> Alert:
    """Write down that somebody took an alert on, or resolved it.

    Raises:
        AccessError: They may not.
        InputError: Name or note is missing, or there is no such alert.
    """
    from companion.wiring.access import whoever_is_here

    return record.alert_care.note(whoever_is_here(record), wanted, note)


def tested(record: Record) -> Iterator[Tested]:
    """Send a test message to every channel of every contact, and yield what became of each.

    Only to contacts who may be told: a test too says that the person is looked after by 말벗.

    Raises:
        AccessError: Whoever is here may not.
    """
    from companion.ports import Notice
    from companion.wiring.access import authorise

    authorise(record, Action.CHANNELS_TESTED)
    title, body = alert_words().test()
    sender = notifier()
    for person in record.people.all():
        may = {one.id for one in record.alerts.contacts(person.id)}
        for contact in record.people.contacts(person.id):
            for address in contact.channels if contact.id in may else ():
                yield Tested(contact.name, channel_name(address), sender.send(address, Notice(title, body)))
