"""A screen of many things of one kind: a list, and beside or below it the one that the cursor is on, in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from textual import events, on
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.coordinate import Coordinate
from textual.widget import Widget
from textual.widgets import DataTable

from companion.dashboard.messages import AppearanceChanged
from companion.dashboard.screens.place import BACK, Place
from companion.dashboard.widgets.prose import Line, Prose
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk

T = TypeVar("T")
_BESIDE: Final = 100
"""Cells from which list and thing stand beside each other (``-wide``)."""
_EDGES: Final = 3
"""Cells beside the list: its margin, and the bar on its right."""


class Listing(Place, Generic[T]):
    """Says what is read, and how one thing looks in the list and in full."""

    BINDINGS: ClassVar[list[BindingType]] = [BACK]
    COLUMNS: ClassVar[tuple[tuple[str, int], ...]] = ()
    """Ids and widths in cells; the words stand under ``<ID>.column.<id>``."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[T] = ()

    # What a screen says of itself

    def reading(self, desk: Desk) -> Sequence[T]:
        """Return what is listed, read on a thread."""
        raise NotImplementedError

    def key_of(self, one: T) -> str:
        """Return its id."""
        raise NotImplementedError

    def cells(self, one: T, now: datetime) -> Sequence[object]:
        """Return what stands in the list, one for each column."""
        raise NotImplementedError

    def lines(self, one: T, now: datetime) -> Iterable[Line]:
        """Return it in full."""
        raise NotImplementedError

    def person_of(self, _one: T) -> str:
        """Return the id of the person whose it is, to whom Enter leads; empty for none."""
        return ""

    def nothing(self) -> str:
        """Return what stands where nothing is listed."""
        return say(f"{self.ID}.none")

    # What all of them do

    def content(self) -> Iterable[Widget]:
        """Yield the list and the one in full."""
        table: DataTable[object] = DataTable(id="listed", cursor_type="row")
        yield StateView(
            Container(table, VerticalScroll(Prose(id="one"), id="one-scroll"), classes="list-and-one"),
            id="listing",
            classes="body",
        )

    def on_mount(self) -> None:
        """Read it."""
        self.begin()
        self.table.focus()

    def begin(self) -> None:
        """Read anew, by what is wanted now."""
        self.read("listing", self.reading, self.show, into="#listing")

    @property
    def table(self) -> DataTable[object]:
        """The list."""
        found: DataTable[object] = self.query_one("#listed", DataTable)
        return found

    @property
    def chosen(self) -> T | None:
        """What the cursor is on."""
        row = self.table.cursor_row
        return self.found[row] if 0 <= row < len(self.found) else None

    def show(self, found: Sequence[T]) -> None:
        """Show what was read; the cursor stays where it was."""
        at = self.chosen
        wanted = None if at is None else self.key_of(at)
        self.found = found
        if not found:
            self.query_one("#listing", StateView).empty(self.nothing())
            return
        self._fill()
        keys = [self.key_of(one) for one in found]
        if wanted in keys:
            self.table.cursor_coordinate = Coordinate(keys.index(wanted), 0)
        self._show_one()

    def _fill(self) -> None:
        table, widths = self.table, self._widths()
        table.clear(columns=True)
        for (name, _), width in zip(self.COLUMNS, widths, strict=True):
            table.add_column(say(f"{self.ID}.column.{name}"), key=name, width=width)
        for one in self.found:
            cells = zip(self.cells(one, self._now_of(one)), widths, strict=True)
            table.add_row(*(_cut(cell, width) for cell, width in cells), key=self.key_of(one))

    def _widths(self) -> Sequence[int]:
        """Return how wide each column is; where the list has the whole width, the last one takes what is left."""
        *widths, last = (width for _, width in self.COLUMNS)
        if self.size.width >= _BESIDE:
            return [*widths, last]
        return [*widths, max(last, self.size.width - sum(widths) - 2 * len(self.COLUMNS) - _EDGES)]

    def _now_of(self, one: T) -> datetime:
        return self.dashboard.now_of(self.person_of(one))

    @on(DataTable.RowHighlighted, "#listed")
    def _show_one(self, _event: Any = None) -> None:  # noqa: ANN401 - the event of Textual, or none
        one = self.chosen
        if one is not None:
            self.query_one("#one", Prose).write(self.lines(one, self._now_of(one)))
            self.query_one("#one-scroll", VerticalScroll).scroll_home(animate=False)

    @on(DataTable.RowSelected, "#listed")
    def _open_person(self) -> None:
        if self.chosen is not None and (person_id := self.person_of(self.chosen)):
            self.dashboard.open_person(person_id)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the list to the window."""
        super().on_resize(event)
        if self.found:
            self.show(self.found)

    def on_appearance_changed(self, message: AppearanceChanged) -> None:
        """Show it in the new colours."""
        message.stop()
        if self.found:
            self.show(self.found)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Say who is here now, and give the keys to the list."""
        super().on_screen_resume(event)
        if self.focused is None:
            self.table.focus()


def _cut(cell: object, width: int) -> object:
    """Return words as they fit into a column, marked where something of them does not."""
    if not isinstance(cell, str) or cell_len(cell) <= width:
        return cell
    return f"{set_cell_size(cell, width - 1).rstrip()}…"
