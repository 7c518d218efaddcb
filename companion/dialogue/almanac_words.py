"""Says days, years and spans of the calendar in the words of ``prompts/lexicon/almanac.toml``. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from companion.core.almanac import LunarDay, month_at, year_in_cycle
from companion.core.numerals import read_sino

_STEMS, _BRANCHES = 10, 12
_LONGEST: Final = 30
"""Days of the longest lunar month."""


class AlmanacWords:
    """Built once from the parts ``[say]`` and ``[named]`` of the table."""

    def __init__(self, say: Mapping[str, Any], named: Mapping[str, Any]) -> None:
        """Keep the words.

        Raises:
            KeyError: A part is missing.
        """
        self._say = say
        self._names = {str(name): str(entry["say"]) for name, entry in named.items()}
        self._years = {int(offset): str(word) for offset, word in say["years"].items()}
        self._few: Sequence[str] = say["few_days"]

    def named(self, name: str) -> str:
        """Return what a named day is called."""
        return self._names[name]

    def when(self, day: date, today: date) -> str:
        """Return a day with its weekday; with its year where that is not this one."""
        words = str(self._say["when"]).format(
            month=self._say["months"][day.month - 1],
            day=read_sino(day.day),
            weekday=self._say["weekdays"][day.weekday()],
        )
        return words if day.year == today.year else f"{self.year(day.year, today)} {words}"

    def is_date(self, said: str) -> bool:
        """Return whether words name a month or hold a number (12월 3일), or cannot be named back (닷새 있으면)."""
        named = any(name in said for name in self._say["months"]) or any(letter.isdigit() for letter in said)
        return named or said.endswith(tuple(self._say["bare"]))

    def short(self, day: date, said: str, today: date) -> str:
        """Return a day, without its weekday where that was said."""
        if not any(name in said for name in self._say["weekdays"]):
            return self.when(day, today)
        return str(self._say["date"]).format(month=self._say["months"][day.month - 1], day=read_sino(day.day))

    def of_month(self, day: date, *, weekday: bool) -> str:
        """Return a day without its month."""
        kind = "day_and_weekday" if weekday else "day"
        return str(self._say[kind]).format(day=read_sino(day.day), weekday=self._say["weekdays"][day.weekday()])

    def joined(self, words: Sequence[str]) -> str:
        """Return two as a pair, more as a list."""
        *others, last = words
        return str(self._say["joined"]).join((", ".join(others), last)) if others else last

    def period(self, unit: str, ahead: int, first: date) -> str:
        """Return what a week or month is called: this one (0), the next (1), or the month of its first day."""
        return str(self._say["periods"].get(f"{unit}{ahead}") or self._say["months"][first.month - 1])

    def year(self, year: int, today: date) -> str:
        """Return what a year is called: this one, the last, the next; else its number."""
        return self._years.get(year - today.year) or self.year_number(year)

    def year_number(self, year: int) -> str:
        """Return a year by its number."""
        return str(self._say["year_number"]).format(count=read_sino(year))

    def days(self, count: int) -> str:
        """Return how many days; at least one."""
        if count <= len(self._few):
            return self._few[count - 1]
        return str(self._say["days"]).format(count=read_sino(count))

    def month(self, month: int, *, leap: bool = False) -> str:
        """Return what a lunar month is called."""
        return str(self._say["leap_months" if leap else "lunar_months"][month - 1])

    def lunar(self, month: int, day: int, *, leap: bool = False) -> str:
        """Return a day of the lunar calendar as it is asked about; without a month (0) only the day."""
        said = str(self._say["lunar_days"][day - 1])
        if not month:
            return said
        words = str(self._say["lunar"]).format(month=self.month(month, leap=leap), day=said)
        return str(self._say["lunar_asked"]).format(lunar=words)

    def lunar_day(self, day: date, lunar: LunarDay) -> str:
        """Return the lunar day of a day, with 그믐 where it is the last of a short month."""
        ends = lunar.day < _LONGEST and lunar.day == month_at(day).days
        return str(self._say["month_end" if ends else "lunar"]).format(
            month=self.month(lunar.month, leap=lunar.leap), day=self._say["lunar_days"][lunar.day - 1]
        )

    def cycle(self, year: int) -> str:
        """Return the name of a lunar year in the cycle of sixty: 병오년."""
        place = year_in_cycle(year)
        stem, branch = self._say["stems"][place % _STEMS], self._say["branches"][place % _BRANCHES]
        return str(self._say["ganji"]).format(stem=stem, branch=branch)

    def animal(self, year: int) -> str:
        """Return the animal of a lunar year: 말띠."""
        return str(self._say["animals"][year_in_cycle(year) % _BRANCHES])

    def dongji_kind(self, lunar_day: int) -> str:
        """Return what 동지 is called on a day of its lunar month: in its first, second or last ten days."""
        kinds = self._say["dongji_kinds"]
        return str(kinds[min((lunar_day - 1) // 10, len(kinds) - 1)])
