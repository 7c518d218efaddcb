"""Answers what is asked about years: their animals, their names in the cycle of sixty, what is left of one. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from companion.core.almanac import day_of, year_in_cycle
from companion.core.numerals import read_native
from companion.dialogue.almanac_asked import Asked, Said
from companion.dialogue.almanac_marks import Mark
from companion.dialogue.almanac_words import AlmanacWords

_CYCLE: Final = 60
_ANIMALS: Final = 12
_ELDEST: Final = 96
"""Years from which those of an animal are named: who is asked about is seldom older."""
_NAMED: Final = 4
"""Years that are named of an animal, the eldest first."""


def year(words: AlmanacWords, asked: Asked) -> Said | None:
    """Return which animal a year has; the year turns at the lunar new year."""
    marks = [mark for mark in asked.marked.all("Y") if isinstance(mark.value, int)]
    mark = asked.year if asked.year is not None and isinstance(asked.year.value, int) else None
    mark = mark or (marks[0] if marks else None)
    number = mark.value if mark is not None and isinstance(mark.value, int) else asked.today.year
    today = asked.today
    slots = {"year": words.year(number, today), "ganji": words.cycle(number), "animal": words.animal(number)}
    turns = day_of("seollal", today.year)
    if asked.ask == "year_number":
        return Said("year_number", {**slots, "number": words.year_number(number)})
    if number != today.year or today >= turns:
        return Said("year", slots)
    old = {"ganji": words.cycle(number - 1), "animal": words.animal(number - 1), "when": words.when(turns, today)}
    return Said("year_turns", {**old, "next_ganji": slots["ganji"], "next_animal": slots["animal"]})


def year_left(words: AlmanacWords, asked: Asked) -> Said | None:
    """Return how many days of this year are left, today not counted."""
    today = asked.today
    left = (date(today.year, 12, 31) - today).days
    if asked.year is None or asked.year.value != today.year or not left:
        return None
    return Said("year_left", {"year": words.year(today.year, today), "left": words.days(left)})


def born(words: AlmanacWords, asked: Asked) -> Said | None:
    """Return which animal somebody has who was born in a year, or whether it is the one that was named."""
    number = next((mark.value for mark in asked.marked.all("B")), None)
    if not isinstance(number, int):
        return None
    slots = {"year": words.year_number(number), "ganji": words.cycle(number), "animal": words.animal(number)}
    return Said(f"born{_whether(asked.about, number)}", slots)


def ganji(words: AlmanacWords, asked: Asked) -> Said | None:
    """Return which animal a name of the cycle of sixty has, and the last two years of that name."""
    place = next((mark.value for mark in asked.marked.all("G")), None)
    if not isinstance(place, int):
        return None
    last = asked.today.year - (year_in_cycle(asked.today.year) - place) % _CYCLE
    named = [words.year_number(number) for number in (last - _CYCLE, last)]
    slots = {"ganji": words.cycle(last), "animal": words.animal(last), "years": words.joined(named)}
    return Said(f"ganji{_whether(asked.about, last)}", slots)


def animal_years(words: AlmanacWords, asked: Asked) -> Said | None:
    """Return in which years those of an animal were born who are old or grown."""
    found = _years_of(asked)
    named = [words.year_number(number) for number in found]
    return Said("animal_years", {"animal": words.animal(found[0]), "years": words.joined(named)}) if found else None


def animal_ages(words: AlmanacWords, asked: Asked) -> Said | None:
    """Return how old those of an animal are this year, as Koreans count: one in the year of birth."""
    found = _years_of(asked)
    ages = [read_native(asked.today.year - number + 1, before_counter=False) for number in found]
    return Said("animal_ages", {"animal": words.animal(found[0]), "ages": words.joined(ages)}) if found else None


def _years_of(asked: Asked) -> list[int]:
    place = next((mark.value for mark in asked.marked.all("A")), None)
    if not isinstance(place, int):
        return []
    first = asked.today.year - _ELDEST
    first += (place - year_in_cycle(first)) % _ANIMALS
    return [first + _ANIMALS * number for number in range(_NAMED)]


def _whether(named: Mark | None, number: int) -> str:
    """Return the end of the key: whether the animal that was named is that of the year."""
    if named is None or named.letter != "A" or not isinstance(named.value, int):
        return ""
    return "_yes" if named.value == year_in_cycle(number) % _ANIMALS else "_no"
