"""A language model that says what it is told to: the same every time, in no time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from companion.adapters.chat_text import Delivery, check_options, probabilities
from companion.errors import InferenceError
from companion.ports import Message


class FakeLanguageModel:
    """``ports.LanguageModel`` from a table; it passes the contract suite of the real ones.

    Args:
        replies: Reply by the content of the last message.
        default: Reply to anything else.
        choices: By the content of the last message, the option it favours; otherwise the option that shares most
            characters with that content.
        broken: True for one that fails at every call.
    """

    def __init__(
        self,
        replies: Mapping[str, str] | None = None,
        *,
        default: str = "네, 어르신. 말씀 듣고 있어요. 오늘은 어떻게 지내셨어요?",
        choices: Mapping[str, str] | None = None,
        broken: bool = False,
    ) -> None:
        self._replies = dict(replies or {})
        self._default = default
        self._choices = dict(choices or {})
        self._broken = broken
        self.asked: list[tuple[Message, ...]] = []
        """What it was shown, call by call."""

    @property
    def name(self) -> str:
        """Says that it is none."""
        return "fake"

    def generate(
        self,
        messages: Sequence[Message],
        *,
        stop: Sequence[str] = (),
        max_tokens: int = 80,
        on_token: Callable[[str], bool] | None = None,
    ) -> str:
        """Deliver the reply two characters to a token."""
        self._note(messages)
        reply = self._replies.get(messages[-1].content, self._default)
        delivery = Delivery(stop, on_token)
        for at in range(0, min(len(reply), 2 * max_tokens), 2):
            if not delivery.take(reply[at : at + 2]):
                break
        return delivery.text()

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> tuple[float, ...]:
        """Favour the option of the table, or the one most alike."""
        check_options(options)
        self._note(messages)
        said = messages[-1].content
        favoured = self._choices.get(said)
        return probabilities(
            [3.0 if option == favoured else len(set(option) & set(said)) / len(set(option)) for option in options]
        )

    def _note(self, messages: Sequence[Message]) -> None:
        if self._broken:
            raise InferenceError("language.failed", reason="fake")
        self.asked.append(tuple(messages))
