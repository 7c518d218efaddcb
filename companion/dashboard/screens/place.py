"""What every screen of the caregiver has: first line, content, keys; and what to say in a window too small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from companion.dashboard.reading import Reads
from companion.dashboard.widgets.key_line import KeyLine
from companion.dashboard.widgets.masthead import Masthead
from companion.dashboard.words import say

BACK: Final = Binding("escape", "app.go('overview')", say("key.back"), show=False)
"""Leads home from any place that is not a step deeper."""


class Place(Reads):
    """One screen; says its content in ``content``."""

    ID: ClassVar[str] = ""
    """Of its words: ``place.<ID>.name`` and ``place.<ID>.about``."""

    @property
    def heading(self) -> str:
        """What stands in the first line."""
        return say(f"place.{self.ID}.name")

    def content(self) -> Iterable[Widget]:
        """Yield what stands between the first line and the keys."""
        return ()

    def compose(self) -> ComposeResult:
        """Put it together."""
        yield Masthead(self.heading)
        yield from self.content()
        yield Static("", classes="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Say who is here."""
        self.tell_who()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Say who is here now."""
        self.tell_who()

    def on_resize(self, event: events.Resize) -> None:
        """Say what to do in a window that is too small."""
        text = say("state.too_small", width=event.size.width, height=event.size.height)
        for one in self.query(".too-small").results(Static):
            one.update(text)

    def tell_who(self) -> None:
        """Show who is signed in, and the time."""
        for one in self.query(Masthead):
            one.tell(self.dashboard.who_words())
