"""A screening instrument as frozen values: wording, options, codes, rules. Parsed once from its file.

Nothing here is specific to one instrument: a new one is a new file under ``prompts/instruments/``. The clinical content
(all but the frames and the words by which an answer is recognised) has a digest, with which every score is stamped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from companion.core.reading import Expression


class ScaleKind(StrEnum):
    """How an answer is mapped to an option."""

    FREQUENCY = "frequency"
    """On how many days of the window."""
    POLAR = "polar"
    """Yes or no."""
    DEGREE = "degree"
    """How much."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer option, verbatim."""

    id: str
    text: str
    short: str
    """How it is named when it is confirmed aloud."""
    score: int
    code: str
    """LOINC answer code."""
    days: tuple[int, int] | None = None
    """Days of the window that it stands for, both included; only on a frequency scale."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The options of an item, in order."""

    name: str
    kind: ScaleKind
    options: tuple[Option, ...]
    confirm_days: frozenset[int] = frozenset()
    """Day counts at which published anchors differ: always confirmed aloud."""
    days_source: str = ""

    def option(self, name: str) -> Option:
        """Return the option with this id.

        Raises:
            KeyError: There is none.
        """
        for option in self.options:
            if option.id == name:
                return option
        raise KeyError(name)

    def option_for_days(self, days: float) -> Option:
        """Return the option that a number of days stands for; between two ranges the lower one counts."""
        fitting = [option for option in self.options if option.days is not None and option.days[0] <= days]
        return max(fitting, key=lambda option: option.days or (0, 0))


@dataclass(frozen=True, slots=True)
class Signs:
    """Words by which something is recognised: expressions over the reading, patterns over the letters."""

    expressions: tuple[Expression, ...]
    patterns: tuple[str, ...]
    """Sources of regular expressions over the text without blanks."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question, verbatim."""

    id: str
    number: int
    """From 1, in the order of the instrument."""
    text: str
    code: str
    """LOINC code of the item."""
    scale: Scale
    reversed: bool
    """On a polar scale: scores where the answer is no."""
    scored: bool
    critical: bool
    """Any score above zero suspends the interview and starts the safety protocol (PHQ-9 item 9)."""
    asked_if_any_score: bool
    """Asked only where some item scored above zero (the functional item)."""
    denial_is_ambiguous: bool
    """The item itself is worded as a lack, so that a bare "no, there is none" may also agree."""
    asks_often: bool
    """On a polar scale: asks whether it is so often, so that "now and then" is no."""
    about_others: bool
    """Other people are part of what is asked (what they noticed, how one compares): naming them is an answer."""
    present: Signs
    """Words that say that what the item asks about is so."""
    absent: Signs
    """Words that say that it is not."""

    def score(self, option: Option) -> int:
        """Return the points of an option of this item; reversed where the item is."""
        if not self.reversed:
            return option.score
        return max(one.score for one in self.scale.options) - option.score


@dataclass(frozen=True, slots=True)
class Scoring:
    """The rule for missing items."""

    most_missing: int
    """With more missing there is no total."""
    source: str
    confidence: str
    required: tuple[str, ...]
    """Items without which there is no total: never imputed."""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals, both ends included."""

    lowest: int
    highest: int
    label: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class CutOff:
    """A threshold with where it comes from."""

    id: str
    at_least: int
    label: str
    population: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Subscale:
    """Some items that are a shorter instrument of their own (PHQ-2, GAD-2)."""

    id: str
    title: str
    items: tuple[str, ...]
    panel_code: str
    total_code: str
    gate_at_least: int | None
    """From this sum on the rest of the instrument is asked; None where it is no gate."""
    gate_source: str
    gate_confidence: str


@dataclass(frozen=True, slots=True)
class Algorithm:
    """Counts items as a diagnostic manual does; shown as an extra line, without the name of a diagnosis."""

    at_least: int
    at_least_one: frozenset[str]
    """Items that already count at 1."""
    core: frozenset[str]
    """One of these must count."""
    most_symptoms: int
    some_symptoms: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """What is needed to say that a difference is more than noise, from one stated population."""

    sd: float
    retest: float
    population: str
    source: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Our words around the items; ``{item}`` stands for the verbatim item."""

    introduction: str
    first: str
    next: str
    last: str
    """For an item outside the scored ones."""


@dataclass(frozen=True)
class Instrument:
    """A whole instrument."""

    id: str
    version: str
    language: str
    title: str
    source: str
    confidence: str
    licence: str
    attribution: str
    stem: str
    window: str
    """The recall window as it is said."""
    window_days: int
    least_days_between: int
    panel_code: str
    total_code: str
    total_range: tuple[int, int]
    frame: Frame
    items: tuple[Item, ...]
    scoring: Scoring
    bands: tuple[Band, ...]
    cutoffs: tuple[CutOff, ...]
    subscales: tuple[Subscale, ...]
    algorithm: Algorithm | None
    reliable_change: ReliableChange | None
    digest: str
    """SHA-256 of the clinical content, in hexadecimal."""

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The items by id."""
        return {item.id: item for item in self.items}

    @cached_property
    def scored(self) -> tuple[Item, ...]:
        """The items that make the total, in order."""
        return tuple(item for item in self.items if item.scored)

    @cached_property
    def gate(self) -> Subscale | None:
        """The subscale that decides whether the rest is asked."""
        return next((one for one in self.subscales if one.gate_at_least is not None), None)
