"""One gate for every offer: never in danger, never beside a question that is open, never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.turn import Act, Feeling, Understanding
from companion.dialogue.opportunity import MOST_OFFERS, Moments, Offer, Opportunity, Refusal
from companion.dialogue.plan import Event, SessionPlan, Stage
from companion.dialogue.state import Exchange, State
from companion.prompts import prompt_table
from companion.safety.protocol_state import ProtocolState
from companion.safety.risk import NO_RISK, Kind, Level, Risk
from companion.safety.steps import Question

MOMENTS = Moments(prompt_table("lexicon/moments.toml"))
DANGER = Risk(Level.CONCERN, Kind.ACTIVE_THOUGHT, "test")
UNASKED = [offer for offer in Offer if offer not in {Offer.PROPOSAL, Offer.TALE, Offer.MEASURED}]
"""What is begun between turns, and may ask."""


def told(
    topic: str = "weather", feeling: Feeling = Feeling.NEUTRAL, *, reply: str = "네.", risk: Risk = NO_RISK
) -> Exchange:
    return Exchange("그냥", reply, Understanding(Act.TELL, topic, feeling, confidence=0.5), risk)


def after(*events: Event) -> SessionPlan:
    plan = SessionPlan()
    for event in events:
        plan = plan.after(event)
    return plan


TALKING = after(Event.GREETED, Event.SPOKE)


def at(
    *turns: Exchange, plan: SessionPlan = TALKING, hour: int = 11, minutes: float = 5, count: int = 6
) -> Opportunity:
    return Opportunity(State(turns=turns or (told(),), plan=plan), hour, minutes, count)


EXCHANGES = st.builds(
    told,
    st.sampled_from(["weather", "bereavement"]),
    st.sampled_from(list(Feeling)),
    reply=st.sampled_from(["네.", "그러셨어요?"]),
    risk=st.sampled_from([NO_RISK, DANGER]),
)
PROTOCOLS = st.builds(ProtocolState, waiting=st.sampled_from(list(Question)))
PLANS = st.lists(st.sampled_from(list(Event)), max_size=30).map(lambda events: after(*events))
STATES = st.builds(State, turns=st.lists(EXCHANGES, max_size=12).map(tuple), plan=PLANS, protocol=PROTOCOLS)
ANY = st.builds(Opportunity, STATES, st.integers(0, 23), st.floats(0, 60), st.integers(0, 40), silent=st.booleans())


@given(ANY, st.sampled_from(list(Offer)))
def test_nothing_at_all_is_begun_in_danger_or_after_the_end(moment: Opportunity, offer: Offer) -> None:
    """Safety has the word before anything that 말벗 begins."""
    state = moment.state
    if state.protocol.is_open or state.protocol.waiting is not Question.NONE or state.plan.stage is Stage.SAFETY:
        assert MOMENTS.refusal(offer, moment) is Refusal.SAFETY
    if state.plan.stage is Stage.ENDED:
        assert MOMENTS.refusal(offer, moment) is not None


@given(ANY, st.sampled_from(UNASKED))
def test_nothing_is_begun_beside_an_open_question(moment: Opportunity, offer: Offer) -> None:
    """A question waits for its answer, unless the person has fallen silent over it."""
    if moment.question_open:
        assert MOMENTS.refusal(offer, moment) is not None


@given(ANY, st.sampled_from([Offer.SCREENING, Offer.ACTIVITY, Offer.PROPOSAL]))
def test_one_thing_is_offered_a_session(moment: Opportunity, offer: Offer) -> None:
    """One screening or one activity."""
    if moment.state.plan.offers >= MOST_OFFERS:
        assert MOMENTS.refusal(offer, moment) is not None


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (at(), None),
        (at(minutes=1.9), Refusal.TOO_SOON),
        (at(minutes=26), Refusal.TOO_LATE),
        (at(hour=8), Refusal.HOUR),
        (at(hour=20), Refusal.HOUR),
        (at(hour=19), None),
        (at(told("bereavement"), *[told()] * 5), Refusal.BAD_NEWS),
        (at(told("bereavement"), *[told()] * 6), None),
        (at(told("illness_hospital"), told()), Refusal.BAD_NEWS),
        (at(told(risk=DANGER), told()), Refusal.BAD_NEWS),
        (at(told(feeling=Feeling.SADNESS)), Refusal.HEAVY),
        (at(told(feeling=Feeling.SADNESS), told()), None),
        (at(told(reply="어떠세요?")), Refusal.QUESTION_OPEN),
        (at(plan=after(Event.GREETED)), Refusal.NOT_TALKING),
        (at(count=0), Refusal.NOT_TALKING),
        (replace(at(plan=after(Event.GREETED, Event.SPOKE, Event.SILENT)), silent=True), None),
        (at(plan=after(Event.GREETED, Event.SPOKE, Event.OFFERED)), Refusal.NOT_TALKING),
        (at(plan=after(Event.GREETED, Event.SPOKE, Event.OFFERED, Event.SETTLED)), Refusal.OFFERED_ALREADY),
        (at(plan=after(Event.GREETED, Event.DANGER)), Refusal.SAFETY),
        (at(plan=after(Event.CLOSED)), Refusal.ENDED),
    ],
)
def test_a_screening_waits_for_a_good_moment(moment: Opportunity, reason: Refusal | None) -> None:
    """By day, after two minutes of calm free talk, not after bad news or danger, not right after something sad."""
    assert MOMENTS.refusal(Offer.SCREENING, moment) is reason


def test_an_activity_may_meet_worry_and_a_memory_may_not() -> None:
    """What is done about a feeling is not held back by it."""
    worried = at(told(feeling=Feeling.WORRY))

    assert MOMENTS.refusal(Offer.ACTIVITY, worried) is None
    assert MOMENTS.refusal(Offer.FOLLOW_UP, worried) is Refusal.HEAVY


def test_what_a_device_measured_waits_for_no_question_and_no_peace() -> None:
    """A danger is asked after though the person wanted to be left alone; a reminder is said then too."""
    left = replace(
        told(reply="어떠세요?"),
        understanding=Understanding(Act.TELL, "mood", Feeling.ANGER, 1.0, "question.left_alone"),
    )

    assert MOMENTS.refusal(Offer.MEASURED, at(left)) is None
    assert MOMENTS.refusal(Offer.NEWS, at(left)) is Refusal.QUIET
    assert MOMENTS.refusal(Offer.REMINDER, replace(at(left), silent=True)) is None


@pytest.mark.parametrize("broken", [{}, {"offer": {offer: {"heeds": ["no_reason"]} for offer in Offer}}])
def test_a_table_that_cannot_be_read_is_refused(broken: dict[str, object]) -> None:
    """Every offer needs its rule, and reasons have names."""
    with pytest.raises((KeyError, ValueError)):
        Moments(broken)
