"""What people asked of people: those that wait first, with the answer that will be told to them in the next talk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from companion.core.errand import Standing
from companion.dashboard.happenings import named
from companion.dashboard.keys import both
from companion.dashboard.screens.listing import Listing
from companion.dashboard.times import ago, moment
from companion.dashboard.widgets.form import Blank, Form, Typed
from companion.dashboard.widgets.prose import BLANK, Line, muted, plain, quote, strong
from companion.dashboard.words import say
from companion.store.errand_care import SeenErrand, errands_seen
from companion.wiring.desk import Desk

_MOST: Final = 200


class Requests(Listing[SeenErrand]):
    """Requests with their outcome."""

    ID: ClassVar[str] = "requests"
    COLUMNS: ClassVar[tuple[tuple[str, int], ...]] = (("person", 10), ("purpose", 8), ("when", 12), ("status", 12))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(both("a"), "settle('done')", say("requests.key.done")),
        Binding(both("e"), "settle('declined')", say("requests.key.declined")),
        Binding(both("v"), "toggle_all", say("requests.key.toggle_all")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._everything = False

    def reading(self, desk: Desk) -> Sequence[SeenErrand]:
        """Return those that wait, or all, the newest first."""
        return errands_seen(desk.viewer, everything=self._everything, limit=_MOST)

    def key_of(self, one: SeenErrand) -> str:
        """Return its id."""
        return one.errand.id

    def nothing(self) -> str:
        """Say that nothing waits, or that there never was anything."""
        return say("requests.none_ever" if self._everything else "requests.none")

    def cells(self, one: SeenErrand, now: datetime) -> Sequence[object]:
        """Return whose, what for, when and where it stands."""
        errand = one.errand
        return (one.person, named("purpose", errand.purpose), ago(errand.at, now), named("errand", errand.status))

    def lines(self, one: SeenErrand, now: datetime) -> Iterable[Line]:
        """Return the words, and what came of them."""
        errand = one.errand
        whom = f", {errand.whom}" if errand.whom else ""
        yield strong(f"{one.person}: {named('purpose', errand.purpose)}{whom}")
        yield plain(moment(errand.at, now))
        yield BLANK
        yield quote(errand.words)
        yield BLANK
        yield plain(named("errand_long", errand.status))
        if errand.settled_at is not None:
            yield plain(say("requests.settled", when=moment(errand.settled_at, now), by=errand.by))
        if errand.answer:
            yield quote(errand.answer)
        if errand.status in (Standing.DONE, Standing.DECLINED):
            told = errand.told_at
            yield muted(say("requests.untold") if told is None else say("requests.told", when=moment(told, now)))

    def action_toggle_all(self) -> None:
        """Show those that are over too, or only those that wait."""
        self._everything = not self._everything
        self.begin()

    def person_of(self, one: SeenErrand) -> str:
        """Return whose it is."""
        return one.person_id

    def action_settle(self, status: str) -> None:
        """Ask who saw to it, and what to tell."""
        one = self.chosen
        if one is None:
            return
        who = self.dashboard.who
        blanks = (
            Blank("by", say("requests.form.by"), "" if who is None else who.name),
            Blank("answer", say(f"requests.form.answer_{status}"), hint=say(f"requests.form.hint_{status}")),
        )

        def doing(desk: Desk, typed: Typed) -> SeenErrand:
            care, identity = desk.record.errand_care, desk.viewer.identity
            return care.settle(identity, one.errand.id, Standing(status), name=typed["by"], answer=typed["answer"])

        title = say(f"requests.form.title_{status}", name=one.person)
        self.app.push_screen(Form(title, blanks, doing, self._noted, about=say("requests.form.about")))

    def _noted(self, _seen: SeenErrand) -> None:
        self.notify(say("requests.noted"))
        self.begin()
