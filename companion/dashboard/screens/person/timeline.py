"""The second part: everything on one line of time, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import DataTable

from companion.core.timeline import Entry, Happening, Timeline
from companion.dashboard.happenings import happening_words, title_words
from companion.dashboard.screens.person.part import OverTime
from companion.dashboard.times import moment
from companion.dashboard.widgets.prose import Prose, muted
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView, timeline_of

_LISTED = tuple(one for one in Happening if one is not Happening.MOOD)
"""Days of mood are drawn; in a list they only repeat the conversations."""
_WHEN, _WHAT = 15, 12


class TimelinePart(OverTime):
    """What happened, in order."""

    ID: ClassVar[str] = "part-timeline"
    SPANS: ClassVar[tuple[int, ...]] = (30, 90, 365)

    def __init__(self) -> None:
        super().__init__()
        self._found: Timeline | None = None
        self._filled_width = 0

    def compose(self) -> ComposeResult:
        """Put the span above the table."""
        table: DataTable[object] = DataTable(id="timeline", cursor_type="row")
        yield Prose(id="timeline-span")
        yield StateView(table, id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read the last days."""
        self.view = view
        self.read(partial(_read, person_id=view.person.id, days=self.days), self.show)

    def show(self, found: Timeline) -> None:
        """Show the entries."""
        self._found = found
        state = self.query_one(StateView)
        cut = "" if found.is_whole else say("person.timeline_cut")
        self.query_one("#timeline-span", Prose).write([muted(f"{self.note_allowed(found.allowed)} {cut}".rstrip())])
        if not found.entries:
            state.empty(say("person.timeline_none"))
            return
        self._fill(found)

    def _fill(self, found: Timeline) -> None:
        table: DataTable[object] = self.query_one("#timeline", DataTable)
        table.clear(columns=True)
        self._filled_width = self.size.width
        room = max(self.size.width - _WHEN - _WHAT - 10, 20)
        for key, width in (("when", _WHEN), ("what", _WHAT), ("more", room)):
            table.add_column(say(f"person.timeline_column.{key}"), key=key, width=width)
        colours = self.app.theme_variables
        now = found.until if self.view is None else self.view.at
        day = ""
        for number, (entry, told) in enumerate(_lines(found.entries)):
            weight = f"bold {colours['error']}" if _is_grave(entry) else ""
            local = entry.at.astimezone(now.tzinfo)
            when = moment(entry.at, now) if f"{local:%F}" != day else f"{local:%H:%M}".rjust(_WHEN)
            day = f"{local:%F}"
            cells = (when, happening_words(entry), told)
            table.add_row(*(Text(one, style=weight) for one in cells), height=None, key=str(number))

    def on_resize(self) -> None:
        """Fit it to the room it got: what was read may come before that."""
        if self.size.width != self._filled_width:
            self.redraw()

    def redraw(self) -> None:
        """Fit it to the window."""
        if self._found is not None and self._found.entries:
            self._fill(self._found)


def _lines(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield what is listed with its words: what was measured at one moment stands on one line."""
    for (happening, _), together in groupby(entries, key=lambda one: (one.happening, one.at)):
        several = list(together)
        if happening is Happening.READING:
            yield several[0], ", ".join(title_words(one) for one in several)
        else:
            yield from ((one, title_words(one)) for one in several)


def _is_grave(entry: Entry) -> bool:
    return entry.happening in (Happening.DANGER, Happening.ALERT) and entry.level in ("concern", "urgent")


def _read(desk: Desk, person_id: str, days: int) -> Timeline:
    return timeline_of(desk, person_id, days, _LISTED)
