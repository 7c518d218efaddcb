"""What a caregiver sees of one person.

As for the overview: queries only, portable, each with a plan that is understood (decision record 0009); what consent
does not cover is not asked for; who may call, and the audit of it, is decided elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.core import consent
from companion.core.consent import Decision
from companion.core.overview import (
    DAYS,
    ActivityLine,
    AlertLine,
    Day,
    LatestSession,
    ObservationLine,
    PersonPage,
    Quote,
    ReminderLine,
    RiskLine,
)
from companion.errors import InputError
from companion.store.consents import decisions_of
from companion.store.overview import overview, screenings_of, zone_called
from companion.store.people import contact_of
from companion.store.tables.life import ActivityRow, MemoryRow, ReminderRow
from companion.store.tables.people import ContactRow
from companion.store.tables.safety import AlertRow, RiskEventRow
from companion.store.tables.screening import ObservationRow
from companion.store.tables.talk import SessionRow, TurnRow

_ON_A_PAGE: Final = 20
"""How many dangers, alerts, observations and activities a page holds, and screenings of each instrument."""


def page(session: Session, person_id: str, now: datetime) -> PersonPage:
    """Return one person's page.

    Args:
        session: Any that reads.
        person_id: Whose.
        now: Aware.

    Raises:
        InputError: No such person.
    """
    lines = overview(session, (person_id,), now)
    if not lines:
        raise InputError("people.no_such_person", id=person_id)
    allowed, zone = lines[0].allowed, zone_called(lines[0].person.zone)
    contacts = select(ContactRow).where(ContactRow.person_id == person_id).order_by(ContactRow.order, ContactRow.id)
    return PersonPage(
        line=lines[0],
        latest=_latest(session, person_id) if allowed.conversation else None,
        days=_days(session, person_id, now.astimezone(zone).date(), zone) if allowed.conversation else (),
        risks=_risks(session, person_id, words=allowed.conversation),
        alerts=_alerts(session, person_id),
        screenings=screenings_of(session, [person_id], _ON_A_PAGE).get(person_id, ()) if allowed.health else (),
        observations=_observations(session, person_id, quotes=allowed.conversation) if allowed.health else (),
        activities=_activities(session, person_id, moods=allowed.health) if allowed.conversation else (),
        memories=_memories(session, person_id) if allowed.conversation else 0,
        reminders=_reminders(session, person_id),
        contacts=tuple(contact_of(row) for row in session.scalars(contacts)),
        consents=_standing(decisions_of(session, person_id), now),
    )


def _standing(decisions: Sequence[Decision], now: datetime) -> tuple[Decision, ...]:
    asked = sorted({(one.item, one.named) for one in decisions})
    found = (consent.standing(decisions, item, now, named=named) for item, named in asked)
    return tuple(one for one in found if one is not None)


def _latest(session: Session, person_id: str) -> LatestSession | None:
    newest = select(SessionRow).where(SessionRow.person_id == person_id).order_by(SessionRow.started_at.desc()).limit(1)
    row = session.scalar(newest)
    if row is None:
        return None
    said = (
        select(
            TurnRow.id,
            TurnRow.number,
            TurnRow.at,
            TurnRow.heard,
            TurnRow.topic,
            TurnRow.feeling,
            TurnRow.risk_level,
            TurnRow.risk_kind,
        )
        .where(TurnRow.session_id == row.id, TurnRow.heard != "")
        .order_by(TurnRow.number)
    )
    return LatestSession(
        row.id,
        row.started_at,
        row.ended_at,
        row.ended_by,
        row.mode,
        row.reply_driver,
        row.heard_turns,
        tuple(Quote(*turn) for turn in session.execute(said)),
    )


def _days(session: Session, person_id: str, today: date, zone: tzinfo) -> tuple[Day, ...]:
    """Return the last week by day in the person's zone; a session belongs to the day on which it began."""
    first = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), zone)
    recent = (SessionRow.person_id == person_id, SessionRow.started_at >= first)
    started = session.execute(select(SessionRow.id, SessionRow.started_at).where(*recent)).all()
    day_of = {one: at.astimezone(zone).date() for one, at in started}
    felt = (
        select(TurnRow.session_id, TurnRow.feeling, func.count())
        .where(TurnRow.session_id.in_(day_of), TurnRow.heard != "")
        .group_by(TurnRow.session_id, TurnRow.feeling)
    )
    sessions, feelings = Counter(day_of.values()), {day: Counter[str]() for day in day_of.values()}
    for session_id, feeling, number in session.execute(felt):
        feelings[day_of[session_id]][feeling] += number
    week = (first.date() + timedelta(days=number) for number in range(DAYS))
    return tuple(_day(day, sessions[day], feelings.get(day, Counter())) for day in week)


def _day(day: date, sessions: int, feelings: Counter[str]) -> Day:
    return Day(day, sessions, feelings.total(), dict(feelings.most_common()))


def _risks(session: Session, person_id: str, *, words: bool) -> tuple[RiskLine, ...]:
    rows = session.scalars(_newest(RiskEventRow, person_id))
    return tuple(
        RiskLine(row.id, row.at, row.level, row.kind, row.confidence, row.words if words else None) for row in rows
    )


def _alerts(session: Session, person_id: str) -> tuple[AlertLine, ...]:
    rows = session.scalars(_newest(AlertRow, person_id))
    return tuple(AlertLine(row.id, row.at, row.level, row.kind, row.status) for row in rows)


def _observations(session: Session, person_id: str, *, quotes: bool) -> tuple[ObservationLine, ...]:
    rows = session.scalars(_newest(ObservationRow, person_id))
    return tuple(ObservationLine(row.id, row.at, row.sign, row.touches, row.quote if quotes else None) for row in rows)


def _activities(session: Session, person_id: str, *, moods: bool) -> tuple[ActivityLine, ...]:
    rows = session.scalars(_newest(ActivityRow, person_id))
    return tuple(
        ActivityLine(
            row.id,
            row.at,
            row.script,
            row.outcome,
            row.mood_before if moods else None,
            row.mood_after if moods else None,
        )
        for row in rows
    )


def _newest(table: Any, person_id: str) -> Any:  # noqa: ANN401 - any table of what happened to a person
    return (
        select(table).where(table.person_id == person_id).order_by(table.at.desc(), table.id.desc()).limit(_ON_A_PAGE)
    )


def _memories(session: Session, person_id: str) -> int:
    query = select(func.count()).where(MemoryRow.person_id == person_id, MemoryRow.superseded.is_(False))
    return session.scalar(query) or 0


def _reminders(session: Session, person_id: str) -> tuple[ReminderLine, ...]:
    query = select(ReminderRow).where(ReminderRow.person_id == person_id).order_by(ReminderRow.at, ReminderRow.id)
    return tuple(
        ReminderLine(row.id, row.kind, row.words, row.schedule, row.set_by, row.active, row.last_said_at)
        for row in session.scalars(query)
    )
