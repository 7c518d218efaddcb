"""What the recogniser made of a stretch of sound.

Misheard is a value, not an error: the session decides whether to ask again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hearing(StrEnum):
    """How far a transcript can be trusted."""

    CLEAR = "clear"
    """Taken as said."""
    UNSURE = "unsure"
    """Somebody spoke, but the words are doubtful: ask once more, kindly."""
    NOTHING = "nothing"
    """No speech, or words that the recogniser is known to invent on noise: as if nothing had been said."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance of the person, as text."""

    text: str
    """What was understood, NFC, trimmed; empty exactly if ``hearing`` is NOTHING."""
    confidence: float
    """In [0, 1]; 1.0 for typed text."""
    hearing: Hearing
    seconds: float = 0.0
    """Length of the sound it came from; 0.0 for typed text."""

    @property
    def ask_again(self) -> bool:
        """Whether the person should be asked, once and kindly, to say it again."""
        return self.hearing is Hearing.UNSURE

    @classmethod
    def typed(cls, text: str) -> Heard:
        """Typed words are certain; blank ones are nothing."""
        trimmed = text.strip()
        hearing = Hearing.CLEAR if trimmed else Hearing.NOTHING
        return cls(text=trimmed, confidence=1.0, hearing=hearing)


NOTHING_HEARD = Heard(text="", confidence=0.0, hearing=Hearing.NOTHING)
