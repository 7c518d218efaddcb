"""What a release reads and the ledger of releases, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import func, select

from companion.core.access import OWNER
from companion.core.consent import Answer, Item
from companion.core.research import NewRelease
from companion.store.record import Record
from companion.store.research import research_view
from companion.store.tables.outbox import ChangeRow
from companion.wiring.instruments import instruments
from scripts.demo.cohort import Cohort, person_id, seed_cohort
from tests.fakes.clock import START
from tests.records import decision

UNTIL = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
PEOPLE, DAYS = 7, 70


def seeded(record: Record) -> list[str]:
    """Fill the record with a small cohort; return the ids of its people."""
    seed_cohort(record.database, Cohort(PEOPLE, DAYS, UNTIL), instruments()["phq9"])
    return [person_id(number) for number in range(PEOPLE)]


def release(record: Record) -> NewRelease:
    """Return what the ledger keeps of a release."""
    return NewRelease(
        id=record.releases.new_id(),
        title="제목",
        recipient="받는 곳",
        purpose="목적",
        legal_basis="근거",
        terms="조건",
        expires=date(2027, 1, 1),
        policy_digest="0" * 64,
        manifest_digest="1" * 64,
        k=5,
        l=2,
        rows={"people": PEOPLE},
        formats=("csv", "parquet"),
        software="test",
    )


def test_what_is_agreed_to_is_read_and_nothing_else(record: Record) -> None:
    """Research opens the door; conversations and health data come through it only where they are agreed to too."""
    people = seeded(record)
    for number, item in enumerate((Item.RESEARCH, Item.CONVERSATION, Item.HEALTH)):
        record.consents.decide(people[number], replace(decision(item, Answer.WITHDRAWN), at=START))

    with research_view(record.database) as view:
        found = view.participants()
        histories = {one.participant.id: one for one in view.histories(found)}
        spans, kinds = view.spans(found), view.kinds(found)
        screened = {one.id: screenings for one, screenings in view.screenings(found)}

    assert [one.id for one in found] == people[1:]
    silent, well = histories[people[1]], histories[people[2]]
    assert (len(silent.talks), len(silent.activities)) == (0, 0)
    assert silent.screenings
    assert (len(well.screenings), len(well.readings)) == (0, 0)
    assert {one.mood_before for one in well.activities} <= {None}
    whole = histories[people[3]]
    assert [one.at for one in whole.talks] == sorted(one.at for one in whole.talks)
    assert all(len(one.options) == len(one.points) == 9 for one in whole.screenings)
    assert screened[people[3]] == whole.screenings
    assert screened[people[2]] == []
    assert spans[people[3]].first == whole.talks[0].at
    assert kinds == {"heart_rate": PEOPLE - 2}


def test_the_ledger_holds_what_was_given_and_to_whom(record: Record) -> None:
    """Kept as it was handed over, with as many pseudonyms as people and one change for the centre; nobody by id."""
    people = seeded(record)
    given = release(record)

    record.releases.hand_over(OWNER, given, people, publish=lambda: None)

    (kept,) = record.releases.list(OWNER)
    assert (kept.release, kept.people) == (given, PEOPLE)
    with record.database.reading() as session:
        changes = select(func.count()).where(ChangeRow.table == "release_members")
        assert session.scalar(changes) == 1
    assert [one.release.id for one in record.releases.holding(people[0])] == [given.id]
    assert record.releases.holding("nobody") == []


def test_pseudonyms_of_two_releases_have_nothing_in_common(record: Record) -> None:
    """And neither has anything of the other's secret."""
    people = seeded(record)
    for _ in range(2):
        record.releases.hand_over(OWNER, release(record), people, publish=lambda: None)
    for one in people:
        record.belongings.erase(one)

    first, second = record.releases.withdrawals(OWNER)

    assert len(first.untold) == len(second.untold) == PEOPLE
    assert not set(first.untold) & set(second.untold)
