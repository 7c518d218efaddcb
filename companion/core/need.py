"""Who needs somebody first, and why. Pure: the rows, the moment and the limits come in.

Nothing here judges health: it orders what the record says already (an alert that nobody took on, a check-in without an
answer, a total that reached a cut-off of its instrument, a device that is silent, a danger of this week, days without a
talk) so that whoever has forty people begins with the right one.

Laws:
- The order depends on the rows alone, not on the order in which they come in.
- Another reason never moves a person down.
- A row without any reason is calm, and calm rows come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from companion.core.board import BoardLine
from companion.errors import PromptError


class Gravity(IntEnum):
    """How soon somebody should look."""

    CALM = 0
    WATCH = 1
    CONCERN = 2
    URGENT = 3


class Reason(StrEnum):
    """Why somebody should look, the weightiest first."""

    URGENT_ALERT = "urgent_alert"
    CONCERN_ALERT = "concern_alert"
    UNANSWERED = "unanswered"
    TAKEN_ON = "taken_on"
    """An alert that somebody took on and nobody resolved."""
    WORSENED = "worsened"
    DEVICE_SILENT = "device_silent"
    RECENT_DANGER = "recent_danger"
    LONG_SILENCE = "long_silence"
    ERRANDS = "errands"


_ORDER: Mapping[Reason, int] = {reason: number for number, reason in enumerate(Reason)}
_GRAVITY: Mapping[Reason, Gravity] = {
    Reason.URGENT_ALERT: Gravity.URGENT,
    Reason.CONCERN_ALERT: Gravity.CONCERN,
    Reason.UNANSWERED: Gravity.CONCERN,
}


@dataclass(frozen=True, slots=True)
class Because:
    """One reason, with what there is to say about it."""

    reason: Reason
    at: datetime | None = None
    count: int = 0
    """Of alerts, days or requests."""
    level: str = ""
    """Of an alert that was taken on, or of a danger of this week."""
    title: str = ""
    """Of the instrument that worsened."""
    totals: tuple[int, int, int] = (0, 0, 0)
    """Before, now, and the cut-off, for what worsened."""


@dataclass(frozen=True, slots=True)
class NeedLimits:
    """From when on a silence is worth a look. How a person's week usually goes differs: they are ours, not clinical."""

    device_silent: timedelta
    days_without_talk: int

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> NeedLimits:
        """Return the limits of ``prompts/dashboard/need.toml``.

        Raises:
            PromptError: One is missing or no positive number.
        """
        try:
            hours, days = float(table["device_silent_hours"]), int(table["days_without_talk"])
        except (KeyError, TypeError, ValueError) as error:
            raise PromptError("prompts.table_broken", file="dashboard/need.toml", where=str(error)) from error
        if hours <= 0 or days <= 0:
            raise PromptError("prompts.table_broken", file="dashboard/need.toml", where="not positive")
        return cls(timedelta(hours=hours), days)


@dataclass(frozen=True, slots=True)
class Need:
    """How soon somebody should look at a person, and why."""

    gravity: Gravity
    because: tuple[Because, ...]
    """The weightiest first; empty where all is calm."""


def need_of(row: BoardLine, now: datetime, limits: NeedLimits) -> Need:
    """Return the need of one person.

    Args:
        row: What the record says.
        now: Aware.
        limits: From when on a silence counts.
    """
    found = [*_alerts(row), *_silences(row, now, limits), *_dangers(row), *_worsened(row)]
    if row.open_errands:
        found.append(Because(Reason.ERRANDS, count=row.open_errands))
    found.sort(key=lambda one: _ORDER[one.reason])
    gravity = max((_gravity(one) for one in found), default=Gravity.CALM)
    return Need(gravity, tuple(found))


def by_need(rows: Iterable[BoardLine], now: datetime, limits: NeedLimits) -> tuple[tuple[BoardLine, Need], ...]:
    """Return the rows with their needs, whoever needs somebody first at the top."""
    known = [(row, need_of(row, now, limits)) for row in rows]
    return tuple(sorted(known, key=lambda pair: _key(*pair)))


def _key(row: BoardLine, need: Need) -> tuple[object, ...]:
    weights = tuple(_ORDER[one.reason] for one in need.because)
    # Shorter lists end with a number above every reason: one reason more never moves a person down.
    padded = (*weights, *[len(_ORDER)] * (2 * len(_ORDER) - len(weights)))
    days = row.days_without_talk or 0
    return (-need.gravity, padded, -days, row.name, row.person_id)


def _gravity(one: Because) -> Gravity:
    if one.reason is Reason.ERRANDS:
        return Gravity.CALM
    if one.reason is Reason.TAKEN_ON and one.level == "urgent":
        return Gravity.CONCERN
    return _GRAVITY.get(one.reason, Gravity.WATCH)


def _alerts(row: BoardLine) -> Iterable[Because]:
    alerts = row.line.alerts
    if alerts.open:
        reason = Reason.URGENT_ALERT if alerts.gravest == "urgent" else Reason.CONCERN_ALERT
        yield Because(reason, alerts.newest_at, alerts.open, alerts.gravest)
    if alerts.acknowledged:
        yield Because(Reason.TAKEN_ON, alerts.newest_at, alerts.acknowledged, alerts.gravest)


def _silences(row: BoardLine, now: datetime, limits: NeedLimits) -> Iterable[Because]:
    if row.unanswered_at is not None:
        yield Because(Reason.UNANSWERED, row.unanswered_at, count=int(row.told_somebody))
    if row.seen_at is not None and now - row.seen_at >= limits.device_silent:
        yield Because(Reason.DEVICE_SILENT, row.seen_at)
        return
    days = row.days_without_talk
    if days is not None and days >= limits.days_without_talk:
        yield Because(Reason.LONG_SILENCE, row.last_heard_at, count=days)


def _dangers(row: BoardLine) -> Iterable[Because]:
    unresolved = row.line.alerts.open or row.line.alerts.acknowledged
    if row.recent_level in ("concern", "urgent") and not unresolved:
        yield Because(Reason.RECENT_DANGER, level=row.recent_level)


def _worsened(row: BoardLine) -> Iterable[Because]:
    for one in row.worsened:
        yield Because(Reason.WORSENED, one.at, title=one.title, totals=(one.before, one.now, one.at_least))
