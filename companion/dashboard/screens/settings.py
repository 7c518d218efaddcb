"""How the screens look and when they lock, and who spoke lately: the reviewed bank, a model, or fixed sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from companion.dashboard.appearance import IDLE_CHOICES
from companion.dashboard.happenings import named
from companion.dashboard.keys import both
from companion.dashboard.messages import AppearanceChanged
from companion.dashboard.screens.place import BACK, Place
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, muted, plain
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.store.reply_sources import DAYS, reply_sources
from companion.wiring.desk import Desk

_BAR: Final = 30
"""Cells of a whole bar."""


class SettingsPlace(Place):
    """Settings of the screens."""

    ID: ClassVar[str] = "settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(both("c"), "app.next_colours", say("key.colours")),
        Binding(both("l"), "app.toggle_large", say("key.large")),
        Binding(both("i"), "next_idle", say("settings.key.idle")),
        BACK,
    ]

    def content(self) -> Iterable[Widget]:
        """Yield what is chosen, and who spoke."""
        yield VerticalScroll(
            Prose(id="chosen"),
            StateView(Prose(id="sources"), id="sources-state"),
            id="settings-scroll",
            classes="body",
        )

    def on_mount(self) -> None:
        """Show what is chosen and read who spoke."""
        self._show_chosen()
        self.query_one("#settings-scroll").focus()
        self.read("sources", _sources, self.show, into="#sources-state")

    def show(self, found: Mapping[str, int]) -> None:
        """Show who spoke."""
        if not found:
            self.query_one("#sources-state", StateView).empty(say("settings.sources_none", days=DAYS))
            return
        self.query_one("#sources", Prose).write(_source_lines(found))

    def action_next_idle(self) -> None:
        """Lock sooner or later."""
        now = self.dashboard.appearance
        after = (IDLE_CHOICES.index(now.idle_minutes) + 1) % len(IDLE_CHOICES)
        self.dashboard.change_appearance(replace(now, idle_minutes=IDLE_CHOICES[after]))

    def on_appearance_changed(self, message: AppearanceChanged) -> None:
        """Show what is chosen now."""
        message.stop()
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.dashboard.appearance
        large = say("settings.on" if chosen.large else "settings.off")
        self.query_one("#chosen", Prose).write(
            [
                BLANK,
                heading(say("settings.looks")),
                plain(say("settings.colours", name=say(f"colours.{chosen.colours}"))),
                plain(say("settings.large", name=large)),
                plain(say("settings.idle", minutes=chosen.idle_minutes)),
                muted(say("settings.idle_about")),
                BLANK,
            ]
        )


def _sources(desk: Desk) -> Mapping[str, int]:
    return reply_sources(desk.viewer)


def _source_lines(found: Mapping[str, int]) -> Iterator[Line]:
    whole = sum(found.values())
    yield heading(say("settings.sources", days=DAYS))
    for source, count in sorted(found.items(), key=lambda one: (-one[1], one[0])):
        share = count / whole
        bar = "#" * round(share * _BAR)
        yield plain(say("settings.source", name=named("reply_source", source), percent=f"{share:.0%}", count=count))
        yield muted(f"  {bar}")
    yield muted(say("settings.sources_about"))
