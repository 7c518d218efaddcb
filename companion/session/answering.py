"""Answers what the dialogue asks while it thinks, from the ports that are there.

Each request runs on the one thread of its artifact, with a limit: an answer that comes too late is no answer, and the
dialogue goes on without it. The thread is not killed; the artifact stays busy until it is done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from companion.core.cancellation import Cancellation
from companion.dialogue.requests import (
    Alike,
    Answer,
    Consult,
    FindAlike,
    FindFits,
    FindNear,
    Fits,
    Generate,
    Labels,
    Line,
    Name,
    Near,
    React,
    Reacted,
    Request,
    Restate,
    Restated,
)
from companion.errors import InferenceError
from companion.ports import LanguageModel, Message

_log = logging.getLogger(__name__)

NEAR_SECONDS: Final = 2.0
CONSULT_SECONDS: Final = 4.0
GENERATE_SECONDS: Final = 12.0


class SituationFinder(Protocol):
    """Finds the situations of the reply bank that are nearest in meaning, and names what an utterance is."""

    def nearest(self, text: str) -> tuple[Near, ...]:
        """Return the nearest situations, best first."""
        ...

    def alike(self, text: str) -> tuple[Alike, ...]:
        """Return the nearest exemplars, best first."""
        ...

    def fits(self, text: str, replies: Sequence[str]) -> Fits:
        """Return how well replies fit what is told."""
        ...

    def labels(self, text: str) -> Labels:
        """Return the probabilities of act, topic and feeling."""
        ...

    def restated(self, text: str, asked: str) -> tuple[Restated, ...]:
        """Return each sentence of what was told said back, in order."""
        ...

    def reacted(self, text: str, asked: str) -> Reacted:
        """Return how probable each reaction to what was told is."""
        ...


_Work: TypeAlias = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers requests; what is not there is answered with None.

    Args:
        language: The language model, if one is at work.
        situations: The finder of near situations, if one is at work.
        thread: The one thread on which they run.
    """

    language: LanguageModel | None
    situations: SituationFinder | None
    thread: ThreadPoolExecutor

    async def answer(self, request: Request) -> Answer:
        """Return the answer, or None where nobody could answer in time."""
        cancel = Cancellation()
        work, limit = self._work(request, cancel)
        if work is None:
            return None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limit):
                return await loop.run_in_executor(self.thread, work)
        except TimeoutError:
            _log.warning("no answer in time to %s", type(request).__name__)
            return None
        except InferenceError as error:
            _log.warning("no answer to %s: %s", type(request).__name__, error.key)
            return None
        finally:
            cancel.cancel()

    def _work(self, request: Request, cancel: Cancellation) -> tuple[_Work | None, float]:
        language, situations = self.language, self.situations
        if situations is not None and (found := _found(situations, request)) is not None:
            return found, NEAR_SECONDS
        match request:
            case Consult(lines, options) if language is not None:
                return lambda: language.choose(_messages(lines), options), CONSULT_SECONDS
            case Generate(lines, max_tokens) if language is not None:
                return lambda: _generate(language, lines, max_tokens, cancel), GENERATE_SECONDS
            case _:
                return None, 0.0


def _found(situations: SituationFinder, request: Request) -> _Work | None:  # noqa: PLR0911 - one a request
    """Return what answers a request that is none to a language model."""
    match request:
        case FindNear(text):
            return lambda: situations.nearest(text)
        case FindAlike(text):
            return lambda: situations.alike(text)
        case FindFits(text, replies):
            return lambda: situations.fits(text, replies)
        case Name(text):
            return lambda: situations.labels(text)
        case Restate(text, asked):
            return lambda: situations.restated(text, asked)
        case React(text, asked):
            return lambda: situations.reacted(text, asked)
        case _:
            return None


def _generate(language: LanguageModel, lines: Sequence[Line], max_tokens: int, cancel: Cancellation) -> str:
    return language.generate(
        _messages(lines), stop=("\n",), max_tokens=max_tokens, on_token=lambda _piece: not cancel.cancelled
    )


def _messages(lines: Sequence[Line]) -> tuple[Message, ...]:
    return tuple(Message(role=line.role, content=line.content) for line in lines)
