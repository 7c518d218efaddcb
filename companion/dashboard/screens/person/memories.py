"""The sixth part: what 말벗 remembers, with the sentence that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from companion.core.life import Memory
from companion.dashboard.happenings import named
from companion.dashboard.screens.person.part import Part
from companion.dashboard.times import days_ago, moment
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain, quote
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView


class MemoriesPart(Part):
    """Facts, by what they are about."""

    ID: ClassVar[str] = "part-memories"

    def __init__(self) -> None:
        super().__init__()
        self._view: PersonView | None = None

    def compose(self) -> ComposeResult:
        """Put them below each other."""
        yield StateView(VerticalScroll(Prose(id="memories")), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read them."""
        self._view = view
        self.read(partial(_read, person_id=view.person.id), self.show)

    def show(self, found: Sequence[Memory]) -> None:
        """Show them by kind, the newest first."""
        if not found or self._view is None:
            self.query_one(StateView).empty(say("person.memories_none"))
            return
        self.query_one("#memories", Prose).write(list(_lines(found, self._view)))


def _lines(found: Sequence[Memory], view: PersonView) -> Iterator[Line]:
    for kind, of_kind in groupby(sorted(found, key=lambda one: one.kind), key=lambda one: one.kind):
        yield heading(named("memory", kind))
        for one in of_kind:
            due = "" if one.due_at is None else say("person.memory_due", when=moment(one.due_at, view.at))
            yield joined(plain(one.fact), muted(f"  {days_ago(one.at, view.at)}  {due}".rstrip()))
            if one.sentence and one.sentence != one.fact:
                yield quote(one.sentence)
        yield BLANK


def _read(desk: Desk, person_id: str) -> Sequence[Memory]:
    from companion.store.person_view import memories_seen

    return memories_seen(desk.viewer, person_id)
