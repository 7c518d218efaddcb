"""The command palette: only what whoever is here may see. People come from the overview that was read for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from companion.core.search import matches
from companion.dashboard.places import PLACES
from companion.dashboard.words import say

if TYPE_CHECKING:
    from companion.dashboard.app import Dashboard

Command = tuple[str, IgnoreReturnCallbackType, str]


class BoardCommands(Provider):
    """Places, people, and what the program itself does."""

    async def discover(self) -> Hits:
        """Offer everything but people, of whom there may be two hundred."""
        for title, action, about in self._own():
            yield DiscoveryHit(title, action, help=about)

    async def search(self, query: str) -> Hits:
        """Offer what fits, by the words or by the first consonants."""
        matcher = self.matcher(query)
        for title, action, about in (*self._own(), *self._people()):
            score = matcher.match(title)
            if score <= 0 and matches(query, title):
                score = 0.5
            if score > 0:
                yield Hit(score, matcher.highlight(title), action, help=about)

    @property
    def _dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    def _own(self) -> Iterator[Command]:
        dashboard, who = self._dashboard, self._dashboard.who
        if who is not None:
            for place in PLACES:
                if place.may(who):
                    title = say("command.go", name=say(f"place.{place.id}.name"))
                    yield title, self._going(place.id), say(f"place.{place.id}.about")
            yield say("key.reload"), dashboard.action_reload, say("command.reload_help")
        yield say("key.colours"), dashboard.action_next_colours, say("command.colours_help")
        yield say("key.large"), dashboard.action_toggle_large, say("command.large_help")
        if who is not None and who.role is not None:
            yield say("key.sign_out"), dashboard.action_sign_out, say("command.sign_out_help")
        yield say("key.quit"), dashboard.action_quit, say("command.quit_help")

    def _people(self) -> Iterator[Command]:
        for person_id, name in self._dashboard.people_shown.items():
            yield say("command.person", name=name), self._opening(person_id), say("command.person_help")

    def _going(self, place: str) -> Callable[[], None]:
        return lambda: self._dashboard.action_go(place)

    def _opening(self, person_id: str) -> Callable[[], None]:
        return lambda: self._dashboard.open_person(person_id)
