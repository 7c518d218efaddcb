"""When a screening is offered unasked, and which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.person import Person
from companion.prompts import prompt_table
from companion.screening.due import Past, Permission
from companion.screening.offering import OfferRules, to_ask, to_offer
from companion.screening.record import Asker, Screening, Status
from companion.wiring.instruments import instruments
from companion.wiring.screening_session import may_offer

RULES = OfferRules.parse(prompt_table("screening/offering.ko.toml"))
INSTRUMENTS = instruments()
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def past(instrument: str, status: Status, days: float, *, digest: str = "", number: int = 1) -> Past:
    one = INSTRUMENTS[instrument]
    kept = Screening(one.id, one.version, digest or one.digest, status, Asker.PLAN)
    return Past(kept, NOW - timedelta(days=days), number=number)


def test_what_was_left_open_comes_first() -> None:
    """Before what is due, and before what signs touch."""
    found = to_offer(RULES, INSTRUMENTS, [past("gds15", Status.INTERRUPTED, 0.1)], NOW, ["gad7.1"])

    assert found is not None
    assert (found.instrument.id, found.permission) == ("gds15", Permission.RESUME)


def test_signs_decide_which_is_offered() -> None:
    """The most touched first, where it may be offered; else what is due in turn; else nothing."""
    touched = ["gad7.1", "gad7.2", "phq9.3"]
    anew = to_offer(RULES, INSTRUMENTS, [], NOW, touched)
    later = to_offer(RULES, INSTRUMENTS, [past("gad7", Status.COMPLETE, 3)], NOW, touched)
    never = to_offer(RULES, INSTRUMENTS, [past("phq9", Status.COMPLETE, 3)], NOW)

    assert anew is not None
    assert anew.instrument.id == "gad7"
    assert later is not None
    assert later.instrument.id == "phq9"
    assert never is None


def test_one_of_another_version_is_begun_anew_and_never_mixed() -> None:
    """The instrument changed since it was left: nothing of it is gone on with."""
    open_one = past("phq9", Status.INTERRUPTED, 0.1, digest="0" * 64)
    found = to_offer(RULES, INSTRUMENTS, [open_one], NOW)

    assert found is not None
    assert found.permission is Permission.RESTART
    assert to_ask(RULES, INSTRUMENTS, [open_one], NOW, "").permission is Permission.RESTART


def test_who_asks_without_a_name_is_given_what_is_open_or_the_usual_one() -> None:
    """And waits for no window."""
    asked = to_ask(RULES, INSTRUMENTS, [past("phq9", Status.COMPLETE, 1)], NOW, "")
    left = to_ask(RULES, INSTRUMENTS, [past("gds15", Status.INTERRUPTED, 0.5)], NOW, "")

    assert (asked.instrument.id, asked.permission) == (RULES.usual, Permission.BEGIN)
    assert (left.instrument.id, left.permission) == ("gds15", Permission.RESUME)


@given(
    statuses=st.lists(st.sampled_from(list(Status)), max_size=5),
    days=st.lists(st.floats(-3, 40), min_size=5, max_size=5),
)
def test_nothing_is_offered_again_inside_its_window(statuses: list[Status], days: list[float]) -> None:
    """Whatever the history and however the clock was set: after a whole one fourteen days lie between."""
    history = [past("phq9", one, ago, number=n) for n, (one, ago) in enumerate(zip(statuses, days, strict=False), 1)]
    found = to_offer(RULES, INSTRUMENTS, history, NOW)
    done = [one for one in history if one.screening.status is Status.COMPLETE]

    if found is not None and found.permission is Permission.BEGIN and done:
        assert NOW - done[-1].at >= timedelta(days=14)


@pytest.mark.parametrize(
    ("stage", "despite", "offered"),
    [
        ("", False, True),
        ("mild", False, True),
        ("moderate", False, False),
        ("severe", False, False),
        ("moderate", True, True),
    ],
)
def test_moderate_dementia_bars_the_offer_but_for_a_clinician(stage: str, *, despite: bool, offered: bool) -> None:
    """It stands on the person's record, and so does the switch."""
    person = Person("p", "순자님", dementia_stage=stage, screening_despite_dementia=despite)

    assert may_offer(person) is offered


@pytest.mark.parametrize(
    ("own", "hospital", "offered"),
    [("", "moderate", False), ("mild", "severe", False), ("moderate", "mild", False), ("", "mild", True)],
)
def test_a_stage_that_a_hospital_recorded_bars_the_offer_too(own: str, hospital: str, *, offered: bool) -> None:
    """The graver of the two counts, and the clinician's switch stands above both."""
    person = Person("p", "순자님", dementia_stage=own)

    assert may_offer(person, hospital) is offered
    assert may_offer(replace(person, screening_despite_dementia=True), hospital)
