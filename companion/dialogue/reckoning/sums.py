"""Reckons a sum that is asked for in words: 만이천 원짜리 세 개면 얼마, 오만 원에서 만칠천 원 쓰면 얼마 남노. Pure.

An utterance becomes a short line of letters, one for each amount and for each word that says what is done with it; the
rules over this line are data (``prompts/lexicon/reckoning.toml``). Who tells of prices asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, Final

from companion.dialogue.reckoning.amounts import Amount, Amounts, Kind
from companion.dialogue.reckoning.said import Said

KEYS: Final = ("total", "minus", "difference", "short", "times", "product", "share", "share_left", "days", "scale")
_BLANKS: Final = re.compile(r"\s+")
_ONE: Final = "i"
_PAIR: Final = 2
_OPERATIONS: Final = frozenset(
    {"table", "share", "each", "scale", "change", "difference", "minus", "times", "times_counts", "total"}
)


@dataclass(frozen=True, slots=True)
class _Rule:
    op: str
    shape: re.Pattern[str] | None
    text: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Line:
    """The letters of an utterance, and what they stand for."""

    letters: str
    marks: Mapping[int, Amount]
    """By their place in ``letters``."""

    def within(self, match: re.Match[str], group: str | int = 0) -> tuple[Amount, ...]:
        """Return the amounts in a group of a match, or in all of it."""
        start, end = match.span(group)
        return tuple(self.marks[place] for place in range(start, end) if place in self.marks)


class Sums:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any], amounts: Amounts) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part is missing, or a rule does what nobody can.
            re.error: A pattern cannot be read.
        """
        self._amounts = amounts
        self._and = str(table["said"]["and"])
        self._refused = tuple(re.compile(source) for source in table["refuse"]["always"])
        self._cues = tuple((letter, re.compile(source)) for letter, source in table["cues"].items())
        self._product, self._single = (re.compile(str(table["term"][name])) for name in ("product", "single"))
        self._rules = tuple(
            _Rule(
                str(one["op"]),
                re.compile(one["shape"]) if "shape" in one else None,
                re.compile(one["text"]) if "text" in one else None,
            )
            for one in table["sum"]
        )
        if unknown := {rule.op for rule in self._rules} - _OPERATIONS:
            raise KeyError(f"op {', '.join(sorted(unknown))}")

    def of(self, text: str, amounts: Sequence[Amount]) -> Said | None:
        """Return what a sum comes to; None where none is asked for, or it is not sure which.

        Args:
            text: What was said, in small letters.
            amounts: Those found in it.
        """
        if any(pattern.search(_BLANKS.sub("", text)) for pattern in self._refused):
            return None
        line = self._line(text, amounts)
        operations: Mapping[str, Callable[[_Line, re.Match[str]], Said | None]] = {
            "table": self._table,
            "share": self._share,
            "each": self._share,
            "scale": self._scale,
            "change": self._change,
            "difference": self._difference,
            "minus": self._minus,
            "times": self._times,
            "times_counts": self._times_counts,
            "total": self._total,
        }
        for rule in self._rules:
            match = rule.shape.search(line.letters) if rule.shape else rule.text.search(text) if rule.text else None
            said = None if match is None else operations[rule.op](line, match)
            if said is not None:
                return said
        return None

    def _line(self, text: str, amounts: Sequence[Amount]) -> _Line:
        letters, marks, begun = "", dict[int, Amount](), 0
        for amount in amounts:
            letters += self._between(text[begun : amount.start])
            marks[len(letters)] = amount
            one = amount.kind in (Kind.COUNT, Kind.MEASURE) and amount.value == 1
            letters += _ONE if one else amount.kind
            begun = amount.end
        return _Line(letters + self._between(text[begun:]), marks)

    def _between(self, gap: str) -> str:
        """Return the letters of the cues in what stands between two amounts, in order."""
        gap = _BLANKS.sub("", gap)
        found = sorted((match.start(), letter) for letter, cue in self._cues for match in cue.finditer(gap))
        return "".join(letter for _, letter in found)

    def _table(self, _line: _Line, match: re.Match[str]) -> Said | None:
        first, second = (self._amounts.value(match[name]) for name in ("a", "b"))
        return None if first is None or second is None else self._multiplied(first, second)

    def _multiplied(self, first: Fraction, second: Fraction) -> Said:
        say = self._amounts.number
        return Said("product", {"each": say(first), "times": say(second), "amount": say(first * second)})

    def _share(self, line: _Line, match: re.Match[str]) -> Said | None:
        (whole,), (by,) = line.within(match, "whole"), line.within(match, "by")
        if by.value <= 0 or (by.value.denominator != 1 and by.kind is not Kind.MONEY):
            return None
        of_same = whole.kind is by.kind is Kind.MONEY or (whole.unit == by.unit and whole.unit != "")
        times, left = divmod(whole.value, by.value)
        amount = Fraction(times)
        first, parted = self._amounts.said(whole), self._amounts.said(by)
        if of_same:  # how often it goes in: for how many days
            said = self._amounts.number(amount)
            return Said("days", {"first": first, "each": parted, "amount": said}) if not left else None
        slots = {"first": first, "by": parted, "amount": self._like(amount, whole), "left": self._like(left, whole)}
        return Said("share_left" if left else "share", slots)

    def _scale(self, line: _Line, match: re.Match[str]) -> Said | None:
        (by,), (whole,), (times,) = (line.within(match, name) for name in ("by", "whole", "times"))
        if by.unit != times.unit or not by.value:
            return None
        amount = whole.value / by.value * times.value
        return Said("scale", {"times": self._amounts.said(times), "amount": self._like(amount, whole)})

    def _change(self, line: _Line, _match: re.Match[str]) -> Said | None:
        """Reckon what is given back of a note: it is the largest, whenever it is named."""
        terms = sorted(self._terms(line), key=lambda term: term[0], reverse=True)
        return self._less(terms)

    def _difference(self, line: _Line, _match: re.Match[str]) -> Said | None:
        (first, whole), (second, other) = self._terms(line)
        if whole.unit != other.unit:
            return None
        slots = {"first": self._like(first, whole), "rest": self._like(second, whole)}
        return Said("difference", {**slots, "amount": self._like(abs(first - second), whole)})

    def _minus(self, line: _Line, _match: re.Match[str]) -> Said | None:
        return self._less([*self._terms(line)])

    def _less(self, terms: Sequence[tuple[Fraction, Amount]]) -> Said | None:
        """Take all the others from the first, where they are of one kind."""
        if len(terms) < _PAIR or len({one.unit for _, one in terms}) > 1:
            return None
        (first, whole), *others = terms
        left = first - sum(value for value, _ in others)
        said = self._like(first, whole)
        if left < 0:
            return Said("short", {"first": said, "amount": self._like(-left, whole)})
        rest = self._and.join(self._like(value, one) for value, one in others)
        return Said("minus", {"first": said, "rest": rest, "amount": self._like(left, whole)})

    def _times(self, line: _Line, match: re.Match[str]) -> Said | None:
        first, second = line.within(match, "list")
        return self._multiplied(first.value, second.value)

    def _times_counts(self, line: _Line, match: re.Match[str]) -> Said | None:
        named = "each" in match.re.groupindex  # 스무 상자에 한 상자 만팔천 원: how many come first
        each, times = line.within(match, "each") + line.within(match, "times") if named else line.within(match, "list")
        per = line.within(match, "per") if "per" in match.re.groupindex else ()
        if per and per[0].unit != times.unit:
            return None
        said = self._like(each.value * times.value, each)
        return Said("times", {"each": self._amounts.said(each), "times": self._amounts.said(times), "amount": said})

    def _total(self, line: _Line, _match: re.Match[str]) -> Said | None:
        terms = [*self._terms(line)]
        kinds = {(one.kind, one.unit) for _, one in terms}
        if not terms or len(kinds) > 1:
            return None
        total, alike = sum(value for value, _ in terms), terms[0][1]
        if len(terms) == 1:
            return self._one_product(line, alike)
        if not {"p", "j"} & set(line.letters):
            return None
        given = self._and.join(self._like(value, one) for value, one in terms)
        return Said("total", {"given": given, "amount": self._like(Fraction(total), alike)})

    def _one_product(self, line: _Line, each: Amount) -> Said | None:
        """Return what a single price by each comes to; None where it is not multiplied by anything."""
        match = self._product.search(line.letters)
        times = [] if match is None else [one for one in line.within(match) if one.kind in (Kind.COUNT, Kind.MEASURE)]
        several = [one for one in times if one.value > 1]
        if len(several) != 1:
            return None
        said = self._like(each.value * several[0].value, each)
        return Said(
            "times", {"each": self._amounts.said(each), "times": self._amounts.said(several[0]), "amount": said}
        )

    def _terms(self, line: _Line) -> Iterator[tuple[Fraction, Amount]]:
        """Yield each of several things with what it comes to, and the amount that it is an amount of."""
        place = 0
        while place < len(line.letters):
            match = self._product.match(line.letters, place) or self._single.match(line.letters, place)
            if match is None:
                place += 1
                continue
            found = [line.marks[at] for at in range(*match.span()) if at in line.marks]
            money = [one for one in found if one.kind is Kind.MONEY]
            if money and match.re is self._product:
                yield prod((one.value for one in found), start=Fraction(1)), money[0]
            else:
                alike = money[0] if money else found[0]
                yield alike.value, alike
            place = match.end()

    def _like(self, value: Fraction, alike: Amount) -> str:
        """Return a value as an amount of the same kind is said."""
        return self._amounts.said(Amount(alike.kind, value, alike.unit, 0, 0))
