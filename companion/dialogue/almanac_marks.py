"""Marks in an utterance what the calendar knows, a letter each, so that rules can be read over what is left. Pure.

``동지가 메칠 남았노`` becomes ``D가메칠남았노``, and the D is known to be 동지. Which words are marked is data
(``prompts/lexicon/almanac.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias

from companion.core.almanac import FIRST_YEAR, LAST_YEAR, NAMED
from companion.core.numerals import parse_spoken_number
from companion.core.sun import KOREAN_TIME
from companion.dialogue.spoken_dates import SpokenDates

_DROPPED: Final = re.compile(r"[^\w?.,]+|_")
_NOON: Final = time(12)
_CENTURY: Final = 100
_BORN_CENTURY: Final = 1900
_CYCLE: Final = 60
_MOST_DAYS, _MOST_MONTHS = 30, 12


@dataclass(frozen=True, slots=True)
class Lunar:
    """A day of the lunar calendar that was said."""

    month: int
    """1 to 12; 0 where only the day was said: 보름."""
    day: int
    """1 to 30; 30 is the last of the month."""
    leap: bool = False


@dataclass(frozen=True, slots=True)
class Solar:
    """A day of the solar year that comes again."""

    month: int
    """1 to 12."""
    day: int
    """1 to 31."""


@dataclass(frozen=True, slots=True)
class Period:
    """A week or a month that was said."""

    unit: str
    """week or month."""
    ahead: int
    """0 is this one, 1 the next."""


Value: TypeAlias = str | int | date | Lunar | Solar | Period | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said, and what it is."""

    letter: str
    start: int
    end: int
    said: str
    value: Value


@dataclass(frozen=True, slots=True)
class Marked:
    """An utterance with its marks."""

    letters: str
    """Without blanks and most signs; each mark is one capital letter."""
    marks: Mapping[int, Mark]
    """By their place in ``letters``."""

    def all(self, letter: str) -> tuple[Mark, ...]:
        """Return the marks of a kind, in order."""
        return tuple(mark for _, mark in sorted(self.marks.items()) if mark.letter == letter)

    def last_before(self, letter: str, place: int) -> Mark | None:
        """Return the last mark of a kind before a place in ``letters``."""
        return next(
            (
                self.marks[at]
                for at in sorted(self.marks, reverse=True)
                if at < place and self.marks[at].letter == letter
            ),
            None,
        )


_Read: TypeAlias = Callable[[re.Match[str], date], Value]


class Marking:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any], dates: SpokenDates) -> None:
        """Compile what is marked.

        Raises:
            KeyError: A part is missing, or a named day is unknown.
            ValueError: A named day has no words.
            re.error: A pattern cannot be read.
        """
        self._dates = dates
        self._table = table
        if unknown := set(table["named"]) ^ set(NAMED):
            raise ValueError(f"named: {', '.join(sorted(unknown))}")
        self._own_birthday = re.compile(table["words"]["own_birthday"])
        self._called = str(table["say"]["birthday"])
        mark = str(table["words"]["month_mark"])
        self._solar_months = {name.removesuffix(mark): number for number, name in enumerate(table["say"]["months"], 1)}
        self._rules = tuple(self._compiled(table))

    def read(self, text: str, today: date, birthday: str = "") -> Marked:
        """Return an utterance with its marks; the person's own birthday is marked where it is known."""
        text = text.lower()
        found: list[Mark] = []
        born, called = self._birthday(birthday, today) if birthday else (None, "")
        for match in self._own_birthday.finditer(text) if born is not None else ():
            _add(found, Mark("M", match.start(), match.end(), called, born))
        for letter, pattern, read in self._rules:
            for match in pattern.finditer(text):
                _add(found, Mark(letter, match.start(), match.end(), match[0], read(match, today)))
        for one in self._dates.find(text, datetime.combine(today, _NOON, KOREAN_TIME)):
            _add(found, Mark("S", one.start, one.end, text[one.start : one.end], one.due.date()))
        return _joined(text, sorted(found, key=lambda mark: mark.start))

    def _birthday(self, said: str, today: date) -> tuple[Value, str]:
        """Return the day that a birthday is, and what it is called; None where it cannot be read."""
        marked = self.read(said, today)
        lunar = next((mark for mark in marked.all("L") if isinstance(mark.value, Lunar) and mark.value.month), None)
        if lunar is not None:
            return lunar.value, self._called.format(day=lunar.said)
        solar = next((mark for mark in marked.all("S") if isinstance(mark.value, date)), None)
        if solar is None or not isinstance(solar.value, date):
            return None, ""
        return Solar(solar.value.month, solar.value.day), self._called.format(day=solar.said)

    def _compiled(self, table: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[str], _Read]]:
        """Yield what is marked, the longer words before those that are part of them."""
        words = table["words"]
        yield "K", re.compile(words["kind"]), _nothing
        yield "F", re.compile(words["free"]), _nothing
        yield from self._named(table["named"])
        yield from self._lunar(table)
        yield "O", re.compile(words["leap"]), _nothing
        yield "B", re.compile(words["born"]), _born
        yield "A", re.compile(words["animal"]), self._animal
        stems, branches = "".join(table["say"]["stems"]), "".join(table["say"]["branches"])
        cycle = str(words["ganji"]).replace("{stems}", stems).replace("{branches}", branches)
        yield "G", re.compile(cycle), lambda match, _today: _cycle(stems, branches, match)
        for word, ahead in table["years"].items():
            yield "Y", re.compile(_loose(word)), _years_ahead(int(ahead))
        yield "Y", re.compile(words["year_number"]), lambda match, _today: _year(match["number"])
        yield "Y", re.compile(words["short_year"]), _born
        yield "T", re.compile(words["today"]), lambda _match, today: today
        for word, ahead in table["days_before"].items():
            yield "S", re.compile(_loose(word)), _days_ahead(int(ahead))
        in_month = str(words["month_of_free"]).replace("{free}", words["free"])
        yield "P", re.compile(in_month), lambda match, today: self._month_named(match["month"], today)
        single = table["period"]["single"]
        for unit in ("week", "month"):
            for word, ahead in table[unit].items():
                yield "P", re.compile(f"{_loose(word)}(?!{single})"), _period(unit, int(ahead))

    @staticmethod
    def _named(table: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[str], _Read]]:
        words = [(str(word), str(name)) for name, entry in table.items() for word in entry["words"]]
        for word, name in sorted(words, key=lambda one: len(one[0]), reverse=True):
            yield "D", re.compile(word), _named(name)

    def _lunar(self, table: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[str], _Read]]:
        """Yield lunar days with their month, and days of the moon without."""
        words = table["words"]
        days = "|".join(table["lunar_days"])
        months = "|".join(table["lunar_months"])
        number, month, day = words["number"], words["month_mark"], words["day_mark"]
        leap = f"(?P<leap>{words['leap_month']})?"
        whole = f"(?P<month>{months}|(?:{number})(?={month}))(?:{month})?"
        yield (
            "L",
            re.compile(rf"{words['lunar']}{leap}{whole}\s?(?P<day>{days}|(?:{number})(?={day}))(?:{day})?"),
            self._day,
        )
        yield "L", re.compile(rf"(?<![가-힣]){leap}(?P<month>{months})\s?(?P<day>{days})"), self._day
        yield "L", re.compile(rf"{words['lunar']}(?P<day>{days})"), self._day
        for word, phase in table["phases"].items():
            yield "L", re.compile(rf"(?<![가-힣]){word}"), _phase(int(phase))

    def _animal(self, match: re.Match[str], _today: date) -> Value:
        return int(self._table["animals"][match["animal"]])

    def _month_named(self, said: str, today: date) -> Value:
        """Return the month of a number or a name, this one or the next that is so called."""
        month = _in(self._solar_months, said)
        return Period("month", (month - today.month) % _MOST_MONTHS) if 1 <= month <= _MOST_MONTHS else None

    def _day(self, match: re.Match[str], _today: date) -> Value:
        groups = match.groupdict()
        month = _in(self._table["lunar_months"], groups.get("month") or "")
        day = _in(self._table["lunar_days"], match["day"])
        if not 1 <= day <= _MOST_DAYS or not 0 <= month <= _MOST_MONTHS:
            return None
        return Lunar(month, day, bool(groups.get("leap")))


def _in(table: Mapping[str, int], said: str) -> int:
    """Return the number of a month or day, in the words of a table or as a number; 0 for none."""
    found = next((int(number) for word, number in table.items() if re.fullmatch(word, said)), None)
    if found is not None:
        return found
    return (int(said) if said.isdigit() else parse_spoken_number(said) or 0) if said else 0


def _year(said: str) -> int | None:
    number = int(said) if said.isdigit() else parse_spoken_number(said) or 0
    return number if FIRST_YEAR <= number <= LAST_YEAR else None


def _cycle(stems: str, branches: str, match: re.Match[str]) -> int | None:
    """Return the place of a name in the cycle of sixty; None for a pair that the cycle has not (갑축)."""
    stem, branch = stems.index(match["stem"]), branches.index(match["branch"])
    return next((place for place in range(stem, _CYCLE, len(stems)) if place % len(branches) == branch), None)


def _born(match: re.Match[str], _today: date) -> Value:
    number = int(match["number"]) if match["number"].isdigit() else parse_spoken_number(match["number"]) or 0
    year = number + _BORN_CENTURY if 0 < number < _CENTURY else number
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _nothing(_match: re.Match[str], _today: date) -> Value:
    return None


def _named(name: str) -> _Read:
    return lambda _match, _today: name


def _phase(day: int) -> _Read:
    return lambda _match, _today: Lunar(0, day)


def _years_ahead(ahead: int) -> _Read:
    return lambda _match, today: today.year + ahead


def _days_ahead(ahead: int) -> _Read:
    return lambda _match, today: today + timedelta(days=ahead)


def _period(unit: str, ahead: int) -> _Read:
    return lambda _match, _today: Period(unit, ahead)


def _loose(word: str) -> str:
    """Return a word as a pattern in which blanks may be left out, and which begins a word."""
    return r"(?<![가-힣])" + str(word).replace(" ", r"\s?")


def _add(found: list[Mark], mark: Mark) -> None:
    if not any(mark.start < one.end and one.start < mark.end for one in found):
        found.append(mark)


def _joined(text: str, found: list[Mark]) -> Marked:
    letters, at, marks = "", 0, {}
    for mark in found:
        letters += _DROPPED.sub("", text[at : mark.start])
        marks[len(letters)] = mark
        letters, at = letters + mark.letter, mark.end
    return Marked(letters + _DROPPED.sub("", text[at:]), marks)
