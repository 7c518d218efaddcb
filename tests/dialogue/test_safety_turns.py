"""Turns in which there is danger: the fixed sentences come first, whole, and not twice in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from companion.core.heard import Heard, Hearing
from companion.core.turn import ReplySource
from companion.dialogue.flow import Dialogue, Setting, State
from companion.dialogue.requests import Answer, Consult, Request
from companion.safety.risk import Kind, Level
from tests.dialogue.conftest import answered


@pytest.mark.parametrize(
    ("text", "numbers"), [("죽고 싶어", ("109",)), ("농약 마시고 죽을 거야", ("119", "109")), ("가슴이 조여", ("119",))]
)
def test_safety_comes_first(dialogue: Dialogue, setting: Setting, text: str, numbers: tuple[str, ...]) -> None:
    """Danger is answered with the fixed sentence, its numbers said at least twice, and cannot be interrupted."""
    response = answered(dialogue, Heard.typed(text), setting)
    assert response.reply.uninterruptible
    assert response.reply.source is ReplySource.FIXED
    assert all(response.reply.text.count(number) >= 2 for number in numbers)


def test_danger_in_doubtful_words_is_still_answered(dialogue: Dialogue, setting: Setting) -> None:
    """Misheard or not: danger is not asked for a second time."""
    heard = Heard("죽고 싶어", 0.3, Hearing.UNSURE)
    assert answered(dialogue, heard, setting).risk.level is Level.CONCERN


@pytest.mark.parametrize("yes", ["응", "네", "그럼", "맞아"])
def test_yes_to_the_question_of_dying_is_a_concern(dialogue: Dialogue, setting: Setting, yes: str) -> None:
    """After the gentle question a yes counts as the wish itself; a no does not."""
    asked = answered(dialogue, Heard.typed("늙으면 죽어야지"), setting)
    assert asked.risk.level is Level.WATCH
    risk = answered(dialogue, Heard.typed(yes), setting, asked.state).risk
    assert (risk.level, risk.kind) == (Level.CONCERN, Kind.PASSIVE_WISH)
    assert answered(dialogue, Heard.typed("아니야 그런 거 없어"), setting, asked.state).risk.level is Level.NONE


def test_a_second_concern_is_answered_in_other_words(dialogue: Dialogue, setting: Setting) -> None:
    """It is said that it was heard again; the numbers come again, one more with them; nothing can interrupt it."""
    for said, numbers in (("죽고 싶어", ("109", "1577-0199")), ("농약 마시고 죽을 거야", ("119", "109", "1577-0199"))):
        state, texts = State.start(), []
        for _ in range(3):
            response = answered(dialogue, Heard.typed(said), setting, state)
            state = response.state
            texts.append(response.reply.text)
            assert response.reply.uninterruptible
            assert response.reply.source is ReplySource.FIXED
        assert len(set(texts)) == 3
        assert all(number in text for text in texts[1:] for number in numbers)


def test_yes_to_having_somebody_near_is_no_wish_to_die(dialogue: Dialogue, setting: Setting) -> None:
    """After a plan the question is who is there: a yes to that is not the wish itself."""
    planned = answered(dialogue, Heard.typed("농약 마시고 죽을 거야"), setting)
    assert answered(dialogue, Heard.typed("응"), setting, planned.state).risk.level is Level.NONE


def opinion_of(favoured: int, asked: list[Consult]) -> Callable[[Request], Answer]:
    """Return whoever answers consultations in favour of one option, and nothing else."""

    def answer(request: Request) -> Answer:
        if not isinstance(request, Consult):
            return None
        asked.append(request)
        return tuple(0.97 if at == favoured else 0.01 for at in range(len(request.options)))

    return answer


def test_a_consultation_raises_what_is_only_watched(dialogue: Dialogue, setting: Setting) -> None:
    """Where a model may write it is asked about a doubtful saying, and its plain opinion makes it a concern."""
    asked: list[Consult] = []
    writes = replace(setting, generation=True)
    response = answered(dialogue, Heard.typed("늙으면 죽어야지"), writes, answer=opinion_of(1, asked))

    assert len(asked) == 1
    assert (response.risk.level, response.risk.evidence) == (Level.CONCERN, "consult.wish")
    assert "109" in response.reply.text


@pytest.mark.parametrize("text", ["늙으면 죽어야지", "죽고 싶어", "농약 마시고 죽을 거야", "가슴이 조여"])
@pytest.mark.parametrize("opinion", [0, 1, 2, 3])
def test_no_consultation_lowers_a_level(dialogue: Dialogue, setting: Setting, text: str, opinion: int) -> None:
    """Whatever the model thinks, the level is at least that of a conversation without one."""
    alone = answered(dialogue, Heard.typed(text), setting).risk
    writes = replace(setting, generation=True)
    asked = answered(dialogue, Heard.typed(text), writes, answer=opinion_of(opinion, [])).risk
    assert asked.level.rank >= alone.level.rank


def test_nobody_is_consulted_where_no_model_may_write(dialogue: Dialogue, setting: Setting) -> None:
    """In the embedded profile the model understands nothing of this, and is not asked."""
    asked: list[Consult] = []
    response = answered(dialogue, Heard.typed("늙으면 죽어야지"), setting, answer=opinion_of(1, asked))

    assert response.risk.level is Level.WATCH
    assert not asked


def test_a_consultation_that_nobody_answers_changes_nothing(dialogue: Dialogue, setting: Setting) -> None:
    """Too late, failed or not there: the assessment stands."""
    writes = replace(setting, generation=True)
    assert answered(dialogue, Heard.typed("늙으면 죽어야지"), writes).risk.level is Level.WATCH
