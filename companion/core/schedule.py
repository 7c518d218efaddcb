"""When something that was set falls due, in the person's own zone. Pure.

Laws:
- An occurrence is named by the time on the wall at which it was set, so that a clock that is turned back (or a night
  that has an hour twice) never makes a second one of it.
- A time that the clock jumps over falls due when the clock has jumped: nothing that was set is lost to summer time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_DAY: Final = frozenset(range(7))
_DAY_MINUTES: Final = 24 * 60
_SHORTEST_ROUND: Final = 15
"""Minutes between two of a series: more often nobody wants to be reminded of anything."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which something falls due."""

    name: str
    """Day and time on the wall as they were set: ``2026-11-27T08:00``."""
    at: datetime
    """When that is; aware, UTC."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the day in which 말벗 does not speak first; none where both are the same."""

    begin: time
    end: time
    """May be smaller than ``begin``: the night."""

    def holds(self, moment: datetime, zone: tzinfo) -> bool:
        """Return whether a moment lies within them."""
        wall = moment.astimezone(zone).time().replace(tzinfo=None)
        if self.begin <= self.end:
            return self.begin <= wall < self.end
        return wall >= self.begin or wall < self.end

    def over_at(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return the first moment from ``moment`` on that lies outside of them; UTC."""
        if not self.holds(moment, zone):
            return moment.astimezone(UTC)
        local = moment.astimezone(zone)
        ends = [_instant(local.date() + timedelta(days=ahead), self.end, zone) for ahead in (0, 1, 2)]
        return next(one for one in ends if one > moment and not self.holds(one, zone))


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times of the day, on some days."""

    times: tuple[time, ...]
    """At least one; in order, without doubles."""
    days: frozenset[int] = _EVERY_DAY
    """Days of the week, 0 is Monday."""
    on: date | None = None
    """The only day, for what happens once."""
    until: date | None = None
    """The last day, inclusive."""
    paused_until: date | None = None
    """The first day on which it is said again."""
    in_quiet_hours: bool = False
    """Whether the family wants it said in quiet hours too."""

    @classmethod
    def parse(cls, table: Mapping[str, object]) -> Schedule:
        """Read a schedule as it lies in the record.

        Raises:
            ValueError: It says no time that can be understood; the message names the part.
        """
        times = (*_times(table.get("times", table.get("at", ()))), *_series(table))
        if not times:
            raise ValueError("times")
        return cls(
            times=tuple(sorted(set(times))),
            days=_days(table.get("days")),
            on=_day(table, "on"),
            until=_day(table, "until"),
            paused_until=_day(table, "paused_until"),
            in_quiet_hours=bool(table.get("in_quiet_hours", False)),
        )

    def is_on(self, day: date) -> bool:
        """Return whether anything falls due on a day."""
        return (
            (self.on is None or day == self.on)
            and day.weekday() in (self.days if self.on is None else _EVERY_DAY)
            and (self.until is None or day <= self.until)
            and (self.paused_until is None or day >= self.paused_until)
        )

    def between(self, after: datetime, until: datetime, zone: tzinfo) -> Iterator[Occurrence]:
        """Yield what falls due later than ``after`` and not later than ``until``, by day and time on the wall."""
        day, last = (moment.astimezone(zone).date() for moment in (after, until))
        day -= timedelta(days=1)
        while day <= last:
            for wall in self.times if self.is_on(day) else ():
                at = _instant(day, wall, zone)
                if after < at <= until:
                    yield Occurrence(f"{day.isoformat()}T{wall:%H:%M}", at)
            day += timedelta(days=1)


def _instant(day: date, wall: time, zone: tzinfo) -> datetime:
    """Return the moment of a time on the wall; the first one where it comes twice, the jump where it is left out."""
    return datetime.combine(day, wall, zone).astimezone(UTC)


def _times(value: object) -> Sequence[time]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, Sequence):
        raise ValueError("times")  # noqa: TRY004 - one kind of error for whatever was typed
    return [clock_time(str(one)) for one in listed]


def clock_time(text: str) -> time:
    """Return the time that ``8:00``, ``08:00`` or ``20:30`` says.

    Raises:
        ValueError: It says none.
    """
    hour, colon, minute = text.strip().partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2):  # noqa: PLR2004 - two digits
        raise ValueError("times")
    return time(int(hour), int(minute))


def _series(table: Mapping[str, object]) -> Iterator[time]:
    """Yield the times of "every two hours from nine to seven"."""
    if "every_minutes" not in table:
        return
    step = table["every_minutes"]
    if not isinstance(step, int) or isinstance(step, bool) or not _SHORTEST_ROUND <= step < _DAY_MINUTES:
        raise ValueError("every_minutes")
    begin, end = (clock_time(str(table.get(name, ""))) for name in ("from", "to"))
    minute, last = begin.hour * 60 + begin.minute, end.hour * 60 + end.minute
    if minute > last:
        raise ValueError("from")
    while minute <= last:
        yield time(*divmod(minute, 60))
        minute += step


def _days(value: object) -> frozenset[int]:
    if value is None:
        return _EVERY_DAY
    if not isinstance(value, Sequence) or isinstance(value, str) or not value or not set(value) <= set(WEEKDAYS):
        raise ValueError("days")
    return frozenset(WEEKDAYS.index(str(one)) for one in value)


def _day(table: Mapping[str, object], name: str) -> date | None:
    value = table.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(name) from None
