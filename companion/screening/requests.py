"""What an interview asks for while it runs, and what it is answered.

The interview is a generator: it yields an ``Ask`` and is sent the ``Reply`` of the person, or yields a ``Consult`` and
is sent the opinion of a language model (None where nobody can answer).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from companion.core.consult import Consult
from companion.screening.record import Form, Screening

__all__ = ["Ask", "AskKind", "Consult", "Opinion", "Outcome", "Reply", "Request", "Response"]


class AskKind(StrEnum):
    """What a reply to it is about."""

    WILLING = "willing"
    """Whether the person wants to be asked at all."""
    ITEM = "item"
    CONFIRM = "confirm"
    """A single yes/no: may the proposed option be kept?"""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to be said to the person, to which a reply is awaited."""

    kind: AskKind
    text: str
    item: str = ""
    """Id of the item; empty where it is about none."""
    form: Form | None = None
    """In which form an item is put; None for a confirmation."""
    proposal: str | None = None
    """The option that is to be confirmed."""
    so_far: Screening | None = None
    """The screening as far as it went when this is asked, for whoever keeps it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person said."""

    text: str
    """Verbatim; empty for silence."""
    confidence: float = 1.0
    """Of the recogniser, in [0, 1]."""
    doubtful: bool = False
    """The recogniser itself doubts the words: an option is then confirmed aloud."""
    passes: bool = False
    """The item is passed over without a word: by a key, or because nobody is there to answer it."""
    over: bool = False
    """The session is over: the source ended or the device was lost."""
    stops: bool = False
    """The person wants no more questions, in words that the session itself understood."""
    danger: bool = False
    """Safety found danger in it: the interview is suspended at once."""


Opinion: TypeAlias = tuple[float, ...] | None
Request: TypeAlias = Ask | Consult
Response: TypeAlias = Reply | Opinion


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an interview ended for now."""

    screening: Screening
    closing: str
    """What is said at the end; empty where the safety protocol speaks instead."""
    unsaid: bool = False
    """The person said neither yes nor no to being asked: what they said is to be answered otherwise."""
