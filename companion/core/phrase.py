"""What a voice is given: one breath of speech and how to say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """How a phrase is to be said."""

    PLAIN = "plain"
    SAFETY = "safety"
    """A crisis sentence: never cut by barge-in, never below a floor of loudness."""
    SLOW = "slow"
    """Digits of a phone number and the like."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One breath: what a person would say without pausing."""

    written: str
    """The words as they stand on the screen: 109로 전화하세요."""
    spoken: str
    """The same in Hangul and punctuation only: 일공구로 전화하세요."""
    pause_after_ms: int
    """Silence that follows, in milliseconds."""
    rises: bool = False
    """True for a question whose pitch rises at the end."""
    manner: Manner = Manner.PLAIN
