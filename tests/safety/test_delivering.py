"""The plan of telling people: who is due when, and the laws of it whatever channels, clocks and people do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import PromptError
from companion.safety.alerts import Alert, AlertOrder, AlertStatus, Contact, Delivery, DeliveryOutcome
from companion.safety.delivering import PlannedTry, is_abandoned, planned
from companion.safety.delivery_rules import load_delivery
from companion.safety.risk import Kind, Level

SEOUL = timezone(timedelta(hours=9))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SEOUL)
TABLE = tomllib.loads(Path("prompts/safety/delivery.toml").read_text(encoding="utf-8"))
RULES = load_delivery(TABLE)
DAUGHTER = Contact("daughter", "큰따님", 1, ("sms", "mail"))
WORKER = Contact("worker", "김 복지사님", 2, ("ntfy",))
MINUTE = timedelta(minutes=1)
Channel = Callable[[PlannedTry], DeliveryOutcome]


def alert(
    level: Level = Level.URGENT, at: datetime = NOON, contacts: tuple[str, ...] = ("daughter", "worker")
) -> Alert:
    order = AlertOrder(level, Kind.PLAN, 0 if level is Level.URGENT else 900, contacts, told_person=True)
    return Alert("alert", "person", "session", 2, at, order, "1")


@dataclass
class World:
    """Tries what is due, as whoever delivers does; time moves only when it is told to."""

    alert: Alert
    contacts: Mapping[str, Contact]
    channel: Channel
    now: datetime = NOON
    made: list[Delivery] = field(default_factory=list)

    def coming(self) -> tuple[PlannedTry, ...]:
        tries = [
            replace(one, outcome=DeliveryOutcome.INTERRUPTED) if is_abandoned(one, RULES, self.now) else one
            for one in self.made
        ]
        return planned(self.alert, self.contacts, tries, RULES, self.now)

    def settle(self) -> None:
        """Make what is due until nothing is."""
        for _ in range(50):
            due = [one for one in self.coming() if one.due_at <= self.now]
            if not due:
                return
            for one in due:
                self.made.append(
                    Delivery(
                        one.key,
                        one.alert_id,
                        one.contact_id,
                        one.channel,
                        one.number,
                        one.due_at,
                        self.now,
                        self.channel(one),
                    )
                )
        raise AssertionError("something is due again and again without time passing")

    def run(self, minutes: int) -> None:
        """Live minute by minute."""
        for _ in range(minutes):
            self.settle()
            self.now += MINUTE
        self.settle()

    def told(self) -> list[str]:
        return [one.contact_id for one in self.made if one.outcome is DeliveryOutcome.SENT]


def arriving(_: PlannedTry) -> DeliveryOutcome:
    return DeliveryOutcome.SENT


def down(_: PlannedTry) -> DeliveryOutcome:
    return DeliveryOutcome.FAILED


def world(level: Level = Level.URGENT, channel: Channel = arriving, *contacts: Contact, at: datetime = NOON) -> World:
    people = contacts or (DAUGHTER, WORKER)
    return World(alert(level, at, tuple(one.id for one in people)), {one.id: one for one in people}, channel, at)


def test_the_first_contact_is_told_at_once_by_the_best_channel() -> None:
    """Urgent or not, nothing is waited for."""
    for level in (Level.CONCERN, Level.URGENT):
        lived = world(level)
        lived.settle()
        assert [one.key for one in lived.made] == ["alert/daughter/sms/1"]


def test_the_next_contact_is_told_when_nobody_takes_it_on() -> None:
    """After five minutes where it is urgent, after thirty where it is not; each once."""
    for level, minutes in ((Level.URGENT, 5), (Level.CONCERN, 30)):
        lived = world(level)
        lived.run(minutes - 1)
        assert lived.told() == ["daughter"]
        lived.run(1)
        assert lived.told() == ["daughter", "worker"]
        lived.run(600)
        assert len(lived.made) == 2


@pytest.mark.parametrize("status", [AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED])
def test_what_somebody_took_on_is_sent_to_nobody_more(status: AlertStatus) -> None:
    """Escalation stops."""
    lived = world()
    lived.settle()
    lived.alert = replace(lived.alert, status=status)
    lived.run(60)
    assert lived.told() == ["daughter"]


def test_where_one_channel_fails_the_next_is_tried_at_once() -> None:
    """And the contact whose channel works is not told again."""
    lived = world(channel=lambda one: DeliveryOutcome.FAILED if one.channel == "sms" else DeliveryOutcome.SENT)
    lived.settle()
    assert [one.channel for one in lived.made] == ["sms", "mail"]
    assert lived.told() == ["daughter"]


def test_whom_no_channel_reaches_is_not_waited_for_and_not_given_up() -> None:
    """The next contact is told at once; the first is tried again with longer and longer waits, and told in the end."""
    lived = world(channel=lambda one: DeliveryOutcome.FAILED if one.contact_id == "daughter" else DeliveryOutcome.SENT)
    lived.settle()
    assert lived.told() == ["worker"]
    lived.run(120)
    times = [one.tried_at for one in lived.made if one.channel == "sms" and one.tried_at is not None]
    waits = [(later - earlier) // MINUTE for earlier, later in pairwise(times)]
    assert waits == sorted(waits)
    assert waits[-1] <= 16
    lived.channel = arriving
    lived.run(16)
    assert lived.told() == ["worker", "daughter"]


def test_a_channel_that_refuses_is_left_alone() -> None:
    """A wrong password stays wrong until somebody mends it."""
    lived = world(channel=lambda _: DeliveryOutcome.REFUSED)
    lived.run(600)
    assert [one.key for one in lived.made] == ["alert/daughter/sms/1", "alert/daughter/mail/1", "alert/worker/ntfy/1"]


def test_quiet_hours_hold_what_is_not_urgent_and_the_next_contact_is_told() -> None:
    """At night the daughter sleeps: the worker is told at once, the daughter in the morning, if nobody took it on."""
    night = NOON.replace(hour=23)
    asleep = replace(DAUGHTER, quiet_from=22, quiet_until=7)
    lived = world(Level.CONCERN, arriving, asleep, WORKER, at=night)
    lived.settle()
    assert lived.told() == ["worker"]
    (held,) = [one for one in lived.coming() if one.contact_id == "daughter"]
    assert held.held
    assert held.due_at == (night + timedelta(days=1)).replace(hour=7)
    lived.run(8 * 60)
    assert lived.told() == ["worker", "daughter"]


def test_urgent_wakes() -> None:
    """Quiet hours hold nothing that is urgent."""
    lived = world(Level.URGENT, arriving, replace(DAUGHTER, quiet_from=0, quiet_until=23))
    lived.settle()
    assert lived.told() == ["daughter"]


def test_an_unknown_end_is_not_repeated_where_anybody_was_reached() -> None:
    """The try may have arrived: other routes are taken, and it stays at that."""
    lived = world(channel=lambda one: DeliveryOutcome.INTERRUPTED if one.channel == "sms" else DeliveryOutcome.SENT)
    lived.run(120)
    assert [one.key for one in lived.made] == ["alert/daughter/sms/1", "alert/daughter/mail/1", "alert/worker/ntfy/1"]


def test_an_unknown_end_is_repeated_as_a_repetition_where_nobody_else_can_be_reached() -> None:
    """Better twice, and saying so, than never."""
    only = replace(DAUGHTER, channels=("sms",))
    lived = world(Level.URGENT, lambda _: DeliveryOutcome.INTERRUPTED, only)
    lived.settle()
    (again,) = lived.coming()
    assert (again.number, again.repeats) == (2, True)
    assert again.due_at > lived.now


def test_a_begun_try_is_waited_for_and_then_counts_as_interrupted() -> None:
    """While it may still run nothing else goes to that contact."""
    lived = world(channel=lambda one: DeliveryOutcome.BEGUN if one.channel == "sms" else DeliveryOutcome.SENT)
    lived.settle()
    assert [one.contact_id for one in lived.coming()] == ["worker"]
    lived.run(4)
    assert [(one.channel, one.outcome) for one in lived.made] == [
        ("sms", DeliveryOutcome.BEGUN),
        ("mail", DeliveryOutcome.SENT),
    ]


def test_who_may_not_be_told_any_more_is_passed_over() -> None:
    """A consent taken back leaves the others."""
    lived = world()
    lived.contacts = {"worker": WORKER}
    lived.settle()
    assert lived.told() == ["worker"]


channels = st.sampled_from(["a", "b", "c"])
outcomes = st.sampled_from(
    [DeliveryOutcome.SENT, DeliveryOutcome.FAILED, DeliveryOutcome.INTERRUPTED, DeliveryOutcome.BEGUN]
)
hours = st.none() | st.integers(0, 23)
people = st.lists(
    st.builds(
        Contact,
        id=st.sampled_from(["one", "two", "three"]),
        name=st.just("이름"),
        order=st.just(1),
        channels=st.lists(channels, unique=True, max_size=3).map(tuple),
        quiet_from=hours,
        quiet_until=hours,
    ),
    unique_by=lambda one: one.id,
    max_size=3,
)
levels = st.sampled_from([Level.CONCERN, Level.URGENT])
moments = st.integers(-3 * 24 * 60, 3 * 24 * 60).map(lambda minutes: NOON + minutes * MINUTE)


@given(levels, people, st.lists(outcomes, max_size=40), st.lists(st.integers(-2000, 2000), max_size=15))
def test_whatever_happens_no_key_comes_twice_and_who_was_told_is_left_alone(
    level: Level, told: list[Contact], ends: list[DeliveryOutcome], jumps: list[int]
) -> None:
    """Channels fail, processes die, clocks jump: each key is tried once, and nobody is told twice by one alert."""
    left = list(ends)
    lived = world(level, lambda _: left.pop() if left else DeliveryOutcome.SENT)
    lived.alert, lived.contacts = alert(level, NOON, tuple(one.id for one in told)), {one.id: one for one in told}
    for jump in jumps:
        lived.settle()
        lived.now += jump * MINUTE
    lived.settle()
    keys = [one.key for one in lived.made]
    assert len(set(keys)) == len(keys)
    assert len(set(lived.told())) == len(lived.told())


@given(levels, people, st.lists(outcomes, max_size=6))
def test_in_the_end_everybody_with_a_working_channel_is_told(
    level: Level, told: list[Contact], ends: list[DeliveryOutcome]
) -> None:
    """Troubles that end delay and lose nothing: within two days somebody was told, where anybody can be."""
    left = list(ends)
    lived = world(level, lambda _: left.pop() if left else DeliveryOutcome.SENT)
    lived.alert, lived.contacts = alert(level, NOON, tuple(one.id for one in told)), {one.id: one for one in told}
    for _ in range(2 * 24 * 12):
        lived.settle()
        lived.now += 5 * MINUTE
    reachable = {one.id for one in told if one.channels}
    uncertain = {
        one.contact_id for one in lived.made if one.outcome in (DeliveryOutcome.INTERRUPTED, DeliveryOutcome.BEGUN)
    }
    assert reachable - uncertain <= set(lived.told())
    assert bool(lived.told()) == bool(reachable)


@given(people, moments, moments)
def test_urgent_is_due_at_once_whatever_the_clock_says_now(
    told: list[Contact], raised: datetime, now: datetime
) -> None:
    """Quiet hours and a clock that was set back keep the first contact waiting for nothing."""
    lived = world(Level.URGENT)
    lived.alert, lived.contacts = (
        alert(Level.URGENT, raised, tuple(one.id for one in told)),
        {one.id: one for one in told},
    )
    lived.now = now
    first = lived.coming()[:1]
    assert all(one.due_at <= now + RULES.clock_slack for one in first)
    assert bool(first) == any(one.channels for one in told)


@given(people, moments, moments)
def test_nothing_that_is_not_urgent_is_due_in_quiet_hours(told: list[Contact], raised: datetime, now: datetime) -> None:
    """Whatever is due now is due to somebody who is not resting now."""
    contacts = {one.id: one for one in told}
    for one in planned(alert(Level.CONCERN, raised, tuple(contacts)), contacts, (), RULES, now):
        contact, at = contacts[one.contact_id], max(one.due_at, now).astimezone(SEOUL)
        begin, end = contact.quiet_from, contact.quiet_until
        if begin is None or end is None or begin == end:
            continue
        rests = begin <= at.hour < end if begin < end else at.hour >= begin or at.hour < end
        assert not rests


@pytest.mark.parametrize("entry", ["escalate_minutes", "retry", "begun", "clock", "version"])
def test_a_missing_figure_is_named(entry: str) -> None:
    """Nothing is sent by a table that lacks something."""
    with pytest.raises(PromptError):
        load_delivery({name: value for name, value in TABLE.items() if name != entry})


def test_a_figure_that_is_no_positive_number_is_refused() -> None:
    """Zero tries would be silence."""
    with pytest.raises(PromptError):
        load_delivery({**TABLE, "retry": {**TABLE["retry"], "tries": 0}})
