"""The conversation that runs on this device now, turn by turn, and a key that ends it kindly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from companion.core.record import KeptTurn
from companion.dashboard.happenings import named
from companion.dashboard.keys import both
from companion.dashboard.screens.place import BACK, Place
from companion.dashboard.widgets.form import Form
from companion.dashboard.widgets.prose import Line, Prose, joined, muted, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.store.live import LiveTalk
from companion.wiring.live import stop_talk, talk_here

_DANGERS = ("watch", "concern", "urgent")


class Live(Place):
    """What is being said; read anew whenever the record changes."""

    ID: ClassVar[str] = "live"
    BINDINGS: ClassVar[list[BindingType]] = [Binding(both("s"), "stop", say("live.key.stop")), BACK]

    def __init__(self) -> None:
        super().__init__()
        self.talk: LiveTalk | None = None

    def content(self) -> Iterable[Widget]:
        """Yield whose it is, and the words."""
        yield StateView(
            Static("", id="live-who", classes="line", markup=False),
            VerticalScroll(Prose(id="live-turns"), id="live-scroll"),
            id="live",
            classes="body",
        )

    def on_mount(self) -> None:
        """Read it."""
        self.read("live", talk_here, self.show, into="#live")
        self.query_one("#live-scroll").focus()

    def show(self, talk: LiveTalk | None) -> None:
        """Show the turns; the newest is in sight."""
        self.talk = talk
        if talk is None:
            self.query_one("#live", StateView).empty(say("live.none"))
            return
        began = talk.session.started_at.astimezone(self.dashboard.door.now().tzinfo)
        who = say("live.who", name=talk.person, time=f"{began:%H:%M}", count=talk.session.turns)
        self.query_one("#live-who", Static).update(who)
        self.query_one("#live-turns", Prose).write([line for turn in talk.turns for line in _lines(turn)])
        self.call_after_refresh(self.query_one("#live-scroll", VerticalScroll).scroll_end, animate=False)

    def action_stop(self) -> None:
        """Ask whether to end it."""
        talk = self.talk
        if talk is None:
            self.notify(say("live.nothing_to_stop"))
            return
        self.app.push_screen(
            Form(
                say("live.form.title", name=talk.person),
                (),
                lambda desk, _typed: stop_talk(desk, talk),
                lambda _: self.notify(say("live.asked")),
                about=say("live.form.about"),
                send=say("live.key.stop"),
            )
        )


def _lines(turn: KeptTurn) -> Iterator[Line]:
    if turn.heard:
        yield joined(strong(say("talk.person")), "  ", turn.heard)
    if turn.risk_level in _DANGERS:
        level, kind = named("level", turn.risk_level), named("danger", turn.risk_kind)
        yield strong(say("talk.danger", level=level, kind=kind), "error")
    yield joined(muted(say("talk.companion")), "  ", turn.reply)
