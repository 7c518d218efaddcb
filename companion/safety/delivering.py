"""The plan of telling people: from an alert and what became of the tries so far to what is due next.

``planned`` is asked again whenever something happened or a time has come; it holds no state and reads no clock.

Laws:
- An alert that somebody took on plans nothing more.
- The first contact of an urgent alert is due the moment it is raised, whatever their quiet hours; nothing that is not
  urgent is due within a contact's quiet hours.
- The channels of a contact are tried one behind the other; when each has failed once, the next contact is not kept
  waiting, and the tries go on with longer and longer waits.
- A contact who was reached is told once by an alert. The next one is told where nobody took the alert on in time.
- A try whose end nobody knows is followed by other channels and contacts; it is repeated, as a repetition, only while
  nobody at all was reached.
- No key comes twice. A clock that is set back makes nothing wait longer: what it makes look as if it were still to come
  is due at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from companion.safety.alerts import Alert, AlertStatus, Contact, Delivery, DeliveryOutcome
from companion.safety.delivery_rules import DeliveryRules
from companion.safety.risk import Level

_FAILED: Final = frozenset({DeliveryOutcome.FAILED, DeliveryOutcome.INTERRUPTED})
_USELESS: Final = frozenset({DeliveryOutcome.REFUSED, DeliveryOutcome.DROPPED})


@dataclass(frozen=True, slots=True)
class PlannedTry:
    """One try that is to be made."""

    alert_id: str
    contact_id: str
    channel: str
    number: int
    """From 1."""
    due_at: datetime
    held: bool = False
    """Whether quiet hours put it off."""
    repeats: bool = False
    """Whether an earlier try, whose end nobody knows, may have reached them already."""
    rules_version: str = ""
    """Of the ``delivery.toml`` that planned it."""

    @property
    def key(self) -> str:
        """Unique in the record."""
        return f"{self.alert_id}/{self.contact_id}/{self.channel}/{self.number}"


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far telling one contact has come."""

    told_at: datetime | None = None
    next: tuple[str, int, datetime] | None = None
    """Channel, number and time of the next try; None while one runs, and when nothing is left."""
    waits: bool = True
    """Whether the next contact should wait for this one: not where each channel has failed."""


def planned(
    alert: Alert, contacts: Mapping[str, Contact], tries: Iterable[Delivery], rules: DeliveryRules, now: datetime
) -> tuple[PlannedTry, ...]:
    """Return the tries that are to come, at most one for each contact; due are those whose time is not after ``now``.

    Args:
        alert: As it stands.
        contacts: Those who may be told now, by id; who is missing is passed over.
        tries: All that were planned or made for this alert.
        rules: Figures.
        now: Aware, in the zone of the device, by which quiet hours are meant.
    """
    if alert.status is not AlertStatus.OPEN:
        return ()
    tries = tuple(tries)
    coming = tuple(_in_turn(alert, _to_tell(alert, contacts), tries, rules, now))
    # Before anything is repeated, whoever has heard nothing at all is told.
    fresh = any(one.number == 1 and one.due_at <= now for one in coming)
    return tuple(one for one in coming if not (fresh and one.repeats and one.number > 1))


def is_abandoned(one: Delivery, rules: DeliveryRules, now: datetime) -> bool:
    """Return whether a try was begun by a process that must have died since."""
    if one.outcome is not DeliveryOutcome.BEGUN:
        return False
    return one.tried_at is None or _after(one.tried_at, rules.abandoned, rules, now) <= now


def _to_tell(alert: Alert, contacts: Mapping[str, Contact]) -> list[Contact]:
    return [contacts[one] for one in dict.fromkeys(alert.order.contacts) if one in contacts and contacts[one].channels]


def _in_turn(
    alert: Alert, told: Sequence[Contact], tries: Sequence[Delivery], rules: DeliveryRules, now: datetime
) -> Iterator[PlannedTry]:
    """Yield the next try of each contact, in their order."""
    turn = _after(alert.raised_at, timedelta(), rules, now)
    urgent = alert.order.level is Level.URGENT
    anybody = any(one.outcome is DeliveryOutcome.SENT for one in tries)
    for contact in told:
        own = [one for one in tries if one.contact_id == contact.id]
        reach = _reach(contact, own, turn, rules, now, anybody_reached=anybody)
        held = False
        if reach.next is not None:
            channel, number, due = reach.next
            awake = due if urgent else _awake(contact, max(due, now).astimezone(now.tzinfo))
            held = not urgent and awake > max(due, now)
            repeats = any(one.outcome is DeliveryOutcome.INTERRUPTED for one in own)
            due = awake if held else due
            yield PlannedTry(alert.id, contact.id, channel, number, due, held, repeats, rules.version)
        if reach.told_at is not None:
            turn = max(turn, _after(reach.told_at, rules.escalate[alert.order.level], rules, now))
        elif reach.waits and not held:
            turn += rules.escalate[alert.order.level]


def _reach(
    contact: Contact,
    own: Sequence[Delivery],
    turn: datetime,
    rules: DeliveryRules,
    now: datetime,
    *,
    anybody_reached: bool,
) -> _Reach:
    sent = [one.tried_at or one.due_at for one in own if one.outcome is DeliveryOutcome.SENT]
    if sent:
        return _Reach(told_at=min(sent))
    if any(one.outcome is DeliveryOutcome.BEGUN for one in own):
        return _Reach()
    by_channel = {name: [one for one in own if one.channel == name] for name in contact.channels}
    usable = {name: made for name, made in by_channel.items() if not _is_done_with(made, anybody_reached)}
    failed = {name: sum(one.outcome in _FAILED for one in made) for name, made in usable.items()}
    waits = any(not count for count in failed.values())
    if not failed or min(failed.values()) >= rules.tries:
        return _Reach(waits=False)
    channel = min(failed, key=lambda name: (failed[name], contact.channels.index(name)))
    if failed[channel] == 0:
        return _Reach(next=(channel, 1, turn), waits=waits)
    last = max((one for one in usable[channel] if one.outcome in _FAILED), key=lambda one: one.number)
    due = _after(last.tried_at or last.due_at, rules.wait(failed[channel]), rules, now)
    return _Reach(next=(channel, failed[channel] + 1, due), waits=waits)


def _is_done_with(made: Sequence[Delivery], anybody_reached: bool) -> bool:  # noqa: FBT001 - one fact of two
    """Whether a channel is of no more use: it refused, or may have reached them while others certainly were."""
    outcomes = {one.outcome for one in made}
    return bool(outcomes & _USELESS) or (DeliveryOutcome.INTERRUPTED in outcomes and anybody_reached)


def _after(moment: datetime, wait: timedelta, rules: DeliveryRules, now: datetime) -> datetime:
    """Return a time after a moment; a moment that lies ahead of the clock says that it was set back: then it is now."""
    return now if moment > now + rules.clock_slack else moment + wait


def _awake(contact: Contact, moment: datetime) -> datetime:
    """Return the first time from ``moment`` on, in its own zone, outside the contact's quiet hours."""
    begin, end = contact.quiet_from, contact.quiet_until
    if begin is None or end is None or begin == end:
        return moment
    inside = begin <= moment.hour < end if begin < end else moment.hour >= begin or moment.hour < end
    if not inside:
        return moment
    opens = moment.replace(hour=end, minute=0, second=0, microsecond=0)
    return opens if opens > moment else opens + timedelta(days=1)
