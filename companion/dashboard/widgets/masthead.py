"""The first line of every screen: where one is, who one is, what time it is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from companion.dashboard.words import say


class Masthead(Horizontal):
    """Title on the left, whoever is signed in on the right."""

    DEFAULT_CSS = """
    Masthead { height: 1; background: $panel; padding: 0 2; }
    Masthead > .masthead-title { width: 1fr; text-style: bold; }
    Masthead > .masthead-who { width: auto; color: $text-muted; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = Static(f"{say('app.title')}  {title}", classes="masthead-title", markup=False)
        self._who = Static("", classes="masthead-who", markup=False)

    def compose(self) -> ComposeResult:
        """Put both on the line."""
        yield self._title
        yield self._who

    def tell(self, who: str) -> None:
        """Show who is signed in, and the time."""
        self._who.update(who)

    def retitle(self, title: str) -> None:
        """Show another title."""
        self._title.update(f"{say('app.title')}  {title}")
