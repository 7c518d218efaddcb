"""Days that are added up beforehand say what their readings say, whatever is written and removed between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from companion.core.body import Import, Quarter, Reading
from companion.core.consent import Answer, Item
from companion.core.person import Person
from companion.core.retention import Kind, Rules
from companion.store.body_view import added_up, quarters, within_days
from companion.store.record import Record
from companion.store.retention import Retention
from companion.store.tables.body import ReadingDayRow
from companion.store.tables.outbox import ChangeRow
from tests.fakes.clock import START, FakeClock
from tests.records import agreeing, decision, opened

MIDNIGHT = START.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
FIRST = MIDNIGHT - timedelta(days=5)
ZONES = [ZoneInfo(name) for name in ("Asia/Seoul", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe")]
FILE = Import(kind="vitals", source="heart.csv", digest="a" * 64, at=START)


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.store.reading_days.MANY", 4)


@pytest.fixture
def whole(record: Record) -> Person:
    return agreeing(record, Item.HEALTH)


def pulses(day: int, count: int = 8, *, value: float = 60.0, minutes: int = 7) -> list[Reading]:
    begin = FIRST + timedelta(days=day)
    return [
        Reading("heart_rate", value + number, "/min", begin + timedelta(minutes=minutes * number))
        for number in range(count)
    ]


def bring(record: Record, person: Person, readings: Sequence[Reading], digest: str = "a") -> None:
    assert record.readings.bring_in(person.id, replace(FILE, digest=digest * 64), readings) is not None


class _BrokenError(Exception):
    pass


def broken(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Break off behind some readings."""
    yield from readings
    raise _BrokenError


def kept(record: Record) -> int:
    with record.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ReadingDayRow)) or 0


def looked(record: Record, person: Person, since: datetime, until: datetime) -> tuple[list[Quarter], list[Quarter]]:
    """Return what is shown, and what adding up gives."""
    with record.database.reading() as session:
        shown = quarters(session, person.id, "heart_rate", since, until)
        return list(shown), added_up(session, person.id, "heart_rate", (since, until))


def is_true(record: Record, person: Person) -> bool:
    shown, truth = looked(record, person, FIRST - timedelta(days=1), START + timedelta(days=2))
    return shown == truth


def test_a_day_with_many_readings_is_kept_once_it_is_over(record: Record, whole: Person) -> None:
    """Not one with few, and not the one that goes on; asking again keeps nothing twice."""
    today = [replace(one, at=MIDNIGHT + timedelta(minutes=number)) for number, one in enumerate(pulses(0))]
    bring(record, whole, [*pulses(0), *pulses(1, 3), *pulses(2), *today])

    assert kept(record) == 2
    assert record.readings.sum_up(whole.id) == 0
    assert is_true(record, whole)


def test_what_is_implausible_is_not_added_up(record: Record, whole: Person) -> None:
    """Neither beforehand, nor where it is looked at."""
    doubted = replace(pulses(0)[2], value=999.0, at=FIRST + timedelta(hours=9), quality="implausible")
    bring(record, whole, [*pulses(0), doubted])
    shown, truth = looked(record, whole, FIRST, FIRST + timedelta(days=1))
    assert shown == truth
    assert max(one.most for one in shown) < 100


def test_later_readings_of_a_day_are_in_it(record: Record, whole: Person) -> None:
    """Of another file, and of a device over the air."""
    bring(record, whole, pulses(0))
    bring(record, whole, pulses(0, value=90.0, minutes=11), "b")
    after_file = is_true(record, whole), kept(record)
    record.readings.add(whole.id, replace(FILE, digest="c" * 64), [replace(pulses(0)[0], value=40.0)])
    after_device = is_true(record, whole), kept(record)
    record.readings.sum_up(whole.id)

    assert (after_file, after_device, is_true(record, whole), kept(record)) == ((True, 1), (True, 0), True, 1)


def test_what_is_coming_is_in_no_day_until_it_is_whole(record: Record, whole: Person) -> None:
    """Also where days are added up while it comes."""
    bring(record, whole, pulses(0))
    seen: list[bool] = []

    def coming() -> Iterator[Reading]:
        yield from pulses(0, value=90.0, minutes=11)
        yield from pulses(1, value=90.0)
        record.readings.sum_up(whole.id)
        seen.append(is_true(record, whole))
        yield pulses(2)[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("companion.store.bringing._PART", 5)
        record.readings.bring_in(whole.id, replace(FILE, digest="b" * 64), coming())

    assert seen == [True]
    assert is_true(record, whole)


def test_a_file_that_breaks_off_leaves_the_days_true(record: Record, whole: Person) -> None:
    """What was there before is."""
    bring(record, whole, pulses(0))
    with pytest.raises(_BrokenError):
        record.readings.bring_in(whole.id, replace(FILE, digest="b" * 64), broken(pulses(0, value=90.0, minutes=11)))
    assert is_true(record, whole)
    record.readings.sum_up(whole.id)
    assert is_true(record, whole)


def test_erased_readings_leave_no_day(record: Record, whole: Person) -> None:
    """By consent, and with the person."""
    bring(record, whole, pulses(0))
    record.belongings.erase_item(whole.id, Item.HEALTH)
    by_consent = kept(record)
    bring(record, whole, pulses(0))
    record.belongings.erase(whole.id)

    assert (by_consent, kept(record)) == (0, 0)


def test_who_took_consent_back_has_nothing_added_up(record: Record, whole: Person) -> None:
    """What was kept before goes with the readings, not by itself."""
    record.readings.add(whole.id, FILE, pulses(0))
    record.consents.decide(whole.id, decision(Item.HEALTH, Answer.WITHDRAWN))
    assert record.readings.sum_up(whole.id) == 0
    assert kept(record) == 0


def test_days_go_with_the_readings_that_are_too_old(record: Record, whole: Person) -> None:
    """A day that is half gone is added up anew."""
    bring(record, whole, [*pulses(0), *pulses(3)])
    days = (START - FIRST).days - 1
    Retention(record.database).apply(Rules({Kind.READING: days}), clock_trusted=True)
    assert kept(record) == 1
    assert is_true(record, whole)


def test_nothing_of_it_waits_for_a_centre(record: Record, whole: Person) -> None:
    """The readings themselves do."""
    bring(record, whole, pulses(0))
    with record.database.reading() as session:
        tables = set(session.scalars(select(ChangeRow.table)).all())
    assert "readings" in tables
    assert "reading_days" not in tables


@contextmanager
def of_one_example(folder: Path) -> Iterator[tuple[Record, Person]]:
    record = opened(folder, FakeClock())
    try:
        yield record, agreeing(record, Item.HEALTH)
    finally:
        record.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["bring", "add", "sum", "break"]), st.integers(0, 3), st.integers(1, 9), st.integers(1, 400)
    ),
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STEPS, st.integers(0, 6000), st.integers(1, 6000))
def test_whatever_comes_in_whatever_order_what_is_shown_is_true(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, int]], begin: int, length: int
) -> None:
    """In every window."""
    with of_one_example(tmp_path_factory.mktemp("days")) as (record, person):
        for number, (what, day, count, minutes) in enumerate(steps):
            readings = pulses(day, count, value=50.0 + number, minutes=minutes)
            digest = replace(FILE, digest=f"{number:064}")
            if what == "bring":
                record.readings.bring_in(person.id, digest, readings)
            elif what == "add":
                record.readings.add(person.id, digest, readings)
            elif what == "sum":
                record.readings.sum_up(person.id)
            else:
                with pytest.raises(_BrokenError):
                    record.readings.bring_in(person.id, digest, broken(readings))
        since = FIRST + timedelta(minutes=begin)
        until = since + timedelta(minutes=length)
        shown, truth = looked(record, person, since, until)
        assert shown == truth
        with record.database.reading() as session:
            for zone in ZONES:
                pieces = within_days(session, person.id, "heart_rate", (since, until), zone)
                assert by_day(pieces, zone) == by_day(truth, zone)


def by_day(pieces: Sequence[Quarter], zone: tzinfo) -> list[tuple[object, ...]]:
    """Return days of a zone: when each ended, how many readings it has, and their figures."""
    days = groupby(pieces, key=lambda one: one.at.astimezone(zone).date())
    found: list[tuple[object, ...]] = []
    for day, those in ((day, list(of_day)) for day, of_day in days):
        count = sum(one.count for one in those)
        mean = sum(one.mean * one.count for one in those) / count
        found.append(
            (day, those[-1].at, count, min(one.least for one in those), round(mean, 6), max(one.most for one in those))
        )
    return found
