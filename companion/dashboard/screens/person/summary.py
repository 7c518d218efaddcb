"""The first part: the last conversation and the week, counted, in plain words, with what was said behind them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll

from companion.core.summary import LineKind, Quote, Summary
from companion.dashboard.screens.person.part import SUMMARY, Part
from companion.dashboard.times import ahead, days_ago, moment
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, muted, plain, quote, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.person import PersonView, person_opened

_FIRST: Final = (LineKind.SAFETY, LineKind.CLOSED, LineKind.CHECK_INS)
"""What stands above everything else."""


class SummaryPart(Part):
    """What happened lately."""

    ID: ClassVar[str] = SUMMARY

    def compose(self) -> ComposeResult:
        """Put the conversation beside the week, or above it."""
        pair = Container(Prose(id="latest"), Prose(id="week"), classes="pair")
        yield StateView(VerticalScroll(pair, Prose(id="no-diagnosis")), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Show both summaries, and read them first where they did not come with the page."""
        if view.summaries is None:
            self.read(partial(person_opened, person_id=view.person.id), self.show)
        else:
            self.show(view)
            self.query_one(StateView).there()

    def show(self, view: PersonView) -> None:
        """Show them."""
        found = view.summaries
        if found is None:
            return
        self.query_one("#latest", Prose).write(self._latest(view, found.latest))
        self.query_one("#week", Prose).write(_lines(say("person.week"), found.week, view))
        self.query_one("#no-diagnosis", Prose).write([muted(say("app.no_model"))])

    def _latest(self, view: PersonView, latest: Summary | None) -> Sequence[Line]:
        lines: list[Line] = []
        if latest is not None:
            lines += _lines(say("person.latest", when=moment(latest.begins, view.at)), latest, view)
        elif view.row.line.allowed.conversation:
            lines += [heading(say("person.latest_none")), plain(say("person.never_talked"))]
        else:
            lines += [heading(say("person.latest_none")), plain(say("person.closed.conversation"))]
        if view.row.next_check_in is not None:
            lines += [plain(""), muted(say("person.next_check_in", when=ahead(view.row.next_check_in, view.at)))]
        return lines


def _lines(title: str, summary: Summary, view: PersonView) -> Sequence[Line]:
    """Return danger first, then the rest in its order; what was said stands once, below the first line it is behind."""
    found, shown = [heading(title)], set[tuple[str, int, str]]()
    for line in sorted(summary.lines, key=lambda one: _FIRST.index(one.kind) if one.kind in _FIRST else len(_FIRST)):
        is_danger = line.kind is LineKind.SAFETY and any(line.numbers.values())
        found.append(strong(line.text, "error") if is_danger else plain(line.text))
        for one in line.quotes:
            key = (one.session_id, one.turn, one.words)
            if key not in shown:
                shown.add(key)
                found.append(quote(one.words, _place(one, summary, view)))
        found.append(BLANK)
    return found


def _place(one: Quote, summary: Summary, view: PersonView) -> str:
    """Return when it was said: the time alone within one conversation."""
    return f"{one.at.astimezone(view.at.tzinfo):%H:%M}" if summary.session_id else days_ago(one.at, view.at)
