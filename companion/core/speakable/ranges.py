"""Two numbers with a sign between: 3~4시, 60~70%, 100-7, 2:1, 120/80, 1/2, 11/23."""

from __future__ import annotations

import re
from typing import Final

from companion.core.speakable.amounts import Units
from companion.core.speakable.counters import Counter, Counters
from companion.core.speakable.dates import Dates
from companion.core.speakable.reading import (
    NUMBER,
    Reading,
    Table,
    alternatives,
    lead,
    looks_back,
    read_amount,
    stands_before,
    whole_number,
)

_PAIR: Final = re.compile(rf"({NUMBER.pattern})( ?[~–—] ?|-)({NUMBER.pattern})(?![-–\d])")
_SLASH: Final = re.compile(r"(\d{1,3})/(\d{1,3})(?![\d/])")
_NEIGHBOURS: Final = re.compile(r"([1-9]),([1-9])(?![\d,.])")
_BELOW: Final = re.compile(r"-(\d+(?:\.\d+)?) ?~ ?(-?)(\d+(?:\.\d+)?)")
_SMALL: Final = 10
_LEAST_PRESSURE: Final = 40


class Ranges:
    """From one number to another, or one less another."""

    def __init__(self, tables: Table, counters: Counters, units: Units) -> None:
        ranges, numbers, marks = tables["ranges"], tables["numbers"], tables["marks"]
        self._counters = counters
        self._units = units
        self._point: str = numbers["point"]
        self._from_to: str = marks["from_to"]
        self._subtract: str = marks["subtract"]
        self._approximate: dict[str, str] = dict(ranges["approximate"])
        self._repeated = frozenset(ranges["repeated"])
        self._melted = frozenset(ranges["melted"])
        self._point_before = looks_back(ranges["point_before"])
        self._versus = re.compile(rf"(\d{{1,3}})(?::|{marks['versus']} ?)(\d{{1,3}})(?![\d:]| ?{marks['versus']})")
        self._versus_word: str = marks["versus"]

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the pair of numbers at ``at``."""
        del said
        match = _PAIR.match(text, at)
        if match is None:
            return self._neighbours(text, at) or self._score(text, at)
        low, sign, high = match[1], match[2], match[3]
        first, second = whole_number(low), whole_number(high)
        if sign == "-" and (text.startswith("=", match.end()) or float(_plain(low)) >= float(_plain(high))):
            spoken = f"{read_amount(low, self._point)} {self._subtract} {read_amount(high, self._point)}"
            return Reading(match.end(), lead(text, at) + spoken)
        counter = self._counters.find(text, match.end())
        if counter is not None and first is not None and second is not None:
            return self._counted(text, (at, match.start(3)), (first, second), counter)
        start = f"{read_amount(low, self._point)}{self._from_to} "
        if counter is not None:
            number = read_amount(high, self._point)
            if second is not None:
                number = self._counters.number(text, match.start(3), second, counter)
            return Reading(counter.end, lead(text, at) + start + self._counters.join(number, counter))
        last = read_amount(high, self._point)
        unit = self._units.after(text, match.end(), last)
        if unit is not None:
            return Reading(unit.end, lead(text, at) + start + unit.spoken)
        return Reading(match.end(), lead(text, at) + start + last)

    def _counted(self, text: str, places: tuple[int, int], pair: tuple[int, int], counter: Counter) -> Reading:
        (at, second_at), (first, second) = places, pair
        gap = lead(text, at)
        neighbours = 0 < first < _SMALL and second == first + 1 and second < _SMALL
        a_point = counter.word in self._repeated or stands_before(self._point_before, text, at)
        if neighbours and not a_point:
            if self._counters.is_native(text, at, first, counter):
                return Reading(counter.end, f"{gap}{self._approximate[str(first)]} {counter.word}")
            if counter.word in self._melted:
                both = read_amount(str(first), self._point) + read_amount(str(second), self._point)
                return Reading(counter.end, f"{gap}{both} {counter.word}")
        start = self._counters.read(text, at, first, counter).spoken
        last = self._counters.read(text, second_at, second, counter)
        return Reading(last.end, f"{gap}{start}{self._from_to} {last.spoken}")

    def _neighbours(self, text: str, at: int) -> Reading | None:
        """Read 3,4일 as 3~4일."""
        match = _NEIGHBOURS.match(text, at)
        if match is None or int(match[2]) != int(match[1]) + 1:
            return None
        counter = self._counters.find(text, match.end())
        if counter is None or counter.word in self._repeated:
            return None
        return self._counted(text, (at, match.start(2)), (int(match[1]), int(match[2])), counter)

    def _score(self, text: str, at: int) -> Reading | None:
        match = self._versus.match(text, at)
        if match is None:
            return None
        first, second = (read_amount(number, self._point) for number in match.groups())
        return Reading(match.end(), f"{lead(text, at)}{first} {self._versus_word} {second}")


def _plain(number: str) -> str:
    return number.replace(",", "")


class ColdRanges:
    """Temperatures from below zero on: -5~3도."""

    def __init__(self, tables: Table) -> None:
        self._marks = tables["marks"]
        self._point: str = tables["numbers"]["point"]
        degrees = alternatives(self._marks["below_zero_units"])
        self._degrees = re.compile(f" ?(?:{degrees})")
        self._word: str = self._marks["below_zero_units"][0]

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read both temperatures at ``at``, each with its side of zero."""
        del said
        match = _BELOW.match(text, at)
        if match is None or text[at - 1 : at].isalnum():
            return None
        degrees = self._degrees.match(text, match.end())
        if degrees is None:
            return None
        side = self._marks["below_zero"] if match[2] else self._marks["above_zero"]
        low, high = (read_amount(number, self._point) for number in (match[1], match[3]))
        start = f"{self._marks['below_zero']} {low} {self._word}{self._marks['from_to']}"
        return Reading(degrees.end(), f"{start} {side} {high} {self._word}")


class Slashes:
    """Blood pressure, fractions and days written with a slash."""

    def __init__(self, tables: Table, counters: Counters, units: Units, dates: Dates) -> None:
        numbers = tables["numbers"]
        self._counters = counters
        self._units = units
        self._dates = dates
        self._numbers = numbers
        self._pressure_before = looks_back(numbers["pressure_before"])
        self._date_before = looks_back(numbers["date_before"])
        self._date_after = re.compile(numbers["date_after"])

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the two numbers at ``at``; which of the three they are is told by size and by the words around."""
        del said
        match = _SLASH.match(text, at)
        if match is None:
            return None
        first, second = int(match[1]), int(match[2])
        gap = lead(text, at)
        upper, lower = read_amount(match[1], ""), read_amount(match[2], "")
        large = min(first, second) >= _LEAST_PRESSURE
        if large or (first > second and stands_before(self._pressure_before, text, at)):
            spoken = f"{gap}{upper}{self._numbers['over']} {lower}"
            return self._units.after(text, match.end(), spoken) or Reading(match.end(), spoken)
        day = self._dates.month_and_day(first, second)
        dated = stands_before(self._date_before, text, at) or self._date_after.match(text, match.end())
        if day is not None and (dated or not 0 < first < second <= _SMALL):
            return Reading(match.end(), gap + day)
        spoken = f"{gap}{lower} {self._numbers['fraction']} {upper}"
        counter = self._counters.find(text, match.end())
        if counter is not None:
            return Reading(counter.end, f"{spoken} {counter.word}")
        return self._units.after(text, match.end(), spoken) or Reading(match.end(), spoken)
