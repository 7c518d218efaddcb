"""A second opinion that a flow asks for: a language model weighs options. The session answers; nobody has to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """One message shown to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Consult:
    """Asks a language model to weigh options. Answered with one probability per option, summing to 1."""

    lines: tuple[Line, ...]
    options: tuple[str, ...]
