"""The third part: totals, mood, mentions of sleep and readings over time, with the cut-off lines of the instruments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from companion.core.timeline import Happening, Timeline
from companion.dashboard.curves import Curve, curves_of
from companion.dashboard.screens.person.part import OverTime
from companion.dashboard.widgets.chart import Chart
from companion.dashboard.widgets.prose import Prose, muted
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.errors import NotAllowed
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView, mentions_of_sleep, timeline_of

_DRAWN: Final = (Happening.SCREENING, Happening.MOOD, Happening.READING)


class ChartsPart(OverTime):
    """Curves, one below the other; two beside each other where there is room."""

    ID: ClassVar[str] = "part-charts"
    SPANS: ClassVar[tuple[int, ...]] = (90, 365, 30)

    def __init__(self) -> None:
        super().__init__()
        self._curves: Sequence[Curve] = ()

    def compose(self) -> ComposeResult:
        """Put the span above the curves."""
        yield Prose(id="charts-span")
        yield StateView(VerticalScroll(id="charts"), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read what is drawn."""
        self.view = view
        self.read(partial(_read, person_id=view.person.id, days=self.days), self.show)

    async def show(self, found: tuple[Timeline, Mapping[datetime, int]]) -> None:
        """Draw."""
        timeline, sleep = found
        self.query_one("#charts-span", Prose).write([muted(self.note_allowed(timeline.allowed))])
        now = timeline.until if self.view is None else self.view.at
        self._curves = curves_of(timeline, sleep, now)
        room = self.query_one("#charts", VerticalScroll)
        await room.remove_children()
        if not self._curves:
            self.query_one(StateView).empty(say("person.charts_none"))
            return
        await room.mount_all([Chart(curve, timeline.since, timeline.until) for curve in self._curves])

    def redraw(self) -> None:
        """Draw in the colours of the theme."""
        for one in self.query(Chart):
            one.draw()


def _read(desk: Desk, person_id: str, days: int) -> tuple[Timeline, Mapping[datetime, int]]:
    found = timeline_of(desk, person_id, days, _DRAWN)
    if not found.allowed.conversation:
        return found, {}
    try:
        return found, mentions_of_sleep(desk, person_id, days)
    except NotAllowed:  # taken back between the two looks
        return found, {}
