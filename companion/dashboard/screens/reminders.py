"""What the family wants said, and when: add, change, pause, stop. What stands here is said word for word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.core.life import Reminder
from companion.core.schedule import WEEKDAYS
from companion.dashboard.happenings import named
from companion.dashboard.keys import both
from companion.dashboard.schedules import schedule_words
from companion.dashboard.screens.listing import Listing
from companion.dashboard.times import moment
from companion.dashboard.widgets.form import Blank, Form, Typed
from companion.dashboard.widgets.prose import BLANK, Line, muted, plain, quote, strong
from companion.dashboard.words import say
from companion.dialogue.daily.rules import Kind
from companion.store.reminder_care import SeenReminder, reminders_seen
from companion.wiring.desk import Desk
from companion.wiring.reminders import ReminderPlan, added, rewritten

_KINDS = (Kind.MEDICINE, Kind.WATER, Kind.APPOINTMENT, Kind.CHECK_IN)
_TYPED = ("times", "at", "days")
"""What the form asks of a schedule; the rest of one that was set elsewhere stays as it is."""


class Reminders(Listing[SeenReminder]):
    """Reminders of everybody whose record is open."""

    ID: ClassVar[str] = "reminders"
    COLUMNS: ClassVar[tuple[tuple[str, int], ...]] = (("person", 10), ("kind", 6), ("when", 20), ("words", 10))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(both("a"), "add", say("reminders.key.add")),
        Binding(both("e"), "edit", say("reminders.key.edit")),
        Binding(both("s"), "pause", say("reminders.key.pause")),
        Binding("delete", "remove", say("reminders.key.remove")),
    ]

    def reading(self, desk: Desk) -> Sequence[SeenReminder]:
        """Return them by person."""
        return sorted(reminders_seen(desk.viewer), key=lambda one: (one.person, one.person_id, one.reminder.at))

    def key_of(self, one: SeenReminder) -> str:
        """Return its id."""
        return one.reminder.id

    def person_of(self, one: SeenReminder) -> str:
        """Return whose it is."""
        return one.person_id

    def cells(self, one: SeenReminder, _now: datetime) -> Sequence[object]:
        """Return whose, what kind, when and what."""
        it = one.reminder
        words = it.words if it.active else say("reminders.off", words=it.words)
        return (one.person, named("reminder", it.kind), schedule_words(it.schedule), words)

    def lines(self, one: SeenReminder, now: datetime) -> Iterable[Line]:
        """Return it in full."""
        it = one.reminder
        yield strong(f"{one.person}: {named('reminder', it.kind)}")
        yield plain(schedule_words(it.schedule))
        yield BLANK
        if it.words:
            yield quote(it.words)
            yield BLANK
        if not it.active:
            yield strong(say("reminders.is_off"))
        yield plain(say("person.reminder_by", by=it.set_by))
        if it.last_said_at is not None:
            yield muted(say("person.reminder_said", when=moment(it.last_said_at, now)))

    def action_add(self) -> None:
        """Ask for a new one."""
        people = tuple((name, person_id) for person_id, name in self.dashboard.people_shown.items())
        if not people:
            self.notify(say("reminders.nobody"))
            return
        at = people[0][1] if self.chosen is None else self.chosen.person_id
        whose = Blank("person", say("reminders.form.person"), at, choices=people)

        def doing(desk: Desk, typed: Typed) -> Reminder:
            person = desk.record.people.find(typed["person"])
            return added(desk.record, person, _plan(typed, {}), desk.settings, by=desk.viewer.identity)

        blanks = (whose, *_blanks(None, self._own_name))
        self.app.push_screen(Form(say("reminders.form.add"), blanks, doing, self._noted, about=_about()))

    def action_edit(self) -> None:
        """Ask for other words and times; what the person asked for stands in their words, and is not rewritten."""
        one = self.chosen
        if one is None:
            return
        if one.reminder.kind == Kind.ASKED:
            self.notify(say("reminders.their_own"))
            return

        def doing(desk: Desk, typed: Typed) -> Reminder:
            person = desk.record.people.find(one.person_id)
            plan = _plan(typed, one.reminder.schedule)
            identity = desk.viewer.identity
            return rewritten(desk.record, one.reminder.id, person, plan, desk.settings, by=identity)

        title = say("reminders.form.edit", name=one.person)
        self.app.push_screen(Form(title, _blanks(one.reminder, self._own_name), doing, self._noted, about=_about()))

    def action_pause(self) -> None:
        """Say it no more for now, or say it again."""
        one = self.chosen
        if one is None:
            return
        doing = "pause" if one.reminder.active else "resume"
        self._sure(one, doing, lambda desk: _paused(desk, one))

    def action_remove(self) -> None:
        """Remove it for good."""
        one = self.chosen
        if one is not None:
            self._sure(
                one, "remove", lambda desk: desk.record.reminder_care.remove(desk.viewer.identity, self.key_of(one))
            )

    def _sure(self, one: SeenReminder, what: str, doing: Callable[[Desk], Reminder]) -> None:
        title = say(f"reminders.form.{what}", name=one.person)
        about = say(f"reminders.form.about_{what}", words=one.reminder.words or named("reminder", one.reminder.kind))
        send = say(f"reminders.key.{what}")
        form = Form(title, (), lambda desk, _: doing(desk), self._noted, about=about, send=send)
        self.app.push_screen(form)

    @property
    def _own_name(self) -> str:
        who = self.dashboard.who
        return "" if who is None else who.name

    def _noted(self, _reminder: object) -> None:
        self.notify(say("reminders.noted"))
        self.begin()


def _paused(desk: Desk, one: SeenReminder) -> Reminder:
    care = desk.record.reminder_care
    return care.change(desk.viewer.identity, one.reminder.id, active=not one.reminder.active)


def _removed(desk: Desk, one: SeenReminder) -> Reminder:
    return desk.record.reminder_care.remove(desk.viewer.identity, one.reminder.id)


def _about() -> str:
    return say("reminders.form.about")


def _blanks(one: Reminder | None, by: str) -> tuple[Blank, ...]:
    schedule = {} if one is None else one.schedule
    times = schedule.get("times", schedule.get("at", ()))
    listed = [times] if isinstance(times, str) else list(times) if isinstance(times, Sequence) else []
    days = schedule.get("days") or ()
    chosen = " ".join(say(f"schedule.{day}") for day in days) if isinstance(days, Sequence) else ""
    kinds = tuple((named("reminder", kind), str(kind)) for kind in _KINDS)
    return (
        Blank("kind", say("reminders.form.kind"), "" if one is None else one.kind, choices=kinds),
        Blank("words", say("reminders.form.words"), "" if one is None else one.words, say("reminders.form.words_hint")),
        Blank("times", say("reminders.form.times"), ", ".join(map(str, listed)), say("reminders.form.times_hint")),
        Blank("days", say("reminders.form.days"), chosen, say("reminders.form.days_hint")),
        Blank("by", say("reminders.form.by"), (one.set_by if one is not None else "") or by),
    )


def _plan(typed: Typed, before: Mapping[str, object]) -> ReminderPlan:
    """Return what was typed over what was set; days are typed as people write them."""
    names, ending = {say(f"schedule.{day}"): day for day in WEEKDAYS}, say("schedule.day_ending")
    days = [names.get(one.removesuffix(ending), one) for one in typed["days"].replace(",", " ").split()]
    schedule: dict[str, object] = {name: value for name, value in before.items() if name not in _TYPED}
    times = typed["times"].replace(",", " ").split()
    if times:
        schedule["times"] = times
    if days:
        schedule["days"] = days
    return ReminderPlan(Kind(typed["kind"]), typed["words"], typed["by"], schedule)
