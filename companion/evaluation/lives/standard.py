"""By what replies are judged: the table ``prompts/simulation/checker.toml``, compiled.

Its words are kept apart from those with which the dialogue guards itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from companion.errors import PromptError
from companion.evaluation.lives.findings import Check

FILE: Final = "simulation/checker.toml"
_HALF_DAY: Final = 12


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that must not be said."""

    check: Check
    says: re.Pattern[str]
    unless: re.Pattern[str] | None

    def found(self, sentence: str) -> str:
        """Return what of a sentence is at fault; empty for nothing."""
        found = self.says.search(sentence)
        if found is None or (self.unless is not None and self.unless.search(sentence)):
            return ""
        return found[0]


@dataclass(frozen=True, slots=True)
class AtHours:
    """Words that belong to hours of the day."""

    says: re.Pattern[str]
    begins: int
    before: int
    """Smaller than ``begins`` where midnight lies between."""

    def fits(self, hour: int) -> bool:
        """Whether they may be said at this hour."""
        if self.begins < self.before:
            return self.begins <= hour < self.before
        return hour >= self.begins or hour < self.before


@dataclass(frozen=True, slots=True)
class InMonths:
    """Words that belong to months of the year."""

    says: re.Pattern[str]
    months: frozenset[int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions that have a right answer, and how it is said."""

    date: re.Pattern[str]
    weekday: re.Pattern[str]
    time: re.Pattern[str]
    hours: tuple[str, ...]
    """From 12 on, as they are said: 열두, 한, …"""
    weekdays: tuple[str, ...]
    sino: tuple[str, ...]
    months: tuple[str, ...]

    def rightly(self, question: str, now: datetime) -> tuple[re.Pattern[str], ...]:
        """Return what the answer to a question must hold."""
        wanted = []
        if self.date.search(question):
            wanted.append(re.compile(f"{now.month}월|{self.months[now.month]}"))
            wanted.append(re.compile(rf"(?<!\d){now.day}일|{self._sino(now.day)}일"))
        if self.weekday.search(question):
            wanted.append(re.compile(self.weekdays[now.weekday()]))
        if self.time.search(question):
            wanted.append(
                re.compile(
                    rf"(?<!열){self.hours[now.hour % _HALF_DAY]} ?시|(?<!\d){now.hour % _HALF_DAY or _HALF_DAY}시"
                )
            )
        return tuple(wanted)

    def _sino(self, number: int) -> str:
        tens, ones = divmod(number, 10)
        ten = ("" if tens == 1 else self.sino[tens]) + "십" if tens else ""
        return ten + self.sino[ones]


@dataclass(frozen=True, slots=True)
class Polite:
    """How a sentence of 말벗 ends."""

    ending: re.Pattern[str]
    whole: re.Pattern[str]
    quoted: re.Pattern[str]
    verbatim: re.Pattern[str]
    """Of the ids of replies that are read as they were published."""


@dataclass(frozen=True, slots=True)
class Claims:
    """By which it shows that something is said to be known from before."""

    says: re.Pattern[str]
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Particles:
    """What never stands behind which syllable."""

    after_consonant: tuple[str, ...]
    after_vowel: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """All of it."""

    version: str
    asked: Asked
    hours: tuple[AtHours, ...]
    seasons: tuple[InMonths, ...]
    wordings: tuple[Wording, ...]
    polite: Polite
    offer: re.Pattern[str]
    """An activity, a game, a song, a screening that is offered."""
    refusal: re.Pattern[str]
    """By which a person refuses it."""
    while_open: re.Pattern[str]
    """Of the ids of replies that may be given while a danger is open, besides those of the protocol."""
    number: re.Pattern[str]
    """A telephone number at which there is help."""
    claims: Claims
    fallback: re.Pattern[str]
    """Of the ids of replies that fit anything."""
    fallback_row: int
    """So many of them one after another are too many."""
    particles: Particles


def load_standard(table: Mapping[str, Any]) -> Standard:
    """Return the standard.

    Raises:
        PromptError: A part is missing or cannot be read.
    """
    try:
        return _standard(table)
    except KeyError as error:
        raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
    except (ValueError, TypeError, AttributeError, re.error) as error:
        raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error


def _standard(table: Mapping[str, Any]) -> Standard:
    questions, numbers, polite = table["questions"], table["numbers"], table["polite"]
    memory, fallback, particles = table["memory"], table["fallback"], table["particles"]
    return Standard(
        version=str(table["version"]),
        asked=Asked(
            date=re.compile(questions["date"]),
            weekday=re.compile(questions["weekday"]),
            time=re.compile(questions["time"]),
            hours=tuple(numbers["native_hours"]),
            weekdays=tuple(numbers["weekdays"]),
            sino=tuple(numbers["sino"]),
            months=tuple(numbers["month_names"]),
        ),
        hours=tuple(AtHours(re.compile(one["says"]), int(one["from"]), int(one["before"])) for one in table["hour"]),
        seasons=tuple(InMonths(re.compile(one["says"]), frozenset(one["months"])) for one in table["season"]),
        wordings=tuple(
            Wording(Check(one["rule"]), _any(one["says"]), _any(one["unless"]) if "unless" in one else None)
            for one in table["wording"]
        ),
        polite=Polite(
            ending=re.compile(polite["ending"]),
            whole=re.compile(polite["whole"]),
            quoted=re.compile(polite["quoted"]),
            verbatim=re.compile(polite["verbatim"]),
        ),
        offer=re.compile(table["offer"]["says"]),
        refusal=re.compile(table["offer"]["refused"]),
        while_open=re.compile(table["offer"]["while_open"]),
        number=re.compile(table["help"]["numbers"]),
        claims=Claims(re.compile(memory["claims"]), tuple(memory["common"])),
        fallback=re.compile(fallback["ids"]),
        fallback_row=int(fallback["row"]),
        particles=Particles(
            tuple(particles["never_after_consonant"]),
            tuple(particles["never_after_vowel"]),
            tuple(particles["unless"]),
        ),
    )


def _any(sources: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{source})" for source in sources))
