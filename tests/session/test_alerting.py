"""Delivering alerts over the ports of the session: real record, real plan, a notifier that answers as it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from companion.core.consent import Item
from companion.core.person import Person
from companion.errors import InferenceError, StorageFull, StoreError
from companion.ports import Sent
from companion.safety.alerts import DeliveryOutcome
from companion.safety.delivering import planned
from companion.session.alerting import Alerting, AlertWatch
from companion.store.record import Record
from tests.alarms import DAUGHTER, RULES, WORDS, WORKER, alarming, alerting, contact, raised, withdraw
from tests.fakes.clock import FakeClock
from tests.fakes.notifier import ARRIVED, DOWN, ScriptedNotifier
from tests.records import agreeing, record_in


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(tmp_path: Path, clock: FakeClock) -> Iterator[Record]:
    with record_in(tmp_path / "record", clock) as opened:
        yield opened


@pytest.fixture
def person(record: Record) -> Person:
    return agreeing(record)


def outcomes(record: Record) -> list[tuple[int, str]]:
    return [(made.number, made.outcome) for found in record.alerts.open() for made in found.deliveries]


def test_what_arrives_says_who_how_grave_since_when_and_what_to_do(
    record: Record, person: Person, clock: FakeClock
) -> None:
    """And nothing of what was said, nor more than 말벗 knows."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    notifier = ScriptedNotifier()
    assert alerting(record, notifier, clock).round().sent == 1
    ((address, notice),) = notifier.sent
    assert (address, notice.title, notice.urgent) == (DAUGHTER, "[말벗] 급한 알림: 김순자", True)
    assert "11월 23일 10시 00분, 김순자께서 위급" in notice.body
    assert "119" in notice.body
    assert "109" in notice.body
    assert WORDS not in notice.body
    assert "{" not in notice.body


def test_words_arrive_where_that_was_agreed_to(record: Record, person: Person, clock: FakeClock) -> None:
    """Quoted, and only then."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER, told_words=True)))
    notifier = ScriptedNotifier()
    alerting(record, notifier, clock).round()
    assert f"“{WORDS}”" in notifier.sent[0][1].body


def test_words_leave_without_names_and_numbers(record: Record, person: Person, clock: FakeClock) -> None:
    """The person's own name, a neighbour's and a telephone number are masked; the danger is there to be read."""
    said = "나 김순자인데 옆집 최영례가 농약을 줬어 내 번호는 공일공 삼삼사사 오오육육이야"
    told = alarming(contact(record, person, "큰따님", DAUGHTER, told_words=True))
    assert told.heard is not None
    raised(record, person, replace(told, heard=replace(told.heard, text=said)))
    notifier = ScriptedNotifier()

    alerting(record, notifier, clock).round()

    body = notifier.sent[0][1].body
    assert "나 (이름)인데 옆집 (이름)가 농약을 줬어 내 번호는 (번호)이야" in body


def test_words_that_cannot_be_masked_stay_here_and_the_alert_goes_out(
    record: Record, person: Person, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong in masking: the contact is told at once, without the words, and why there are none."""

    def broken() -> None:
        raise InferenceError("analyser.load_failed", reason="gone")

    monkeypatch.setattr("companion.wiring.masking.masking", broken)
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER, told_words=True)))
    notifier = ScriptedNotifier()

    alerting(record, notifier, clock).round()

    (sent,) = notifier.sent
    assert WORDS not in sent[1].body
    assert "여기 싣지 않았습니다" in sent[1].body


def test_nobody_is_told_twice_and_the_next_when_nobody_answers(
    record: Record, person: Person, clock: FakeClock
) -> None:
    """Rounds may be run as often as anybody likes."""
    people = [contact(record, person, "큰따님", DAUGHTER), contact(record, person, "김 복지사님", WORKER)]
    raised(record, person, alarming(*people))
    notifier = ScriptedNotifier()
    rounds = alerting(record, notifier, clock)
    for _ in range(5):
        rounds.round()
    assert notifier.addresses == [DAUGHTER]
    clock.advance(300)
    came = rounds.round()
    assert notifier.addresses == [DAUGHTER, WORKER]
    assert (came.sent, came.waiting, came.next_at) == (1, 0, None)


def test_a_channel_that_was_down_is_used_when_it_is_back(record: Record, person: Person, clock: FakeClock) -> None:
    """Each try is in the record; when it arrives it arrives once."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    notifier = ScriptedNotifier(lambda _: DOWN)
    rounds = alerting(record, notifier, clock)
    assert rounds.round().failed == 1
    clock.advance(29)
    assert rounds.round().failed == 0
    clock.advance(1)
    assert rounds.round().failed == 1
    notifier.answer = lambda _: ARRIVED
    clock.advance(60)
    assert rounds.round().sent == 1
    rounds.round()
    assert notifier.addresses == [DAUGHTER]
    assert outcomes(record) == [(1, "failed"), (2, "failed"), (3, "sent")]


def test_a_day_offline_loses_no_alert(record: Record, person: Person, clock: FakeClock) -> None:
    """Twenty hours without a network, then one message."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    notifier = ScriptedNotifier(lambda _: DOWN)
    rounds = alerting(record, notifier, clock)
    for _ in range(20 * 12):
        rounds.round()
        clock.advance(300)
    notifier.answer = lambda _: ARRIVED
    clock.advance(900)
    rounds.round()
    assert notifier.addresses == [DAUGHTER]


def test_a_clock_that_is_set_back_keeps_nobody_waiting(record: Record, person: Person, clock: FakeClock) -> None:
    """The retry that was planned by the wrong time is made, and the key is another."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    notifier = ScriptedNotifier(lambda _: DOWN)
    rounds = alerting(record, notifier, clock)
    rounds.round()
    clock.advance(-7 * 86400)
    notifier.answer = lambda _: ARRIVED
    rounds.round()
    assert notifier.addresses == [DAUGHTER]


def test_a_try_that_died_with_its_process_is_written_down_as_interrupted(
    record: Record, person: Person, clock: FakeClock
) -> None:
    """And what follows it is another try, that says what it is."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    notifier = ScriptedNotifier()
    rounds = alerting(record, notifier, clock)
    (found,) = record.alerts.open()
    record.alerts.plan(planned(found.alert, found.contacts, (), RULES, clock.now()))
    (made,) = record.alerts.open()[0].deliveries
    record.alerts.begin(made.key)
    clock.advance(179)
    assert rounds.round().sent == 0
    clock.advance(1)
    assert rounds.round().sent == 1
    assert outcomes(record) == [(1, DeliveryOutcome.INTERRUPTED), (2, DeliveryOutcome.SENT)]
    assert "다시 보냅니다" in notifier.sent[0][1].body


def test_an_order_for_nobody_stands_in_the_record_alone(record: Record, person: Person, clock: FakeClock) -> None:
    """It is shown, and nothing is sent."""
    raised(record, person, alarming())
    came = alerting(record, ScriptedNotifier(), clock).round()
    assert (came.sent, came.unreachable) == (0, 1)


def test_urgent_danger_goes_to_nobody_who_was_not_agreed_to(record: Record, person: Person, clock: FakeClock) -> None:
    """Not even where they are the only one: counsel has been asked (docs/law.md, question 3)."""
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one))
    withdraw(record, person, Item.ALERTS, "큰따님")
    notifier = ScriptedNotifier()
    came = alerting(record, notifier, clock).round()
    assert (notifier.sent, came.unreachable) == ([], 1)


def test_what_cannot_be_written_down_is_not_sent(
    record: Record, person: Person, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: nothing goes out that a restart would not know of."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))

    def full(_: str) -> None:
        raise StorageFull("store.cannot_write", file="-")

    monkeypatch.setattr(record.alerts, "begin", full)
    notifier = ScriptedNotifier()
    with pytest.raises(StorageFull):
        alerting(record, notifier, clock).round()
    assert notifier.sent == []


class Gate:
    """A channel that answers when the test lets it."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, _: str) -> Sent:
        self.reached.set()
        self.open.wait(20)
        return ARRIVED


async def until(event: threading.Event) -> None:
    await asyncio.get_running_loop().run_in_executor(None, event.wait, 20)


def watch(alerting: Alerting, clock: FakeClock, *, farewell: float = 20.0) -> AlertWatch:
    def trouble(error: StoreError) -> None:
        pytest.fail(str(error))

    return AlertWatch(alerting, clock=clock, on_trouble=trouble, farewell=farewell)


async def test_a_slow_channel_keeps_no_conversation_waiting(record: Record, person: Person, clock: FakeClock) -> None:
    """While it is being sent the event loop and the record go on; the end of the conversation waits for it."""
    gate = Gate()
    beside = watch(alerting(record, ScriptedNotifier(gate), clock), clock)
    beside.start()
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one))
    beside.alarm()
    await until(gate.reached)
    raised(record, person, alarming())
    assert (1, DeliveryOutcome.BEGUN) in outcomes(record)
    gate.open.set()
    await beside.close()
    assert (1, DeliveryOutcome.SENT) in outcomes(record)


async def test_an_alert_of_the_last_turn_goes_out_before_the_end(
    record: Record, person: Person, clock: FakeClock
) -> None:
    """Closing makes what is due."""
    notifier = ScriptedNotifier()
    beside = watch(alerting(record, notifier, clock), clock)
    beside.start()
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    await beside.close()
    assert notifier.addresses == [DAUGHTER]


async def test_what_an_earlier_process_left_goes_out_at_the_start(
    record: Record, person: Person, clock: FakeClock
) -> None:
    """A conversation that begins finds what waits."""
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    gate = Gate()
    gate.open.set()
    beside = watch(alerting(record, ScriptedNotifier(gate), clock), clock)
    beside.start()
    await until(gate.reached)
    await beside.close()
    assert outcomes(record) == [(1, DeliveryOutcome.SENT)]


async def test_a_channel_that_hangs_keeps_no_goodbye_waiting(record: Record, person: Person, clock: FakeClock) -> None:
    """After the farewell the conversation ends; the try stays begun in the record."""
    gate = Gate()
    beside = watch(alerting(record, ScriptedNotifier(gate), clock), clock, farewell=0.05)
    beside.start()
    raised(record, person, alarming(contact(record, person, "큰따님", DAUGHTER)))
    beside.alarm()
    await until(gate.reached)
    await beside.close()
    assert outcomes(record) == [(1, DeliveryOutcome.BEGUN)]
    gate.open.set()
