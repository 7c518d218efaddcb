"""What is said behind a telling that was said back, as it was learnt from authors who chose."""

from __future__ import annotations

import pytest

from companion.core.turn import Feeling, Tone
from companion.dialogue.flow import Dialogue
from companion.dialogue.reacting import Reaction, agrees, is_told, only_tells, questions, reactions
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


def asked(
    dialogue: Dialogue, shares: dict[str, float], *, said: frozenset[str] = frozenset(), mourned: bool = False
) -> list[str]:
    """Return which questions of the shipped bank are offered."""
    reacted = Reacted({"glad": 0.5}, questions=shares)
    return names(questions(dialogue.bank, WEIGHING, reacted, said=said, mourned=mourned))


def test_the_likeliest_questions_are_offered_best_first(dialogue: Dialogue) -> None:
    """As with reactions; what the bank has not is passed over."""
    assert asked(dialogue, {"now_body": 0.3, "who_gave": 0.4, "no_such_question": 0.3}) == ["who_gave", "now_body"]


def test_nothing_is_asked_twice_in_other_words(dialogue: Dialogue) -> None:
    """Who said how old they were then is not asked again."""
    said = frozenset({"receive.question.who_gave#1"})
    assert asked(dialogue, {"now_body": 0.3, "who_gave": 0.5}, said=said) == ["now_body"]


def test_what_is_asked_wrongly_more_often_must_be_surer(dialogue: Dialogue) -> None:
    """Who praised the soup is not asked how it tasted."""
    assert not asked(dialogue, {"tasted": 0.4})
    assert asked(dialogue, {"tasted": 0.5}) == ["tasted"]


def test_who_asks_something_is_not_asked(dialogue: Dialogue) -> None:
    """They are answered."""
    reacted = Reacted({"glad": 0.5}, wanted=0.4, questions={"now_body": 0.6})
    assert not questions(dialogue.bank, WEIGHING, reacted, said=(), mourned=False)


def test_a_question_alone_must_be_surer(dialogue: Dialogue) -> None:
    """Without what was told said back it shows no listening."""
    reacted = Reacted({"glad": 0.5}, questions={"now_body": 0.4})
    assert questions(dialogue.bank, WEIGHING, reacted, said=(), mourned=False)
    assert not questions(dialogue.bank, WEIGHING, reacted, said=(), mourned=False, alone=True)


def test_hardly_anything_is_asked_of_the_dead(dialogue: Dialogue) -> None:
    """Only what most listeners would ask."""
    assert not asked(dialogue, {"what_person": 0.4}, mourned=True)
    assert asked(dialogue, {"what_person": 0.7}, mourned=True) == ["what_person"]


def test_only_what_is_surely_told_is_nothing_else() -> None:
    """Without the network nobody knows."""
    assert only_tells(Reacted({"upset": 0.2}, wanted=0.01), answers=True)
    assert only_tells(Reacted({"upset": 0.2}, wanted=0.0005), answers=False)
    assert not only_tells(Reacted({"upset": 0.2}, wanted=0.01), answers=False)
    assert not only_tells(Reacted({"upset": 0.2}, wanted=0.1), answers=True)
    assert not only_tells(Reacted(), answers=True)


def test_a_reaction_to_an_answer_is_weighed_by_its_name(dialogue: Dialogue) -> None:
    """Judges found praise of the wit behind an answer wrong far more often than that it hurts."""
    alike = Reacted({"witty": 0.2, "condolence": 0.2})
    offered = reactions(dialogue.bank, WEIGHING, alike, {}, mourned=False, only_answers=True)

    assert names(offered)[0] == "condolence"
