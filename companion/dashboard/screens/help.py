"""Every key of every screen, from the bindings themselves, and how letters are made larger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.cells import set_cell_size
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from companion.dashboard.keys_listed import groups
from companion.dashboard.screens.place import BACK, Place
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain, strong
from companion.dashboard.words import say

_COLUMN = 12


class Help(Place):
    """The keys."""

    ID: ClassVar[str] = "help"
    BINDINGS: ClassVar[list[BindingType]] = [BACK]
    RELOADS: ClassVar[bool] = False

    def content(self) -> Iterable[Widget]:
        """Yield the page."""
        yield VerticalScroll(Prose(id="keys"), id="help-scroll", classes="body")

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one("#keys", Prose).write(_lines())
        self.query_one("#help-scroll").focus()


def _lines() -> Iterator[Line]:
    yield BLANK
    for text in ("help.first", "help.larger", "help.print"):
        yield plain(say(text))
    for group in groups():
        yield BLANK
        yield heading(group.title)
        yield muted(group.about)
        for line in group.lines:
            yield joined(strong(set_cell_size(line.key, _COLUMN)), line.does)
