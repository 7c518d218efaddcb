"""Amounts: whole and decimal numbers, 3만5천 원, -5도, 12,000원, 58.5kg, and bare ones."""

from __future__ import annotations

import re
from typing import Final

from companion.core.numerals import read_digits
from companion.core.speakable.counters import Counters
from companion.core.speakable.reading import (
    NUMBER,
    WHOLE,
    Reading,
    Table,
    alternatives,
    lead,
    read_amount,
    whole_number,
)

_NAMED_BY_LETTERS: Final = re.compile(r"[A-Za-z]-?$")
"""PHQ-9, B12: the number is part of a name and counts nothing."""


class Units:
    """Units of measure written in Latin letters or signs, after a number only."""

    def __init__(self, units: Table, prefixes: Table) -> None:
        self._units = dict(units)
        self._folded = {unit.lower(): word for unit, word in units.items() if len(unit) > 1}
        self._prefixes = dict(prefixes)
        self._exact = re.compile(rf" ?({alternatives(units)})(?![A-Za-z0-9])")
        self._any_case = re.compile(rf" ?({alternatives(self._folded)})(?![A-Za-z0-9])", re.IGNORECASE)

    def after(self, text: str, at: int, number: str) -> Reading | None:
        """Return ``number``, already read, together with the unit that follows at ``at``."""
        match = self._exact.match(text, at) or self._any_case.match(text, at)
        if match is None:
            return None
        unit = match[1]
        word = self._units.get(unit) or self._folded[unit.lower()]
        prefix = self._prefixes.get(unit, "")
        return Reading(match.end(), f"{prefix} {number} {word}".strip())


class Amounts:
    """Reads one number and the unit or counter behind it."""

    def __init__(self, tables: Table, counters: Counters, units: Units) -> None:
        numbers, marks = tables["numbers"], tables["marks"]
        self._counters = counters
        self._units = units
        self._point: str = numbers["point"]
        self._marks = marks
        small = "".join(numbers["scales"][:3])
        large = "".join(numbers["scales"][3:])
        self._scale = re.compile(rf"[{small}]?[{large}]|[{small}]")
        self._silent_one = numbers["scales"][:4]
        self._scaled_next = re.compile(rf" ?({WHOLE})(?=[{small}{large}])|({WHOLE})| ({WHOLE})(?= ?원)")
        self._currency = dict(tables["currency"])
        self._cold = re.compile(" ?(?:" + alternatives(marks["below_zero_units"]) + ")")

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the amount at ``at``: currency sign or sign first, then number, then unit or counter."""
        first = text[at]
        if first in self._currency and NUMBER.match(text, at + 1):
            end, spoken = self._number(text, at + 1)
            return Reading(end, f"{lead(text, at)}{spoken} {self._currency[first]}")
        if first in "-+" and NUMBER.match(text, at + 1):
            return self._signed(text, at, said)
        return self._positive(text, at) if NUMBER.match(text, at) else None

    def _signed(self, text: str, at: int, said: str) -> Reading | None:
        before = text[at - 1 : at]
        if before.isalnum() or before == ")" or (before == " " and said.rstrip()[-1:].isdigit()):
            return None
        reading = self._positive(text, at + 1)
        if reading is None:
            return None
        if text[at] == "+":
            return Reading(reading.end, f"{self._marks['plus']} {reading.spoken.strip()}")
        number = NUMBER.match(text, at + 1)
        cold = number is not None and self._cold.match(text, number.end())
        word = self._marks["below_zero"] if cold else self._marks["minus"]
        return Reading(reading.end, f"{word} {reading.spoken.strip()}")

    def _number(self, text: str, at: int) -> tuple[int, str]:
        """Read digits and the scales between them: 1억 2천만, 3만5천; returns the end and the reading."""
        match = NUMBER.match(text, at)
        if match is None:
            return at, ""
        scale = self._scale.match(text, match.end())
        if scale is None:
            return match.end(), read_amount(match[0], self._point)
        spoken, end = self._scaled(match[0], scale[0]), scale.end()
        while (following := self._scaled_next.match(text, end)) is not None:
            digits = following[1] or following[2] or following[3]
            gap = " " if text[end] == " " else ""
            scale = self._scale.match(text, following.end())
            if scale is None:
                return following.end(), spoken + gap + read_amount(digits, self._point)
            spoken, end = spoken + gap + self._scaled(digits, scale[0]), scale.end()
        return end, spoken

    def _scaled(self, digits: str, scale: str) -> str:
        silent = digits == "1" and scale[0] in self._silent_one
        return scale if silent else read_amount(digits, self._point) + scale

    def _positive(self, text: str, at: int) -> Reading | None:
        match = NUMBER.match(text, at)
        if match is None:
            return None
        gap = lead(text, at, self._counters.close_after)
        end, spoken = self._number(text, at)
        with_unit = self._units.after(text, end, spoken)
        if with_unit is not None:
            return Reading(with_unit.end, gap + with_unit.spoken)
        counter = None if _NAMED_BY_LETTERS.search(text[max(0, at - 2) : at]) else self._counters.find(text, end)
        value = whole_number(match[0]) if end == match.end() else None
        if counter is not None and value is not None:
            reading = self._counters.read(text, at, value, counter)
            return Reading(reading.end, gap + reading.spoken)
        if counter is not None:
            return Reading(counter.end, gap + self._counters.join(spoken, counter))
        if match[0].isdigit() and match[0].startswith("0") and len(match[0]) > 1:
            return Reading(end, gap + read_digits(match[0]))
        return Reading(end, gap + spoken)
