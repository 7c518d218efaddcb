"""What is wrong with a data file, collected so that a writer sees all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from companion.errors import PromptError


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of a data file."""

    file: str
    key: str
    """Where in the file: the id of a situation, the key of a sentence."""
    message: str
    """Key of the operator sentence that explains it, such as ``replies.unknown_slot``."""
    detail: str = ""
    """The offending slot, topic or number."""


def raise_first(problems: Sequence[Problem]) -> None:
    """Raise the first problem, if there is one.

    Raises:
        PromptError: With the fields file, entry, detail and count (of all problems).
    """
    if problems:
        first = problems[0]
        raise PromptError(first.message, file=first.file, entry=first.key, detail=first.detail, count=len(problems))
