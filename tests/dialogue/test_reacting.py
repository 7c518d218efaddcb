"""What is said behind a telling that was said back, as it was learnt from authors who chose."""

from __future__ import annotations

import pytest

from companion.core.turn import Feeling, Tone
from companion.dialogue.flow import Dialogue
from companion.dialogue.reacting import Reaction, agrees, is_told, reactions
from companion.dialogue.requests import Reacted
from companion.dialogue.weighing import Weighing
from companion.prompts import prompt_table

WEIGHING = Weighing(prompt_table("lexicon/weighing.toml"))


def found(
    dialogue: Dialogue, reacted: Reacted, tones: dict[Tone, float] | None = None, *, mourned: bool = False
) -> tuple[Reaction, ...]:
    """Return what the shipped bank offers."""
    return reactions(dialogue.bank, WEIGHING, reacted, tones or {}, mourned=mourned)


def names(found: tuple[Reaction, ...]) -> list[str]:
    """Return what reactions are called."""
    return [one.situation.id.rpartition(".")[2] for one in found]


def test_the_likeliest_reactions_are_offered_best_first(dialogue: Dialogue) -> None:
    """Where all of the first was said, the next is."""
    offered = found(dialogue, Reacted({"slighted": 0.3, "upset": 0.5, "angry": 0.2}))

    assert names(offered) == ["upset", "slighted"]
    assert offered[0].worth > offered[1].worth


def test_what_is_wanted_of_malbeot_is_not_reacted_to(dialogue: Dialogue) -> None:
    """Who asks is answered."""
    assert not found(dialogue, Reacted({"upset": 0.5}, wanted=0.4))


def test_a_reaction_that_the_bank_has_not_is_passed_over(dialogue: Dialogue) -> None:
    """What was learnt may be older than the bank."""
    assert not found(dialogue, Reacted({"no_such_reaction": 0.9}))


def test_nobody_cheers_where_a_death_is_told(dialogue: Dialogue) -> None:
    """But where it is very sure: she laughed until the end."""
    assert not found(dialogue, Reacted({"witty": 0.5}), mourned=True)
    assert names(found(dialogue, Reacted({"witty": 0.9}), mourned=True)) == ["witty"]


@pytest.mark.parametrize(
    ("reaction", "tone"),
    [("glad", Tone.HURT), ("upset", Tone.PROUD), ("lonely", Tone.CONTENT)],
)
def test_a_reaction_with_the_other_face_must_be_sure(dialogue: Dialogue, reaction: str, tone: Tone) -> None:
    """Pity hurts who is proud, cheer who is hurt."""
    assert not found(dialogue, Reacted({reaction: 0.4}), {tone: 0.9})
    assert found(dialogue, Reacted({reaction: 0.7}), {tone: 0.9})


def test_something_is_told_only_where_somebody_knows() -> None:
    """Without the network nothing is known of what is wanted."""
    assert is_told(Reacted({"upset": 0.2}, wanted=0.01))
    assert not is_told(Reacted({"upset": 0.2}, wanted=0.3))
    assert not is_told(Reacted())


def test_a_tone_that_reactions_speak_against_is_known(dialogue: Dialogue) -> None:
    """Nobody is told that it was a good story whose wife hurt her back."""
    hurt = Reacted({"worried": 0.4, "pain": 0.3, "glad": 0.1})

    assert not agrees(dialogue.bank, hurt, Feeling.JOY)
    assert agrees(dialogue.bank, hurt, Feeling.SADNESS)
    assert agrees(dialogue.bank, hurt, Feeling.NEUTRAL)
    assert agrees(dialogue.bank, Reacted(), Feeling.JOY)


def test_reactions_of_one_face_make_each_other_likelier(dialogue: Dialogue) -> None:
    """Three hard ones at a quarter each are worth more than one among glad ones."""
    hard = found(dialogue, Reacted({"worried": 0.3, "upset": 0.25, "pain": 0.25}))
    mixed = found(dialogue, Reacted({"worried": 0.3, "glad": 0.25, "funny": 0.25}))

    assert hard[0].worth > mixed[0].worth
