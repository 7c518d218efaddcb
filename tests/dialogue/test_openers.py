"""An opener leads plain talk alone: never a danger, never a fixed sentence, never a reply that leads itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.dialogue.flow import Command, Response, State
from companion.dialogue.openers import FILE, Openers
from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.safety.protocol_state import ProtocolState
from companion.safety.risk import NO_RISK, Level
from companion.safety.steps import Question

TABLE = prompt_table(FILE)
OPENERS = Openers(TABLE)
TOLD = Response(
    reply=Reply("순자님, 무릎은 언제부터 아프셨어요?", ReplySource.BANK, "body_pain.knee.1"),
    understanding=Understanding(Act.TELL, "body_pain", Feeling.NEUTRAL, 0.9),
    risk=NO_RISK,
    command=None,
    state=State.start(),
)


def saying(text: str) -> Response:
    return replace(TOLD, reply=replace(TOLD.reply, text=text))


def test_plain_talk_may_be_led() -> None:
    """What was told and is answered out of the bank may be led, by words of the table."""
    assert set(OPENERS.fitting(TOLD)) <= set(OPENERS.texts)
    assert OPENERS.fitting(TOLD)


@pytest.mark.parametrize(
    "forbidden",
    [
        lambda said: replace(said, risk=replace(NO_RISK, level=Level.WATCH)),
        lambda said: replace(said, risk=replace(NO_RISK, level=Level.CONCERN)),
        lambda said: replace(said, risk=replace(NO_RISK, level=Level.URGENT)),
        lambda said: replace(said, reply=replace(said.reply, uninterruptible=True)),
        lambda said: replace(said, reply=replace(said.reply, source=ReplySource.FIXED)),
        lambda said: replace(said, reply=replace(said.reply, ends_session=True)),
        lambda said: replace(said, command=Command.REPEAT),
        lambda said: replace(said, state=State(protocol=ProtocolState(is_open=True))),
        lambda said: replace(said, state=State(protocol=ProtocolState(waiting=Question.WISH))),
        lambda said: replace(said, understanding=None),
        lambda said: replace(said, understanding=replace(said.understanding, act=Act.FAREWELL)),
        lambda said: replace(said, understanding=replace(said.understanding, topic="malbeot")),
    ],
)
def test_nothing_leads_where_safety_or_the_session_has_the_word(forbidden: Callable[[Response], Response]) -> None:
    """No opener at watch or above, before safety speech or fixed sentences, or after a goodbye or a command."""
    assert OPENERS.fitting(forbidden(TOLD)) == ()


@pytest.mark.parametrize(
    "text", ["네, 그럼요.", "그러셨군요. 많이 아프셨어요?", "아이고, 어쩌나.", "저런, 놀라셨겠어요.", ""]
)
def test_a_reply_that_leads_itself_is_not_led(text: str) -> None:
    """Two openers after one another sound like a machine."""
    assert OPENERS.fitting(saying(text)) == ()


@pytest.mark.parametrize("opener", OPENERS.texts)
def test_no_opener_leads_another(opener: str) -> None:
    """Law: a reply that begins with any of the openers is led by none."""
    assert OPENERS.fitting(saying(f"{opener} 언제부터요?")) == ()


def test_what_was_said_is_taken_up_once() -> None:
    """Before 무릎이 아프셨군요 nothing goes that takes it up as well."""
    taking_up = {entry["text"] for entry in TABLE["opener"] if entry["takes_up"]}

    fitting = set(OPENERS.fitting(saying("무릎이 아프셨군요. 언제부터요?")))

    assert fitting
    assert not fitting & taking_up


def test_a_question_is_never_answered_by_a_yes() -> None:
    """네 before the answer to a question would be taken for the answer."""
    asked = replace(TOLD, understanding=Understanding(Act.ASK, "weather", Feeling.NEUTRAL, 0.9))

    assert OPENERS.fitting(asked)
    assert not any("네" in opener for opener in OPENERS.fitting(asked))


def test_a_broken_table_is_named() -> None:
    """A pattern that does not compile is told by the name of the file."""
    with pytest.raises(PromptError):
        Openers({**TABLE, "never": {**TABLE["never"], "before": "("}})
