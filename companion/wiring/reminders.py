"""What the family sets: checked, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from companion.config import Settings
from companion.core.access import Identity
from companion.core.life import Reminder
from companion.core.schedule import QuietHours, Schedule, clock_time
from companion.dialogue.daily.rules import Kind
from companion.errors import InputError
from companion.wiring.access import whoever_is_here

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.record import Record

LONGEST_WORDS: Final = 120
"""Characters of what is said: one or two sentences."""


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """What was typed."""

    kind: Kind
    words: str
    by: str
    schedule: Mapping[str, object]


def quiet_hours(settings: Settings) -> QuietHours:
    """Return the hours in which 말벗 does not speak first."""
    return QuietHours(clock_time(settings.daily.quiet_from), clock_time(settings.daily.quiet_until))


def zone_of(person: Person) -> tzinfo:
    """Return a person's zone; that of the device where theirs is not known here."""
    try:
        return ZoneInfo(person.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now().astimezone().tzinfo or UTC


def typed_schedule(table: Mapping[str, object]) -> Schedule:
    """Return the schedule that was typed.

    Raises:
        InputError: It cannot be understood; the part is named.
    """
    try:
        return Schedule.parse(table)
    except ValueError as error:
        raise InputError("reminders.unfit", place=str(error)) from error


def added(
    record: Record, person: Person, plan: ReminderPlan, settings: Settings, *, by: Identity | None = None
) -> Reminder:
    """Keep what was set and return it with its id.

    Args:
        record: Opened.
        person: Whose.
        plan: What was typed.
        settings: Quiet hours.
        by: Who sets it; whoever is signed in at this device where it is not given.

    Raises:
        AccessError: They may not.
        InputError: Words, name or times do not fit.
        StorageFull: Nothing could be written.
    """
    reminder = _fitting(record, person, plan, settings)
    made = record.reminder_care.add(by or whoever_is_here(record), person.id, reminder)
    return replace(reminder, id=made)


def rewritten(
    record: Record, wanted: str, person: Person, plan: ReminderPlan, settings: Settings, *, by: Identity
) -> Reminder:
    """Put other words and times in the place of those of a reminder, and return it as it is then.

    Raises:
        AccessError: They may not.
        InputError: Words, name or times do not fit, or there is no such reminder.
        StorageFull: Nothing could be written.
    """
    return record.reminder_care.rewrite(by, wanted, _fitting(record, person, plan, settings))


def _fitting(record: Record, person: Person, plan: ReminderPlan, settings: Settings) -> Reminder:
    words = " ".join(plan.words.split())
    if not words and plan.kind is not Kind.CHECK_IN:
        raise InputError("reminders.words_missing")
    if len(words) > LONGEST_WORDS:
        raise InputError("reminders.words_long", most=LONGEST_WORDS)
    if not plan.by.strip():
        raise InputError("reminders.by_missing")
    _refuse_quiet(typed_schedule(plan.schedule), quiet_hours(settings))
    now = record.database.now().astimezone(zone_of(person))
    return Reminder(str(plan.kind), words, plan.by.strip(), now, plan.schedule)


def _refuse_quiet(schedule: Schedule, quiet: QuietHours) -> None:
    day = date(2000, 1, 1)
    for wall in schedule.times if not schedule.in_quiet_hours else ():
        if quiet.holds(datetime.combine(day, wall, UTC), UTC):
            raise InputError(
                "reminders.in_quiet_hours", time=f"{wall:%H:%M}", begin=f"{quiet.begin:%H:%M}", end=f"{quiet.end:%H:%M}"
            )


def schedule_in_words(table: Mapping[str, object]) -> str:
    """Return a schedule as an operator reads it: times and days, no sentence."""
    try:
        schedule = Schedule.parse(table)
    except ValueError:
        return "?"
    parts = [_days(table.get("days")), ",".join(f"{wall:%H:%M}" for wall in schedule.times)]
    parts += [f"({name}={table[name]})" for name in ("on", "until", "paused_until") if table.get(name)]
    return " ".join(part for part in parts if part)


def _days(value: object) -> str:
    return ",".join(str(one) for one in value) if isinstance(value, Sequence) and not isinstance(value, str) else ""
