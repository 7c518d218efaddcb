"""A few lines to fill in, and what is done with them, on a thread. Nothing that was typed is lost to an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, Label, Select, Static
from textual.worker import get_current_worker

from companion.dashboard.messages import SignInEnded
from companion.dashboard.words import explain, say
from companion.errors import CompanionError, SignInRefused
from companion.wiring.desk import Desk

if TYPE_CHECKING:
    from companion.dashboard.app import Dashboard

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Blank:
    """One line to fill in."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Words and values to choose from; empty for free words."""
    is_box: bool = False
    """A box to tick: its value is ``yes`` or empty."""
    is_secret: bool = False
    """Nobody sees what is typed."""


class Form(ModalScreen[None]):
    """Asks, does, and says what went wrong.

    Args:
        title: What it is for.
        about: What follows from it; may be empty.
        blanks: What is asked, in order.
        send: What the button says.
        doing: Does it, on a thread.
        done: Called here with what came of it, after the form is gone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", say("form.cancel")),
        Binding("ctrl+s", "send", say("form.send_key")),
    ]
    DEFAULT_CSS = """
    Form { align: center middle; background: $background 70%; }
    Form > VerticalScroll {
        width: 72; max-width: 96%; height: auto; max-height: 96%; padding: 1 2; background: $background;
        border: round $primary;
    }
    Form > VerticalScroll > Label { margin: 1 0 0 0; }
    Form.-short > VerticalScroll { padding: 0 2; }
    Form.-short > VerticalScroll > Label { margin: 0; }
    Form.-short #form-note, Form.-short Horizontal { margin: 0; }
    Form Select, Form Checkbox { height: auto; }
    Form Checkbox { border: none; padding: 0; margin: 1 0 0 0; background: $background; }
    Form Select > SelectCurrent { border: none; padding: 0 1; background: $panel; }
    Form #form-title { text-style: bold; color: $primary; }
    Form #form-about { color: $text-muted; height: auto; }
    Form #form-note { color: $error; text-style: bold; height: auto; margin: 1 0 0 0; }
    Form Horizontal { height: auto; margin: 1 0 0 0; }
    Form Button { margin: 0 2 0 0; }
    """

    def __init__(
        self,
        title: str,
        blanks: tuple[Blank, ...],
        doing: Callable[[Desk, Typed], Any],
        done: Callable[[Any], None],
        *,
        about: str = "",
        send: str = "",
    ) -> None:
        super().__init__()
        self._title, self._about, self._send = title, about, send or say("form.send")
        self._blanks = blanks
        self._doing, self._done = doing, done

    def compose(self) -> ComposeResult:
        """Put the lines one below the other."""
        with VerticalScroll():
            yield Static(self._title, id="form-title", markup=False)
            if self._about:
                yield Static(self._about, id="form-about", markup=False)
            for blank in self._blanks:
                yield from _asked(blank)
            yield Static("", id="form-note", markup=False)
            with Horizontal():
                yield Button(self._send, id="form-send", variant="primary")
                yield Button(say("form.cancel"), id="form-cancel")

    def on_mount(self) -> None:
        """Begin with the first line that is empty."""
        wanted = [one for one in self.query(Input) if not one.value] or list(self.query(Input)) or [*self.query(Button)]
        wanted[0].focus()

    @property
    def typed(self) -> Typed:
        """What stands in the lines now."""
        found: dict[str, str] = {}
        for blank in self._blanks:
            widget = self.query_one(f"#blank-{blank.id}")
            if isinstance(widget, Checkbox):
                found[blank.id] = "yes" if widget.value else ""
            elif isinstance(widget, (Input, Select)):
                found[blank.id] = "" if widget.value in (Select.BLANK, None) else str(widget.value)
        return found

    @on(Input.Submitted)
    def next_line(self, event: Input.Submitted) -> None:
        """Go on to the next line; from the last one, send."""
        event.stop()
        lines = list(self.query(Input))
        after = lines[lines.index(event.input) + 1 :]
        if after:
            after[0].focus()
        else:
            self.action_send()

    @on(Button.Pressed, "#form-cancel")
    def action_cancel(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    @on(Button.Pressed, "#form-send")
    def action_send(self) -> None:
        """Do it."""
        self._note(say("form.doing"))
        self.query_one("#form-send", Button).disabled = True
        self._do(self.typed)

    @work(thread=True, exclusive=True, group="form", exit_on_error=False)
    def _do(self, typed: Typed) -> None:
        worker = get_current_worker()
        door = cast("Dashboard", self.app).door
        try:
            found = door.look(lambda desk: self._doing(desk, typed))
        except SignInRefused as error:
            self.app.post_message(SignInEnded(error))
        except CompanionError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._failed, explain(error))
        else:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._succeeded, found)

    def _failed(self, sentence: str) -> None:
        self.query_one("#form-send", Button).disabled = False
        self._note(sentence)

    def _succeeded(self, found: object) -> None:
        self.dismiss(None)
        self._done(found)

    def _note(self, sentence: str) -> None:
        self.query_one("#form-note", Static).update(sentence)


def _asked(blank: Blank) -> ComposeResult:
    name = f"blank-{blank.id}"
    if blank.is_box:
        yield Checkbox(blank.label, blank.value == "yes", id=name)
        return
    yield Label(blank.label, markup=False)
    if blank.choices:
        yield Select(blank.choices, value=blank.value or blank.choices[0][1], allow_blank=False, id=name)
    else:
        yield Input(blank.value, placeholder=blank.hint, password=blank.is_secret, id=name, max_length=500)
