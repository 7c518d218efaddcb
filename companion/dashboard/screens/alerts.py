"""Alerts: those that wait first, who was told and when, and who took them on. Taking on and resolving need a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from companion.dashboard.happenings import named
from companion.dashboard.keys import both
from companion.dashboard.screens.listing import Listing
from companion.dashboard.times import ago, moment
from companion.dashboard.widgets.form import Blank, Form, Typed
from companion.dashboard.widgets.prose import BLANK, Line, heading, muted, plain, set_in, strong
from companion.dashboard.words import explained, say
from companion.safety.alerts import Alert, AlertNote, AlertStatus, Delivery
from companion.store.alert_care import SeenAlert, alerts_seen
from companion.wiring.desk import Desk

_MOST: Final = 200
_ORDER: Final = {AlertStatus.OPEN: 0, AlertStatus.ACKNOWLEDGED: 1, AlertStatus.RESOLVED: 2}
_SIGNS: Final = {"urgent": "!!", "concern": "! "}
_STYLES: Final = {"urgent": "error", "concern": "warning"}


class Alerts(Listing[SeenAlert]):
    """The inbox."""

    ID: ClassVar[str] = "alerts"
    COLUMNS: ClassVar[tuple[tuple[str, int], ...]] = (("level", 7), ("person", 10), ("when", 12), ("status", 12))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(both("a"), "acknowledge", say("alerts.key.acknowledge")),
        Binding(both("e"), "resolve", say("alerts.key.resolve")),
        Binding(both("v"), "toggle_all", say("alerts.key.toggle_all")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._everything = False

    def reading(self, desk: Desk) -> Sequence[SeenAlert]:
        """Return those that wait, or all: nobody's first, then the gravest, then the newest."""
        found = alerts_seen(desk.viewer, everything=self._everything, limit=_MOST)
        return sorted(found, key=lambda one: (_ORDER[one.alert.status], -one.alert.order.level.rank))

    def key_of(self, one: SeenAlert) -> str:
        """Return its id."""
        return one.alert.id

    def nothing(self) -> str:
        """Say that nothing waits, or that there never was anything."""
        return say("alerts.none_ever" if self._everything else "alerts.none")

    def cells(self, one: SeenAlert, now: datetime) -> Sequence[object]:
        """Return level, whose, when and where it stands."""
        level = one.alert.order.level
        shown = strong(f"{_SIGNS.get(level, '  ')} {named('level', level)}", _STYLES.get(level, ""))
        status = say(f"alerts.short.{one.alert.status}")
        return (shown, one.person, ago(one.alert.raised_at, now), status)

    def lines(self, one: SeenAlert, now: datetime) -> Iterable[Line]:
        """Return what it was, who was told, and what was done."""
        order = one.alert.order
        yield strong(f"{one.person}: {named('level', order.level)}, {named('danger', order.kind)}", "")
        yield plain(f"{moment(one.alert.raised_at, now)}. {named('alert_status', one.alert.status)}.")
        yield plain(say("alerts.told_person" if order.told_person else "alerts.not_told_person"))
        if one.is_false_alarm:
            yield strong(say("alerts.is_false_alarm"))
        yield BLANK
        yield heading(say("alerts.told"))
        yield from map(set_in, _told(one, now))
        yield BLANK
        yield heading(say("alerts.done"))
        yield from map(set_in, _notes(one, now))

    def action_toggle_all(self) -> None:
        """Show those that are over too, or only those that wait."""
        self._everything = not self._everything
        self.begin()

    def person_of(self, one: SeenAlert) -> str:
        """Return whose it is."""
        return one.alert.person_id

    def action_acknowledge(self) -> None:
        """Ask who takes it on, and why."""
        self._ask(AlertStatus.ACKNOWLEDGED)

    def action_resolve(self) -> None:
        """Ask who resolves it, and what came of it."""
        self._ask(AlertStatus.RESOLVED)

    def _ask(self, status: AlertStatus) -> None:
        one = self.chosen
        if one is None:
            return
        if one.alert.status is AlertStatus.RESOLVED:
            self.notify(say("error.alerts.resolved_already"))
            return
        who = self.dashboard.who
        blanks = [
            Blank("by", say("alerts.form.by"), "" if who is None else who.name),
            Blank("note", say(f"alerts.form.note_{status}"), hint=say(f"alerts.form.hint_{status}")),
        ]
        if status is AlertStatus.RESOLVED:
            blanks.append(Blank("false_alarm", say("alerts.form.false_alarm"), is_box=True))

        def doing(desk: Desk, typed: Typed) -> Alert:
            false_alarm = bool(typed.get("false_alarm"))
            note = AlertNote(one.alert.id, desk.now, typed["by"], status, typed["note"], false_alarm)
            return desk.record.alert_care.note(desk.viewer.identity, one.alert.id, note)

        title = say(f"alerts.form.title_{status}", name=one.person)
        about = say(f"alerts.form.about_{status}")
        self.app.push_screen(Form(title, tuple(blanks), doing, self._noted, about=about))

    def _noted(self, alert: Alert) -> None:
        self.notify(say("alerts.noted", status=named("alert_status", alert.status)))
        self.begin()


def _told(one: SeenAlert, now: datetime) -> Iterator[Line]:
    if not one.alert.order.contacts:
        yield plain(say("alerts.nobody_to_tell"))
        return
    reached = {made.contact_id for made in one.deliveries}
    for made in one.deliveries:
        yield plain(_try_words(one, made, now))
    for contact_id in one.alert.order.contacts:
        if contact_id not in reached:
            yield muted(say("alerts.not_tried", name=one.contacts.get(contact_id, say("alerts.gone"))))


def _try_words(one: SeenAlert, made: Delivery, now: datetime) -> str:
    return say(
        "alerts.try",
        when=moment(made.tried_at or made.due_at, now),
        name=one.contacts.get(made.contact_id, say("alerts.gone")),
        channel=made.channel,
        number=made.number,
        outcome=say(f"alerts.outcome.{made.outcome}"),
        why=explained(made.error_key) if made.error_key else "",
    ).rstrip()


def _notes(one: SeenAlert, now: datetime) -> Iterator[Line]:
    if not one.notes:
        yield plain(say("alerts.nobody_yet"))
    for note in one.notes:
        status = named("alert_status", note.status)
        yield plain(say("alerts.note", when=moment(note.at, now), by=note.by, status=status, note=note.note))
