"""Alerts as values: who is to be told of a danger, how soon, and what became of telling them.

An alert is a record first and a delivery after: nothing here sends anything. What is sent is minimal (who, level,
since when, what to do); the words of the person go out only with their consent. Fields are made for a table row each.

Pure: standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from companion.safety.risk import Kind, Level, Theme


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who agreed to be told."""

    id: str
    name: str
    """As 말벗 says it: 큰따님, 김 복지사님."""
    order: int
    """1 is told first."""
    channels: tuple[str, ...] = ()
    """Names of the delivery channels, best first; their addresses and keys lie in the vault."""
    told_of_abuse: bool = False
    """Whether an alert about abuse may go to them: False until a person says that they are not the abuser."""
    told_words: bool = False
    """Whether the person agreed that this contact may read what was said."""
    quiet_from: int | None = None
    """Hour of the local day, 0 to 23, from which only urgent alerts are sent; None for no quiet hours."""
    quiet_until: int | None = None
    """Hour at which quiet hours end; may be smaller than ``quiet_from``."""


def tellable(contacts: Sequence[Contact], kind: Kind) -> tuple[Contact, ...]:
    """Return who may be told of a danger, first ones first. Of abuse only those of whom it was said that they may."""
    allowed = (contact for contact in contacts if kind.theme is not Theme.ABUSE or contact.told_of_abuse)
    return tuple(sorted(allowed, key=lambda contact: (contact.order, contact.id)))


@dataclass(frozen=True, slots=True)
class AlertOrder:
    """What the protocol orders: an alert that has no id and no time yet."""

    level: Level
    kind: Kind
    within_seconds: int
    """Until the first contact must have been tried: 0 for at once."""
    contacts: tuple[str, ...]
    """Ids of those to tell, in order; empty where there is nobody: it is recorded and shown all the same."""
    told_person: bool
    """Whether the person was told, in the same turn, that these people will be told."""


class AlertStatus(StrEnum):
    """Where an alert stands. Only a named person moves it on."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Somebody took it on; escalation stops."""
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Alert:
    """An order as it stands in the record."""

    id: str
    person_id: str
    session_id: str
    turn_number: int
    raised_at: datetime
    """Aware."""
    order: AlertOrder
    protocol_version: str
    status: AlertStatus = AlertStatus.OPEN


@dataclass(frozen=True, slots=True)
class AlertNote:
    """What a named person did with an alert."""

    alert_id: str
    at: datetime
    by: str
    """Name of whoever acknowledged or resolved it; never empty."""
    status: AlertStatus
    note: str
    false_alarm: bool = False
    """Said on resolving only; counted, never deleted."""


class DeliveryOutcome(StrEnum):
    """What became of one attempt."""

    PLANNED = "planned"
    """On the disk before anything is sent."""
    BEGUN = "begun"
    """On the disk right before it is sent: after a crash it may have gone out or not, and is not sent again."""
    INTERRUPTED = "interrupted"
    """It was begun and nobody knows its end."""
    SENT = "sent"
    FAILED = "failed"
    """May be tried again."""
    REFUSED = "refused"
    """Wrong address or credentials: another try is useless until somebody mends it."""
    HELD = "held"
    """Planned for the end of a contact's quiet hours: the alert is not urgent."""
    DROPPED = "dropped"
    """Not to be sent any more: somebody took the alert on, or the contact may not be told any more."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell one contact through one channel."""

    key: str
    """``alert_id/contact_id/channel/number``: unique in the record, so that nothing is sent twice."""
    alert_id: str
    contact_id: str
    channel: str
    number: int
    """1 for the first try through this channel."""
    due_at: datetime
    tried_at: datetime | None
    outcome: DeliveryOutcome
    error_key: str = ""
    """Key of the operator sentence; never an address."""
    rules_version: str = ""
    """Of the ``delivery.toml`` by which it was planned."""
