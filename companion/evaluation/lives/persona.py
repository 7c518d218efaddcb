"""A simulated person, as values: what they tell, ask and promise, and in which session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from companion.core.consent import Assent, Giver
from companion.safety.risk import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """How the person answers a question of a kind."""

    hears: re.Pattern[str]
    """Looked for in what 말벗 asked."""
    says: tuple[str, ...]
    mood: str = ""
    """Only in this mood; empty for any."""
    is_firm: bool = False
    """Whether it is answered before anything that the person had in mind: a question of a screening, or of danger."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question of the person that only somebody who remembers can answer."""

    session: int
    say: str
    holds: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Change:
    """A correction: what was true before must not be said again."""

    session: int
    say: str
    wrong: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something of their life, told once in words of their own."""

    id: str
    session: int
    say: str
    about: re.Pattern[str]
    """By which it shows that 말벗 speaks of it."""
    wrong: re.Pattern[str] | None = None
    """What a reply must not say once it was told."""
    is_lasting: bool | None = None
    """For health: known and not asked after (True), or asked after once and fading (False); None for anything else."""
    probes: tuple[Probe, ...] = ()
    changes: tuple[Change, ...] = ()
    forgotten_in: int | None = None
    """The session in which the person asks that it be forgotten."""
    forget_say: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that is to happen on a day."""

    session: int
    say: str
    days: int
    about: re.Pattern[str]
    outcome: str
    """What the person tells when they are asked how it was."""


@dataclass(frozen=True, slots=True)
class ScriptTurn:
    """One line that is said whatever 말벗 says, and what must come of it."""

    say: str
    """Empty: nothing is said."""
    level: Level = Level.NONE
    """Of the danger that must be heard in it, at least."""
    at_most: Level | None = None
    """Of the danger that may be heard in it, where that is more: the words have two meanings."""
    alert: Level | None = None
    """Of the alert that it must raise."""
    not_told: tuple[str, ...] = ()
    """Names of contacts who must not be told of it."""
    holds: tuple[re.Pattern[str], ...] = ()
    lacks: tuple[re.Pattern[str], ...] = ()
    command: str = ""
    """Of the voice, where the line is one."""


@dataclass(frozen=True, slots=True)
class Script:
    """The lines with which a session begins."""

    session: int
    name: str
    turns: tuple[ScriptTurn, ...]
    consent_ends: bool = False
    """Whether the person takes back, in it, that conversations are kept."""


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody around the person."""

    name: str
    relation: str = ""
    agreed: bool = True
    """Whether the person agreed that they be told."""
    told_of_abuse: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed to before the first session."""

    conversation: bool = True
    health: bool = True
    giver: Giver = Giver.PERSON
    giver_name: str = ""
    assent: Assent = Assent.NOT_NEEDED
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the person talks when nothing is planned."""

    says: Mapping[str, tuple[str, ...]]
    """By mood, what they begin with."""
    nods: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    mishears: tuple[str, ...]
    farewell: tuple[str, ...]
    silence_every: int = 0
    """Every so many turns nothing is said; 0 for never."""
    mishears_every: int = 0
    hangs_up_every: int = 0
    """Every so many sessions the person leaves without a word."""


@dataclass(frozen=True, slots=True)
class Course:
    """When they talk, and how long."""

    begins: date
    hours: tuple[int, ...]
    """Of the day, taken in turn by the sessions."""
    gap_days: tuple[int, ...]
    """From one session to the next, taken in turn."""
    turns: tuple[int, int]
    """In how many turns of a session they speak, at least and at most."""
    mood: tuple[str, ...]
    """Of the weeks, taken in turn: good, fair or low."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One simulated person."""

    id: str
    name: str
    address: str
    born: int
    understanding_doubtful: bool
    agreed: Agreed
    around: tuple[Around, ...]
    course: Course
    habits: Habits
    rules: tuple[Rule, ...]
    """Their own first, then those of their dialect."""
    facts: tuple[Fact, ...] = ()
    promises: tuple[Promise, ...] = ()
    scripts: tuple[Script, ...] = ()

    def mood_on(self, day: date) -> str:
        """Return the mood of a day, by its week since the first."""
        weeks = max((day - self.course.begins).days, 0) // 7
        return self.course.mood[weeks % len(self.course.mood)]
