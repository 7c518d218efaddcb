"""Screenings and signs in a real record, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from companion.core.consent import Answer as Decided
from companion.core.consent import Item
from companion.core.person import Person
from companion.errors import InputError, NotAllowed
from companion.screening.record import (
    Answer,
    Asker,
    Confirmed,
    Decider,
    Evidence,
    Form,
    ItemOutcome,
    Observation,
    Said,
    Screening,
    Status,
)
from companion.store.record import Record
from companion.store.screenings import Begun, Beside
from tests.fakes.clock import START, FakeClock
from tests.records import agreeing, decision, new_session, turn

FIRST = Answer(
    item="phq9.1",
    link="44250-9",
    order=1,
    outcome=ItemOutcome.ANSWERED,
    asked="얼마나 자주 그러셨어요?",
    form=Form.QUESTION,
    reply="사흘쯤 그랬지",
    option="1",
    option_text="며칠 동안 방해 받았다",
    score=1,
    code="LA6569-3",
    confidence=0.9,
    evidence=(Evidence("사흘쯤", 0, 3),),
    rule="days.3",
    decider=Decider.GRAMMAR,
    confirmed=Confirmed.NOT_ASKED,
    confirmations=0,
    replies=(Said("얼마나 자주 그러셨어요?", "사흘쯤 그랬지", 0.8),),
)
MISSING = replace(
    FIRST, item="phq9.2", order=2, outcome=ItemOutcome.SKIPPED, option=None, option_text="", score=None, code=""
)
BEGUN = Screening("phq9", "1", "d" * 64, Status.IN_PROGRESS, Asker.OPERATOR, (FIRST,))
TEXT = Begun("text")
SIGN = Observation(sign="sleep", touches="phq9.3", quote="요새 통 잠을 못 자", rule="sleep.1")


@pytest.fixture
def whole(record: Record) -> Person:
    return agreeing(record, Item.CONVERSATION, Item.HEALTH)


def test_a_screening_is_given_back_word_for_word(record: Record, whole: Person) -> None:
    """Every answer with its words, option, decider and confidence; an unanswered one stays unanswered."""
    done = replace(BEGUN, status=Status.COMPLETE, answers=(FIRST, MISSING))

    record.screenings.begin(whole.id, done, TEXT)

    (kept,) = record.screenings.all(whole.id, "phq9")
    assert kept.screening == done
    assert kept.screening.answers[1].score is None
    assert kept.ended_at is not None


def test_one_that_is_gone_on_with_keeps_what_was_answered(record: Record, whole: Person) -> None:
    """A correction is another answer; the first stays as it was said, marked as superseded."""
    made = record.screenings.begin(whole.id, BEGUN, TEXT)
    changed = replace(FIRST, order=2, reply="아니, 거의 매일", option="3", score=3)
    later = replace(BEGUN, status=Status.COMPLETE, answers=(replace(FIRST, superseded=True), changed))

    record.screenings.go_on(whole.id, made, later)

    (kept,) = record.screenings.all(whole.id)
    assert kept.id == made
    assert kept.screening.answers == later.answers


def test_nothing_of_health_is_kept_or_read_without_consent(record: Record, whole: Person) -> None:
    """Refused before anything is written, and hidden at once after a withdrawal."""
    talker = agreeing(record, address="영자님")
    with pytest.raises(NotAllowed):
        record.screenings.begin(talker.id, BEGUN, TEXT)
    with pytest.raises(NotAllowed):
        record.screenings.observe(talker.id, SIGN, START)
    made = record.screenings.begin(whole.id, BEGUN, TEXT)
    record.screenings.observe(whole.id, SIGN, START)

    record.consents.decide(whole.id, decision(Item.HEALTH, Decided.WITHDRAWN))

    assert record.screenings.all(whole.id) == []
    assert record.screenings.observed(whole.id) == []
    with pytest.raises(NotAllowed):
        record.screenings.go_on(whole.id, made, replace(BEGUN, answers=(FIRST, MISSING)))


def test_the_screening_of_another_cannot_be_gone_on_with(record: Record, whole: Person) -> None:
    """An id alone opens nothing."""
    made = record.screenings.begin(whole.id, BEGUN, TEXT)
    other = agreeing(record, Item.HEALTH, address="영자님")

    with pytest.raises(InputError):
        record.screenings.go_on(other.id, made, BEGUN)


def test_a_sign_is_kept_with_its_quote(record: Record, whole: Person) -> None:
    """Apart from every screening."""
    record.screenings.observe(whole.id, SIGN, START)

    (kept,) = record.screenings.observed(whole.id)
    assert kept.observation == SIGN
    assert record.screenings.all(whole.id) == []


def test_what_a_score_is_recomputed_from_is_given_back(record: Record, whole: Person) -> None:
    """That only the gate was asked, that all was to be asked, and how often the person spoke."""
    gated = replace(BEGUN, status=Status.COMPLETE, gated=True, replies=3)
    wide = replace(BEGUN, status=Status.COMPLETE, whole=True, replies=12)

    record.screenings.begin(whole.id, gated, TEXT)
    record.screenings.begin(whole.id, wide, TEXT)

    kept = record.screenings.all(whole.id)
    assert [one.screening for one in kept] == [gated, wide]
    assert [one.number for one in kept] == [1, 2]


def test_an_answer_stands_beside_the_turn_in_which_it_was_given(record: Record, whole: Person) -> None:
    """A screening knows its session and an answer its turn, where the conversation is kept; else neither."""
    session_id = record.conversations.start_session(new_session(whole))
    turn_id = record.conversations.add_turn(session_id, 1, turn("사흘쯤 그랬지"))
    made = record.screenings.begin(whole.id, replace(BEGUN, answers=()), Begun("text", session_id))

    record.screenings.go_on(whole.id, made, BEGUN, Beside(turn_id))
    other = record.screenings.begin(whole.id, BEGUN, Begun("text", "never-kept"))

    rows = [row for table, row in record.belongings.rows(whole.id) if table == "answers"]
    sessions = [one.session_id for one in record.screenings.all(whole.id)]
    assert sessions == [session_id, None]
    assert {row["screening_id"]: row["turn_id"] for row in rows} == {made: turn_id, other: None}


def test_a_suspension_says_when_why_and_until_when(record: Record, whole: Person, clock: FakeClock) -> None:
    """And stays in the record when the rest was asked."""
    made = record.screenings.begin(whole.id, BEGUN, TEXT)
    clock.advance(60)
    suspended = replace(BEGUN, status=Status.SUSPENDED, suspended_by="item")
    tomorrow = START.replace(day=START.day + 1, hour=9)

    record.screenings.go_on(whole.id, made, suspended, Beside(not_before=tomorrow, risk_level="concern"))
    (held,) = record.screenings.all(whole.id)
    clock.advance(86400)
    record.screenings.go_on(whole.id, made, replace(BEGUN, status=Status.COMPLETE))

    (kept,) = record.screenings.all(whole.id)
    assert (held.suspended_at, held.not_before, held.ended_at) == (START + timedelta(seconds=60), tomorrow, None)
    assert (kept.suspended_at, kept.risk_level) == (held.suspended_at, "concern")
    assert kept.screening.suspended_by == "item"


def test_an_interruption_is_no_suspension(record: Record, whole: Person) -> None:
    """It is open and nothing holds it back."""
    record.screenings.begin(whole.id, replace(BEGUN, status=Status.INTERRUPTED), TEXT)

    (kept,) = record.screenings.all(whole.id)
    assert (kept.ended_at, kept.suspended_at, kept.not_before) == (None, None, None)


def test_a_clock_set_back_gives_no_negative_interval(record: Record, whole: Person, clock: FakeClock) -> None:
    """Nothing ends or is gone on with before it began, and the order of screenings stays."""
    first = record.screenings.begin(whole.id, BEGUN, TEXT)
    clock.advance(-86400 * 3)

    record.screenings.go_on(whole.id, first, replace(BEGUN, status=Status.COMPLETE))
    record.screenings.begin(whole.id, BEGUN, TEXT)

    kept = record.screenings.all(whole.id)
    assert [one.id == first for one in kept] == [True, False]
    assert all(one.gone_on_at >= one.at and (one.ended_at or one.at) >= one.at for one in kept)


def test_what_was_not_gone_on_with_expires_and_keeps_its_answers(record: Record, whole: Person) -> None:
    """Only what is open."""
    left = record.screenings.begin(whole.id, replace(BEGUN, status=Status.INTERRUPTED), TEXT)
    done = record.screenings.begin(whole.id, replace(BEGUN, status=Status.COMPLETE), TEXT)

    record.screenings.expire(whole.id, [left, done])

    kept = record.screenings.all(whole.id)
    assert [one.screening.status for one in kept] == [Status.EXPIRED, Status.COMPLETE]
    assert kept[0].screening.answers == (FIRST,)


def test_a_sign_knows_its_turn_and_what_it_led_to(record: Record, whole: Person) -> None:
    """It leads to offering a screening and to nothing else."""
    session_id = record.conversations.start_session(new_session(whole))
    turn_id = record.conversations.add_turn(session_id, 1, turn(SIGN.quote))
    seen = record.screenings.observe(whole.id, SIGN, START, turn_id=turn_id)
    offered = record.screenings.begin(whole.id, replace(BEGUN, answers=()), TEXT)

    record.screenings.led_to(whole.id, [seen], offered)

    (kept,) = record.screenings.observed(whole.id)
    assert (kept.turn_id, kept.offered) == (turn_id, offered)
