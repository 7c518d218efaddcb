"""One line of time of one person, read for whoever may see it: through the viewer, audited, and only as agreed to.

Each kind is one query over an index that begins with the person, and brings at most as many rows as are asked for, the
newest; days of readings and of mood are summed by the database before they come. What consent does not cover is not
asked for. Dangers and alerts are there always, without words, and so is what 말벗 said on its own account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.access import Action
from companion.core.body import Quarter
from companion.core.consent import Item
from companion.core.hospital import Kind
from companion.core.overview import Allowed
from companion.core.timeline import ON_A_LINE, Entry, Figure, Happening, Timeline, newest
from companion.errors import InputError
from companion.store.body_view import kinds, unit_of, within_days
from companion.store.consents import allowing
from companion.store.hospital import shown
from companion.store.overview import sums_of, zone_called
from companion.store.tables.daily import OccasionRow
from companion.store.tables.hospital import HospitalRecordRow
from companion.store.tables.life import ActivityRow
from companion.store.tables.people import PersonRow
from companion.store.tables.safety import AlertRow, RiskEventRow
from companion.store.tables.screening import ObservationRow, ScreeningRow
from companion.store.tables.talk import SessionRow
from companion.store.viewing import Viewer

LONGEST: Final = timedelta(days=3 * 366)
"""Of a window: minutes of heart rate over three years are summed in about a second."""
_TALK: Final = frozenset({Happening.TALK, Happening.MOOD, Happening.ACTIVITY})
_HEALTH: Final = frozenset({Happening.SCREENING, Happening.OBSERVATION, Happening.READING, Happening.HOSPITAL})
EVERYTHING: Final = frozenset(Happening)


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for: half-open, in the days of a zone."""

    person_id: str
    since: datetime
    until: datetime
    zone: tzinfo
    limit: int
    moods: bool
    """Whether figures of health may stand beside what was done in a conversation."""


def timeline_seen(
    viewer: Viewer,
    person_id: str,
    since: datetime,
    until: datetime,
    *,
    happenings: Collection[Happening] = EVERYTHING,
    limit: int = ON_A_LINE,
) -> Timeline:
    """Return what happened to a person in a window, the newest entries first.

    Args:
        viewer: Of whoever asks.
        person_id: Whose.
        since: Inclusive; aware.
        until: Exclusive; aware.
        happenings: Kinds that are wanted.
        limit: How many entries at most.

    Raises:
        AccessError: The record is not open to whoever asks.
        InputError: The window is empty or longer than ``LONGEST``.
    """
    if not timedelta() < until - since <= LONGEST:
        raise InputError("store.window", days=LONGEST.days)
    with viewer.read(Action.TIMELINE_READ, person_id) as view:
        found = timeline(view.session, person_id, (since, until), view.now, happenings=happenings, limit=limit)
        view.saw([person_id], len(found.entries))
        return found


def timeline(
    session: Session,
    person_id: str,
    between: tuple[datetime, datetime],
    now: datetime,
    *,
    happenings: Collection[Happening] = EVERYTHING,
    limit: int = ON_A_LINE,
) -> Timeline:
    """Return the line inside a transaction in which whoever asks was let in; see ``timeline_seen``."""
    person = session.get_one(PersonRow, person_id)
    allowed = Allowed(
        conversation=bool(allowing(session, [person_id], Item.CONVERSATION, now)),
        health=bool(allowing(session, [person_id], Item.HEALTH, now)),
    )
    closed = (frozenset() if allowed.conversation else _TALK) | (frozenset() if allowed.health else _HEALTH)
    # One more than is wanted of each kind tells whether the line goes on.
    window = Window(person_id, *between, zone_called(person.zone), limit + 1, moods=allowed.health)
    entries = [
        entry
        for happening, read in READERS.items()
        if happening in happenings and happening not in closed
        for entry in read(session, window)
    ]
    return Timeline(*between, newest(entries, limit), allowed, is_whole=len(entries) <= limit)


def _talks(session: Session, window: Window) -> Iterator[Entry]:
    for row in session.scalars(_latest(SessionRow, SessionRow.started_at, window)):
        figures = {"turns": row.heard_turns, "bright": row.bright_turns, "heavy": row.heavy_turns}
        yield Entry(row.started_at, Happening.TALK, row.ended_by, row.id, until=row.ended_at, figures=figures)


def _moods(session: Session, window: Window) -> Iterator[Entry]:
    """One entry for each day on which something was said; a conversation belongs to the day on which it began."""
    query = (
        select(SessionRow.started_at, SessionRow.heard_turns, SessionRow.bright_turns, SessionRow.heavy_turns)
        .where(SessionRow.person_id == window.person_id, SessionRow.heard_turns > 0)
        .where(SessionRow.started_at >= window.since, SessionRow.started_at < window.until)
        .order_by(SessionRow.started_at)
    )
    days: dict[str, list[Any]] = {}
    for row in session.execute(query):
        days.setdefault(_day(row.started_at, window), []).append(row)
    for day, rows in days.items():
        figures = {
            "turns": sum(row.heard_turns for row in rows),
            "bright": sum(row.bright_turns for row in rows),
            "heavy": sum(row.heavy_turns for row in rows),
        }
        yield Entry(rows[-1].started_at, Happening.MOOD, "", day, figures=figures)


def _screenings(session: Session, window: Window) -> Iterator[Entry]:
    rows = session.scalars(_latest(ScreeningRow, ScreeningRow.at, window)).all()
    sums = sums_of(session, [row.id for row in rows])
    for row in rows:
        total = sums.get(row.id)
        figures: dict[str, Figure] = {"items": 0, "answered": 0}
        if total is not None:
            figures = {"items": total.items, "answered": total.answered}
            if row.status == "complete" and not row.gated and total.items == total.answered:
                figures["sum"] = int(total.total)
        yield Entry(
            row.at, Happening.SCREENING, row.instrument, row.id, level=row.status, until=row.ended_at, figures=figures
        )


def _observations(session: Session, window: Window) -> Iterator[Entry]:
    for row in session.scalars(_latest(ObservationRow, ObservationRow.at, window)):
        yield Entry(row.at, Happening.OBSERVATION, row.sign, row.id, figures={"touches": row.touches})


def _dangers(session: Session, window: Window) -> Iterator[Entry]:
    for row in session.scalars(_latest(RiskEventRow, RiskEventRow.at, window)):
        yield Entry(row.at, Happening.DANGER, row.kind, row.id, level=row.level)


def _alerts(session: Session, window: Window) -> Iterator[Entry]:
    for row in session.scalars(_latest(AlertRow, AlertRow.at, window)):
        yield Entry(row.at, Happening.ALERT, row.kind, row.id, level=row.level, figures={"status": row.status})


def _activities(session: Session, window: Window) -> Iterator[Entry]:
    for row in session.scalars(_latest(ActivityRow, ActivityRow.at, window)):
        moods = {"mood_before": row.mood_before, "mood_after": row.mood_after} if window.moods else {}
        figures = {name: value for name, value in moods.items() if value is not None}
        yield Entry(row.at, Happening.ACTIVITY, row.script, row.id, level=row.outcome, figures=figures)


def _readings(session: Session, window: Window) -> Iterator[Entry]:
    for kind in kinds(session, window.person_id):
        days: dict[str, list[Quarter]] = {}
        for one in within_days(session, window.person_id, kind, (window.since, window.until), window.zone):
            days.setdefault(_day(one.at, window), []).append(one)
        unit = unit_of(session, window.person_id, kind) if days else ""
        for day, of_day in days.items():
            count = sum(one.count for one in of_day)
            figures: dict[str, Figure] = {
                "count": count,
                "least": min(one.least for one in of_day),
                "mean": sum(one.mean * one.count for one in of_day) / count,
                "most": max(one.most for one in of_day),
                "unit": unit,
            }
            yield Entry(of_day[-1].at, Happening.READING, kind, day, figures=figures)


def _reminders(session: Session, window: Window) -> Iterator[Entry]:
    for row in session.scalars(_latest(OccasionRow, OccasionRow.due_at, window)):
        yield Entry(row.due_at, Happening.REMINDER, row.kind, row.id, level=row.outcome)


def _of_hospitals(session: Session, window: Window) -> Iterator[Entry]:
    """One entry for each thing that has a date; the answers to single items of a form stand in the form."""
    at = HospitalRecordRow.occurred_at
    query = shown(window.person_id).where(at >= window.since, at < window.until, HospitalRecordRow.kind != Kind.ANSWER)
    query = query.order_by(None).order_by(at.desc(), HospitalRecordRow.id.desc()).limit(window.limit)
    for row in session.scalars(query):
        if row.occurred_at is not None:
            told = {"text": row.text, "value": row.value, "instrument": row.instrument}
            figures: dict[str, Figure] = {name: value for name, value in told.items() if value}
            yield Entry(
                row.occurred_at, Happening.HOSPITAL, row.kind, row.id, row.status, until=row.ended_at, figures=figures
            )


READERS: Final[Mapping[Happening, Callable[[Session, Window], Iterable[Entry]]]] = {
    Happening.TALK: _talks,
    Happening.MOOD: _moods,
    Happening.SCREENING: _screenings,
    Happening.OBSERVATION: _observations,
    Happening.DANGER: _dangers,
    Happening.ALERT: _alerts,
    Happening.ACTIVITY: _activities,
    Happening.READING: _readings,
    Happening.REMINDER: _reminders,
    Happening.HOSPITAL: _of_hospitals,
}
"""What reads each kind."""


def _latest(table: Any, at: Any, window: Window) -> Any:  # noqa: ANN401 - any table of what happened to a person
    return (
        select(table)
        .where(table.person_id == window.person_id, at >= window.since, at < window.until)
        .order_by(at.desc(), table.id.desc())
        .limit(window.limit)
    )


def _day(at: datetime, window: Window) -> str:
    return at.astimezone(window.zone).date().isoformat()
