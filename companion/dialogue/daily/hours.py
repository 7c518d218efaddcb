"""Times as they are said ("두 시 반", "내일 아침 아홉 시에", "삼십 분 있다가"), resolved to a moment. Pure.

A time without its half of the day is the next one that comes while people are awake. What is over already is said to
be: it is asked for again and never moved to another day by guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from companion.core.numerals import parse_spoken_number
from companion.dialogue.spoken_dates import SpokenDate, SpokenDates
from companion.errors import PromptError

FILE: Final = "daily/asked.ko.toml"
_HALF_DAY: Final = 12
_DAY: Final = 24
_MINUTES: Final = 60
_LAST_MINUTE: Final = 59
_LENGTHS: Final = ("hours", "minutes", "hour_half", "half_hour")
"""What of a length of time says how long it is."""


@dataclass(frozen=True, slots=True)
class When:
    """A time that was said."""

    at: datetime | None
    """Aware, in the zone of the moment of speaking; None where the hour was not said or the time is over."""
    daily: bool = False
    day: date | None = None
    """The day that was named; None where none was."""
    past: bool = False
    """Whether the time that was said is over."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where in the text it was said."""

    def without(self, text: str) -> str:
        """Return the text without the time."""
        for start, end in sorted(self.spans, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        return text


class SpokenHours:
    """Built once from ``[time]`` of ``prompts/daily/asked.ko.toml``.

    Args:
        table: That part.
        dates: Reads days.

    Raises:
        PromptError: A part is missing or is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any], dates: SpokenDates) -> None:
        self._dates = dates
        try:
            number = str(table["number"])
            self._parts = {str(name): (int(span[0]), int(span[1])) for name, span in table["parts"].items()}
            self._waking, self._woken = ((int(span[0]), int(span[1])) for span in (table["waking"], table["woken"]))
            self._before = re.compile(str(table["before"]).replace("{number}", number))
            self._some_time_before = re.compile(table["some_time_before"])
            self._leaves_at = re.compile(table["leaves_at"])
            self.clock_source = str(table["clock"]).replace("{number}", number)
            self._clock = re.compile(self.clock_source + str(table["at"]))
            self._ahead = re.compile(str(table["ahead"]).replace("{number}", number))
            self._part, self._daily = re.compile(table["part_alone"]), re.compile(table["daily"])
            self._at_day = re.compile(table["at_day"])
            self._later, self._after = re.compile(table["later"]), re.compile(table["behind"])
            self._instead, self._changed = re.compile(table["instead"]), re.compile(table["changed"])
            self._named = {str(name): int(hour) for name, hour in table["named"].items()}
            self._misheard = {str(heard): str(meant) for heard, meant in table["heard"].items()}
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error

    @staticmethod
    def _named_day(days: Sequence[SpokenDate], clock: re.Match[str] | None) -> SpokenDate:
        """Return the day that an hour is of: the last before it, of several (토요일에 온다고 금요일 여섯 시에)."""
        before = [one for one in days if clock is not None and one.start < clock.start()]
        return before[-1] if before else days[0]

    def put_right(self, text: str) -> str:
        """Return what puts a time right, where that is said, else the text: 아니 열 시가 아니고 아홉 시 반."""
        for clock in self._clock.finditer(text):
            if self._changed.match(text, clock.end()):
                return clock[0]
        *_, last = (None, *self._instead.finditer(text))
        right = text if last is None else text[last.end() :]
        return right if self._clock.search(right) else text

    def puts_right(self, text: str) -> bool:
        """Return whether an hour is named that is meant instead of another: 여덟 시로 바꿔, 일곱 시 말고."""
        changed = any(self._changed.match(text, one.end()) for one in self._clock.finditer(text))
        return changed or self.put_right(text) != text

    def without_clocks(self, text: str) -> str:
        """Return the text without the hours that stand in it with their particle: 두 시에, 일곱 시 되면."""
        return self._clock.sub(lambda match: " " if match["at"] else match[0], text)

    def find(self, text: str, now: datetime, day: date | None = None, *, wakes: bool = False) -> When | None:
        """Return the time that is said; None where none is, with no moment where only the day is.

        Args:
            text: Without the verb that asks.
            now: Aware.
            day: That was named before; one that is named now is meant instead.
            wakes: Whether the person wants to be woken: a bare six is of the morning then, where a day is named.
        """
        ahead = self._in_a_while(text, now)
        if ahead is not None:
            return ahead
        leaves = self._leaves_at.search(text) if wakes else None
        if leaves is not None and self._clock.search(text, leaves.end()) is not None:
            # 아홉 시에 병원 가야 되니까 일곱 시에 깨워 줘: the hour of leaving is none of waking.
            left = self._clock.search(text)
            begin = leaves.start() if left is None else left.start()
            text, leaves = f"{text[:begin]}{' ' * (leaves.end() - begin)}{text[leaves.end() :]}", None
        daily, days, clock = self._daily.search(text), self._dates.find(text, now), self._clock_in(text)
        some = self._some_time_before.search(text) or leaves
        if some is not None:
            # 일곱 시에 트럭이 와, 그 전에 깨워 줘: how long before is not said, so no hour is.
            begin = some.start() if clock is None else min(clock.start(), some.start())
            return When(None, spans=((begin, some.end()),))
        spans = [
            (one.start, self._behind(text, one.end))
            for one in days
            if clock is None or not _overlaps(one.start, one.end, clock)
        ]
        spans += [match.span() for match in (daily, self._later.search(text)) if match is not None]
        named = bool(days) and any(self._is_day(text[one.start : one.end]) for one in days)
        day = self._named_day(days, clock).due.date() if named else day
        part = self._part.search(text)
        if clock is not None:
            earlier = self._earlier(text, clock)
            spans += [clock.span(), *([] if earlier is None else [earlier.span()])]
            of_day = clock["part"] or self._part_in("" if daily is None else daily[0])
            found = self._resolved(clock, of_day, day, now, awake=self._woken if wakes else self._waking)
            found = found.before(self._length(earlier))
        elif part is None:
            return self._unsaid(text, When(None, daily is not None, day, spans=_merged(spans)), now)
        else:
            within = next((one for one in days if one.start <= part.start() < one.end), None)
            spans.append(part.span())
            found = self._part_of(part["part"], day, within.due if within and named else None, now)
        # At ten, seven in the morning is tomorrow's; at nine in the evening, eight in the evening may be a slip.
        morning = clock is not None and clock["part"] and found.said is not None and found.said.hour < _DAY // 2
        if (daily is not None or (morning and day is None)) and found.past and found.said is not None:
            found = _Found(found.said + timedelta(days=1), found.said)
        return When(None if found.past else found.at, daily is not None, day, found.past, _merged(spans))

    def _clock_in(self, text: str) -> re.Match[str] | None:
        """Return the hour that is meant: the last with its particle (일곱 시 차니까 여섯 시에), else the first."""
        clocks = list(self._clock.finditer(text))
        return next((one for one in reversed(clocks) if one["at"]), clocks[0] if clocks else None)

    def _earlier(self, text: str, clock: re.Match[str]) -> re.Match[str] | None:
        """Return how long before an hour it is to be: 다섯 시에 드라마 하니까 십 분 전에."""
        found = (one for one in self._before.finditer(text, clock.end()) if one["hours"] or one["minutes"])
        return next(found, None)

    def _length(self, match: re.Match[str] | None) -> timedelta:
        if match is None:
            return timedelta()
        return timedelta(hours=self._number(match["hours"]) or 0, minutes=self._number(match["minutes"]) or 0)

    def _unsaid(self, text: str, when: When, now: datetime) -> When | None:
        """Return a time without its hour, where anything says that there is one; "today" alone does not."""
        behind = self._after.search(text)
        if behind is not None:
            return replace(when, spans=_merged((*when.spans, (behind.start(), behind.start()))))
        only_today = when.day == now.date() and len(when.spans) == 1 and not when.daily
        if only_today and self._later.search(text) is None:
            return None
        return when if when.spans else None

    def _behind(self, text: str, end: int) -> int:
        """Return where a day ends with its particle."""
        match = self._at_day.match(text, end)
        return end if match is None else match.end()

    def _is_day(self, said: str) -> bool:
        """Whether words name a day, and not only a part of one, or some time later."""
        return self._part.fullmatch(said) is None and self._later.fullmatch(said) is None

    def _in_a_while(self, text: str, now: datetime) -> When | None:
        match = next((one for one in self._ahead.finditer(text) if any(one[name] for name in _LENGTHS)), None)
        if match is None:
            return None
        minutes = _MINUTES * (self._number(match["hours"]) or 0) + (self._number(match["minutes"]) or 0)
        minutes += _MINUTES // 2 if match["hour_half"] or match["half_hour"] else 0
        at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        return When(at, spans=(match.span(),)) if 0 < minutes <= _DAY * _MINUTES else None

    def _part_in(self, said: str) -> str:
        """Return the part of the day in words that say how often: 아침마다."""
        return next((part for part in self._parts if said.startswith(part)), "")

    def _resolved(
        self, clock: re.Match[str], part: str, day: date | None, now: datetime, *, awake: tuple[int, int]
    ) -> _Found:
        hour = self._named[clock["named"]] if clock["named"] else self._number(clock["hour"])
        minute = 30 if clock["half"] else (self._number(clock["minute"]) or 0)
        if hour is None or hour > _DAY or minute > _LAST_MINUTE:
            return _Found(None, None)
        minute = -minute if clock["early"] else minute
        begin, end = self._parts[part] if part else awake
        earliest = min(_EARLIEST, begin) if awake == self._woken else _EARLIEST
        hours = [hour] if hour > _HALF_DAY else [hour % _HALF_DAY, hour % _HALF_DAY + _HALF_DAY]
        fitting = [one for one in (*hours, *(one + _DAY for one in hours)) if begin <= one < end] or hours
        if day is not None and day > now.date() and not part:
            fitting = [_usual(fitting, earliest)]
        sayable = [_moment(day or now.date(), one, minute, now) for one in fitting]
        coming = next((at for at in sayable if at > now), None)
        if coming is not None:
            return _Found(coming, coming)
        if day is None and not part:
            tomorrow = _moment(now.date() + timedelta(days=1), _usual(fitting, earliest), minute, now)
            return _Found(tomorrow, tomorrow)
        return _Found(None, sayable[-1])

    def on_the_half_of(self, before: datetime | None, when: When, text: str) -> When:
        """Return a time on the half of the day of the one that was named before, where a text does not say which.

        Who put seven in the morning right to half past six does not mean the evening.
        """
        if (
            before is None
            or when.at is None
            or when.at.date() != before.date()
            or any(one in text for one in self._parts)
        ):
            return when
        halves = timedelta(hours=(before.hour // _HALF_DAY - when.at.hour // _HALF_DAY) * _HALF_DAY)
        return replace(when, at=when.at + halves)

    def _number(self, said: str | None) -> int | None:
        if not said:
            return None
        return int(said) if said.isdigit() else parse_spoken_number(self._misheard.get(said, said))

    def _part_of(self, part: str, day: date | None, due: datetime | None, now: datetime) -> _Found:
        """Return the usual hour of a part of the day, as days are read elsewhere."""
        if due is not None:
            hour = due.hour
        else:
            found = self._dates.find(f"{part}에", now)
            hour = found[0].due.hour if found else self._parts[part][0]
        at = _moment(day or now.date(), hour, 0, now)
        return _Found(at, at) if at > now else _Found(None, at)


@dataclass(frozen=True, slots=True)
class _Found:
    at: datetime | None
    said: datetime | None
    """The moment that was said, also where it is over."""

    def before(self, length: timedelta) -> _Found:
        """Return the time so long before this one."""
        return _Found(self.at and self.at - length, self.said and self.said - length)

    @property
    def past(self) -> bool:
        return self.at is None and self.said is not None


def _moment(day: date, hour: int, minute: int, now: datetime) -> datetime:
    """Return an hour of a day, past 24 of the next, and so many minutes after it, or before."""
    days, hour = divmod(hour, _DAY)
    return datetime.combine(day + timedelta(days=days), time(hour), now.tzinfo) + timedelta(minutes=minute)


def _usual(hours: Sequence[int], earliest: int) -> int:
    """Return the hour that is meant of a day that is not today: seven and later are of the morning."""
    return next((one for one in hours if one >= earliest), hours[0])


_EARLIEST: Final = 7
"""Hours before this one are those of the afternoon where nothing else is said, as in ``spoken_dates``."""


def _overlaps(start: int, end: int, clock: re.Match[str]) -> bool:
    return start < clock.end() and clock.start() < end


def _merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the spans with those that overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
