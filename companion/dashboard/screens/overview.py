"""The overview: everybody whose record is open, whoever needs somebody first at the top, each with why in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.coordinate import Coordinate
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from companion.core.board import BoardLine
from companion.core.need import Gravity, Need
from companion.core.search import matches
from companion.dashboard.keys import both
from companion.dashboard.messages import AppearanceChanged
from companion.dashboard.screens.overview_table import Shown, columns_for, rows_of
from companion.dashboard.screens.place import Place
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.errors import CompanionError
from companion.wiring.board import Board, board
from companion.wiring.reminders import zone_of

_ANY_GROUP = None
_ROOMY: Final = 32
"""Lines from which each reason has its own."""


class Overview(Place):
    """Everybody, exceptions first."""

    ID: ClassVar[str] = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", say("key.search")),
        Binding(both("v"), "toggle_needed", say("key.only_needed")),
        Binding(both("m"), "next_group", say("key.group")),
        Binding("escape", "clear", say("key.back"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.board: Board | None = None
        self._group: str | None = _ANY_GROUP
        self._only_needed = False
        self._columns: tuple[str, ...] = ()

    def content(self) -> Iterable[Widget]:
        """Yield the line of figures, the search and the table."""
        yield Horizontal(
            Static("", id="counts", markup=False),
            Static("", id="filters", markup=False),
            classes="body line",
        )
        search = Input(placeholder=say("overview.search"), id="search", max_length=50)
        yield Vertical(search, classes="body inset")
        view = StateView(DataTable(id="people", cursor_type="row", cell_padding=1), id="everybody", classes="body")
        yield view

    def on_mount(self) -> None:
        """Read everybody."""
        self.query_one("#search", Input).cursor_blink = False
        self.table.focus()
        self.read("board", board, self.show, into="#everybody")

    @property
    def table(self) -> DataTable[object]:
        """The table of people."""
        found: DataTable[object] = self.query_one("#people", DataTable)
        return found

    # What is shown

    def show(self, found: Board) -> None:
        """Show what was read; the cursor stays on whom it was."""
        self.board = found
        self.dashboard.people_shown = {row.person_id: row.name for row, _ in found.rows}
        self.dashboard.zones = {row.person_id: zone_of(row.line.person) for row, _ in found.rows}
        self._fill()
        self._show_wanted()

    def shown(self) -> Sequence[tuple[BoardLine, Need]]:
        """Return whom search, group and filter leave, in their order."""
        typed = self.query_one("#search", Input).value
        rows = self.board.rows if self.board is not None else ()
        return [
            (row, need)
            for row, need in rows
            if (not self._only_needed or need.gravity is not Gravity.CALM)
            and (self._group is _ANY_GROUP or row.line.person.group == self._group)
            and (matches(typed, row.name) or matches(typed, row.line.person.address))
        ]

    def _fill(self) -> None:
        if self.board is None:
            return
        rows, view = self.shown(), self.query_one("#everybody", StateView)
        self._say_counts(len(rows))
        if not self.board.rows:
            view.empty(say("overview.nobody_yet" if self._is_owner else "overview.nobody"))
        elif not rows:
            view.empty(say("overview.none_found"))
        else:
            view.there()
            self._fill_table(rows)

    @property
    def _is_owner(self) -> bool:
        who = self.dashboard.who
        return who is None or who.role is None

    def _fill_table(self, rows: Sequence[tuple[BoardLine, Need]]) -> None:
        assert self.board is not None  # noqa: S101 - filled only with a board
        table, at = self.table, self._cursor_person()
        width, height = self.size
        large, colours = self.dashboard.appearance.large, self.app.theme_variables
        shown = Shown(width, height >= _ROOMY, large, self.board.at, colours)
        columns = columns_for(shown, self._groups())
        scrolled = table.scroll_offset
        table.clear(columns=True)
        for column in columns:
            table.add_column(column.title, key=column.id, width=column.width)
        for person_id, cells in rows_of(rows, columns, shown):
            table.add_row(*cells, key=person_id, height=None)
        ids = [row.person_id for row, _ in rows]
        if at in ids:
            table.cursor_coordinate = Coordinate(ids.index(at), 0)
            table.scroll_to(y=scrolled.y, animate=False)

    def _cursor_person(self) -> str:
        table = self.table
        if not table.row_count:
            return ""
        key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
        return key or ""

    def _say_counts(self, shown: int) -> None:
        assert self.board is not None  # noqa: S101 - counted only with a board
        by_gravity = [need.gravity for _, need in self.board.rows]
        counts = {one.name.lower(): by_gravity.count(one) for one in Gravity}
        calm = counts["calm"] == len(by_gravity)
        text = say("overview.counts_calm" if calm else "overview.counts", all=len(by_gravity), **counts)
        if shown != len(by_gravity):
            text = f"{text} {say('overview.shown', shown=shown)}"
        self.query_one("#counts", Static).update(text if by_gravity else "")
        self.query_one("#filters", Static).update("  ".join(self._filters()))

    def _filters(self) -> Iterable[str]:
        if self._group is not _ANY_GROUP:
            yield say("overview.one_group", name=self._group or say("overview.no_group"))
        if self._only_needed:
            yield say("overview.only_needed")

    def _show_wanted(self) -> None:
        """Go to whom the command line named: only among those who may be seen."""
        wanted, self.dashboard.wanted = self.dashboard.wanted, ""
        if not wanted or self.board is None:
            return
        people = [row for row, _ in self.board.rows]
        exact = [row for row in people if wanted in (row.name, row.line.person.address)]
        found = exact or [row for row in people if row.person_id.endswith(wanted) or matches(wanted, row.name)]
        if len(found) == 1:
            self.dashboard.open_person(found[0].person_id)
        elif found:
            self.query_one("#search", Input).value = wanted
            self.notify(say("overview.several", wanted=wanted))
        else:
            self.notify(say("overview.no_such_person", wanted=wanted))

    def settle(self) -> None:
        """Let the collector rest: everything that screens and record need is loaded now."""
        self.dashboard.loaded()

    def tell(self, error: CompanionError, view: StateView, group: str) -> None:
        """Say that nobody was set up yet, rather than that a file is missing; a record that comes is shown."""
        super().tell(error, view, group)
        if error.key == "access.no_record" and self.board is None:
            view.empty(say("overview.nobody_yet"))

    # Keys, mouse, size

    @on(DataTable.RowSelected, "#people")
    def open_row(self, event: DataTable.RowSelected) -> None:
        """Show the person."""
        self.dashboard.open_person(event.row_key.value or "")

    @on(Input.Changed, "#search")
    def narrow(self) -> None:
        """Show whom the letters find."""
        self._fill()

    @on(Input.Submitted, "#search")
    def to_table(self) -> None:
        """Go to whoever was found."""
        self.table.focus()

    def on_key(self, event: events.Key) -> None:
        """Go down from the search into the table."""
        if event.key == "down" and self.query_one("#search", Input).has_focus:
            event.stop()
            self.table.focus()

    def action_search(self) -> None:
        """Search by typing."""
        self.query_one("#search", Input).focus()

    def action_clear(self) -> None:
        """Show everybody again."""
        self._group, self._only_needed = _ANY_GROUP, False
        self.query_one("#search", Input).value = ""
        self._fill()
        self.table.focus()

    def action_toggle_needed(self) -> None:
        """Show only those who need somebody, or everybody."""
        self._only_needed = not self._only_needed
        self._fill()

    def action_next_group(self) -> None:
        """Show one group after the other, then everybody."""
        groups: list[str | None] = [_ANY_GROUP, *self._groups()]
        at = groups.index(self._group) if self._group in groups else 0
        self._group = groups[(at + 1) % len(groups)]
        self._fill()

    def _groups(self) -> Sequence[str]:
        rows = self.board.rows if self.board is not None else ()
        return sorted({row.line.person.group for row, _ in rows})

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns to the window."""
        super().on_resize(event)
        self._fill()

    def on_appearance_changed(self, message: AppearanceChanged) -> None:
        """Show it in the new colours and size."""
        message.stop()
        self._fill()
