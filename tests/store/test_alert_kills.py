"""Kill -9 between an alert and its delivery: nothing is lost, and nothing is sent twice without saying so.

The child keeps a conversation with danger in it and delivers; it dies at each thing in turn that SQLAlchemy does, and
right before and right after the message leaves. Then another process delivers, three minutes later.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from companion.core.person import Contact
from companion.ports import Notice, Sent
from companion.store.opening import Place
from companion.store.record import Record
from tests.alarms import DAUGHTER, WORKER, alarming, alerting, contact
from tests.fakes.clock import FakeClock
from tests.fakes.notifier import ARRIVED
from tests.store.dying import Ending, forked, killed_at_statement, places
from tests.store.records import PERSON, begun, opened, reading, session

REPEATS = "다시 보냅니다"
LATER = 181.0


class Mailbox:
    """A channel outside of both processes: what was put in it has arrived."""

    def __init__(self, file: Path, *, dies: str = "") -> None:
        self._file, self._dies = file, dies

    def send(self, address: str, notice: Notice) -> Sent:
        if self._dies == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        with self._file.open("a", encoding="utf-8") as box:
            box.write(json.dumps([address, REPEATS in notice.body]) + "\n")
        if self._dies == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return ARRIVED

    def is_usable(self, address: str) -> bool:
        return bool(address)

    def arrived(self) -> list[tuple[str, bool]]:
        """Address of each message, and whether it said that it may be a repetition."""
        if not self._file.exists():
            return []
        return [tuple(json.loads(line)) for line in self._file.read_text(encoding="utf-8").splitlines()]


def prepared(folder: Path, channels: Sequence[str]) -> tuple[Place, tuple[Contact, ...]]:
    place = begun(folder)
    with closing(opened(place)) as record:
        people = tuple(contact(record, PERSON, f"{number}번째", address) for number, address in enumerate(channels))
    return place, people


def in_danger(place: Place, people: Sequence[Contact], box: Mailbox) -> Callable[[], None]:
    """Return work that keeps a turn with an alert and delivers it."""

    def work() -> None:
        with closing(opened(place)) as record:
            session_id = record.conversations.start_session(session())
            record.conversations.add_turn(session_id, 1, alarming(*people))
            alerting(record, box, FakeClock()).round()

    return work


def delivered_later(place: Place, box: Mailbox) -> None:
    clock = FakeClock()
    clock.advance(LATER)
    with closing(opened(place, clock)) as record:
        for _ in range(3):
            alerting(record, box, clock).round()
            clock.advance(1)
        acknowledge_all(record)


def acknowledge_all(record: Record) -> None:
    """Take every alert on, so that the next round of the test begins with none."""
    from companion.core.access import OWNER
    from companion.safety.alerts import AlertNote, AlertStatus

    for found in record.alerts.open():
        note = AlertNote("", found.alert.raised_at, "김영희", AlertStatus.ACKNOWLEDGED, "보았음")
        record.alert_care.note(OWNER, found.alert.id, note)


def kept_alerts(place: Place) -> tuple[int, int, int, int]:
    with reading(place) as read:
        tables = ("turns", "risk_events", "alerts", "protocol_steps")
        one, two, three, four = (read(f"SELECT count(*) FROM {table}")[0][0] for table in tables)  # noqa: S608 - names from here
    return one, two, three, four


@pytest.mark.parametrize("channels", [(DAUGHTER,), (DAUGHTER, WORKER)], ids=["one contact", "two contacts"])
def test_a_kill_at_each_statement_loses_no_alert_and_repeats_none_silently(
    memory_folder: Path, channels: tuple[str, ...]
) -> None:
    """Turn, danger, steps and alert stand or fall together; whatever stands arrives, and twice only as a repetition."""
    place, people = prepared(memory_folder, channels)
    before = (0, 0, 0, 0)
    for step in places(40, 2):
        box = Mailbox(memory_folder / f"box-{step}")
        ending = killed_at_statement(step, in_danger(place, people, box))
        kept = kept_alerts(place)
        grew = tuple(now - then for now, then in zip(kept, before, strict=True))
        assert grew in ((0, 0, 0, 0), (1, 1, 1, 3))
        delivered_later(place, box)
        before, arrived = kept, box.arrived()
        first_tries = [address for address, repeats in arrived if not repeats]
        assert len(set(first_tries)) == len(first_tries), "nothing twice, unless it says so"
        assert bool(arrived) == bool(grew[2]), "whatever is in the record arrives, and nothing else"
        assert ending is Ending.DONE or len(arrived) <= len(channels) + 1
        if ending is Ending.DONE:
            break
    assert step > 60


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_kill_beside_the_sending_itself_is_told_as_a_repetition(memory_folder: Path, dies: str) -> None:
    """With one route only: whether the first message left cannot be known, so the second says that it may be one."""
    place, people = prepared(memory_folder, (DAUGHTER,))
    box = Mailbox(memory_folder / "box", dies=dies)
    assert forked(in_danger(place, people, box)) is Ending.KILLED
    delivered_later(place, Mailbox(memory_folder / "box"))
    assert box.arrived() == ([] if dies == "before" else [(DAUGHTER, False)]) + [(DAUGHTER, True)]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_where_there_is_another_route_nothing_is_repeated(memory_folder: Path, dies: str) -> None:
    """The next contact is told at once, and the first not again."""
    place, people = prepared(memory_folder, (DAUGHTER, WORKER))
    box = Mailbox(memory_folder / "box", dies=dies)
    assert forked(in_danger(place, people, box)) is Ending.KILLED
    delivered_later(place, Mailbox(memory_folder / "box"))
    assert box.arrived() == ([] if dies == "before" else [(DAUGHTER, False)]) + [(WORKER, False)]
