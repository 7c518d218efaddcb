"""What the dialogue asks while it thinks: a consultation is answered by the language model in time, or by nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from companion.core.consult import Consult, Line
from companion.ports import Message
from companion.session import answering
from companion.session.answering import Answerer
from tests.fakes.language_model import FakeLanguageModel

ASKED = Consult(
    (Line("system", "고르세요."), Line("user", "늙으면 죽어야지")), ("위험하지 않은 말씀", "사라지고 싶은 마음")
)


class Waiting(FakeLanguageModel):
    """Answers only once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> tuple[float, ...]:
        self.let_go.wait()
        return super().choose(messages, options)


def answer_of(language: FakeLanguageModel | None) -> object:
    with ThreadPoolExecutor(1) as thread:
        try:
            return asyncio.run(Answerer(language=language, situations=None, thread=thread).answer(ASKED))
        finally:
            if isinstance(language, Waiting):
                language.let_go.set()


def test_a_consultation_is_answered_with_one_share_an_option() -> None:
    """The model sees what was said, and what it favours has the greater share."""
    model = FakeLanguageModel(choices={"늙으면 죽어야지": ASKED.options[1]})
    shares = answer_of(model)

    assert isinstance(shares, tuple)
    assert sum(shares) == pytest.approx(1)
    assert shares[1] > shares[0]
    assert [message.content for message in model.asked[0]] == ["고르세요.", "늙으면 죽어야지"]


@pytest.mark.parametrize("model", [None, FakeLanguageModel(broken=True)])
def test_nobody_answers_where_there_is_no_model_or_it_fails(model: FakeLanguageModel | None) -> None:
    """The dialogue goes on without an opinion."""
    assert answer_of(model) is None


def test_an_opinion_that_comes_too_late_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person waits no longer than the limit."""
    monkeypatch.setattr(answering, "CONSULT_SECONDS", 0.01)
    assert answer_of(Waiting()) is None
