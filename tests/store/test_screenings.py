"""Screenings and signs in a real record, on both engines."""

from __future__ import annotations

from dataclasses import replace

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
from tests.fakes.clock import START
from tests.records import agreeing, decision

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
SIGN = Observation(sign="sleep", touches="phq9.3", quote="요새 통 잠을 못 자", rule="sleep.1")


@pytest.fixture
def whole(record: Record) -> Person:
    return agreeing(record, Item.CONVERSATION, Item.HEALTH)


def test_a_screening_is_given_back_word_for_word(record: Record, whole: Person) -> None:
    """Every answer with its words, option, decider and confidence; an unanswered one stays unanswered."""
    done = replace(BEGUN, status=Status.COMPLETE, answers=(FIRST, MISSING))

    record.screenings.keep(whole.id, done, START, mode="text")

    (kept,) = record.screenings.all(whole.id, "phq9")
    assert kept.screening == done
    assert kept.screening.answers[1].score is None
    assert kept.ended_at is not None


def test_one_that_is_gone_on_with_keeps_what_was_answered(record: Record, whole: Person) -> None:
    """A correction is another answer; the first stays as it was said, marked as superseded."""
    made = record.screenings.keep(whole.id, BEGUN, START, mode="text")
    changed = replace(FIRST, order=2, reply="아니, 거의 매일", option="3", score=3)
    later = replace(BEGUN, status=Status.COMPLETE, answers=(replace(FIRST, superseded=True), changed))

    again = record.screenings.keep(whole.id, later, START, mode="text", screening_id=made)

    (kept,) = record.screenings.all(whole.id)
    assert again == made
    assert kept.screening.answers == later.answers


def test_nothing_of_health_is_kept_or_read_without_consent(record: Record, whole: Person) -> None:
    """Refused before anything is written, and hidden at once after a withdrawal."""
    talker = agreeing(record, address="영자님")
    with pytest.raises(NotAllowed):
        record.screenings.keep(talker.id, BEGUN, START, mode="text")
    with pytest.raises(NotAllowed):
        record.screenings.observe(talker.id, SIGN, START)
    record.screenings.keep(whole.id, BEGUN, START, mode="text")
    record.screenings.observe(whole.id, SIGN, START)

    record.consents.decide(whole.id, decision(Item.HEALTH, Decided.WITHDRAWN))

    assert record.screenings.all(whole.id) == []
    assert record.screenings.observed(whole.id) == []


def test_the_screening_of_another_cannot_be_gone_on_with(record: Record, whole: Person) -> None:
    """An id alone opens nothing."""
    made = record.screenings.keep(whole.id, BEGUN, START, mode="text")
    other = agreeing(record, Item.HEALTH, address="영자님")

    with pytest.raises(InputError):
        record.screenings.keep(other.id, BEGUN, START, mode="text", screening_id=made)


def test_a_sign_is_kept_with_its_quote(record: Record, whole: Person) -> None:
    """Apart from every screening."""
    record.screenings.observe(whole.id, SIGN, START)

    (kept,) = record.screenings.observed(whole.id)
    assert kept.observation == SIGN
    assert record.screenings.all(whole.id) == []
