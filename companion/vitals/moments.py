"""Moments as files spell them: with or without a zone, Korean mornings, day numbers of Excel, day or month first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Final

_ISO: Final = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ]+(?P<rest>.*))?", re.DOTALL)
_KOREAN: Final = re.compile(r"(?P<y>\d{4})\s*[.년]\s*(?P<m>\d{1,2})\s*[.월]\s*(?P<d>\d{1,2})\s*[.일]?\s*(?P<rest>.*)")
_TURNED: Final = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?:[T ,]+(?P<rest>.*))?")
_CLOCK: Final = re.compile(
    r"(?P<before>오전|오후|am|pm)?\s*(?P<h>\d{1,2})(?::|시\s*)(?P<min>\d{1,2})분?(?::(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<after>오전|오후|am|pm)?\s*(?P<zone>z|(?:utc|gmt)?\s*[+-]\d{1,2}:?\d{2}|utc|gmt)?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a day number has no zone
_EXCEL_DAYS: Final = (20_000, 80_000)
"""1954 to 2119."""
_SECONDS: Final = (10**9, 10**10)
_MILLISECONDS: Final = (10**12, 10**13)
_CENTURY: Final = 100
_NOON: Final = 12


class Order(StrEnum):
    """Which of two small numbers is the day."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


@dataclass(frozen=True, slots=True)
class Calendar:
    """How moments without a zone, and dates that could be two days, are read."""

    zone: tzinfo
    order: Order | None = None
    """None where it is not known: then such a date is no moment."""

    def moment(self, text: str) -> datetime | None:
        """Return the moment that a text is, aware; None where it is none or could be two."""
        words = " ".join(text.replace(" ", " ").split())
        if _NUMBER.fullmatch(words):
            return self._counted(float(words))
        for pattern in (_ISO, _KOREAN, _TURNED):
            if found := pattern.fullmatch(words):
                return self._written(found)
        return None

    def _counted(self, number: float) -> datetime | None:
        if _MILLISECONDS[0] <= number < _MILLISECONDS[1]:
            return datetime.fromtimestamp(number / 1000, UTC)
        if _SECONDS[0] <= number < _SECONDS[1]:
            return datetime.fromtimestamp(number, UTC)
        if _EXCEL_DAYS[0] <= number < _EXCEL_DAYS[1]:
            # A spreadsheet keeps seconds as fractions of a day: rounded, or 09:00 comes back as 08:59:59.
            return (_EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))).replace(tzinfo=self.zone)
        return None

    def _written(self, found: re.Match[str]) -> datetime | None:
        groups = found.groupdict()
        day = self._day(groups)
        rest = (groups.get("rest") or "").strip()
        clock = _CLOCK.fullmatch(rest) if rest else None
        if day is None or (rest and clock is None):
            return None
        try:
            return self._at(day, clock)
        except (ValueError, OverflowError):
            return None

    def _day(self, groups: dict[str, str | None]) -> tuple[int, int, int] | None:
        year = int(groups["y"] or 0)
        if "m" in groups:
            return year, int(groups["m"] or 0), int(groups["d"] or 0)
        first, second = int(groups["a"] or 0), int(groups["b"] or 0)
        order = self.order or sure_order(first, second)
        if order is None:
            return None
        year += 2000 if year < _CENTURY else 0
        return (year, second, first) if order is Order.DAY_FIRST else (year, first, second)

    def _at(self, day: tuple[int, int, int], clock: re.Match[str] | None) -> datetime:
        if clock is None:
            return datetime.combine(date(*day), time.min, self.zone)
        hour = int(clock["h"])
        half = (clock["before"] or clock["after"] or "").lower()
        if half in ("오후", "pm") and hour < _NOON:
            hour += _NOON
        elif half in ("오전", "am") and hour == _NOON:
            hour = 0
        fraction = int((clock["f"] or "0").ljust(6, "0")[:6])
        zone = _offset(clock["zone"]) or self.zone
        moment = time(hour, int(clock["min"]), int(clock["s"] or 0), fraction)
        return datetime.combine(date(*day), moment, zone)


def sure_order(first: int, second: int) -> Order | None:
    """Return the only order in which two numbers are a day and a month; None where both or neither would do."""
    day_first, month_first = first > _NOON >= second, second > _NOON >= first
    if first == second:
        return Order.DAY_FIRST  # the same day either way
    if day_first == month_first:
        return None
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


def order_in(text: str) -> Order | None:
    """Return the order that one date proves, None where it proves none."""
    found = _TURNED.fullmatch(" ".join(text.split()))
    if found is None or found["a"] == found["b"]:
        return None
    return sure_order(int(found["a"]), int(found["b"]))


def is_turned(text: str) -> bool:
    """Return whether a date ends with its year and could be two days."""
    found = _TURNED.fullmatch(" ".join(text.split()))
    return found is not None and sure_order(int(found["a"]), int(found["b"])) is None


def offset_of(text: str) -> tzinfo | None:
    """Return the zone of texts such as ``UTC+0900`` or ``-07:00``."""
    return _offset(text.strip()) if text.strip() else None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})", text)
    if found is None:
        return UTC if text.lower().strip() in ("z", "utc", "gmt") else None
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
