"""The sign-in: before any record, for whoever has an account. The record counts wrong passwords and locks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static
from textual.worker import get_current_worker

from companion.dashboard.messages import Entered, RecordChanged
from companion.dashboard.screens.place import Place
from companion.dashboard.words import explain, say
from companion.errors import CompanionError, SignInRefused


class SignIn(Place):
    """Name and password.

    Args:
        why: Why whoever was here has to sign in again; None where nobody was.
    """

    ID: ClassVar[str] = "sign_in"
    RELOADS: ClassVar[bool] = False
    CSS = """
    SignIn { align: center middle; }
    #sign-in { width: 60; max-width: 100%; height: auto; padding: 1 2; }
    #sign-in Label { margin: 1 0 0 0; }
    #sign-in Button { margin: 1 0 0 0; width: 100%; }
    #sign-in-note { margin: 1 0 0 0; height: auto; min-height: 2; color: $error; text-style: bold; }
    """

    def __init__(self, why: CompanionError | None = None) -> None:
        super().__init__()
        known = isinstance(why, SignInRefused) and why.key != "access.not_signed_in"
        self._why = explain(why) if why is not None and known else ""

    def content(self) -> Iterable[Widget]:
        """Yield the two lines."""
        yield Vertical(
            Static(say("sign_in.hello"), markup=False),
            Label(say("sign_in.name")),
            Input(id="name", max_length=100),
            Label(say("sign_in.password")),
            Input(id="password", password=True, max_length=1000),
            Button(say("sign_in.enter"), id="enter", variant="primary"),
            Static(self._why, id="sign-in-note", markup=False),
            Static(say("sign_in.privacy"), classes="muted", markup=False),
            id="sign-in",
            classes="body",
        )

    def on_mount(self) -> None:
        """Begin with the name; nothing blinks."""
        for one in self.query(Input):
            one.cursor_blink = False
        self.query_one("#name", Input).focus()

    @on(Input.Submitted, "#name")
    def to_password(self) -> None:
        """Go on to the password."""
        self.query_one("#password", Input).focus()

    @on(Input.Submitted, "#password")
    @on(Button.Pressed, "#enter")
    def enter(self) -> None:
        """Try to sign in."""
        name, password = self.query_one("#name", Input).value, self.query_one("#password", Input).value
        if not name.strip() or not password:
            self._note(say("sign_in.both_needed"))
            return
        self._note(say("sign_in.checking"))
        self.query_one("#enter", Button).disabled = True
        self._try(name, password)

    @work(thread=True, exclusive=True, group="sign-in", exit_on_error=False)
    def _try(self, name: str, password: str) -> None:
        worker = get_current_worker()
        try:
            who = self.dashboard.door.sign_in(name, password)
        except CompanionError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._refused, explain(error))
            return
        if not worker.is_cancelled:
            self.app.post_message(Entered(who))

    def _refused(self, sentence: str) -> None:
        password = self.query_one("#password", Input)
        password.value = ""
        password.focus()
        self.query_one("#enter", Button).disabled = False
        self._note(sentence)

    def _note(self, sentence: str) -> None:
        self.query_one("#sign-in-note", Static).update(sentence)

    def on_record_changed(self, message: RecordChanged) -> None:
        """Nothing here is of the record."""
        message.stop()
