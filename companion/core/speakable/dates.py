"""Days and times of day written with signs: 2026-11-23, 2026. 11. 23., 11.23(월), 14:30."""

from __future__ import annotations

import re
from typing import Final

from companion.core.numerals import read_sino
from companion.core.speakable.counters import Counter, Counters
from companion.core.speakable.reading import Reading, Table, lead

_FULL: Final = re.compile(r"(\d{4})([-./])( ?)(\d{1,2})\2 ?(\d{1,2})(?![\d])(\.(?=\S)|\.(?= ))?")
_YEAR_MONTH: Final = re.compile(r"((?:19|20)\d\d)[-/](0?[1-9]|1[0-2])(?![-./]?\d)")
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_MONTHS: Final = 12
_DAYS: Final = 31
_HOURS: Final = 24


class Dates:
    """Reads days and times; what is no day or time (14월, 25시) is left to others."""

    def __init__(self, tables: Table, counters: Counters) -> None:
        self._words = tables["numbers"]
        self._counters = counters
        self._with_weekday = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.?(?= ?\({self._words['weekday']}\))")

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the day or the time at ``at``."""
        del said
        reading = self._full(text, at) or self._short(text, at) or self._clock(text, at)
        return None if reading is None else Reading(reading.end, lead(text, at) + reading.spoken)

    def month_and_day(self, month: int, day: int) -> str | None:
        """Return both as they are spoken; None where there is no such month or day."""
        if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
            return None
        return f"{self._counted(month, 'month')} {self._counted(day, 'day')}"

    def _counted(self, value: int, kind: str) -> str:
        return self._counters.read("", 0, value, Counter(self._words[kind], 0)).spoken

    def _full(self, text: str, at: int) -> Reading | None:
        match = _FULL.match(text, at)
        if match is None:
            return None
        day = self.month_and_day(int(match[4]), int(match[5]))
        if day is None:
            return None
        ends_sentence = match[6] is not None and not match[3] and text[match.end() : match.end() + 1] == " "
        end = match.end() - (1 if ends_sentence else 0)
        return Reading(end, f"{read_sino(int(match[1]))} {self._words['year']} {day}")

    def _short(self, text: str, at: int) -> Reading | None:
        match = self._with_weekday.match(text, at)
        if match is not None:
            day = self.month_and_day(int(match[1]), int(match[2]))
            return None if day is None else Reading(match.end(), day)
        match = _YEAR_MONTH.match(text, at)
        if match is None:
            return None
        month = self._counted(int(match[2]), "month")
        return Reading(match.end(), f"{read_sino(int(match[1]))} {self._words['year']} {month}")

    def _clock(self, text: str, at: int) -> Reading | None:
        match = _CLOCK.match(text, at)
        if match is None or int(match[1]) > _HOURS:
            return None
        spoken = self._counted(int(match[1]), "hour")
        for value, kind in ((match[2], "minute"), (match[3], "second")):
            if value is not None and int(value):
                spoken += " " + self._counted(int(value), kind)
        return Reading(match.end(), spoken)
