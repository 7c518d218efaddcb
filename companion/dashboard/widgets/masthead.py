"""The first line of every screen: where one is, who one is, what time it is."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from companion.dashboard.words import say


class Masthead(Widget):
    """Title on the left, whoever is signed in on the right."""

    DEFAULT_CSS = (
        "Masthead { height: 1; background: $panel; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis; }"
    )

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title, self._who = title, ""

    def render(self) -> Content:
        """Draw the line; where both do not fit, the title stays."""
        title = f"{say('app.title')}  {self._title}"
        room = self.content_size.width - cell_len(title)
        who = self._who.rjust(room - cell_len(self._who) + len(self._who)) if cell_len(self._who) < room else ""
        return Content.assemble((title, "bold"), (who, "$text-muted"))

    def tell(self, who: str) -> None:
        """Show who is signed in, and the time."""
        if who != self._who:
            self._who = who
            self.refresh()

    def retitle(self, title: str) -> None:
        """Show another title."""
        self._title = title
        self.refresh()
