"""What the grammar makes of a reply: an option with how sure it is, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from companion.screening.record import Evidence


class Reason(StrEnum):
    """Why a reply gives no option, or none that may be kept without asking."""

    NONE = "none"
    """Nothing speaks against it."""
    DOUBTFUL = "doubtful"
    """An option is likely, but must be confirmed aloud."""
    NO_FREQUENCY = "no_frequency"
    """That it was so, but not how often."""
    OTHER_PERSON = "other_person"
    OTHER_TIME = "other_time"
    UNSURE = "unsure"
    """The person does not know."""
    BETWEEN = "between"
    """Neither yes nor no."""
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The grammar's opinion of one reply."""

    option: str | None
    confidence: float
    """In [0, 1]."""
    reason: Reason
    rule: str
    evidence: tuple[Evidence, ...]

    may_be_agreed: bool = True
    """Whether a second opinion that agrees suffices; not for the day counts that are always confirmed aloud."""

    @property
    def is_firm(self) -> bool:
        """Whether the option may be kept without asking."""
        return self.option is not None and self.reason is Reason.NONE


def none_for(reason: Reason, *evidence: Evidence) -> Verdict:
    """Return a verdict without an option."""
    return Verdict(None, 0.0, reason, f"none.{reason}", evidence)
