"""Finds amounts in what was said, and says amounts: 만칠천 원, 여섯 병, 두 근 반, 28. Pure.

An amount is a number with what it counts. A number begins a word, so that 이 of 이 사람이 or 만 of 하지만 is none; what
counts and what measures is data (``prompts/lexicon/reckoning.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from companion.core.numerals import NATIVE_LIMIT, SINO_LIMIT, parse_spoken_number, read_decimals, read_native, read_sino

_DIGITS: Final = {word: value for value, word in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_SMALL: Final = {"십": 10, "백": 100, "천": 1000}
_LARGE: Final = {"만": 10**4, "억": 10**8}
_TOKENS: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[영공일이삼사오육륙칠팔구십백천만억]")
_BLANKS: Final = re.compile(r"\s+")
_GROUP: Final = re.compile(r"([만억])(?=.)")
HALF: Final = Fraction(1, 2)


class Kind(StrEnum):
    """What an amount is of."""

    MONEY = "M"
    COUNT = "C"
    MEASURE = "U"
    NUMBER = "N"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that was said, and what it counts."""

    kind: Kind
    value: Fraction
    unit: str
    """The counter or measure as it is said; 원 for money, empty for a bare number."""
    start: int
    end: int
    """Half-open span in the text."""
    exact: bool = True
    """Whether the number itself was said; not for a measure that stands alone: 평이 몇 제곱미터."""


class Amounts:
    """Built once from the table; finds and says."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile what is looked for.

        Raises:
            KeyError: A part is missing.
            re.error: A pattern cannot be read.
        """
        number = str(table["number"])
        self._natives = {str(word): int(value) for word, value in table["natives"].items()}
        self._people = {str(word): int(value) for word, value in table["people"].items()}
        self._days = {str(word): int(value) for word, value in table["days"].items()}
        self._native_counters = frozenset(table["native_counters"])
        self._person, self._day, self._won = (str(table["said"][name]) for name in ("person", "day", "won"))
        counters = "|".join(sorted(map(str, table["counters"]), key=len, reverse=True))
        self._names = {str(name): str(one["words"][0]) for name, one in table["measure"].items()}
        measures = {str(word): str(name) for name, one in table["measure"].items() for word in one["words"]}
        self._measures = measures
        units = "|".join(sorted(map(re.escape, measures), key=len, reverse=True))
        self._half = str(table["half"])
        begins, half = r"(?<![가-힣0-9.])", rf"(?:\s?(?P<half>{self._half})(?={table['particle']}))?"
        particle = str(table["particle"])
        self._rules = (
            (Kind.MONEY, re.compile(rf"{begins}(?P<n>{number})\s?{table['won']}")),
            (Kind.MEASURE, re.compile(rf"{begins}(?P<n>{number})\s?(?P<u>{units}){half}(?={particle})")),
            (Kind.COUNT, re.compile(rf"{begins}(?P<n>{number})\s?(?P<u>{counters})(?={particle})")),
        )
        self._whole = re.compile(rf"{begins}(?P<word>{'|'.join(self._days)})(?={particle})")
        self._group = re.compile(rf"{begins}(?P<word>{'|'.join(self._people)})(?={table['grouped']})")
        self._bare = (
            re.compile(rf"{begins}(?P<n>{number})(?={table['operated']})"),
            re.compile(rf"(?:{table['operating']})(?P<n>{number})(?={particle})"),
        )
        self._never = re.compile(str(table["never"]))
        self._alone = re.compile(rf"{begins}(?P<u>{units})(?={table['alone']})")

    def find(self, text: str) -> tuple[Amount, ...]:
        """Return the amounts in a text, in order; none overlaps another."""
        found: list[Amount] = []
        for amount in self._candidates(text.lower()):
            if all(amount.end <= one.start or amount.start >= one.end for one in found):
                found.append(amount)
        return tuple(sorted(found, key=lambda amount: amount.start))

    def value(self, said: str) -> Fraction | None:
        """Return what a number is worth; None where it is none after all."""
        word = _BLANKS.sub("", said)
        if word in self._natives:
            return Fraction(self._natives[word])
        if word == self._half:
            return HALF
        spoken = None if any(letter.isdigit() for letter in word) else parse_spoken_number(word)
        return Fraction(spoken) if spoken is not None else _mixed(word)

    def money(self, value: Fraction) -> str:
        """Return an amount of money as it is said: 삼만 육천 원."""
        return f"{self.number(value)} {self._won}"

    def counted(self, value: Fraction, unit: str) -> str:
        """Return a number with what it counts, in the native way where that is usual: 열두 개."""
        native = unit in self._native_counters and value.denominator == 1 and 0 < value <= NATIVE_LIMIT
        said = read_native(int(value)) if native else self.number(value)
        return f"{said} {unit}".strip()

    def said(self, amount: Amount) -> str:
        """Return an amount as it is said back."""
        if amount.kind is Kind.MONEY:
            return self.money(amount.value)
        return self.counted(amount.value, self._names.get(amount.unit, amount.unit))

    @staticmethod
    def number(value: Fraction) -> str:
        """Return a number as it is said, with blanks behind 만 and 억; at most two places behind the point.

        Raises:
            ValueError: It is negative or too large to be said.
        """
        hundredths = round(value * 100)
        whole, rest = divmod(hundredths, 100)
        if not 0 <= whole < SINO_LIMIT:
            raise ValueError("cannot be said")
        spoken = _GROUP.sub(r"\1 ", read_sino(whole))
        return f"{spoken}점{read_decimals(f'{rest:02}'.rstrip('0'))}" if rest else spoken

    def _candidates(self, text: str) -> Iterator[Amount]:
        for kind, rule in self._rules:
            for match in rule.finditer(text):
                value = None if self._never.match(text, match.start()) else self.value(match["n"])
                if value is not None:
                    yield self._made(kind, match, value)
        for match in self._whole.finditer(text):
            yield Amount(Kind.COUNT, Fraction(self._days[match["word"]]), self._day, *match.span())
        for match in self._group.finditer(text):
            yield Amount(Kind.COUNT, Fraction(self._people[match["word"]]), self._person, *match.span())
        for match in (match for rule in self._bare for match in rule.finditer(text)):
            value = self.value(match["n"])
            if value is not None:
                yield Amount(Kind.NUMBER, value, "", *match.span("n"))
        for match in self._alone.finditer(text):
            yield Amount(Kind.MEASURE, Fraction(1), self._measures[match["u"]], *match.span(), exact=False)

    def _made(self, kind: Kind, match: re.Match[str], value: Fraction) -> Amount:
        if kind is Kind.MONEY:
            return Amount(kind, value, self._won, *match.span())
        if kind is Kind.MEASURE:
            value += HALF if match["half"] else 0
            return Amount(kind, value, self._measures[match["u"]], *match.span())
        return Amount(kind, value, match["u"], *match.span())


def _mixed(word: str) -> Fraction | None:
    """Return the value of digits among words: 3만 5천, 1,200, 2.5; None where the places do not fall."""
    tokens = _TOKENS.findall(word)
    if "".join(tokens) != word:
        return None
    total = section = Fraction(0)
    digit: Fraction | None = None
    for token in tokens:
        if token in _LARGE:
            total, section, digit = total + (section + (digit or 0) or 1) * _LARGE[token], Fraction(0), None
        elif token in _SMALL:
            section, digit = section + (1 if digit is None else digit) * _SMALL[token], None
        elif digit is None:
            digit = Fraction(_DIGITS[token]) if token in _DIGITS else Fraction(token.replace(",", ""))
        else:
            return None
    return total + section + (digit or 0)
