"""Schedules in words: 날마다 08:00; 월, 수 10:30; 12월 3일 14:00. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from companion.core.schedule import WEEKDAYS, Schedule
from companion.dashboard.words import say


def schedule_words(table: Mapping[str, object]) -> str:
    """Return when something is said; what cannot be read is told as such, never guessed."""
    try:
        schedule = Schedule.parse(table)
    except ValueError:
        return say("schedule.unreadable")
    times = ", ".join(f"{one:%H:%M}" for one in schedule.times)
    if schedule.on is not None:
        return say("schedule.once", month=schedule.on.month, day=schedule.on.day, times=times)
    if len(schedule.days) == len(WEEKDAYS):
        days = say("schedule.daily")
    else:
        days = ", ".join(say(f"schedule.{WEEKDAYS[one]}") for one in sorted(schedule.days))
    text = say("schedule.weekly", days=days, times=times)
    if schedule.until is not None:
        text = say("schedule.until", text=text, month=schedule.until.month, day=schedule.until.day)
    return text
