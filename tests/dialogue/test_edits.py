"""A telling said back is made of one edit for each letter of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from companion.dialogue.mirroring.edits import KEEP, LEAVE_OUT, cuts_a_word, edit_of, edited

LETTERS = some.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | some.sampled_from(" .,?!a1…")
WORDS = some.text(LETTERS, max_size=6)


@given(LETTERS, WORDS)
def test_an_edit_makes_what_it_was_found_for(letter: str, said: str) -> None:
    """Law: whatever is to stand for a letter, its edit gives it."""
    assert edited(letter, [edit_of(letter, said)]) == said


@given(WORDS)
def test_what_is_kept_stays_as_it_was_said(text: str) -> None:
    """Keeping every letter changes nothing, leaving every one out leaves nothing."""
    assert edited(text, [KEEP] * len(text)) == text
    assert not edited(text, [LEAVE_OUT] * len(text))


def test_the_same_change_is_the_same_edit_behind_any_onset() -> None:
    """넘겼 and 맡겼, 옮겼: one edit for all, or each would have to be learnt by itself."""
    assert edit_of("겼", "기셨") == edit_of("졌", "지셨") == edit_of("켰", "키셨")
    assert edited("넘겼어", [KEEP, edit_of("겼", "기셨"), edit_of("어", "군요")]) == "넘기셨군요"


@pytest.mark.parametrize(
    ("told", "said", "cuts"), [("근데 좋아", "데 좋아", True), ("며느리가 왔어", "느리가 왔어", True)]
)
def test_a_word_that_loses_its_beginning_is_cut(told: str, said: str, *, cuts: bool) -> None:
    """Nobody says half of a word back."""
    gone = len(told) - len(said)
    edits = [LEAVE_OUT] * gone + [KEEP] * len(said)

    assert edited(told, edits) == said
    assert cuts_a_word(told, edits) is cuts


def test_a_word_that_is_left_out_or_changed_at_its_end_is_not_cut() -> None:
    """나는 before what is told goes; 묵었다 is 드셨군요."""
    assert not cuts_a_word("나는 좋아", [LEAVE_OUT, LEAVE_OUT, LEAVE_OUT, KEEP, KEEP])
    assert not cuts_a_word("갔다", [KEEP, LEAVE_OUT])


def test_too_few_edits_are_refused() -> None:
    """An edit that is missing is a defect of who made them, not a letter that is lost."""
    with pytest.raises(ValueError, match="zip"):
        edited("밥", [])
