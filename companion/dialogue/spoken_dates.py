"""Days as they are said ("모레", "다음 주 화요일", "추석에"), resolved to a moment.

Pure: the moment of speaking comes in. What cannot be resolved is not guessed: it is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar

from companion.core.almanac import NAMED, around
from companion.core.numerals import parse_spoken_number

_Value = TypeVar("_Value")

_MONTHS: Final = 12
_NOON: Final = 12
_WEEK: Final = 7
_EARLIEST: Final = 7
"""Hours before this one are those of the afternoon where nothing else is said: 세 시 is 15."""
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A day that was said."""

    start: int
    """Index of its first character in the text."""
    end: int
    """Index just past its last character."""
    due: datetime
    """The day, at the hour that was said or at noon; aware, in the zone of the moment of speaking."""


_Resolve = Callable[[re.Match[str], date], date | None]


class SpokenDates:
    """Built once from ``prompts/lexicon/dates.toml``.

    Raises:
        KeyError: A part of the table is missing.
        ValueError: A lunar day has no such name.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._days = {str(word): int(count) for word, count in table["days"].items()}
        self._counts = {_loose(word): int(count) for word, count in table["counts"].items()}
        self._weeks = {_loose(word): int(count) for word, count in table["weeks"].items()}
        self._fixed = {_loose(word): (int(day[0]), int(day[1])) for word, day in table["fixed"].items()}
        self._lunar = {_loose(word): str(name) for word, name in table["lunar"].items()}
        if unknown := set(self._lunar.values()) - set(NAMED):
            raise ValueError(f"lunar: {', '.join(sorted(unknown))}")
        self._months = {str(word): int(month) for word, month in table["months"].items()}
        self._weekdays = [str(day) for day in table["weekdays"]]
        self._parts = {str(part): int(hour) for part, hour in table["hours_of_parts"].items()}
        self._afternoon = frozenset(table["afternoon"])
        self._hours = {str(word): hour for hour, word in enumerate(table["hour_words"], 1)}
        self._default_hour = int(table["default_hour"])
        self._rules = tuple(self._compiled(table))
        hour = "|".join(sorted(self._hours, key=len, reverse=True))
        self._clock = re.compile(
            rf"(?:(?P<part>{'|'.join(self._parts)})\s?)?(?P<hour>{hour}|[0-9]{{1,2}})\s?{table['oclock']}"
            rf"(?P<half>\s?{table['half']})?"
        )
        self._part = re.compile(rf"(?P<part>{'|'.join(self._parts)}){table['at_part']}")

    def _compiled(self, table: Mapping[str, Any]) -> Iterator[tuple[re.Pattern[str], _Resolve]]:
        """Yield the rules, the longer expressions before those that are part of them."""
        weekday = "|".join(self._weekdays)
        month = "|".join(self._months)
        number, weekend = table["number"], table["weekend"]
        after, month_unit, day_unit, next_month = (table[name] for name in ("after", "month", "day", "next_month"))
        yield re.compile(rf"(?P<week>{_any(self._weeks)})\s?(?P<day>{weekday}|{weekend}|{table['end']})"), self._in_week
        yield re.compile(rf"(?P<count>{_any(self._counts)})\s?{after}"), self._after_count
        yield re.compile(rf"(?P<number>{number})\s?{day_unit}\s?{after}"), self._after_number
        yield (
            re.compile(
                rf"(?P<month>{month}|{number}(?={month_unit}))(?:{month_unit})?\s?(?P<number>{number}){day_unit}(?!\s?{after})"
            ),
            self._in_month,
        )
        yield re.compile(rf"{next_month}\s?(?P<number>{number}){day_unit}"), self._next_month
        yield re.compile(rf"(?<![가-힣])(?P<named>{_any(self._lunar)})(?={table['after_named']}|\s|$)"), self._lunar_day
        yield re.compile(rf"(?P<named>{_any(self._fixed)})"), self._fixed_day
        yield re.compile(rf"(?<![가-힣])(?P<word>{_any(self._days)})"), self._relative
        yield re.compile(rf"(?<![가-힣])(?P<day>{weekday}|{weekend})"), self._coming
        yield re.compile(rf"(?<![가-힣])(?P<number>{number}){day_unit}(?=에)"), self._day_of_month
        yield re.compile(rf"(?P<week>{_any(self._weeks)})"), self._end_of_week
        yield re.compile(next_month), self._end_of_next_month

    def find(self, text: str, now: datetime) -> tuple[SpokenDate, ...]:
        """Return the days that are said, in order; none that overlap.

        Args:
            text: An utterance.
            now: When it was said; aware, in the person's zone.
        """
        found: list[SpokenDate] = []
        for pattern, resolve in self._rules:
            for match in pattern.finditer(text):
                if any(match.start() < one.end and one.start < match.end() for one in found):
                    continue
                day = resolve(match, now.date())
                if day is not None:
                    found.append(SpokenDate(match.start(), match.end(), self._at(text, match.end(), day, now)))
        if not found and (part := self._part.search(text)):
            hour = self._parts[part["part"]]
            day = now.date() if hour > now.hour else now.date() + timedelta(days=1)
            found.append(SpokenDate(part.start(), part.end(), datetime.combine(day, time(hour), now.tzinfo)))
        return tuple(sorted(found, key=lambda one: one.start))

    def _at(self, text: str, after: int, day: date, now: datetime) -> datetime:
        """Return the day at the hour that is said right behind it."""
        clock, part = self._clock.search(text, after), self._part.search(text, after)
        hour, minute = self._default_hour, 0
        if clock is not None:
            said = clock["hour"]
            hour = self._hours[said] if said in self._hours else int(said)
            late = clock["part"] in self._afternoon or (clock["part"] is None and hour < _EARLIEST)
            hour = min(hour + _NOON, 23) if late and hour < _NOON else min(hour, 23)
            minute = 30 if clock["half"] else 0
        elif part is not None:
            hour = self._parts[part["part"]]
        return datetime.combine(day, time(hour, minute), now.tzinfo)

    def _relative(self, match: re.Match[str], today: date) -> date:
        return today + timedelta(days=self._days[match["word"]])

    def _after_count(self, match: re.Match[str], today: date) -> date:
        return today + timedelta(days=_named(self._counts, match["count"]))

    def _after_number(self, match: re.Match[str], today: date) -> date | None:
        number = _number(match["number"])
        return None if number is None or number > 366 else today + timedelta(days=number)  # noqa: PLR2004 - a year

    def _in_week(self, match: re.Match[str], today: date) -> date:
        monday = today - timedelta(days=today.weekday())
        weeks = _named(self._weeks, match["week"])
        return monday + timedelta(days=self._weekday(match["day"]) + _WEEK * weeks)

    def _coming(self, match: re.Match[str], today: date) -> date:
        ahead = (self._weekday(match["day"]) - today.weekday()) % _WEEK
        return today + timedelta(days=ahead or _WEEK)

    def _weekday(self, word: str) -> int:
        return self._weekdays.index(word) if word in self._weekdays else _SATURDAY

    def _in_month(self, match: re.Match[str], today: date) -> date | None:
        month = self._months.get(match["month"]) or _number(match["month"])
        return _coming_day(month, _number(match["number"]), today)

    def _end_of_week(self, match: re.Match[str], today: date) -> date:
        """Asked about when it is over, because nobody knows the day."""
        return today + timedelta(days=_WEEK * _named(self._weeks, match["week"]) + _WEEK - 1 - today.weekday())

    def _end_of_next_month(self, _match: re.Match[str], today: date) -> date:
        after = (today.replace(day=1) + timedelta(days=62)).replace(day=1)
        return after - timedelta(days=1)

    def _next_month(self, match: re.Match[str], today: date) -> date | None:
        month = today.month % _MONTHS + 1
        year = today.year + (today.month == _MONTHS)
        return _day(year, month, _number(match["number"]))

    def _day_of_month(self, match: re.Match[str], today: date) -> date | None:
        number = _number(match["number"])
        this = _day(today.year, today.month, number)
        if this is not None and this >= today:
            return this
        return _day(today.year + (today.month == _MONTHS), today.month % _MONTHS + 1, number)

    def _fixed_day(self, match: re.Match[str], today: date) -> date | None:
        month, day = _named(self._fixed, match["named"])
        return _coming_day(month, day, today)

    def _lunar_day(self, match: re.Match[str], today: date) -> date | None:
        return around(_named(self._lunar, match["named"]), today)[1]


def _coming_day(month: int | None, day: int | None, today: date) -> date | None:
    """Return the next such day, today included."""
    if month is None:
        return None
    this = _day(today.year, month, day)
    return this if this is not None and this >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int | None) -> date | None:
    try:
        return date(year, month, day or 0)
    except ValueError:
        return None


def _number(said: str) -> int | None:
    return int(said) if said.isdigit() else parse_spoken_number(said)


def _loose(word: str) -> str:
    """Return a word as a pattern in which blanks may be left out."""
    return re.escape(str(word)).replace(r"\ ", r"\s?")


def _any(patterns: Mapping[str, object]) -> str:
    return "|".join(sorted(patterns, key=len, reverse=True))


def _named(table: Mapping[str, _Value], said: str) -> _Value:
    """Return what a word stands for, however its blanks were written."""
    return next(value for pattern, value in table.items() if re.fullmatch(pattern, said))
