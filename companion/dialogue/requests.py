"""What the dialogue asks of the outside while it thinks, and how it is answered.

The dialogue is a generator: it yields one of these requests and is sent the answer. The session answers from its
ports; tests answer from a table. An answer of None means that nobody could answer (no model, no encoder, a time-out);
the dialogue then goes on without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from companion.core.consult import Consult, Line

__all__ = ["Answer", "Consult", "FindNear", "Generate", "Line", "Near", "Request"]


@dataclass(frozen=True, slots=True)
class FindNear:
    """Asks which situations of the bank are nearest in meaning. Answered with ``tuple[Near, ...]``, best first."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """A situation of the reply bank and how near the utterance is to it."""

    situation: str
    similarity: float
    """Probability-like, in [0, 1]; comparable between utterances."""


@dataclass(frozen=True, slots=True)
class Generate:
    """Asks a language model for a reply. Answered with its text."""

    lines: tuple[Line, ...]
    max_tokens: int


Request: TypeAlias = FindNear | Consult | Generate
Answer: TypeAlias = tuple[Near, ...] | tuple[float, ...] | str | None
