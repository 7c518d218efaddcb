"""What a long run over model files reports while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Stage(StrEnum):
    """What is being done with a file."""

    FETCH = "fetch"
    """Bytes come from a source."""
    JOIN = "join"
    """Parts are put together and hashed."""
    VERIFY = "verify"
    """A file that lies here is hashed."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one piece of work has come."""

    stage: Stage
    artifact: str
    name: str
    """The file, or the package that carries it."""
    done: int
    """Bytes."""
    total: int
    """Bytes; 0 where nobody knows."""


Progress: TypeAlias = Callable[[Step], None]


def silent(_: Step) -> None:
    """Report nothing."""
