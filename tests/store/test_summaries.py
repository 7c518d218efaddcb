"""What a summary is made from is what the record holds, as far as it was agreed to, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from companion.core.access import OWNER
from companion.core.consent import Answer, Item
from companion.core.errand import Errand, Purpose
from companion.core.life import Activity, Memory
from companion.core.life import Outcome as Came
from companion.core.occasion import Occasion, Outcome
from companion.core.person import Person
from companion.core.summary import Facts
from companion.errors import InputError, NotAllowed
from companion.store.record import Record
from companion.store.summaries import facts_between, facts_of_session
from companion.store.viewing import Viewer
from tests.fakes.clock import START
from tests.records import agreeing, decision, new_session, turn

WEEK = (START - timedelta(days=6), START + timedelta(hours=1))


@pytest.fixture
def whole(record: Record) -> tuple[Person, str]:
    """Give a person with something of everything, and the conversation it came from."""
    person = agreeing(record, Item.CONVERSATION, Item.HEALTH)
    session_id = record.conversations.start_session(new_session(person))
    turn_id = ""
    for number, words in enumerate(("요새 통 잠이 안 와", "죽고 싶어"), 1):
        turn_id = record.conversations.add_turn(
            session_id, number, turn(words, risk_level="concern" if "죽고" in words else "")
        )
    record.conversations.end_session(session_id, START, "person")
    record.memories.keep(
        person.id,
        Memory("plan", "병원", START, sentence="내일 병원 가", turn_id=turn_id, due_at=START + timedelta(days=1)),
    )
    record.activities.keep(person.id, Activity("walk", Came.DONE, START, session_id, mood_before=3, mood_after=5))
    record.errands.keep(person.id, Errand(Purpose.CALL, "복지관", "복지관에 전화해 줘", START, session_id))
    check_in = Occasion("settings/2026-11-23T09:30", "check_in", "settings", START - timedelta(minutes=30))
    for number, outcome in ((1, Outcome.UNANSWERED), (2, Outcome.ANSWERED)):
        record.occasions.begin(person.id, [(check_in, number)])
        record.occasions.finish(person.id, check_in.key, number, outcome)
    return person, session_id


def viewer(record: Record) -> Viewer:
    return Viewer(record.database, record.audit, OWNER)


def counts(facts: Facts) -> tuple[int, ...]:
    return (
        facts.sessions,
        len(facts.said),
        len(facts.promised),
        len(facts.activities),
        len(facts.dangers),
        len(facts.errands),
    )


def test_a_week_and_its_only_conversation_hold_the_same(record: Record, whole: tuple[Person, str]) -> None:
    """But what was said on 말벗's own account belongs to no conversation."""
    person, session_id = whole
    week = facts_between(viewer(record), person.id, *WEEK)
    whose, session = facts_of_session(viewer(record), session_id[-8:])
    assert whose == person.id
    assert counts(week) == counts(session) == (1, 2, 1, 1, 1, 1)
    assert week.occasions == (("check_in", "answered"),)
    assert session.occasions == ()
    assert [one.quote.words for one in week.said] == ["요새 통 잠이 안 와", "죽고 싶어"]
    assert week.dangers[0].quote is not None
    assert facts_of_session(viewer(record), "last")[0] == person.id


def test_another_week_holds_nothing_of_it(record: Record, whole: tuple[Person, str]) -> None:
    """Its beginning is in it, its end is not."""
    person, _ = whole
    before = facts_between(viewer(record), person.id, WEEK[0] - timedelta(days=9), START - timedelta(hours=1))
    assert counts(before) == (0, 0, 0, 0, 0, 0)


def test_without_consent_only_danger_is_left_and_wordless(record: Record, whole: tuple[Person, str]) -> None:
    """A session cannot be asked for any more."""
    person, session_id = whole
    for item in (Item.CONVERSATION, Item.HEALTH):
        record.consents.decide(person.id, decision(item, Answer.WITHDRAWN))
    week = facts_between(viewer(record), person.id, *WEEK)
    assert counts(week) == (0, 0, 0, 0, 1, 0)
    assert (week.conversation, week.health, week.dangers[0].quote) == (False, False, None)
    with pytest.raises(InputError):
        facts_of_session(viewer(record), session_id)


def test_every_summary_is_audited_and_nobody_else_reads_one(record: Record, whole: tuple[Person, str]) -> None:
    """With whose it was, and no words."""
    person, session_id = whole
    facts_of_session(viewer(record), session_id)
    entry = next(one for one in viewer(record).audit_entries() if one.action == "summary_read")
    assert (entry.person_id, entry.details["session"]) == (person.id, session_id)
    with pytest.raises(NotAllowed):
        facts_between(viewer(record), "nobody", *WEEK)
