"""One chart: title, curve with its cut-off lines, and the same in words below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static
from textual_plot import HiResMode, PlotWidget
from textual_plot.axis_formatter import AxisFormatter

from companion.dashboard.curves import Curve
from companion.dashboard.widgets.prose import heading, joined, muted

_DAY: Final = 86_400.0
_TICKS: Final = 4
_MARGIN: Final = 6
_MARKED: Final = 20
"""Points up to which each is marked: of more, only the line is readable."""


class _Days(AxisFormatter):
    """Days of the calendar along the lower edge: 11/27."""

    def __init__(self, since: datetime) -> None:
        self._since = since

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:  # noqa: ARG002 - fewer fit
        """Return some days, evenly apart."""
        step = (max_ - min_) / _TICKS
        return [min_ + step * number for number in range(_TICKS + 1)]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """Return month and day of each."""
        return [f"{self._since + timedelta(days=one):%m/%d}" for one in ticks]


class Chart(Vertical):
    """A curve.

    Args:
        curve: What is drawn.
        since: Left edge.
        until: Right edge.
    """

    DEFAULT_CSS = """
    Chart { height: auto; padding: 0 2 1 2; }
    Chart PlotWidget { height: 11; }
    Chart .chart-words { height: auto; }
    """
    ALLOW_MAXIMIZE: ClassVar[bool] = True

    def __init__(self, curve: Curve, since: datetime, until: datetime) -> None:
        super().__init__()
        self.curve = curve
        self._since = since
        self._days = (until - since).total_seconds() / _DAY

    def compose(self) -> ComposeResult:
        """Put title, curve and words below each other."""
        curve = self.curve
        unit = f" ({curve.unit})" if curve.unit else ""
        yield Static(heading(f"{curve.title}{unit}"), markup=False)
        yield PlotWidget(allow_pan_and_zoom=False)
        levels = [joined("\n", muted(_level_words(one.at_least, one.label, one.about))) for one in curve.levels]
        yield Static(joined(curve.words, *levels), classes="chart-words", markup=False)

    def on_mount(self) -> None:
        """Draw."""
        plot = self.query_one(PlotWidget)
        plot.can_focus = False
        plot.margin_left = _MARGIN
        plot.margin_bottom = 2
        plot.margin_top = 0
        plot.set_x_formatter(_Days(self._since))
        self.draw()

    def draw(self) -> None:
        """Draw in the colours of the theme."""
        plot, curve, colours = self.query_one(PlotWidget), self.curve, self.app.theme_variables
        plot.clear()
        plot.set_xlimits(0, self._days)
        plot.set_ylimits(curve.lowest, curve.highest)
        plot.set_yticks(_marks(curve))
        for level in curve.levels:
            ends = [level.at_least, level.at_least]
            plot.plot([0, self._days], ends, line_style=colours["warning"], hires_mode=HiResMode.BRAILLE)
        for points, colour in ((curve.extra, colours["secondary"]), (curve.points, colours["primary"])):
            if points:
                self._line(plot, points, colour)

    def _line(self, plot: PlotWidget, points: Sequence[tuple[datetime, float]], colour: str) -> None:
        xs = [(at - self._since).total_seconds() / _DAY for at, _ in points]
        ys = [value for _, value in points]
        if self.curve.joined and len(points) > 1:
            plot.plot(xs, ys, line_style=colour, hires_mode=HiResMode.BRAILLE)
        if len(points) <= _MARKED or not self.curve.joined:
            plot.scatter(xs, ys, marker="o", marker_style=colour)


def _marks(curve: Curve) -> list[float]:
    marks = {curve.lowest, curve.highest, *(one.at_least for one in curve.levels)}
    return sorted(marks if curve.levels else {*marks, (curve.lowest + curve.highest) / 2})


def _level_words(at_least: float, label: str, about: str) -> str:
    return f"{at_least:.10g}: {label}. {about}"
