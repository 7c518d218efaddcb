"""The table of the overview: which columns fit a window, and what stands in the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from companion.core.board import BoardLine
from companion.core.need import Gravity, Need
from companion.dashboard.needs import STYLES, level_words, why_of
from companion.dashboard.sparks import of_moods, of_totals
from companion.dashboard.times import ahead, days_ago
from companion.dashboard.titles import instrument_title
from companion.dashboard.words import say
from companion.wiring.reminders import zone_of

_PADDING: Final = 2
"""Cells around each column."""
_EDGES: Final = 4
"""Cells beside the table: its margin, the bar on its right."""
_FIXED: Final[Mapping[str, int]] = {
    "level": 7, "name": 10, "talked": 11, "mood": 9, "scores": 17, "check_in": 16,
}  # fmt: skip
_LEAST_WHY: Final = 24
_WIDEST_GROUP: Final = 18
_FITS: Final[Sequence[tuple[int, tuple[str, ...]]]] = (
    (150, ("level", "name", "why", "talked", "mood", "scores", "check_in", "group")),
    (120, ("level", "name", "why", "talked", "mood", "check_in")),
    (96, ("level", "name", "why", "talked", "mood")),
    (0, ("level", "name", "why", "talked")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """How and when it is shown."""

    width: int
    roomy: bool
    """Whether there are lines enough for each reason to have its own."""
    large: bool
    now: datetime
    """In any zone: of each person it is said by the time where they live."""
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    id: str
    title: str
    width: int


def columns_for(shown: Shown, groups: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns that fit; the reasons get all the room that is left.

    Args:
        shown: How.
        groups: Names of all groups; of one alone no column is made.
    """
    widths = {**_FIXED, "group": min(max(map(cell_len, groups), default=0), _WIDEST_GROUP)}
    names = next(names for least, names in _FITS if shown.width >= least)
    if shown.large:
        names = ("level", "name", "why")
    names = tuple(one for one in names if one != "group" or len(groups) > 1)
    taken = sum(widths[one] for one in names if one != "why") + _PADDING * len(names) + _EDGES
    room = max(shown.width - taken, _LEAST_WHY)
    return tuple(Column(one, say(f"overview.column.{one}"), room if one == "why" else widths[one]) for one in names)


def rows_of(
    rows: Sequence[tuple[BoardLine, Need]], columns: Sequence[Column], shown: Shown
) -> Iterator[tuple[str, list[Text]]]:
    """Yield the id of each person with the cells."""
    with_group = any(one.id == "group" for one in columns)
    named = Counter(_named(row, with_group=with_group) for row, _ in rows)
    for row, need in rows:
        there = replace(shown, now=shown.now.astimezone(zone_of(row.line.person)))
        cells = [_cell(one.id, row, need, there) for one in columns]
        if named[_named(row, with_group=with_group)] > 1:
            person = row.line.person
            about = person.address if with_group or not person.group else person.group
            about = set_cell_size(about, _FIXED["name"]).rstrip()
            cells = [
                Text.assemble(cell, (f"\n{about}", shown.colours["secondary"])) if one.id == "name" else cell
                for one, cell in zip(columns, cells, strict=True)
            ]
        if shown.large:
            cells = [Text.assemble(cell, "\n") for cell in cells]
        yield row.person_id, cells


def _named(row: BoardLine, *, with_group: bool) -> tuple[str, str]:
    """Return what is seen of who it is: two alike need something more to be told apart."""
    return row.name, row.line.person.group if with_group else ""


def _cell(name: str, row: BoardLine, need: Need, shown: Shown) -> Text:  # noqa: PLR0911 - a case for each column
    calm = need.gravity is Gravity.CALM
    muted = shown.colours.get("text-muted", "")
    match name:
        case "level":
            weight = "" if calm else "bold "
            return Text(level_words(need.gravity), style=f"{weight}{shown.colours[STYLES[need.gravity]]}")
        case "name":
            return Text(row.name, style="" if calm else "bold")
        case "why":
            return Text(
                why_of(row, need, shown.now, between="\n" if shown.roomy else " "),
                style=shown.colours["secondary"] if calm and not need.because else "",
            )
        case "talked":
            return Text(_talked(row, shown.now))
        case "mood":
            return Text(of_moods(row.line.mood), style=shown.colours["primary"])
        case "scores":
            return Text(_scores(row))
        case "check_in":
            at = row.next_check_in
            return Text("" if at is None else ahead(at, shown.now))
        case _:
            return Text(row.line.person.group, style=muted if muted.startswith("#") else "")


def _talked(row: BoardLine, now: datetime) -> str:
    if not row.line.allowed.conversation:
        return say("overview.not_agreed")
    return say("overview.never_talked") if row.last_heard_at is None else days_ago(row.last_heard_at, now)


def _scores(row: BoardLine) -> str:
    if not row.line.allowed.health:
        return say("overview.not_agreed")
    return "\n".join(f"{instrument_title(name)} {of_totals(points)}" for name, points in sorted(row.scores.items()))
