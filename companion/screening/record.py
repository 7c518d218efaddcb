"""What is kept of a screening: the screening itself, each answer with the words behind it, and signs in free talk.

Scores are not among them: they are derived from the answers (``screening.scoring``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a screening stands."""

    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    """Set aside because of danger; kept, and never counted as refused or stopped."""
    INTERRUPTED = "interrupted"
    """The session ended or the person asked for a pause; may be resumed within a day."""
    STOPPED = "stopped"
    """The person began and then asked to stop."""
    REFUSED = "refused"
    """The person did not want to be asked."""
    DEFERRED = "deferred"
    """The person was asked whether they want to be, and said neither yes nor no: they spoke of something else."""
    COMPLETE = "complete"
    """Every item was put; some may be unanswered."""
    EXPIRED = "expired"
    """Not resumed in time."""

    @property
    def is_open(self) -> bool:
        """Whether it can be gone on with."""
        return self in {Status.IN_PROGRESS, Status.SUSPENDED, Status.INTERRUPTED}


class Asker(StrEnum):
    """Who asked for a screening."""

    PERSON = "person"
    PLAN = "plan"
    CLINICIAN = "clinician"
    OPERATOR = "operator"


class Form(StrEnum):
    """In which form an item was put."""

    QUESTION = "question"
    REREAD = "reread"
    CLARIFY = "clarify"
    OPTIONS = "options"


class ItemOutcome(StrEnum):
    """What became of an item."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    """The person did not want to answer it."""
    UNCLEAR = "unclear"
    """No option could be heard in any of the forms; never guessed."""


class Decider(StrEnum):
    """Who proposed the option that was kept."""

    GRAMMAR = "grammar"
    MODEL = "model"
    AGREED = "agreed"
    """Grammar and language model, each by itself."""
    NOBODY = ""


class Confirmed(StrEnum):
    """What the person said to the confirmation."""

    NOT_ASKED = "not_asked"
    YES = "yes"
    NO = "no"
    CHANGED = "changed"
    """Another answer was given instead, and kept."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that decided."""

    text: str
    start: int
    """Index of the first character in the reply."""
    end: int
    """Index just past the last character."""


@dataclass(frozen=True, slots=True)
class Said:
    """One question of 말벗 and what the person said to it, verbatim."""

    asked: str
    reply: str
    heard_confidence: float
    """Of the recogniser, in [0, 1]; 1.0 for typed text."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one item. A corrected item has two: the later one counts."""

    item: str
    link: str
    """LOINC code of the item, empty where it has none."""
    order: int
    """From 1: when it was given, within the whole screening."""
    outcome: ItemOutcome
    asked: str
    """The question whose reply decided."""
    form: Form
    reply: str
    """The reply that decided, verbatim."""
    option: str | None
    """Id of the option; None where the item is unanswered."""
    option_text: str
    score: int | None
    """Points after reversal; None where unanswered, never 0."""
    code: str
    """LOINC answer code."""
    confidence: float
    """In [0, 1]."""
    evidence: tuple[Evidence, ...]
    rule: str
    """Id of the rule that decided."""
    decider: Decider
    confirmed: Confirmed
    confirmations: int
    """How many confirmations were asked for."""
    replies: tuple[Said, ...] = ()
    """Everything that was asked and said about the item, in order."""
    superseded: bool = False
    """Whether a later answer replaced it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A phrase in free talk that touches a symptom. Kept apart: it never counts in a score."""

    sign: str
    touches: str
    """Id of the item that it touches; for showing only."""
    quote: str
    rule: str


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening as far as it went: enough to go on with it, to score it and to show it."""

    instrument: str
    version: str
    digest: str
    status: Status
    asked_by: Asker
    answers: tuple[Answer, ...] = ()
    """In the order in which they were given."""
    suspended_by: str = ""
    """``item`` for a critical item, ``danger`` for danger in an answer; empty where it was not suspended."""
    gated: bool = False
    """Whether the items behind the gate were left out because its sum was too low."""
    replies: int = 0
    """How many replies the person gave."""
    whole: bool = False
    """Whether everything is asked, whatever the gate says."""

    def current(self) -> dict[str, Answer]:
        """Return the answer of each item that counts."""
        return {answer.item: answer for answer in self.answers if not answer.superseded}
