"""What is older than its rule allows goes, whole and counted; what is not stays; and no clock deletes by mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from companion.core.retention import TRUSTED_GAP, Kind, Rules, is_doubtful
from companion.errors import InputError
from companion.store.opening import Place
from companion.store.record import Record
from companion.store.retention import Retention
from companion.store.tables import Base
from companion.store.tables.access import AuditRow
from companion.store.tables.body import ImportRow, ReadingRow
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.hospital import HospitalRecordRow
from companion.store.tables.life import ActivityRow, MemoryRow
from companion.store.tables.outbox import ChangeRow
from companion.store.tables.safety import AlertNoteRow, AlertRow, DeliveryRow, ProtocolStepRow, RiskEventRow
from companion.store.tables.screening import AnswerRow, ObservationRow, ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow
from tests.fakes.clock import START, FakeClock
from tests.store.filled import fill
from tests.store.records import PERSON, begun, opened, talked

DAY = 86_400
OF_KIND: dict[Kind, set[type[Base]]] = {
    Kind.CONVERSATION: {SessionRow, TurnRow, MemoryRow, ErrandRow, OccasionRow},
    Kind.HEALTH: {ScreeningRow, AnswerRow, ObservationRow, ActivityRow, HospitalRecordRow},
    Kind.SAFETY: {RiskEventRow, ProtocolStepRow, AlertRow, AlertNoteRow, DeliveryRow},
    Kind.READING: {ReadingRow, ImportRow},
}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(tmp_path: Path, clock: FakeClock) -> Iterator[Record]:
    """A record with one row in every table, all of the first day, and a conversation of twenty days later."""
    place = Place(tmp_path)
    with closing(opened(place, clock)) as record:
        with record.database.writing() as session:
            fill(session, "말")
            for alert in session.scalars(select(AlertRow)):
                alert.status = "resolved"
            for brought in session.scalars(select(HospitalRecordRow)):
                brought.import_id = None
        clock.advance(20 * DAY)
        record.people.add(PERSON)
        yield record


def counts(record: Record) -> Counter[str]:
    with record.database.reading() as session:
        return Counter(
            {
                table.name: session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
            }
        )


def rules(days: int, *kinds: Kind) -> Rules:
    return Rules(dict.fromkeys(kinds, days))


@pytest.mark.parametrize("kind", Kind)
def test_a_rule_deletes_the_tables_of_its_kind_and_no_others(record: Record, kind: Kind) -> None:
    """What is counted beforehand is what goes, and every row that goes leaves a deletion in the outbox."""
    before = counts(record)
    names = {row.__tablename__ for row in OF_KIND[kind]}
    retention = Retention(record.database)

    planned = retention.plan(rules(10, kind))
    assert counts(record) == before, "a plan changes nothing"
    applied = retention.apply(rules(10, kind))

    gone = before - counts(record)
    del gone["changes"]
    assert gone.pop("reading_days", 0) == (kind is Kind.READING), (
        "what is added up of readings goes with them, unlisted"
    )
    assert gone == Counter(dict.fromkeys(names, 1))
    assert planned == applied
    assert {(count.table, count.rows, count.kind) for count in planned.counts} == {(name, 1, kind) for name in names}
    with record.database.reading() as session:
        left = select(ChangeRow.table, ChangeRow.operation).where(ChangeRow.table.in_(names))
        assert sorted(tuple(row) for row in session.execute(left)) == sorted((name, "delete") for name in names)


def test_nothing_goes_before_its_time(record: Record) -> None:
    """Twenty days old, everything stays under a rule of thirty days."""
    before = counts(record)

    plan = Retention(record.database).apply(rules(30, *Kind))

    assert plan.rows == 0
    assert counts(record) == before


def test_without_rules_nothing_ever_goes(record: Record, clock: FakeClock) -> None:
    """Keeping until erasure is what happens unless somebody says otherwise."""
    clock.advance(3650 * DAY)
    before = counts(record)

    Retention(record.database).apply(Rules({}), clock_trusted=True)

    assert counts(record) == before


def test_the_audit_is_never_shortened(record: Record) -> None:
    """No rule reaches it, nor consents, people, contacts and accounts."""
    before = counts(record)

    Retention(record.database).apply(rules(1, *Kind))

    after = counts(record)
    for name in ("audit", "consents", "people", "contacts", "reminders", "accounts", "grants"):
        assert after[name] == before[name]
    with record.database.reading() as session:
        assert len(session.scalars(select(AuditRow)).all()) == 1


def test_an_import_stays_while_a_record_of_a_hospital_comes_from_it(record: Record) -> None:
    """Where something came from is known as long as it is there."""
    with record.database.writing() as session:
        import_id = session.scalars(select(ImportRow.id)).one()
        session.scalars(select(HospitalRecordRow)).one().import_id = import_id

    Retention(record.database).apply(rules(1, Kind.READING))

    assert counts(record)["imports"] == 1
    Retention(record.database).apply(rules(1, Kind.HEALTH))
    Retention(record.database).apply(rules(1, Kind.READING))
    assert counts(record)["imports"] == 0


@pytest.mark.parametrize("status", ["open", "acknowledged"])
def test_an_alert_that_nobody_resolved_stays(record: Record, status: str) -> None:
    """However old, with what was tried and noted about it."""
    with record.database.writing() as session:
        session.scalars(select(AlertRow)).one().status = status
    before = counts(record)

    Retention(record.database).apply(rules(1, Kind.SAFETY))

    assert {name: counts(record)[name] for name in ("alerts", "alert_notes", "deliveries")} == {
        name: before[name] for name in ("alerts", "alert_notes", "deliveries")
    }


def test_a_plan_that_is_still_to_happen_is_remembered(record: Record, clock: FakeClock) -> None:
    """A visit promised for next week is no old memory."""
    with record.database.writing() as session:
        session.scalars(select(MemoryRow)).one().due_at = clock.now() + timedelta(days=7)

    Retention(record.database).apply(rules(10, Kind.CONVERSATION))

    assert counts(record)["memories"] == 1
    assert counts(record)["turns"] == 0


def test_an_import_stays_while_one_of_its_readings_does(record: Record, clock: FakeClock) -> None:
    """It says where the reading came from."""
    with record.database.writing() as session:
        session.scalars(select(ReadingRow)).one().until = clock.now()

    Retention(record.database).apply(rules(10, Kind.READING))

    assert (counts(record)["imports"], counts(record)["readings"]) == (1, 1)


def test_the_counts_name_each_person(tmp_path: Path, clock: FakeClock) -> None:
    """Whoever runs it sees whose record becomes shorter."""
    place = begun(tmp_path, clock)
    with closing(opened(place, clock)) as record:
        for _ in range(3):
            talked(record, "하나", "둘", at=clock.now())
        clock.advance(20 * DAY)
        talked(record, "셋", at=clock.now())

        plan = Retention(record.database).apply(rules(10, Kind.CONVERSATION))

        assert {(count.person_id, count.table, count.rows) for count in plan.counts} == {
            (PERSON.id, "sessions", 3),
            (PERSON.id, "turns", 6),
        }
        assert (counts(record)["sessions"], counts(record)["turns"]) == (1, 1)


def test_a_clock_set_back_deletes_nothing_more(record: Record, clock: FakeClock) -> None:
    """Years back, every row is younger than its rule."""
    clock.advance(-3650 * DAY)
    before = counts(record)

    assert Retention(record.database).apply(rules(1, *Kind)).rows == 0
    assert counts(record) == before


def test_a_clock_set_far_ahead_deletes_nothing_until_somebody_says_that_it_is_right(
    record: Record, clock: FakeClock
) -> None:
    """Years ahead of everything that was written, everything would be old: nothing goes unasked."""
    clock.advance(3650 * DAY)
    before, retention = counts(record), Retention(record.database)

    assert retention.plan(rules(365, *Kind)).clock_doubtful
    with pytest.raises(InputError) as refused:
        retention.apply(rules(365, *Kind))

    assert refused.value.key == "retention.clock_doubtful"
    assert counts(record) == before
    assert retention.apply(rules(365, *Kind), clock_trusted=True).rows > 0


def test_one_conversation_under_a_wrong_clock_does_not_vouch_for_it(record: Record, clock: FakeClock) -> None:
    """What was written within the last day of a clock set ahead says nothing about whether it is right."""
    clock.advance(3650 * DAY)
    talked(record, "오늘", at=clock.now())
    clock.advance(3600)

    assert Retention(record.database).plan(rules(365, *Kind)).clock_doubtful


def test_what_goes_is_not_left_in_the_write_ahead_log(tmp_path: Path, record: Record) -> None:
    """The pages that held it are overwritten, and the log is emptied."""
    Retention(record.database).apply(rules(1, *Kind))

    assert (tmp_path / "record.sqlite3-wal").stat().st_size == 0


def test_a_deletion_that_fails_half_way_deletes_nothing(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rules are one transaction."""
    before, retention = counts(record), Retention(record.database)
    delete = retention._delete
    asked: list[object] = []

    def failing(*arguments: object) -> None:
        asked.append(arguments)
        if len(asked) > 5:
            raise InputError("test.failed")
        delete(*arguments)  # type: ignore[arg-type] # passed on as they come

    monkeypatch.setattr(retention, "_delete", failing)
    with pytest.raises(InputError):
        retention.apply(rules(1, *Kind))

    assert counts(record) == before


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=START.tzinfo))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(MOMENTS, MOMENTS, st.integers(1, 36_500))
def test_an_earlier_clock_never_deletes_more(one: datetime, other: datetime, days: int) -> None:
    """Law: the moment before which everything goes never comes later when the clock is set back."""
    earlier, later = sorted((one, other))
    rule = rules(days, Kind.CONVERSATION)

    assert rule.cutoffs(earlier)[Kind.CONVERSATION] <= rule.cutoffs(later)[Kind.CONVERSATION]


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_clock_is_doubted_beyond_a_month(newest: datetime, ahead: timedelta) -> None:
    """Law: doubtful exactly where it is more than 31 days ahead; never where nothing was written."""
    assert is_doubtful(newest + ahead, newest) == (ahead > TRUSTED_GAP)
    assert not is_doubtful(newest + ahead, None)
