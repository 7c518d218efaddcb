"""A script of one small activity, as values. The words are data under ``prompts/activities``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

END: Final = "end"
"""Name of the place behind the last step."""


class Kind(StrEnum):
    """What an activity does, by the technique behind it."""

    BEHAVIOURAL_ACTIVATION = "behavioural_activation"
    REMINISCENCE = "reminiscence"
    BREATHING = "breathing"
    GRATITUDE = "gratitude"
    SLEEP = "sleep"
    PROBLEM_SOLVING = "problem_solving"
    MOVEMENT = "movement"
    CONNECTION = "connection"


class Condition(StrEnum):
    """What in the record of a person speaks against an activity."""

    LUNG_DISEASE = "lung_disease"
    HEART_DISEASE = "heart_disease"
    JOINT_PAIN = "joint_pain"
    FALLS = "falls"
    """A fall, dizziness or surgery not long ago."""
    RECENT_LOSS = "recent_loss"
    DEMENTIA = "dementia"


class Slot(StrEnum):
    """What an answer is kept as."""

    WHAT = "what"
    WHEN = "when"
    WHOM = "whom"


@dataclass(frozen=True, slots=True)
class Breathing:
    """Paced breaths, spoken in time."""

    times: int
    seconds_in: float
    seconds_out: float
    seconds_hold: float = 0.0
    """Between the two; anything above 0 is holding one's breath."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is said, asked or done."""

    id: str
    say: str = ""
    ask: str = ""
    breathing: Breathing | None = None
    rest_seconds: float = 0.0
    """Quiet after it, in which the person may do it."""
    keep: Slot | None = None
    choices: tuple[str, ...] = ()
    """What an answer may pick, each as it is named afterwards."""
    again: str = ""
    """How a question is put once more to somebody who is silent."""
    yes: str = ""
    no: str = ""
    silent: str = ""
    """Ids of the steps that follow an answer, or ``END``; empty for the next one."""
    goto: str = ""
    """Of the step that follows; empty for the next one."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that may be said in it."""
        return tuple(text for text in (self.say, self.ask, self.again) if text)

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it may lead besides the next step."""
        return tuple(target for target in (self.yes, self.no, self.silent, self.goto) if target)


@dataclass(frozen=True, slots=True)
class Source:
    """What an activity rests on."""

    technique: str
    citation: str
    limits: str
    """What speaks against it, or is not known."""


@dataclass(frozen=True, slots=True)
class Script:
    """One activity."""

    id: str
    title: str
    """As it is named to the person: 마당에서 볕 쬐기."""
    kind: Kind
    version: str
    minutes: int
    offer: tuple[str, ...]
    """Variants of the question with which it is offered."""
    close: str
    steps: tuple[Step, ...]
    source: Source
    not_with: frozenset[Condition] = frozenset()
    feelings: frozenset[str] = frozenset()
    """Feelings that it fits; empty for any."""
    topics: frozenset[str] = frozenset()
    """Topics that call it to mind."""
    parts: frozenset[str] = frozenset()
    """Parts of the day that it fits (morning, day, evening, night); empty for any."""

    @property
    def holds_breath(self) -> bool:
        """Whether anybody holds their breath in it."""
        return any(step.breathing is not None and step.breathing.seconds_hold > 0 for step in self.steps)

    @property
    def makes_plan(self) -> bool:
        """Whether something is agreed on to be done later."""
        return any(step.keep is Slot.WHEN for step in self.steps)
