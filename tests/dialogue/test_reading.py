"""What grammar says of a word: negation, tense, wish, degree."""

from __future__ import annotations

import pytest

from companion.core.morphology import Analyser
from companion.core.reading import Expression, Grammar

CASES = [
    ("안 아파", "아프", {"neg"}, set()),
    ("아프지 않아", "아프", {"neg"}, set()),
    ("밥 안 먹었어", "먹", {"neg", "past"}, set()),
    ("밥을 먹지 못했어", "먹", {"neg", "past"}, set()),
    ("잘 못 잤어", "자", {"neg", "past"}, set()),
    ("밥 먹었어", "먹", {"past"}, {"neg"}),
    ("죽고 싶어", "죽", {"wish"}, {"degree", "neg"}),
    ("배고파 죽겠다", "죽", {"degree"}, {"wish"}),
    ("웃겨 죽는 줄 알았어", "죽", {"supposed"}, {"wish"}),
    ("살기 싫어", "살", {"dislike"}, {"neg"}),
    ("늙으면 죽어야지", "죽", {"oblige"}, {"wish"}),
    ("농약 마시고 죽을 거야", "죽", {"intend"}, {"degree"}),
    ("비가 그만 왔으면 좋겠어", "오", {"wish"}, {"neg"}),
]


@pytest.mark.parametrize(("text", "form", "flags", "absent"), CASES)
def test_endings_become_flags(
    analyser: Analyser, grammar: Grammar, text: str, form: str, flags: set[str], absent: set[str]
) -> None:
    """The endings around a word say whether it is negated, past, wished for or a mere degree."""
    word = next(word for word in grammar.read(analyser.analyse(text)).words if word.form == form)
    assert flags <= word.flags
    assert not absent & word.flags


@pytest.mark.parametrize(
    ("text", "question", "request_"),
    [
        ("밥 먹었니?", True, False),
        ("지금 몇 시야", True, False),
        ("물 좀 주세요", False, True),
        ("비가 와", False, False),
    ],
)
def test_sentence_kind(analyser: Analyser, grammar: Grammar, text: str, question: bool, request_: bool) -> None:  # noqa: FBT001
    """The end of the sentence says whether something is asked or requested."""
    reading = grammar.read(analyser.analyse(text))
    assert (reading.question, reading.request) == (question, request_)


def test_expression_does_not_fit_a_negated_word(analyser: Analyser, grammar: Grammar) -> None:
    """A plain expression passes over a negated word, and one with neg over a plain word."""
    eaten, not_eaten = (grammar.read(analyser.analyse(text)) for text in ("밥 먹었어", "밥 안 먹었어"))
    assert Expression.parse("밥 먹").found(eaten) == 0
    assert Expression.parse("밥 먹").found(not_eaten) is None
    assert Expression.parse("밥 먹:neg").found(not_eaten) == 0
    assert Expression.parse("밥 먹:neg").found(eaten) is None
    assert Expression.parse("굶|먹:neg?").found(not_eaten) == 1


@pytest.mark.parametrize("source", ["", "   ", "/v", "|:neg"])
def test_expression_without_a_form_is_refused(source: str) -> None:
    """An expression that names no word cannot be read."""
    with pytest.raises(ValueError, match=r".*"):
        Expression.parse(source)
