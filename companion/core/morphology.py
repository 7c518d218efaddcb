"""Morphemes as values, and the port through which an analyser gives them.

The port stands in core because the pure rooms (safety, screening, dialogue) need morphemes; the adapter that knows a
library stands in ``adapters``. Tags are those of the Sejong corpus (NNG, VV, EF …), which every Korean analyser speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Morpheme:
    """The smallest piece that has a meaning or a function."""

    form: str
    """As it stands, contraction undone: 했 is 하 + 았."""
    tag: str
    """Sejong tag: NNG noun, VV verb, VA adjective, EF final ending, EC connective, JX particle …"""
    start: int
    """Index of the first character of its word form in the analysed text."""
    end: int
    """Index just past the last character."""


class Analyser(Protocol):
    """Splits Korean text into morphemes. Never raises on odd text."""

    def analyse(self, text: str) -> tuple[Morpheme, ...]:
        """Return the morphemes of ``text`` in order; an empty tuple for blank text."""
        ...

    def __hash__(self) -> int:
        """Tell analysers apart, so that what is built over one can be kept by it."""
        ...
