"""What every chat adapter does to text: make it harmless before it goes in, cut it at the stop strings as it comes out.

Pure string work, shared by the llama.cpp and the transformers adapter and by the fake of the tests, so that all three
obey the same laws. It knows no library.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from companion.errors import InferenceError
from companion.ports import Message

_MARKUP: Final = re.compile(r"[<\[](?=[|｜/!A-Za-z_\[])")
"""Where a control token of a chat template may begin: <|im_end|>, </s>, <start_of_turn>, [INST], [|user|] …"""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LEAST_CHARACTERS: Final = 16


def harmless(text: str) -> str:
    """Return ``text`` so that no tokenizer reads a control token in it: it cannot end its own message.

    A space is put after each bracket that could open such a token. Control characters become spaces, lone surrogates
    a question mark. Plain Korean comes back as it is.
    """
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return _MARKUP.sub(lambda found: f"{found.group()} ", _CONTROL.sub(" ", readable))


def harmless_messages(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with ``harmless`` contents."""
    return [replace(message, content=harmless(message.content)) for message in messages]


def fitted(messages: Sequence[Message], *, count: Callable[[Sequence[Message]], int], limit: int) -> list[Message]:
    """Return the messages shortened to at most ``limit`` tokens.

    The oldest turns go first, then the beginning of the longest message: what was said last weighs most.

    Args:
        messages: System first.
        count: Tokens that the prompt of these messages takes.
        limit: At least 1.

    Raises:
        InferenceError: Even the bare frame of the chat template takes more.
    """
    kept = list(messages)
    while (needed := count(kept)) > limit:
        turns_from = 1 if kept[0].role == "system" else 0
        if len(kept) - turns_from > 1:
            following = (i for i in range(turns_from + 1, len(kept)) if kept[i].role == "user")
            del kept[turns_from : next(following, len(kept) - 1)]
            continue
        longest = max(range(len(kept)), key=lambda i: len(kept[i].content))
        content = kept[longest].content
        if len(content) <= _LEAST_CHARACTERS:
            raise InferenceError("language.too_long", tokens=needed, limit=limit)
        kept[longest] = replace(kept[longest], content=content[-int(len(content) * min(0.9, limit / needed)) :])
    return kept


def check_options(options: Sequence[str]) -> None:
    """Refuse options that cannot be chosen between.

    Raises:
        ValueError: Fewer than two, a blank one, or two the same.
    """
    if len(options) < 2:  # noqa: PLR2004 - a choice needs two
        raise ValueError("at least two options are needed")
    if any(not option.strip() for option in options):
        raise ValueError("an option is blank")
    if len(set(options)) != len(options):
        raise ValueError("two options are the same")


def probabilities(scores: Sequence[float]) -> tuple[float, ...]:
    """Return the softmax of ``scores``: log-probabilities in, probabilities that sum to 1 out."""
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)


class Delivery:
    """Hands text on piece by piece and ends it at the first stop string, wherever the pieces are cut.

    Law: what is handed on is the whole text up to the stop string that is complete first, however it was split.

    Args:
        stop: Strings that end the text and are no part of it; empty ones are ignored.
        on_token: Called with each piece; returning False ends the text there. An exception of its own ends it too and
            is raised by ``text``.
    """

    def __init__(self, stop: Sequence[str], on_token: Callable[[str], bool] | None) -> None:
        self._stop = [mark for mark in stop if mark]
        self._on_token = on_token
        self._held = ""
        self._delivered: list[str] = []
        self._ended = False
        self._failure: Exception | None = None

    @property
    def ended(self) -> bool:
        """Whether no more text is wanted."""
        return self._ended

    def take(self, piece: str) -> bool:
        """Take what the model has just written; return whether it should go on."""
        if self._ended or not piece:
            return not self._ended
        self._held += piece
        found = [(at + len(mark), at) for mark in self._stop if (at := self._held.find(mark)) >= 0]
        if found:
            self._hand_on(self._held[: min(found)[1]])
            self._ended, self._held = True, ""
            return False
        ready = len(self._held) - self._held_back()
        self._hand_on(self._held[:ready])
        self._held = self._held[ready:]
        return not self._ended

    def text(self) -> str:
        """Hand on what was held back and return all that was handed on."""
        if not self._ended:
            self._hand_on(self._held)
            self._ended = True
        self._held = ""
        if self._failure is not None:
            raise self._failure
        return "".join(self._delivered)

    def _held_back(self) -> int:
        """Characters at the end that may be the beginning of a stop string."""
        return max(
            (
                length
                for mark in self._stop
                for length in range(1, min(len(mark), len(self._held) + 1))
                if self._held.endswith(mark[:length])
            ),
            default=0,
        )

    def _hand_on(self, piece: str) -> None:
        if not piece:
            return
        self._delivered.append(piece)
        if self._on_token is None:
            return
        try:
            self._ended = self._on_token(piece) is False
        except Exception as error:  # noqa: BLE001 - carried across the engine's callback and raised by text()
            self._ended, self._failure = True, error
