"""Puts together what administers and measures screening: instruments, reader, interview."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from companion.core.reading import Grammar
from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.screening.answer.reader import AnswerReader
from companion.screening.interview import Interview
from companion.screening.requests import Consult, Opinion
from companion.wiring import language
from companion.wiring.at_work import look

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.evaluation.answers import ScreeningInstruments

ANSWERS: Final = "screening/answers.ko.toml"
WORDING: Final = "screening/wording.ko.toml"


@cache
def answer_reader(words: Analyser) -> AnswerReader:
    """Return the reader of answers.

    Raises:
        PromptError: Its data is broken.
    """
    try:
        return AnswerReader(prompt_table(ANSWERS), Grammar(prompt_table("lexicon/grammar.toml")), words)
    except KeyError as error:
        raise PromptError("lexicon.missing", file=ANSWERS, entry=str(error.args[0])) from error


@cache
def interview(reader: AnswerReader) -> Interview:
    """Return the interview with the shipped wording.

    Raises:
        PromptError: A sentence is missing.
    """
    return Interview(reader, prompt_table(WORDING))


def screening_instruments(*, with_model: bool) -> ScreeningInstruments:
    """Load what answers and interviews are measured with.

    Args:
        with_model: Whether the language model of the profile is consulted where the grammar doubts.

    Raises:
        ArtifactError: The language model is wanted and its file is missing or damaged.
        PromptError: A data file is broken.
    """
    from companion.evaluation.answers import ScreeningInstruments

    reader = answer_reader(language.analyser())
    measuring = prompt_table(WORDING)["measuring"]
    return ScreeningInstruments(
        interview=interview(reader),
        reader=reader,
        consult=_consulting() if with_model else _nobody,
        yes=str(measuring["yes"]),
        no=str(measuring["no"]),
    )


def _nobody(_consult: Consult) -> Opinion:
    return None


class _consulting:  # noqa: N801 - a function with a model behind it
    """Asks the language model of the profile."""

    def __init__(self) -> None:
        self._model = language.language_model(look())

    def __call__(self, consult: Consult) -> Opinion:
        from companion.ports import Message

        messages = [Message(line.role, line.content) for line in consult.lines]
        return tuple(self._model.choose(messages, consult.options))
