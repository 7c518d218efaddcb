"""A telling is said back and no more where anything else would be worth less."""

from __future__ import annotations

import pytest

from companion.dialogue.bank import Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.flow import Dialogue
from companion.dialogue.requests import Labels
from companion.dialogue.restating import AGAIN, WORTH, only_back, worth_needed
from companion.dialogue.weighing import Weighing
from companion.prompts import prompt_table

WEIGHING = Weighing(prompt_table("lexicon/weighing.toml"))
PLAIN = "receive.tone.plain"


def chosen(dialogue: Dialogue, name: str, *, fit: float, share: float, again: bool = False) -> tuple[Situation, ...]:
    """Return what is said instead of a situation of the bank; nothing where it stays."""
    situation = dialogue.bank.situations[name]
    evidence = Evidence({}, {}, (), labels=Labels(gists={situation.gist: share} if situation.gist else {}))
    fits = dict.fromkeys(situation.replies, fit)
    return only_back(dialogue.bank, WEIGHING, (situation,), evidence, fits, again=again)


def test_a_comment_that_hardly_fits_is_left_out(dialogue: Dialogue) -> None:
    """A sentence beside the point hurts more than none."""
    assert [one.id for one in chosen(dialogue, "receive.gist.harvest_grown", fit=-0.9, share=0.4)] == [PLAIN]


def test_a_comment_that_fits_is_said(dialogue: Dialogue) -> None:
    """Where it is probably right, it is said behind what was said back."""
    assert not chosen(dialogue, "receive.gist.harvest_grown", fit=0.95, share=0.95)


@pytest.mark.parametrize("name", ["receive.tone.mourning", "receive.tone.heavy", "receive.body_pain.pain"])
def test_a_death_a_sure_tone_and_a_body_that_hurts_are_received(dialogue: Dialogue, name: str) -> None:
    """Nobody hears their dead or their pain only said back."""
    assert not chosen(dialogue, name, fit=-0.9, share=0.0)


def test_what_is_said_to_malbeot_is_answered(dialogue: Dialogue) -> None:
    """Praise is not said back."""
    assert not chosen(dialogue, "other.gist.praise_malbeot", fit=-0.9, share=0.2)


def test_nothing_is_replaced_where_nobody_knows_what_fits(dialogue: Dialogue) -> None:
    """Without an encoder the bank speaks as before."""
    situation = dialogue.bank.situations["receive.gist.harvest_grown"]

    assert not only_back(dialogue.bank, WEIGHING, (situation,), Evidence({}, {}, ()), {}, again=False)


def test_less_is_needed_after_a_reply_that_only_listened() -> None:
    """Nobody wants to talk to an echo."""
    assert worth_needed(again=True) == AGAIN < WORTH == worth_needed(again=False)
