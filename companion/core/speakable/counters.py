"""A number and what it counts: 세 시, 삼십 분, 일흔다섯 살, 칠십오 세, 유월.

Which counters take native numbers, up to where, and what the words around change, is the table ``[counters]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from companion.core.numerals import NATIVE_LIMIT, read_digits, read_native, read_sino
from companion.core.speakable.reading import Reading, Table, looks_back, stands_before

_TEN: Final = 10


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter found behind a number."""

    word: str
    end: int
    """Index just past it."""


@dataclass(frozen=True, slots=True)
class _Rule:
    counter: str
    native: bool
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    most: int
    tens: bool

    def fits(self, text: str, number: tuple[int, int], counter: Counter) -> bool:
        at, value = number
        if counter.word != self.counter or value > self.most or (self.tens and value % _TEN):
            return False
        if self.before is not None and not stands_before(self.before, text, at):
            return False
        return self.after is None or self.after.match(text, counter.end) is not None


def _rule(table: Table) -> _Rule:
    if table["reading"] not in {"native", "sino"}:
        raise ValueError("reading")
    return _Rule(
        counter=table["counter"],
        native=table["reading"] == "native",
        before=looks_back(table["before"]) if "before" in table else None,
        after=re.compile(table["after"]) if "after" in table else None,
        most=table.get("most", NATIVE_LIMIT if table["reading"] == "native" else 10**9),
        tens=table.get("tens", False),
    )


class Counters:
    """Finds counters and reads numbers before them."""

    def __init__(self, counters: Table, digits: Table) -> None:
        self._native: dict[str, int] = dict(counters["native"])
        self._fixed: dict[str, str] = dict(counters["fixed"])
        self._joined = frozenset(counters["joined"]["words"])
        self._not_before = {word: re.compile(tail) for word, tail in counters["not_before"].items()}
        self._spaced_after = re.compile(counters["spaced_after"])
        self._parted_after = re.compile(counters["parted_after"])
        self._rules = [_rule(table) for table in counters["rules"]]
        self._number_word: str = digits["number_word"]
        self._digits_from: int = digits["bus_digits"]
        self.close_after: str = counters["close_after"]
        words = {*self._native, *counters["sino"]["words"], *(re.sub(r"^\d+", "", key) for key in self._fixed)}
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append(word)

    def find(self, text: str, at: int) -> Counter | None:
        """Return the counter that starts at ``at``, or behind one blank there."""
        spaced = text[at : at + 1] == " "
        start = at + spaced
        for word in self._by_first.get(text[start : start + 1], ()):
            end = start + len(word)
            if not text.startswith(word, start):
                continue
            only_looks = self._not_before.get(word)
            if only_looks is not None and only_looks.match(text, end):
                continue
            if not spaced or self._spaced_after.match(text, end):
                return Counter(word, end)
        return None

    def ruled(self, text: str, at: int, value: int, counter: Counter) -> bool:
        """Return whether the words around decide how ``value`` is read."""
        return any(rule.fits(text, (at, value), counter) for rule in self._rules)

    def is_native(self, text: str, at: int, value: int, counter: Counter) -> bool:
        """Return whether ``value``, written at ``at`` and followed by ``counter``, is read with native numbers."""
        if not 1 <= value <= NATIVE_LIMIT or text[at - 1 : at] == self.close_after:
            return False
        for rule in self._rules:
            if rule.fits(text, (at, value), counter):
                return rule.native
        return value <= self._native.get(counter.word, 0)

    def number(self, text: str, at: int, value: int, counter: Counter) -> str:
        """Return the number alone, read as ``counter`` wants it."""
        if self.is_native(text, at, value, counter):
            return read_native(value)
        if counter.word == self._number_word and value >= self._digits_from:
            return read_digits(str(value))
        return read_sino(value)

    def read(self, text: str, at: int, value: int, counter: Counter) -> Reading:
        """Return number and counter as they are spoken together."""
        fixed = self._fixed.get(f"{value}{counter.word}")
        gap = " " if self._parted_after.match(text, counter.end) else ""
        if fixed is not None and text[at - 1 : at] != self.close_after:
            return Reading(counter.end, fixed + gap)
        return Reading(counter.end, self.join(self.number(text, at, value, counter), counter) + gap)

    def join(self, number: str, counter: Counter) -> str:
        """Return a number already read, and the counter behind it."""
        return number + ("" if counter.word in self._joined else " ") + counter.word
