"""Puts together what ``companion evaluate replies`` and ``understanding`` measure."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from companion.config import PersonSettings
from companion.dialogue.requests import Answer, FindNear, Generate, Name, Request
from companion.ports import Message
from companion.wiring import language
from companion.wiring.at_work import look

if TYPE_CHECKING:
    from companion.evaluation.replies import ReplyInstruments

_MOMENT: Final = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""One moment for every run, so that two runs can be compared."""


def reply_instruments(*, generation: bool | None, with_encoder: bool) -> ReplyInstruments:
    """Load the dialogue, and the encoder and language model as asked.

    Args:
        generation: Whether replies may be written by the language model; None takes what the profile says.
        with_encoder: Whether the sentence encoder is asked for near situations.

    Raises:
        ArtifactError: The language model is wanted and its file is missing or damaged.
        ConfigError: The settings cannot be used.
        PromptError: A data file is broken.
    """
    from companion.evaluation.replies import ReplyInstruments

    at_work = look() if generation is not False else None
    wanted = at_work.generation if at_work is not None and generation is None else bool(generation)
    talking = language.dialogue(language.analyser())
    situations = language.situations(talking) if with_encoder else None
    writer = language.language_model(at_work) if wanted and at_work is not None else None

    def answer(request: Request) -> Answer:
        match request:
            case FindNear(text) if situations is not None:
                return situations.nearest(text)
            case Name(text) if situations is not None:
                return situations.labels(text)
            case Generate(lines, max_tokens) if writer is not None:
                messages = [Message(line.role, line.content) for line in lines]
                return writer.generate(messages, stop=("\n",), max_tokens=max_tokens)
            case _:
                return None

    setting = talking.setting(_MOMENT, address=PersonSettings().address, generation=wanted)
    return ReplyInstruments(talking, setting, answer, time.monotonic)
