"""Where a moment lies on the line of a chart, and which months or days are named below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from companion.exchange.dossier import Dossier
from companion.exchange.report.words import Words

_SHORTEST: Final = timedelta(days=7)
_BY_DAYS: Final = 62
"""Up to so many days, weeks are named; above, months."""
_NAMES: Final = 13
"""At most so many names below a chart."""
_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a chart shows; never shorter than a week."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, dossier: Dossier) -> Span:
        """Return the span of a dossier."""
        return cls(dossier.since, max(dossier.until, dossier.since + _SHORTEST))

    def place(self, at: datetime) -> float:
        """Return where a moment lies: 0 at the left, 1 at the right; outside the span at its ends."""
        share = (at - self.since) / (self.until - self.since)
        return round(min(max(share, 0.0), 1.0), _DECIMALS)

    def noon(self, day: date, words: Words) -> float:
        """Return where a day lies."""
        return self.place(datetime.combine(day, time(12), words.zone))

    def names(self, words: Words) -> Iterator[Mapping[str, object]]:
        """Yield places and names of months, or of Mondays where the span is short."""
        first = self.since.astimezone(words.zone).date()
        last = self.until.astimezone(words.zone).date()
        days = list(_mondays(first, last) if (last - first).days <= _BY_DAYS else _firsts(first, last))
        step = -(-len(days) // _NAMES) or 1
        by_days = (last - first).days <= _BY_DAYS
        named = days[::step]
        for index, day in enumerate(named):
            # A year needs room: where the next name has one, the first does without.
            before_new_year = named[index + 1 : index + 2] == [date(day.year + 1, 1, 1)]
            with_year = day.month == 1 or (index == 0 and not before_new_year)
            kind = "day" if by_days else "year" if with_year else "month"
            at = datetime.combine(day, time(), words.zone)
            name = words.text(f"charts.{kind}", year=day.year, month=day.month, day=day.day)
            yield {"at": self.place(at), "label": name}


def _mondays(first: date, last: date) -> Iterator[date]:
    day = first + timedelta(days=-first.weekday() % 7)
    while day <= last:
        yield day
        day += timedelta(days=7)


def _firsts(first: date, last: date) -> Iterator[date]:
    year, month = (first.year, first.month) if first.day == 1 else _next(first.year, first.month)
    while (day := date(year, month, 1)) <= last:
        yield day
        year, month = _next(year, month)


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + month // 12, month % 12 + 1)
