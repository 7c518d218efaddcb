"""The small words by which people steer a talk: goodbyes, pauses, words not heard; and questions that ask nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from companion.core.heard import Heard
from companion.core.turn import Act, Feeling, Reply, ReplySource
from companion.dialogue.flow import Command, Dialogue, Setting, State
from companion.dialogue.requests import Answer, Labels, Name, React, Reacted, Request
from companion.dialogue.state import Exchange, Response
from companion.dialogue.steering import GISTS
from tests.dialogue.conftest import answered


def naming(gists: Mapping[str, float], act: Act = Act.TELL) -> Callable[[Request], Answer]:
    """Return an answerer that names these gists, and an act of no topic."""

    def answer(request: Request) -> Answer:
        if not isinstance(request, Name):
            return None
        return Labels({act: 0.9}, {"other": 0.9}, {Feeling.NEUTRAL: 0.9}, gists, {})

    return answer


def met(
    dialogue: Dialogue, setting: Setting, text: str, gists: Mapping[str, float], state: State | None = None
) -> Response:
    """Return the response to an utterance whose gists are these."""
    return answered(dialogue, Heard.typed(text), setting, state, answer=naming(gists))


@pytest.mark.parametrize("gist", sorted(GISTS - {"farewell", "misheard"}))
def test_plain_steering_words_are_answered_as_such(dialogue: Dialogue, setting: Setting, gist: str) -> None:
    """Before anything of the bank is said that shares their words."""
    response = met(dialogue, setting, "가만 숨 좀 돌리고", {gist: 0.7, "tired_weak": 0.2})
    assert response.reply.id.startswith(f"other.gist.{gist}#")
    assert not response.reply.ends_session


def test_a_goodbye_that_no_rule_knows_ends_the_talk(dialogue: Dialogue, setting: Setting) -> None:
    """``바지단 줄이던 거 마저 할란다`` is met with the closing words of the hour."""
    response = met(dialogue, setting, "나 이제 바지단 줄이던 거 마저 할란다", {"farewell": 0.8})
    assert response.reply.ends_session
    assert response.command is Command.STOP


def test_what_may_be_a_goodbye_ends_nothing(dialogue: Dialogue, setting: Setting) -> None:
    """Half sure is not sure enough to leave somebody who still talks."""
    response = met(dialogue, setting, "나 이제 바지단 줄이던 거 마저 할란다", {"farewell": 0.5, "plan_ahead": 0.4})
    assert not response.reply.ends_session


def test_a_goodbye_with_danger_in_it_ends_nothing(dialogue: Dialogue, setting: Setting) -> None:
    """Who takes leave for good is stayed with."""
    response = met(dialogue, setting, "나 이제 약 먹고 갈란다, 잘 있어라", {"farewell": 0.95})
    assert not response.reply.ends_session


def test_what_was_not_heard_is_said_again(dialogue: Dialogue, setting: Setting) -> None:
    """Whatever words say so."""
    first = met(dialogue, setting, "오늘은 종일 집에 있었어", {"ordinary_now": 0.9})
    response = met(dialogue, setting, "밤이라 캤나 바람이라 캤나", {"misheard": 0.9}, first.state)
    assert response.command is Command.REPEAT
    assert response.reply.text.endswith(first.reply.text)


def test_a_question_that_asks_nothing_is_received_as_told(dialogue: Dialogue, setting: Setting) -> None:
    """``내 손으로 그걸 어떻게 하노`` is not answered with what 말벗 does not know."""
    gists = {"machine_fluster": 0.8, "ask_fact": 0.05}
    answer = naming(gists, Act.ASK)
    response = answered(dialogue, Heard.typed("당최 내 손으로 그걸 어떻게 하노"), setting, answer=answer)
    assert response.reply.id.startswith("receive.gist.machine_fluster#")


@pytest.mark.parametrize(
    "text",
    [
        "기도하고 자야겠어",
        "뉴스 할 시간이다, 끊자",
        "오늘은 이만 합세다",
        "집사람 깼나 봐유, 들어가유",
        "나비 밥 줘야 쓰겄네, 들어가소",
        "눈이 피곤해서 들어가야갔수다",
        "나 자쿠다, 꿈에 봅서",
        "찬송 부르러 간다, 또 하자",
        "민재 올 시간이여",
        "나 나가네",
    ],
)
def test_a_goodbye_behind_its_reason_ends_the_talk(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """In any dialect, and though no encoder is at work."""
    assert answered(dialogue, Heard.typed(text), setting).command is Command.STOP


@pytest.mark.parametrize(
    "text",
    [
        "며느리가 이제 그만 들어가 주무시라고 그러더라",
        "보험을 끊자고 아들이 그러네",
        "영감이 불 끄고 잘 자요",
        "밭에 들어가야겠네",
        "약 먹을 시간이야",
        "요즘은 농사철이라 바빠",
        "사는 게 다 고만고만하지",
    ],
)
def test_what_only_sounds_like_a_goodbye_ends_nothing(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """It is told of others, of a place or of a contract."""
    assert answered(dialogue, Heard.typed(text), setting).command is not Command.STOP


@pytest.mark.parametrize("text", ["다음에 하자", "그건 나중에 할게", "이따 합시다"])
def test_what_is_put_off_is_a_goodbye_only_where_nothing_was_asked(dialogue: Dialogue, text: str) -> None:
    """Inside an offer it is an answer; said out of nothing it may end the talk, never the other way round."""
    assert dialogue.command_in(text) is None


def test_put_off_behind_a_question_ends_nothing(dialogue: Dialogue, setting: Setting) -> None:
    """The talk goes on with something else."""
    asked = dialogue.noted(Reply("수수께끼 하나 내 볼까요?", ReplySource.FIXED, "test.asks"), State.start()).state
    plain = dialogue.noted(Reply("네, 그러시군요.", ReplySource.FIXED, "test.plain"), State.start()).state

    assert answered(dialogue, Heard.typed("다음에 하자"), setting, asked).command is not Command.STOP
    assert answered(dialogue, Heard.typed("다음에 하자"), setting, plain).command is Command.STOP


def answering(
    dialogue: Dialogue,
    setting: Setting,
    text: str,
    gists: Mapping[str, float],
    *,
    wanted: float,
    said: str = "배를 타셨군요. 무슨 배를 타셨어요?",
) -> Response:
    """Return the response to what is said behind a question or a remark, and how probably something is wanted."""

    def answer(request: Request) -> Answer:
        return Reacted({"glad": 0.3}, wanted=wanted) if isinstance(request, React) else naming(gists)(request)

    asked = Exchange("옛날에 배를 탔지", said)
    return answered(dialogue, Heard.typed(text), setting, replace(State.start(), turns=(asked,)), answer=answer)


@pytest.mark.parametrize(
    ("gist", "text"),
    [("back", "오징어배, 울릉도까정"), ("hold_on", "오줌 누러 너덧 번")],
)
def test_who_answers_neither_goes_nor_comes(dialogue: Dialogue, setting: Setting, gist: str, text: str) -> None:
    """A boat that went to an island is none that leaves now; where something is wanted of 말벗, it is meant."""
    told = answering(dialogue, setting, text, {gist: 0.7}, wanted=0.01)
    meant = answering(dialogue, setting, text, {gist: 0.7}, wanted=0.4)

    assert gist not in told.reply.id
    assert not told.reply.ends_session
    assert gist in meant.reply.id or meant.reply.ends_session


@pytest.mark.parametrize(
    ("gist", "text"),
    [("agree", "소파"), ("greeting", "밤에만요"), ("correction", "조카가. 좋은 거라고 얼른 하라는데")],
)
def test_who_only_answers_says_nothing_to_malbeot(dialogue: Dialogue, setting: Setting, gist: str, text: str) -> None:
    """What a head takes for a greeting or a correction is what was asked for, and is reacted to."""
    told = answering(dialogue, setting, text, {gist: 0.7}, wanted=0.01)

    assert gist not in told.reply.id
    assert told.reply.id.startswith("receive.reaction.glad")


@pytest.mark.parametrize("text", ["못 들어", "너무 빨라", "한 시간이나 기다렸어. 오늘이 며칠이냐"])
def test_what_is_asked_of_the_voice_or_the_clock_is_an_answer_too(
    dialogue: Dialogue, setting: Setting, text: str
) -> None:
    """못 들어, of a sea that is too rough; where something is wanted it is done."""
    told = answering(dialogue, setting, text, {}, wanted=0.01)
    meant = answering(dialogue, setting, text, {}, wanted=0.9)

    assert told.command is None
    assert told.reply.id.startswith("receive.reaction.glad")
    assert meant.command is not None or meant.reply.id.startswith("identity.")


@pytest.mark.parametrize("text", ["그만하자", "나 이제 잘란다. 잘 있어"])
def test_who_goes_may_always_go(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """Nobody is held, however surely they are taken for somebody who answers."""
    assert answering(dialogue, setting, text, {}, wanted=0.0).reply.ends_session


def test_a_few_words_go_on_from_a_remark(dialogue: Dialogue, setting: Setting) -> None:
    """은행, of a grandson's work; where something is wanted they are met as before."""
    said = "손자가 취직했군요. 참 기쁜 일이네요."
    told = answering(dialogue, setting, "은행", {"agree": 0.7}, wanted=0.001, said=said)
    meant = answering(dialogue, setting, "은행", {"agree": 0.7}, wanted=0.02, said=said)

    assert told.reply.id.startswith("receive.reaction.glad")
    assert not meant.reply.id.startswith("receive.reaction.")
