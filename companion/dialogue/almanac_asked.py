"""What is asked about the calendar, and the fixed sentence that answers it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from companion.dialogue.almanac_marks import Mark, Marked


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked."""

    ask: str
    """Key of ``ANSWERS``."""
    about: Mark | None
    """The day that is asked about, where the rule names one."""
    on: Mark | None
    """The day of which it is asked whether it is that."""
    marked: Marked
    today: date
    year: Mark | None = None
    """The year that was named."""
    past: bool = False
    """Whether it is asked as of something that is over."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fixed sentence that answers."""

    key: str
    """One of ``KEYS``."""
    slots: Mapping[str, str] = field(default_factory=dict)
