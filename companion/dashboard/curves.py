"""What is drawn of a person: curves with their points, their cut-offs, and the same in words. Pure values.

Cut-offs come from the files of the instruments, with whom they were found for; there is none of ours. A curve is
always told in words too, so that nothing is only seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from companion.core.timeline import Entry, Happening, Timeline
from companion.dashboard.happenings import figure_words, named
from companion.dashboard.titles import instrument_title
from companion.dashboard.words import say
from companion.wiring.board import known_instruments

_WEEK: Final = timedelta(days=7)
_IN_WORDS: Final = 4
"""Points that are told in words, the newest."""


@dataclass(frozen=True, slots=True)
class Level:
    """A cut-off."""

    at_least: float
    label: str
    about: str
    """For whom it was found, and by whom."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One chart."""

    id: str
    title: str
    points: tuple[tuple[datetime, float], ...]
    """Oldest first; at least one."""
    lowest: float
    highest: float
    """Of the axis."""
    levels: tuple[Level, ...] = ()
    unit: str = ""
    words: str = ""
    """The newest points in words."""
    joined: bool = True
    """Whether points are joined by a line; False for counts, which are drawn as bars would be."""
    extra: tuple[tuple[datetime, float], ...] = field(default=())
    """A second line of the same unit: diastolic beside systolic."""


def curves_of(timeline: Timeline, sleep: Mapping[datetime, int], now: datetime) -> tuple[Curve, ...]:
    """Return what can be drawn, the screenings first.

    Args:
        timeline: With screenings, moods and readings.
        sleep: In how many turns of each conversation sleep was spoken of.
        now: For the days in words.
    """
    return (
        *_screenings(timeline, now),
        *_mood(timeline, now),
        *_sleep(sleep, timeline, now),
        *_readings(timeline, now),
    )


def _screenings(timeline: Timeline, now: datetime) -> Iterator[Curve]:
    by_name: dict[str, list[tuple[datetime, float]]] = {}
    for entry in _of(timeline, Happening.SCREENING):
        if "sum" in entry.figures:
            by_name.setdefault(entry.name, []).append((entry.at, float(entry.figures["sum"])))
    for name, instrument in known_instruments().items():
        points = by_name.get(name)
        if not points:
            continue
        levels = tuple(Level(one.at_least, one.label, f"{one.population}; {one.source}") for one in instrument.cutoffs)
        lowest, highest = instrument.total_range
        yield Curve(
            name, instrument_title(name), tuple(points), lowest, highest, levels,
            unit=say("curve.points"), words=_told(points, now, say("curve.points")),
        )  # fmt: skip


def _mood(timeline: Timeline, now: datetime) -> Iterator[Curve]:
    """Share of bright less heavy turns by weeks that end now: a day holds too few turns to say anything."""
    weeks: dict[int, list[int]] = {}
    for entry in _of(timeline, Happening.MOOD):
        week = int((timeline.until - entry.at) // _WEEK)
        turns, bright, heavy = (int(entry.figures.get(name, 0)) for name in ("turns", "bright", "heavy"))
        sums = weeks.setdefault(week, [0, 0, 0])
        weeks[week] = [sums[0] + turns, sums[1] + bright, sums[2] + heavy]
    points = [
        (timeline.until - _WEEK * week - _WEEK / 2, 100 * (bright - heavy) / turns)
        for week, (turns, bright, heavy) in sorted(weeks.items(), reverse=True)
        if turns
    ]
    if points:
        yield Curve(
            "mood", say("curve.mood"), tuple(points), -100, 100,
            (Level(0, say("curve.mood_even"), say("curve.mood_about")),), words=_told_weeks(points, now),
        )  # fmt: skip


def _sleep(sleep: Mapping[datetime, int], timeline: Timeline, now: datetime) -> Iterator[Curve]:
    weeks: dict[int, int] = {}
    for at, count in sleep.items():
        week = int((timeline.until - at) // _WEEK)
        weeks[week] = weeks.get(week, 0) + count
    if not weeks:
        return
    points = [
        (timeline.until - _WEEK * week - _WEEK / 2, float(weeks.get(week, 0))) for week in range(max(weeks), -1, -1)
    ]
    highest = max(value for _, value in points)
    yield Curve(
        "sleep", say("curve.sleep"), tuple(points), 0, max(highest, 4), words=_told_weeks(points, now), joined=False
    )


def _readings(timeline: Timeline, now: datetime) -> Iterator[Curve]:
    by_kind: dict[str, list[Entry]] = {}
    for entry in _of(timeline, Happening.READING):
        by_kind.setdefault(entry.name, []).append(entry)
    low = _means(by_kind.pop("diastolic", []))
    for kind, entries in by_kind.items():
        points, unit = _means(entries), str(entries[-1].figures.get("unit", ""))
        both = points + (low if kind == "systolic" else ())
        least, most = min(value for _, value in both), max(value for _, value in both)
        room = max((most - least) * 0.1, 1)
        title = say("curve.blood_pressure") if kind == "systolic" and low else named("reading", kind)
        yield Curve(
            kind, title, points, max(least - room, 0), most + room, unit=named("unit", unit),
            words=_told(points, now, named("unit", unit)), extra=low if kind == "systolic" else (),
        )  # fmt: skip


def _means(entries: Sequence[Entry]) -> tuple[tuple[datetime, float], ...]:
    return tuple((one.at, float(one.figures["mean"])) for one in entries)


def _of(timeline: Timeline, happening: Happening) -> Sequence[Entry]:
    """Return the entries of one kind, oldest first."""
    return [one for one in reversed(timeline.entries) if one.happening is happening]


def _told(points: Sequence[tuple[datetime, float]], now: datetime, unit: str) -> str:
    listed = ", ".join(
        say("curve.one", day=_day(at, now), value=figure_words(value), unit=unit) for at, value in points[-_IN_WORDS:]
    )
    return say("curve.latest", list=listed)


def _told_weeks(points: Sequence[tuple[datetime, float]], now: datetime) -> str:
    del now
    return say(
        "curve.weeks", list=", ".join(f"{value:+.0f}" if value < 0 else f"{value:.0f}" for _, value in points[-8:])
    )


def _day(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return say("curve.day", month=local.month, day=local.day)
