"""Counts of days, times and weeks as they are said, and what they come to in the window.

``사흘에 한 번`` is 14/3 days, ``일주일에 두세 번`` four to six, ``보름 중에 열흘`` ten, ``열흘 넘게`` eleven or more,
``하루 빼고 다`` thirteen. Numbers come from ``core.numerals``; the words around them are data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.numerals import read_native, read_sino
from companion.screening.answer.letters import Letters
from companion.screening.answer.signs import Days, Sign, SignKind

_MOST_COUNTED: Final = 31
_DAYS_OF: Final = {"day": 1, "times": 1, "week": 7, "month": 30, "year": 365}
_NO_DAYS: Final = frozenset({"이", "일", "한", "두", "세", "네", "하나", "둘", "서", "석", "넉"})
"""이 일 is this matter, 한 일 what was done: no count of days."""
_SINO: Final = frozenset(read_sino(number) for number in range(1, 32))
"""번 counts with native numbers; 이번 and 일번 are none."""
_NOT_ONCE: Final = ("안", "못", "을안", "을못", "없", "을없")
"""짜증 한 번 안 내고: not even once."""
_HALF: Final = "half"
_WEEK: Final = 7
_FORTNIGHT: Final = 14
_IN_TEN: Final = 10
"""열 번이면 일곱 번은: a share, not a period."""
_MORE_THAN_A_WEEK: Final = 11
"""More than a week, with no upper end named: the option says "7 days or more", and nearly every day is another."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """A count with its unit, in letters."""

    low: float
    high: float
    unit: str
    """day, times, week, month, year; half for a share of the period."""
    start: int
    end: int

    @property
    def days(self) -> Days:
        """As days, or times taken as days."""
        length = _DAYS_OF.get(self.unit, 1)
        return Days(self.low * length, self.high * length)


class Amounts:
    """Finds counted days in a reply. Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the table.

        Raises:
            KeyError: A part is missing.
            re.error: A pattern cannot be read.
        """
        self._numbers = _numbers(table["number"])
        self._day_words = {str(word): (int(low), int(high)) for word, (low, high) in table["day_word"].items()}
        self._shares = {name: re.compile(source) for name, source in table["half"].items()}
        around = table["amount"]
        self._between = {name: re.compile(around[name]) for name in ("rate", "range", "sum")}
        self._after = {
            name: re.compile(around[name])
            for name in ("every", "each", "except", "since", "ago", "more", "less", "near", "only")
        }
        self._window = re.compile(str(around["window"]))
        self._of_things = re.compile(str(around["of_things"]))
        self._period = re.compile(str(around["period"]))
        units = "|".join(f"(?P<{name}>{source})" for name, source in table["unit"].items())
        number = "|".join(sorted(self._numbers, key=len, reverse=True))
        self._counted = re.compile(f"(?P<number>[0-9]+|{number})(?:{units})")
        self._day_word = re.compile("|".join(sorted(self._day_words, key=len, reverse=True)))

    def find(self, letters: Letters, window: int) -> tuple[Sign, ...]:
        """Return the counts as signs, in order, none overlapping another."""
        amounts = list(self._scan(letters))
        found: list[Sign] = []
        index = 0
        while index < len(amounts):
            sign, used = self._weigh(letters.compact, amounts[index:], window)
            if sign is not None:
                found.append(sign)
            index += used
        return tuple(found)

    def _scan(self, letters: Letters) -> Iterator[_Amount]:
        text, place = letters.compact, 0
        while place < len(text):
            amount = self._amount_at(letters, place)
            if amount is None:
                place += 1
                continue
            yield amount
            place = amount.end

    def _amount_at(self, letters: Letters, place: int) -> _Amount | None:
        text = letters.compact
        word = self._day_word.match(text, place)
        if word and not _is_no_count(text, word) and not self._of_things.match(text, word.end()):
            low, high = self._day_words[word.group()]
            return _Amount(low, high, "day", place, word.end())
        if counted := self._counted.match(text, place):
            if self._begins_here(letters, place):
                return self._counted_amount(counted)
            return None
        for name, share in ((_HALF, 1 / 2), ("third", 1 / 3), ("two_thirds", 2 / 3)):
            if (match := self._shares[name].match(text, place)) and self._begins_here(letters, place):
                return _Amount(share, share, _HALF, place, match.end())
        return None

    def _begins_here(self, letters: Letters, place: int) -> bool:
        """A number begins a word, or follows 한, 약 and the like, or another amount."""
        if place in letters.word_starts:
            return True
        before = letters.compact[max(0, place - 2) : place]
        return before.endswith(
            ("한", "약", "에", "은", "도", "면", "중", "간", "쯤", "의", "지", "서", "주", "데", "안", "나")
        )

    def _counted_amount(self, match: re.Match[str]) -> _Amount | None:
        written = match["number"]
        low, high = (int(written), int(written)) if written.isdigit() else self._numbers[written]
        unit = next(name for name in ("day", "times", "week", "month", "year") if match[name])
        # No count of days is longer than a year.
        if low > _DAYS_OF["year"] + 1 or _counts_nothing(match, written, unit):
            return None
        return _Amount(low, high, unit, match.start(), match.end())

    def _weigh(self, text: str, amounts: list[_Amount], window: int) -> tuple[Sign | None, int]:
        """Return what the first amount, with those that belong to it, comes to, and how many were used."""
        first = amounts[0]
        if len(amounts) > 1:
            second = amounts[1]
            between = text[first.end : second.start]
            if self._between["rate"].fullmatch(between) and (_is_period(first) or first.low == _IN_TEN):
                count, used = self._joined(text, amounts[1:])
                return self._rate(text, first, count, window), used + 1
        if match := self._after["every"].match(text, first.end):
            period = Days(first.days.low + 1, first.days.high + 1)
            days = Days(window / period.high, window / period.low)
            end = _past_the_count(amounts, match.end())
            return _sign("amount.every", first.start, end, days), 1 + (end > match.end())
        if (match := self._after["each"].match(text, first.end)) and first.unit == "day":
            days = Days(window / first.high, window / first.low)
            end = _past_the_count(amounts, match.end())
            return _sign("amount.each", first.start, end, days), 1 + (end > match.end())
        joined, used = self._joined(text, amounts)
        return self._alone(text, joined, window), used

    def _joined(self, text: str, amounts: list[_Amount]) -> tuple[_Amount, int]:
        """Join amounts that are one count: 이틀인가 사흘인가, 닷새에서 엿새, 어제 하루하고 또 하루."""
        first = amounts[0]
        if len(amounts) > 1:
            second = amounts[1]
            between = text[first.end : second.start]
            if first.unit == second.unit or {first.unit, second.unit} <= {"day", "times"}:
                if self._between["sum"].fullmatch(between):
                    both = replace(first, low=first.low + second.low, high=first.high + second.high, end=second.end)
                    return both, 2
                if self._between["range"].fullmatch(between) and first.low <= second.high:
                    both = replace(
                        first,
                        low=min(first.low, second.low),
                        high=max(first.high, second.high),
                        end=second.end,
                    )
                    return both, 2
        return first, 1

    def _rate(self, text: str, period: _Amount, count: _Amount, window: int) -> Sign | None:
        length = period.days
        if count.unit == _HALF:
            base = _changed_share(self, text, count, window)
            return _sign("amount.share", period.start, base[1], base[0])
        if count.unit not in {"day", "times"}:
            return None
        days, end = self._changed(text, count)
        if length.high >= _WEEK and (left_out := self._after["except"].match(text, end)):
            return _sign("amount.except", period.start, left_out.end(), _but(days, length, window))
        if length.high >= window:
            # 보름에 열흘, 두 주에 네 번: of the window itself; of a month, its share of it.
            scale = window / length.high if length.high > _FORTNIGHT + 1 else 1.0
            return _sign("amount.of_window", period.start, end, Days(days.low * scale, days.high * scale))
        if length.high <= 1:
            return replace(_sign("amount.daily", period.start, end, Days(window, window)), sure=False)
        share = Days(days.low * window / length.high, days.high * window / length.low)
        return replace(_sign("amount.rate", period.start, end, share), sure=_is_period(period))

    def _alone(self, text: str, amount: _Amount, window: int) -> Sign | None:
        if amount.unit == _HALF:
            days, end = _changed_share(self, text, amount, window)
            return _sign("amount.share", amount.start, end, days)
        if self._period.match(text, amount.end):
            return None
        if match := self._after["except"].match(text, amount.end):
            days = Days(window - amount.days.high, window - amount.days.low)
            return _sign("amount.except", amount.start, match.end(), days)
        return self._in_time(text, amount, window)

    def _in_time(self, text: str, amount: _Amount, window: int) -> Sign | None:
        """Return a count as a duration, a point in the past, or a plain count."""
        if match := self._after["since"].match(text, amount.end):
            sure = amount.days.low < window or amount.unit in {"day", "week"}
            days = amount.days.within(window)
            return replace(_sign("amount.since", amount.start, match.end(), days), sure=sure)
        if match := self._after["ago"].match(text, amount.end):
            is_point = amount.days.low <= window and amount.unit != "times"
            ago = replace(_sign("amount.ago", amount.start, match.end(), Days(1, 1)), sure=False)
            return ago if is_point else None
        if amount.unit in {"month", "year"}:
            return replace(_sign("amount.long", amount.start, amount.end, Days(window, window)), sure=False)
        days, end = self._changed(text, amount)
        is_window = days.low >= _WEEK and self._window.match(text, amount.end)
        rule = "amount.window" if is_window else "amount.times" if amount.unit == "times" else "amount.count"
        return _sign(rule, amount.start, end, days)

    def _changed(self, text: str, amount: _Amount) -> tuple[Days, int]:
        """Return the days after 넘게, 못 되게, 가까이, and where that ends."""
        days = amount.days
        if match := self._after["less"].match(text, amount.end):
            return Days(max(days.low - 2, 0), max(days.high - 1, 0), max(days.low - 1, 0)), match.end()
        if match := self._after["more"].match(text, amount.end):
            inclusive = match.group().endswith("이상")
            if days.low == days.high == _WEEK:
                return Days(_WEEK if inclusive else _WEEK + 1, _MORE_THAN_A_WEEK), match.end()
            return Days(days.low + (not inclusive), days.high + 2, days.low + (not inclusive)), match.end()
        if match := self._after["near"].match(text, amount.end):
            return Days(days.low - 1, days.high, days.low - 1), match.end()
        if match := self._after["only"].match(text, amount.end):
            return days, match.end()
        return days, amount.end

    def share_words(self, text: str, place: int) -> tuple[str, int]:
        """Return which of more, less, near stands at a place, and where it ends; an empty name for none."""
        for name in ("less", "more", "near"):
            if match := self._after[name].match(text, place):
                return name, match.end()
        return "", place


def _but(days: Days, period: Days, window: int) -> Days:
    """두 주 동안 이틀 빼고: what is left of a period, in the window."""
    scale = window / period.high
    return Days((period.high - days.high) * scale, (period.high - days.low) * scale)


def _changed_share(amounts: Amounts, text: str, share: _Amount, window: int) -> tuple[Days, int]:
    name, end = amounts.share_words(text, share.end)
    middle = share.low * window
    match name:
        case "less":
            return Days(max(middle - 4, 1), middle - 1), end
        case "more":
            return Days(middle, min(middle + 4, window)), end
        case "near":
            return Days(middle - 1, middle, middle - 1), end
        case _:
            return Days(middle, middle), end


def _past_the_count(amounts: list[_Amount], end: int) -> int:
    """이틀 걸러 한 번: the once that follows says nothing new."""
    if len(amounts) > 1 and amounts[1].unit in {"times", "day"} and amounts[1].start - end <= 1:
        return amounts[1].end
    return end


def _is_period(amount: _Amount) -> bool:
    return amount.unit in {"day", "week", "month"}


def _counts_nothing(match: re.Match[str], written: str, unit: str) -> bool:
    """이 일, 이번, 이 달, 안 한 날, 한 번도, 한 번 안: a number that counts neither days nor times."""
    following = match.string[match.end() : match.end() + 2]
    match unit:
        case "day":
            return (match["day"].startswith("일") and written in _NO_DAYS) or (match["day"] == "날" and written == "한")
        case "times":
            return (
                written in _SINO
                or following.startswith(("도", "두"))
                or (written == "한" and following.startswith(_NOT_ONCE))
            )
        case "month":
            return match["month"] == "달" and written in _SINO
        case _:
            return False


def _is_no_count(text: str, match: re.Match[str]) -> bool:
    """하루하루, 하루도, 하루 종일, 하루해: no count of days."""
    if text.startswith(("이멀", "가멀"), match.end()):
        return True
    if match.group() != "하루":
        return False
    return text.startswith(
        ("하루", "도", "종일", "온종일", "해가", "가", "같이", "빨리", "속히", "아침"),
        match.end(),
    )


def _sign(rule: str, start: int, end: int, days: Days) -> Sign:
    return Sign(SignKind.DAYS, start, end, rule, days, counted=True)


def _numbers(words: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return every number word before a counter, with the range that it may mean."""
    found: dict[str, tuple[int, int]] = {}
    for number in range(1, _MOST_COUNTED + 1):
        for reading in (read_native(number), read_native(number, before_counter=False), read_sino(number)):
            found[reading] = (number, number)
    return found | {str(word): (int(low), int(high)) for word, (low, high) in words.items()}
