"""Moments in words: how long ago, today, tomorrow. Pure: the moment now comes in, and with it the zone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from companion.dashboard.words import say

_MINUTE: Final = 60
_HOUR: Final = 3600
_RECENT_HOURS: Final = 6
_DAYS_IN_WORDS: Final = 13


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago it was: 방금, 5분 전, 어제 19:20, 4일 전, 2026-10-02. What is to come counts as just now."""
    seconds = max((now - at).total_seconds(), 0)
    if seconds < _MINUTE:
        return say("time.now")
    if seconds < _HOUR:
        return say("time.minutes_ago", count=int(seconds // _MINUTE))
    if seconds < _RECENT_HOURS * _HOUR:
        return say("time.hours_ago", count=int(seconds // _HOUR))
    local = at.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days > 1:
        return days_ago(at, now)
    return say("time.today" if days <= 0 else "time.yesterday", time=f"{local:%H:%M}")


def days_ago(at: datetime, now: datetime) -> str:
    """Return the day alone: 오늘, 어제, 4일 전, 2026-10-02."""
    local = at.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days <= 0:
        return say("time.this_day")
    if days == 1:
        return say("time.last_day")
    return say("time.days_ago", count=days) if days <= _DAYS_IN_WORDS else f"{local:%Y-%m-%d}"


def ahead(at: datetime, now: datetime) -> str:
    """Return when it will be: 오늘 10:30, 내일 10:30, 12월 3일 10:30."""
    local = at.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    if days <= 0:
        return say("time.today", time=f"{local:%H:%M}")
    if days == 1:
        return say("time.tomorrow", time=f"{local:%H:%M}")
    return say("time.on_day", month=local.month, day=local.day, time=f"{local:%H:%M}")


def moment(at: datetime, now: datetime) -> str:
    """Return day and time: 11월 3일 10:30, with the year where it is another."""
    local = at.astimezone(now.tzinfo)
    if local.year == now.year:
        return say("time.on_day", month=local.month, day=local.day, time=f"{local:%H:%M}")
    return f"{local:%Y-%m-%d %H:%M}"
