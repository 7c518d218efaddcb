"""What 말벗 says around what the person asks to be told at some time (``[say]`` of ``prompts/daily/asked.ko.toml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from companion.core.life import Reminder
from companion.core.schedule import Schedule
from companion.core.turn import Reply, ReplySource
from companion.dialogue.daily.asking import FILE
from companion.dialogue.moment import SpokenTime
from companion.dialogue.slots import filled, slots_of
from companion.errors import PromptError

MOST_LISTED: Final = 3
_SLOTS: Final = frozenset({"when", "what", "items"})
_AT: Final = "에"


class Asked(StrEnum):
    """The sentences, by their key."""

    CONFIRM = "confirm"
    KEPT_RUNNING = "kept_running"
    KEPT_TALKING = "kept_talking"
    LEFT = "left"
    WHICH_TIME = "which_time"
    WHAT = "what"
    PAST = "past"
    NOT_KEPT = "not_kept"
    TROUBLE = "trouble"
    DUE = "due"
    LISTED = "listed"
    BETWEEN = "between"
    LISTED_NOTHING = "listed_nothing"
    CANCELLED = "cancelled"
    WHICH_ONE = "which_one"


class AskedWords:
    """Built once from the table and what says a time.

    Raises:
        PromptError: A sentence is missing, or has a slot that nobody fills.
    """

    def __init__(self, table: Mapping[str, Any], spoken: SpokenTime) -> None:
        self._spoken = spoken
        try:
            self._said = {key: str(table["say"][key]) for key in Asked}
            day = table["day"]
            self._tomorrow, self._after, self._daily = (
                str(day[name]) for name in ("tomorrow", "after_tomorrow", "every")
            )
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        for key, text in self._said.items():
            if unknown := slots_of(text) - _SLOTS:
                raise PromptError("lexicon.broken", file=FILE, detail=f"{key}: {', '.join(unknown)}")

    def say(self, key: Asked, *, when: str = "", what: str = "", items: str = "") -> Reply:
        """Return one of the sentences."""
        text = filled(self._said[key], {"when": when, "what": what, "items": items})
        return Reply(text, ReplySource.FIXED, f"daily.asked.{key}")

    def when(self, at: datetime, now: datetime, *, daily: bool = False) -> str:
        """Return a time as it is said: 오후 두 시에, 내일 아침 아홉 시에, 12월 3일 목요일 오전 열 시에."""
        days = (at.date() - now.date()).days
        far = f"{self._spoken.date(at)} {self._spoken.weekday(at)}"
        near = {0: "", 1: self._tomorrow, 2: self._after}
        day = self._daily if daily else near.get(days, far)
        return f"{day} {self._spoken.time(at)}{_AT}".strip()

    def due(self, at: datetime, what: str, *, daily: bool) -> str:
        """Return what is said when it is due: the person's own words, and nothing more."""
        when = self.when(at, at, daily=daily)
        return self.say(Asked.DUE, when=when, what=what).text

    def listed(self, pending: Sequence[tuple[datetime, Reminder]], now: datetime, key: Asked = Asked.LISTED) -> Reply:
        """Return what was asked for, the next first, at most ``MOST_LISTED``."""
        if not pending:
            return self.say(Asked.LISTED_NOTHING)
        items = [self.item(at, one, now) for at, one in pending[:MOST_LISTED]]
        return self.say(key, items=self._said[Asked.BETWEEN].join(items))

    def item(self, at: datetime, reminder: Reminder, now: datetime) -> str:
        """Return one of what was asked for: 내일 아침 아홉 시에 병원 가는 거 말해."""
        what = str(reminder.schedule.get("what", ""))
        return f"{self.when(at, now, daily=is_daily(reminder))} {what}"


def is_daily(reminder: Reminder) -> bool:
    """Return whether it is said every day."""
    return reminder.schedule.get("on") is None


def schedule_of(at: datetime, what: str, *, daily: bool) -> dict[str, object]:
    """Return the schedule of something asked: also in quiet hours, because the person asked for that very time."""
    table: dict[str, object] = {"at": f"{at:%H:%M}", "in_quiet_hours": True, "what": what}
    return table if daily else {**table, "on": at.date().isoformat()}


def next_of(reminder: Reminder, now: datetime) -> datetime | None:
    """Return when it is said next, in the zone of ``now``; None where it is over or cannot be understood."""
    zone = now.tzinfo
    if zone is None:
        return None
    try:
        coming = Schedule.parse(reminder.schedule).between(now, now + _YEAR, zone)
    except ValueError:
        return None
    return next((one.at.astimezone(zone) for one in coming), None)


_YEAR: Final = timedelta(days=366)
