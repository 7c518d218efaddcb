"""The four states of everything that is read: being read, there, empty, failed. One part for all screens.

    with StateView(id="people"):
        yield DataTable()

While nothing was read yet, or nothing is there, a sentence stands in the place of the content. What failed after it
was read once stays on the screen, with the sentence above it: nothing that somebody is reading is taken away.
"""

from __future__ import annotations

from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from companion.dashboard.words import say


class State(StrEnum):
    """Where a reading stands."""

    READING = "reading"
    THERE = "there"
    EMPTY = "empty"
    CLOSED = "closed"
    """The person did not agree to its being kept or shown: said in words, never shown as empty."""
    FAILED = "failed"


class StateView(Vertical):
    """Content, or the sentence in its place."""

    DEFAULT_CSS = """
    StateView { height: 1fr; }
    StateView > .state-note { display: none; padding: 1 2; height: auto; width: 1fr; color: $text-muted; }
    StateView.-reading > .state-note, StateView.-empty > .state-note, StateView.-closed > .state-note,
    StateView.-failed > .state-note { display: block; }
    StateView.-closed > .state-note { color: $text; }
    StateView.-failed > .state-note { color: $error; text-style: bold; }
    StateView.-bare > .state-content { display: none; }
    """

    state: reactive[State] = reactive(State.READING)

    def __init__(self, *children: Widget, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id, classes=f"{classes or ''} -reading -bare")
        self._note = Static(say("state.reading"), classes="state-note", markup=False)
        self._content = Vertical(*children, classes="state-content")
        self._was_there = False

    def compose(self) -> ComposeResult:
        """Put the sentence above the content."""
        yield self._note
        yield self._content

    def compose_add_child(self, widget: Widget) -> None:
        """Take what stands in the ``with`` block as content."""
        self._content.compose_add_child(widget)

    @property
    def note(self) -> str:
        """The sentence that is shown, for tests and screen readers; empty where the content stands alone."""
        return "" if self.state is State.THERE else str(self._note.content)

    @property
    def shows_content(self) -> bool:
        """Whether the content is to be seen, before any layout."""
        return self.state is State.THERE or (self.state is State.FAILED and self._was_there)

    def reading(self) -> None:
        """Show that it is being read, unless something is there already."""
        if not self._was_there:
            self._set(State.READING, say("state.reading"))

    def there(self) -> None:
        """Show the content."""
        self._was_there = True
        self._set(State.THERE, "")

    def empty(self, sentence: str) -> None:
        """Show that there is nothing, and what that means."""
        self._was_there = False
        self._set(State.EMPTY, sentence)

    def closed(self, sentence: str) -> None:
        """Show that it may not be shown, and take away what was."""
        self._was_there = False
        self._set(State.CLOSED, sentence)

    def failed(self, sentence: str) -> None:
        """Show what went wrong; what was read before stays."""
        self._set(State.FAILED, sentence)

    def _set(self, state: State, sentence: str) -> None:
        self.state = state
        self._show(sentence)

    def _show(self, sentence: str) -> None:
        if sentence != self._note.content:
            self._note.update(sentence)
        bare = self.state in (State.READING, State.EMPTY, State.CLOSED)
        bare = bare or (self.state is State.FAILED and not self._was_there)
        # At once: each change of a class lays out everything below anew.
        self.update_classes({**{f"-{one}": one is self.state for one in State}, "-bare": bare})
