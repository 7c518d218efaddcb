"""The overview of a caregiver, put together: rows of the record, instruments' cut-offs, check-ins to come, needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from companion.core.board import BoardLine, ScorePoint, Worsened
from companion.core.need import Need, NeedLimits, by_need
from companion.core.overview import ScreeningLine
from companion.core.schedule import Schedule
from companion.prompts import prompt_table
from companion.screening.instrument import Instrument
from companion.wiring.instruments import instruments
from companion.wiring.reminders import zone_of

if TYPE_CHECKING:
    from companion.config import Settings
    from companion.store.board import SeenOnBoard
    from companion.wiring.desk import Desk

_AHEAD: Final = timedelta(days=8)
"""A check-in on some days of the week comes within it."""


@dataclass(frozen=True, slots=True)
class Board:
    """The whole overview as it stood at a moment."""

    at: datetime
    rows: tuple[tuple[BoardLine, Need], ...]
    """Whoever needs somebody first at the top."""


@cache
def known_instruments() -> Mapping[str, Instrument]:
    """Return the instruments, read once.

    Raises:
        PromptError: A file is broken.
    """
    return instruments()


@cache
def need_limits() -> NeedLimits:
    """Return from when on a silence counts.

    Raises:
        PromptError: The table is broken.
    """
    return NeedLimits.of(prompt_table("dashboard/need.toml"))


def board(desk: Desk) -> Board:
    """Return the overview of everybody whose record is open to whoever looks.

    Raises:
        AccessError: Nobody is signed in any more.
        PromptError: An instrument or the limits are broken.
    """
    from companion.store.board import board_seen

    seen = board_seen(desk.viewer)
    alone = seen[0].line.person.id if len(seen) == 1 else ""
    rows = [line_of(one, desk, is_here=_is_here(one, desk.settings, alone)) for one in seen]
    return Board(desk.now, by_need(rows, desk.now, need_limits()))


def _is_here(seen: SeenOnBoard, settings: Settings, alone: str) -> bool:
    """Return whether it is who this device talks with: whose check-ins stand in the settings."""
    wanted, person = settings.person.id, seen.line.person
    if not wanted:
        return person.id == alone
    return person.id.endswith(wanted) or wanted in (person.name, person.address)


def line_of(seen: SeenOnBoard, desk: Desk, *, is_here: bool) -> BoardLine:
    """Return one row.

    Args:
        seen: What was read.
        desk: Of the reading.
        is_here: Whether it is who this device talks with: where the family set no check-in, the settings say them.
    """
    scores = scores_of(seen.line.screenings)
    return BoardLine(
        line=seen.line,
        last_heard_at=seen.last_heard_at,
        days_without_talk=seen.days_without_talk,
        unanswered_at=seen.unanswered_at,
        told_somebody=seen.told_somebody,
        seen_at=seen.seen_at,
        recent_level=seen.recent_level,
        scores=scores,
        worsened=tuple(_worsened(scores)),
        next_check_in=_next_check_in(seen, desk, is_here=is_here),
        open_errands=seen.open_errands,
    )


def scores_of(screenings: Sequence[ScreeningLine]) -> Mapping[str, tuple[ScorePoint, ...]]:
    """Return the totals of whole screenings by instrument, oldest first; what has no total is left out."""
    found: dict[str, list[ScorePoint]] = {}
    for one in sorted(screenings, key=lambda screening: screening.at):
        if one.sum is not None:
            found.setdefault(one.instrument, []).append(ScorePoint(one.at, one.sum))
    return {name: tuple(points) for name, points in found.items()}


def _worsened(scores: Mapping[str, tuple[ScorePoint, ...]]) -> Sequence[Worsened]:
    found = []
    for name, points in scores.items():
        instrument = known_instruments().get(name)
        if instrument is None or len(points) < 2:  # noqa: PLR2004 - the last two
            continue
        before, now = points[-2], points[-1]
        reached = [one.at_least for one in instrument.cutoffs if before.total < one.at_least <= now.total]
        if reached:
            title = instrument.title.split(" (")[0]
            found.append(Worsened(name, title, before.total, now.total, max(reached), now.at))
    return found


def _next_check_in(seen: SeenOnBoard, desk: Desk, *, is_here: bool) -> datetime | None:
    tables: list[Mapping[str, object]] = list(seen.check_ins)
    if not tables and is_here and desk.settings.daily.check_ins:
        tables = [{"times": list(desk.settings.daily.check_ins)}]
    zone = zone_of(seen.line.person)
    moments = (
        occurrence.at
        for table in tables
        if (schedule := _schedule(table)) is not None
        for occurrence in schedule.between(desk.now, desk.now + _AHEAD, zone)
    )
    return min(moments, default=None)


def _schedule(table: Mapping[str, object]) -> Schedule | None:
    try:
        return Schedule.parse(table)
    except ValueError:
        return None
