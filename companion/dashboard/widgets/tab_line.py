"""The parts of a page beside each other, the one that is shown underlined: one widget that draws itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from companion.dashboard.words import say

_WIDE, _NARROW = 2, 1
_CUT: Final = "… "
"""Where parts do not fit: it stands in the place of those on the left."""


class TabLine(Widget, can_focus=True):
    """Names of parts, and which of them is shown.

    Args:
        tabs: Ids and names, in their order.
        active: Id of the one that is shown.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", say("key.previous_tab"), show=False),
        Binding("right", "step(1)", say("key.next_tab"), show=False),
    ]
    DEFAULT_CSS = "TabLine { height: 2; padding: 0 1; }"

    @dataclass
    class Chosen(Message):
        """A part was gone to, by key or mouse."""

        tab_id: str

    active: reactive[str] = reactive("")

    def __init__(self, tabs: Sequence[tuple[str, str]], active: str, *, id: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id)
        self._tabs = tuple(tabs)
        self.set_reactive(TabLine.active, active)

    def action_step(self, step: int) -> None:
        """Go to the part beside."""
        ids = [one for one, _ in self._tabs]
        self.post_message(self.Chosen(ids[(ids.index(self.active) + step) % len(ids)]))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the part that was clicked."""
        for tab_id, begins, ends in self._places():
            if begins <= event.x - self.gutter.left < ends:
                event.stop()
                self.post_message(self.Chosen(tab_id))

    def render(self) -> Content:
        """Draw names, and a line below the one that is shown."""
        width, places, called = self.content_size.width, self._places(), dict(self._tabs)
        shown = "bold $block-cursor-foreground on $block-cursor-background" if self.has_focus else "bold"
        names, line, at = Content(""), Content(""), 0
        for tab_id, begins, ends in places:
            gap = " " * (begins - at) if at else _CUT[:begins]
            style = shown if tab_id == self.active else "$foreground 60%"
            names += Content.assemble((gap, "$secondary"), (called[tab_id], style))
            bar = (
                ("━" * (ends - begins), "bold $primary") if tab_id == self.active else ("─" * (ends - begins), "$panel")
            )
            line += Content.assemble(("─" * (begins - at), "$panel"), bar)
            at = ends
        line += Content.styled("─" * max(width - at, 0), "$panel")
        return Content("\n").join((names, line))

    def _places(self) -> Sequence[tuple[str, int, int]]:
        """Return which parts are drawn, and their first cells and those after their last."""
        room = self.content_size.width
        gap = _WIDE if self._taken(_WIDE, 0) <= room else _NARROW
        first, at = 0, [tab_id for tab_id, _ in self._tabs].index(self.active)
        while first < at and self._taken(gap, first, at + 1) > room:
            first += 1
        begins, found = cell_len(_CUT) if first else 0, []
        for tab_id, name in self._tabs[first:]:
            ends = begins + cell_len(name)
            found.append((tab_id, begins, ends))
            begins = ends + gap
        return [one for one in found if one[2] <= room or one[0] == self.active]

    def _taken(self, gap: int, first: int, end: int | None = None) -> int:
        """Return how many cells some of the parts take."""
        names = self._tabs[first:end]
        cut = cell_len(_CUT) if first else 0
        return cut + sum(cell_len(name) for _, name in names) + gap * (len(names) - 1)
