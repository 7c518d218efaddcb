"""The fifth part: conversations word for word, where the person agreed to that, and what was made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable

from companion.core.record import KeptTurn, SessionSummary
from companion.dashboard.happenings import named
from companion.dashboard.screens.person.part import Part
from companion.dashboard.times import moment
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView, topic_titles

_LISTED: Final = 60
_NO_DANGER: Final = ("", "none")


class TalksPart(Part):
    """Which conversations, and one of them from beginning to end."""

    ID: ClassVar[str] = "part-talks"

    def __init__(self) -> None:
        super().__init__()
        self._view: PersonView | None = None

    def compose(self) -> ComposeResult:
        """Put the list beside the conversation, or above it."""
        table: DataTable[object] = DataTable(id="talks", cursor_type="row")
        talk = StateView(VerticalScroll(Prose(id="talk")), id="talk-state")
        yield StateView(Container(table, talk, classes="list-and-one"), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read the list."""
        self._view = view
        self.read(partial(_read, person_id=view.person.id), self.show)

    def show(self, found: Sequence[SessionSummary]) -> None:
        """Show the list; the newest is the one that is shown whole."""
        if not found:
            self.query_one(f"#{self.ID}-state", StateView).empty(say("person.talks_none"))
            return
        table: DataTable[object] = self.query_one("#talks", DataTable)
        table.clear(columns=True)
        for key, width in (("when", 15), ("turns", 7), ("ended", 18)):
            table.add_column(say(f"person.talks_column.{key}"), key=key, width=width)
        now = found[0].started_at if self._view is None else self._view.at
        for one in found:
            ended = named("ended_by", one.ended_by or "open")
            turns = say("person.turns", count=one.turns)
            table.add_row(moment(one.started_at, now), turns, ended, key=one.id)

    @on(DataTable.RowHighlighted, "#talks")
    def read_one(self, event: DataTable.RowHighlighted) -> None:
        """Read the conversation that the cursor is on."""
        if event.row_key is not None and event.row_key.value:
            reading = partial(_read_one, session_id=event.row_key.value)
            self.read(reading, self.show_one, into="#talk-state", group="talk")

    def show_one(self, found: tuple[SessionSummary, Sequence[KeptTurn]]) -> None:
        """Show it from beginning to end."""
        talk, turns = found
        now = talk.started_at if self._view is None else self._view.at
        driver = say("talk.driver", driver=named("driver", talk.reply_driver), profile=talk.profile)
        lines = [heading(moment(talk.started_at, now)), muted(driver), BLANK]
        for turn in turns:
            lines += _turn(turn)
        self.query_one("#talk", Prose).write(lines)


def _turn(turn: KeptTurn) -> Iterator[Line]:
    if turn.heard:
        yield joined(strong(say("talk.person")), "  ", plain(turn.heard))
        yield muted(f"    {_understood(turn)}")
    if turn.risk_level not in _NO_DANGER:
        level, kind = named("level", turn.risk_level), named("danger", turn.risk_kind)
        yield strong(f"    !! {say('talk.danger', level=level, kind=kind)}", "error")
    spoken = turn.reply if turn.spoken is None else turn.spoken
    cut = turn.spoken is not None and turn.spoken.strip() != turn.reply.strip()
    yield joined(muted(say("talk.companion")), "  ", plain(spoken), muted(f"  {say('talk.cut')}") if cut else "")
    yield muted(f"    {say('talk.source', source=named('reply_source', turn.reply_source))}")
    yield BLANK


def _understood(turn: KeptTurn) -> str:
    return say(
        "talk.understood",
        topic=topic_titles().get(turn.topic, turn.topic),
        feeling=named("feeling", turn.feeling),
        confidence=f"{turn.heard_confidence:.2f}",
    )


def _read(desk: Desk, person_id: str) -> Sequence[SessionSummary]:
    return desk.viewer.sessions(limit=_LISTED, person_id=person_id)


def _read_one(desk: Desk, session_id: str) -> tuple[SessionSummary, Sequence[KeptTurn]]:
    return desk.viewer.session(session_id)
