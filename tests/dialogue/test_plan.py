"""The arc of a session always ends, and from a danger nothing leads to an offer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from companion.dialogue.plan import MOST_SILENCES, Event, SessionPlan, Stage, moves

EVENTS = st.lists(st.sampled_from(list(Event)), max_size=40)


def after(events: list[Event]) -> SessionPlan:
    plan = SessionPlan()
    for event in events:
        plan = plan.after(event)
    return plan


@given(EVENTS)
def test_silence_ends_any_session_that_is_not_about_danger(events: list[Event]) -> None:
    """Whatever was said before, three silences in a row end it, unless a danger is open."""
    plan = after([Event.GREETED, *events])
    for _ in range(MOST_SILENCES + 1):
        plan = plan.after(Event.SILENT)
    assert plan.stage in {Stage.ENDED, Stage.SAFETY}


@given(EVENTS)
def test_closing_ends_a_session_from_every_stage(events: list[Event]) -> None:
    """The person may go at any moment, and nothing happens after the end."""
    ended = after(events).after(Event.CLOSED)
    assert ended.stage is Stage.ENDED
    assert all(ended.after(event).stage is Stage.ENDED for event in Event)


@given(EVENTS)
def test_what_the_person_says_leads_back_to_talking(events: list[Event]) -> None:
    """Whatever was begun, the person's word makes it free talk, unless a danger is open or the session over."""
    plan = after([Event.GREETED, *events]).after(Event.SPOKE)
    assert plan.stage in {Stage.TALKING, Stage.SAFETY, Stage.ENDED}


@given(EVENTS)
def test_safety_is_left_for_talking_only(events: list[Event]) -> None:
    """From a danger nothing leads to an offer."""
    plan = after([*events, Event.DANGER])
    assert plan.after(Event.OFFERED).stage is not Stage.OFFERING


def test_the_machine_can_be_printed_and_every_stage_is_reached() -> None:
    """Every stage but the first is reached by a move, and every stage can end."""
    listed = list(moves())
    assert {following for _, _, following in listed} == set(Stage) - {Stage.BEGINNING}
    assert {stage for stage, event, _ in listed if event is Event.CLOSED} == set(Stage) - {Stage.ENDED}
