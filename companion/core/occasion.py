"""What 말벗 said on its own account, and what came of it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What came of one occasion, or of one call of it."""

    BEGUN = "begun"
    """On the disk right before the first sound: after a crash it may have been heard or not, and is not said again."""
    SAID = "said"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    INTERRUPTED = "interrupted"
    """It was begun by a process that died."""
    MET = "met"
    """The person was in a conversation anyway: nobody had to be called."""
    PASSED = "passed"
    """It was too late to be said when it could have been: the device slept, or the hours were quiet."""
    TOLD = "told"
    """Nobody answered, and the people who are to be told are told."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing to say at one time."""

    key: str
    """What set it, and the time on the wall at which it was due: unique for a person."""
    kind: str
    """Of ``companion.dialogue.daily.rules.Kind``."""
    source_id: str
    """The reminder or memory that it comes from; empty for what the settings say."""
    due_at: datetime
    """Aware."""
    words: str = ""
    """As they were set, or as the person said them."""


@dataclass(frozen=True, slots=True)
class KeptOccasion:
    """One occasion, or one call of it, as it stands in the record."""

    key: str
    number: int
    """1, and more for the calls that follow where nobody answers."""
    kind: str
    source_id: str
    due_at: datetime
    at: datetime
    """When it was begun, or settled without having been said."""
    outcome: Outcome
