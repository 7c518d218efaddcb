"""The laws of consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.consent import (
    Answer,
    Assent,
    Decision,
    Flaw,
    Giver,
    Item,
    Manner,
    Wording,
    awaiting_assent,
    flaws,
    standing,
)
from tests.fakes.clock import START

OWN = Decision(Item.CONVERSATION, Answer.GIVEN, START, Giver.PERSON, "김순자", Manner.SPOKEN, Wording("1", "d"))
BY_FAMILY = replace(
    OWN,
    giver=Giver.FAMILY,
    giver_name="김영희",
    assent=Assent.NOT_ASKED,
    basis="딸로서 돌봄",
    until=START + timedelta(days=365),
)
DECISIONS = st.lists(
    st.builds(
        lambda item, answer, giver, assent, days: replace(
            OWN,
            item=item,
            answer=answer,
            giver=giver,
            assent=Assent.NOT_NEEDED if giver is Giver.PERSON else assent,
            until=None if days is None else START + timedelta(days=days),
        ),
        st.sampled_from([Item.CONVERSATION, Item.HEALTH]),
        st.sampled_from(list(Answer)),
        st.sampled_from(list(Giver)),
        st.sampled_from([Assent.NOT_ASKED, Assent.AGREED, Assent.REFUSED]),
        st.one_of(st.none(), st.integers(-3, 3)),
    ),
    max_size=8,
)


def stands(*decisions: Decision) -> bool:
    return standing(decisions, Item.CONVERSATION, START) is not None


def test_nothing_stands_that_was_not_given() -> None:
    """Silence is a no."""
    assert not stands()


def test_what_the_person_gives_stands_until_they_take_it_back() -> None:
    """A withdrawal ends it, and giving it again begins it again."""
    withdrawn = replace(OWN, answer=Answer.WITHDRAWN)

    assert [stands(OWN), stands(OWN, withdrawn), stands(OWN, withdrawn, OWN)] == [True, False, True]


@pytest.mark.parametrize("giver", [Giver.FAMILY, Giver.GUARDIAN])
def test_a_refusal_of_the_person_stands_against_everybody(giver: Giver) -> None:
    """Neither family nor guardian can give what the person refused."""
    given_for_them = replace(BY_FAMILY, giver=giver, assent=Assent.AGREED)

    assert not stands(replace(OWN, answer=Answer.REFUSED), given_for_them)


@pytest.mark.parametrize(
    ("giver", "assent", "expected"),
    [
        (Giver.FAMILY, Assent.NOT_ASKED, False),
        (Giver.FAMILY, Assent.AGREED, True),
        (Giver.FAMILY, Assent.REFUSED, False),
        (Giver.GUARDIAN, Assent.NOT_ASKED, True),
        (Giver.GUARDIAN, Assent.AGREED, True),
        (Giver.GUARDIAN, Assent.REFUSED, False),
    ],
)
def test_what_others_give_needs_the_persons_assent(giver: Giver, assent: Assent, expected: bool) -> None:  # noqa: FBT001
    """Family's consent waits for the person; a guardian's stands, but not against a refusal."""
    assert stands(replace(BY_FAMILY, giver=giver, assent=assent)) is expected


def test_what_was_given_until_a_day_ends_with_it() -> None:
    """A year later it has to be given again."""
    assert standing([replace(BY_FAMILY, assent=Assent.AGREED)], Item.CONVERSATION, START) is not None
    assert standing([replace(BY_FAMILY, assent=Assent.AGREED)], Item.CONVERSATION, START + timedelta(days=365)) is None


def test_each_caregiver_is_agreed_to_by_name() -> None:
    """Showing it to one is not showing it to another."""
    shared = replace(OWN, item=Item.SHARING, named="김영희")

    assert standing([shared], Item.SHARING, START, named="김영희") is not None
    assert standing([shared], Item.SHARING, START, named="박철수") is None


def test_the_order_of_decisions_counts_and_not_their_times() -> None:
    """A clock that was set back does not bring a withdrawn consent to life."""
    withdrawn = replace(OWN, answer=Answer.WITHDRAWN, at=START - timedelta(days=30))

    assert not stands(OWN, withdrawn)


@given(DECISIONS)
def test_a_last_no_of_the_person_is_the_last_word(decisions: list[Decision]) -> None:
    """Whatever was decided before: after the person's own refusal or withdrawal nothing stands."""
    for answer in (Answer.REFUSED, Answer.WITHDRAWN):
        assert not stands(*decisions, replace(OWN, answer=answer))


@given(DECISIONS)
def test_only_what_was_given_ever_stands(decisions: list[Decision]) -> None:
    """What stands is one of the decisions, a yes about that item, and not run out."""
    found = standing(decisions, Item.CONVERSATION, START)

    if found is not None:
        assert found in decisions
        assert (found.item, found.answer) == (Item.CONVERSATION, Answer.GIVEN)
        assert found.until is None or found.until > START


@given(DECISIONS)
def test_items_do_not_touch_each_other(decisions: list[Decision]) -> None:
    """What is decided about health changes nothing about conversations."""
    about = [decision for decision in decisions if decision.item is Item.CONVERSATION]

    assert standing(decisions, Item.CONVERSATION, START) == standing(about, Item.CONVERSATION, START)


def test_the_person_is_asked_about_what_others_gave() -> None:
    """Until they have said something to it."""
    agreed = replace(BY_FAMILY, assent=Assent.AGREED)

    assert awaiting_assent([BY_FAMILY], START) == (BY_FAMILY,)
    assert awaiting_assent([BY_FAMILY, agreed], START) == ()
    assert awaiting_assent([BY_FAMILY], START + timedelta(days=366)) == ()


@pytest.mark.parametrize(
    ("decision", "doubtful", "expected"),
    [
        (OWN, False, ()),
        (OWN, True, (Flaw.BASIS, Flaw.UNTIL)),
        (replace(OWN, answer=Answer.REFUSED), True, ()),
        (replace(OWN, giver_name=" "), False, (Flaw.NAME,)),
        (replace(OWN, item=Item.SHARING), False, (Flaw.NAMED,)),
        (replace(OWN, named="김영희"), False, (Flaw.NOT_NAMED,)),
        (BY_FAMILY, True, ()),
        (replace(BY_FAMILY, basis="", until=None), False, (Flaw.BASIS, Flaw.UNTIL)),
        (replace(BY_FAMILY, assent=Assent.NOT_NEEDED), False, (Flaw.ASSENT,)),
    ],
)
def test_a_decision_says_what_it_lacks(decision: Decision, doubtful: bool, expected: tuple[Flaw, ...]) -> None:  # noqa: FBT001
    """Who, about whom, on what ground, until when, and what the person said."""
    assert flaws(decision, understanding_doubtful=doubtful) == expected
