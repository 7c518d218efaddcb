"""What the dialogue asks of the outside while it thinks, and how it is answered.

The dialogue is a generator: it yields one of these requests and is sent the answer. The session answers from its
ports; tests answer from a table. An answer of None means that nobody could answer (no model, no encoder, a time-out);
the dialogue then goes on without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from companion.core.consult import Consult, Line
from companion.core.turn import Act, Feeling, Tone

__all__ = [
    "UNNAMED",
    "Alike",
    "Answer",
    "Consult",
    "FindAlike",
    "FindFits",
    "FindNear",
    "Fits",
    "Generate",
    "Labels",
    "Line",
    "Name",
    "Near",
    "React",
    "Reacted",
    "Request",
    "Restate",
    "Restated",
]


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
class FindAlike:
    """Asks which exemplars are nearest in meaning. Answered with ``tuple[Alike, ...]``, best first."""

    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """An exemplar (``exemplars``) and how near the utterance is to it."""

    number: int
    """Its place among all of them, from 0."""
    likeness: float
    """Cosine of the sentence vectors about their mean, in [-1, 1]."""


@dataclass(frozen=True, slots=True)
class FindFits:
    """Asks how well replies fit what is told. Answered with ``Fits``."""

    text: str
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fits:
    """How well replies fit what is told, in [-1, 1]: those that nobody knows are left out."""

    of: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Name:
    """Asks what act, topic, feeling, gist, tone and want an utterance is. Answered with ``Labels``."""

    text: str


@dataclass(frozen=True, slots=True)
class Labels:
    """How probable each act, topic, feeling, gist, tone and want is: each sums to 1, or is empty where nobody knows."""

    acts: Mapping[Act, float] = field(default_factory=dict)
    topics: Mapping[str, float] = field(default_factory=dict)
    feelings: Mapping[Feeling, float] = field(default_factory=dict)
    gists: Mapping[str, float] = field(default_factory=dict)
    tones: Mapping[Tone, float] = field(default_factory=dict)
    wants: Mapping[str, float] = field(default_factory=dict)
    """What is wanted of 말벗 by saying it; ``none`` where it is told."""

    def without(self, name: str) -> Labels:
        """Return them without a gist or a want of this name: something else is known against it."""
        gists = {gist: share for gist, share in self.gists.items() if gist != name}
        return replace(self, gists=gists, wants={want: share for want, share in self.wants.items() if want != name})


UNNAMED: Final = Labels()
"""Nobody knows."""


@dataclass(frozen=True, slots=True)
class Restate:
    """Asks for what was told, said back. Answered with ``tuple[Restated, ...]``.

    The whole and each sentence, in several ways, the likeliest of each first.
    """

    text: str
    asked: str
    """What 말벗 had asked; empty where it asked nothing."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A sentence said back as a listener does, without its full stop."""

    text: str
    sure: float
    """How probable each of its letters is, as their geometric mean, in [0, 1]; 0 where a word would be cut."""
    likely: float
    """How probable it is that a listener would say it back at all, in [0, 1]."""
    told: str
    """What was told."""


@dataclass(frozen=True, slots=True)
class React:
    """Asks what a listener would say behind what was told, said back. Answered with ``Reacted``."""

    text: str
    asked: str
    """What 말벗 had said before; empty where it had said nothing."""


@dataclass(frozen=True, slots=True)
class Reacted:
    """How probable it is that each reaction of the bank is what a listener says, or asks; together at most 1."""

    of: Mapping[str, float] = field(default_factory=dict)
    """By the name of the reaction; empty where nobody knows."""
    wanted: float = 0.0
    """How probable it is that something is asked or wanted of 말벗."""
    questions: Mapping[str, float] = field(default_factory=dict)
    """How probable it is that a listener asks each question of the bank; together at most 1."""


@dataclass(frozen=True, slots=True)
class Generate:
    """Asks a language model for a reply. Answered with its text."""

    lines: tuple[Line, ...]
    max_tokens: int


Request: TypeAlias = FindNear | FindAlike | FindFits | Name | Restate | React | Consult | Generate
Answer: TypeAlias = (
    tuple[Near, ...]
    | tuple[Alike, ...]
    | tuple[Restated, ...]
    | Fits
    | Labels
    | Reacted
    | tuple[float, ...]
    | str
    | None
)
