"""The seventh part: small activities and the mood before and after them; what is said at set times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll

from companion.core.overview import ActivityLine, PersonPage, ReminderLine
from companion.dashboard.happenings import named
from companion.dashboard.schedules import schedule_words
from companion.dashboard.screens.person.part import Part
from companion.dashboard.times import ago, moment
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.person import PersonView, activity_titles, page_of


class ActivitiesPart(Part):
    """What was done together, and what is reminded of."""

    ID: ClassVar[str] = "part-activities"

    def compose(self) -> ComposeResult:
        """Put both beside each other, or below."""
        pair = Container(Prose(id="activities"), Prose(id="reminders"), classes="pair")
        yield StateView(VerticalScroll(pair), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read both."""
        self.read(partial(page_of, person_id=view.person.id), partial(self.show, view))

    def show(self, view: PersonView, page: PersonPage) -> None:
        """Show them."""
        self.query_one("#activities", Prose).write(list(_activities(page, view)))
        self.query_one("#reminders", Prose).write(list(_reminders(page, view)))


def _activities(page: PersonPage, view: PersonView) -> Iterator[Line]:
    yield heading(say("person.activities"))
    if not page.line.allowed.conversation:
        yield plain(say("person.closed.conversation"))
        return
    if not page.activities:
        yield plain(say("person.activities_none"))
        return
    yield from _effect(page)
    for one in page.activities:
        yield from _activity(one, view)


def _effect(page: PersonPage) -> Iterator[Line]:
    """Count how the mood went, as it was said: no effect is claimed."""
    changes = [
        one.mood_after - one.mood_before
        for one in page.activities
        if one.mood_before is not None and one.mood_after is not None
    ]
    if not page.line.allowed.health:
        yield muted(say("person.closed.health"))
    elif changes:
        better, worse = sum(one > 0 for one in changes), sum(one < 0 for one in changes)
        same = len(changes) - better - worse
        yield plain(say("person.effect", count=len(changes), better=better, same=same, worse=worse))
    yield BLANK


def _activity(one: ActivityLine, view: PersonView) -> Iterator[Line]:
    title = activity_titles().get(one.script, one.script)
    yield joined(plain(f"{title}: {named('activity_outcome', one.outcome)}"), muted(f"  {moment(one.at, view.at)}"))
    if one.mood_before is not None and one.mood_after is not None:
        yield plain(f"  {say('happening.activity.moods', before=one.mood_before, after=one.mood_after)}")


def _reminders(page: PersonPage, view: PersonView) -> Iterator[Line]:
    yield heading(say("person.reminders"))
    if not page.reminders:
        yield plain(say("person.reminders_none"))
    for one in page.reminders:
        yield from _reminder(one, view)


def _reminder(one: ReminderLine, view: PersonView) -> Iterator[Line]:
    off = "" if one.active else f"  {say('person.reminder_off')}"
    yield joined(plain(f"{named('reminder', one.kind)}: {one.words}"), muted(off))
    said = "" if one.last_said_at is None else say("person.reminder_said", when=ago(one.last_said_at, view.at))
    yield muted(f"  {schedule_words(one.schedule)}  {say('person.reminder_by', by=one.set_by)}  {said}".rstrip())
