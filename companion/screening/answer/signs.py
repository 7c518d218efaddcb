"""What points to something in a reply: a count of days, a denial, a yes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class SignKind(Enum):
    """What a sign says."""

    DAYS = auto()
    """On how many days; see ``Sign.days``."""
    NOT_SO_OFTEN = auto()
    """A frequency that is denied: "not every day"."""
    ZERO = auto()
    """Denied as a whole: "nothing like that"."""
    NEVER = auto()
    """A word that only strengthens a denial."""
    PRESENT = auto()
    """What the item asks about is said to be so, in its own words."""
    ABSENT = auto()
    """It is said not to be so, in its own words."""
    AGREE = auto()
    """"It is so", pointing back at the question."""
    DENY = auto()
    """"It is not so", pointing back at the question."""
    YES = auto()
    """A bare yes at the beginning."""
    NO = auto()
    """A bare no at the beginning."""
    UNKNOWING = auto()
    """"I do not know such a thing": none of it, or no answer."""
    UNSURE = auto()
    BETWEEN = auto()
    """Neither so nor not so."""
    DEGREE = auto()
    """How much; see ``Sign.score``."""


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days in the window, both ends possible."""

    low: float
    high: float
    likely: float | None = None
    """The likeliest of them where it is not the middle: more than ten is eleven."""

    @property
    def middle(self) -> float:
        """The likeliest number, or between the two."""
        return (self.low + self.high) / 2 if self.likely is None else self.likely

    def within(self, window: int) -> Days:
        """Return it cut to the window."""
        likely = None if self.likely is None else min(max(self.likely, 0), window)
        return Days(min(max(self.low, 0), window), min(max(self.high, 0), window), likely)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign and where it stands, in letters."""

    kind: SignKind
    start: int
    end: int
    rule: str
    days: Days | None = None
    counted: bool = False
    """Whether the days were counted, and not only called many or few."""
    sure: bool = True
    score: int | None = None
    """Of a degree."""

    def overlaps(self, other: Sign) -> bool:
        """Whether they share a letter."""
        return self.start < other.end and other.start < self.end
