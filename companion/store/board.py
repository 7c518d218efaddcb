"""What a caregiver's overview reads beside the lines of ``store.overview``: silences, dangers of the week, requests.

Queries only, portable, over indexes that are there (decision record 0009). ``board_seen`` is the gated way in: whose
record is not open is not in it, and the look is audited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.core.access import Action
from companion.core.errand import Standing
from companion.core.occasion import Outcome
from companion.core.overview import DAYS, OverviewLine
from companion.safety.risk import Level
from companion.store.overview import overview, zone_called
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.life import ReminderRow
from companion.store.tables.people import PersonRow
from companion.store.tables.safety import RiskEventRow
from companion.store.tables.talk import SessionRow
from companion.store.viewing import Viewer

_CHECK_IN: Final = "check_in"
_NO_ANSWER: Final = (Outcome.UNANSWERED, Outcome.TOLD)
_SETTLED: Final = (Outcome.ANSWERED, Outcome.MET, *_NO_ANSWER)
_GRAVITY: Final = {str(level): level.rank for level in Level}


@dataclass(frozen=True, slots=True)
class SeenOnBoard:
    """One person, before any instrument or schedule is known."""

    line: OverviewLine
    last_heard_at: datetime | None
    days_without_talk: int | None
    unanswered_at: datetime | None
    told_somebody: bool
    seen_at: datetime | None
    recent_level: str
    open_errands: int
    check_ins: tuple[Mapping[str, object], ...]
    """Schedules of the check-ins that the family set and that are said."""


@dataclass(frozen=True, slots=True)
class _Call:
    """The last check-in that came to anything."""

    at: datetime
    outcome: str


@dataclass(slots=True)
class _Beside:
    """By person."""

    heard: Mapping[str, datetime]
    calls: Mapping[str, _Call]
    occasions: Mapping[str, datetime]
    levels: dict[str, str] = field(default_factory=dict)
    errands: dict[str, int] = field(default_factory=dict)
    check_ins: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)


def board_seen(viewer: Viewer) -> tuple[SeenOnBoard, ...]:
    """Return a row for everybody whose record is open, in no order that means anything.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    with viewer.read(Action.OVERVIEW_READ) as view:
        people = sorted(view.people)
        view.saw(people, len(people))
        return beside(view.session, overview(view.session, people, view.now), view.now)


def beside(session: Session, lines: Sequence[OverviewLine], now: datetime) -> tuple[SeenOnBoard, ...]:
    """Return the rows of lines of the overview, inside a transaction in which whoever asks was let in."""
    found = _beside(session, lines, now)
    return tuple(_row(line, found, now) for line in lines)


def _beside(session: Session, lines: Sequence[OverviewLine], now: datetime) -> _Beside:
    people = [line.person.id for line in lines]
    talked = [line.person.id for line in lines if line.allowed.conversation]
    found = _Beside(_heard(session, talked), _calls(session, people, now), _occasions(session, people))
    since = now - timedelta(days=DAYS)
    risks = select(RiskEventRow.person_id, RiskEventRow.level).where(
        RiskEventRow.person_id.in_(people), RiskEventRow.at >= since
    )
    for person_id, level in session.execute(risks):
        before = found.levels.get(person_id, "")
        found.levels[person_id] = max(before, level, key=lambda one: _GRAVITY.get(one, 0))
    errands = select(ErrandRow.person_id, func.count()).where(
        ErrandRow.person_id.in_(talked), ErrandRow.status == Standing.OPEN
    )
    for person_id, count in session.execute(errands.group_by(ErrandRow.person_id)):
        found.errands[person_id] = count
    set_by_family = select(ReminderRow.person_id, ReminderRow.schedule).where(
        ReminderRow.person_id.in_(people), ReminderRow.kind == _CHECK_IN, ReminderRow.active
    )
    for person_id, schedule in session.execute(set_by_family):
        found.check_ins.setdefault(person_id, []).append(schedule)
    return found


def _heard(session: Session, people: Sequence[str]) -> Mapping[str, datetime]:
    """Return when each last said something: the end of one index for each."""
    newest = (
        select(SessionRow.started_at)
        .where(SessionRow.person_id == PersonRow.id, SessionRow.heard_turns > 0)
        .order_by(SessionRow.started_at.desc())
        .limit(1)
    )
    query = select(PersonRow.id, newest.scalar_subquery()).where(PersonRow.id.in_(people))
    return {person_id: at for person_id, at in session.execute(query) if at is not None}


def _calls(session: Session, people: Sequence[str], now: datetime) -> Mapping[str, _Call]:
    query = (
        select(OccasionRow.person_id, OccasionRow.due_at, OccasionRow.outcome)
        .where(OccasionRow.person_id.in_(people), OccasionRow.due_at >= now - timedelta(days=DAYS))
        .where(OccasionRow.kind == _CHECK_IN, OccasionRow.outcome.in_(_SETTLED))
        .order_by(OccasionRow.due_at, OccasionRow.number)
    )
    return {person_id: _Call(at, outcome) for person_id, at, outcome in session.execute(query)}


def _occasions(session: Session, people: Sequence[str]) -> Mapping[str, datetime]:
    newest = select(func.max(OccasionRow.due_at)).where(OccasionRow.person_id == PersonRow.id).scalar_subquery()
    query = select(PersonRow.id, newest).where(PersonRow.id.in_(people))
    return {person_id: at for person_id, at in session.execute(query) if at is not None}


def _row(line: OverviewLine, beside: _Beside, now: datetime) -> SeenOnBoard:
    person_id, zone = line.person.id, zone_called(line.person.zone)
    heard, call = beside.heard.get(person_id), beside.calls.get(person_id)
    last = line.last_session_at
    unanswered = call.at if call is not None and call.outcome in _NO_ANSWER else None
    if unanswered is None and call is None and last is not None and line.unanswered_last_week and last != heard:
        unanswered = last  # the last conversation was begun and nothing was said in it
    if unanswered is not None and heard is not None and heard > unanswered:
        unanswered = None
    seen = [at for at in (line.device_seen_at, beside.occasions.get(person_id)) if at is not None and at <= now]
    days = None if heard is None else (now.astimezone(zone).date() - heard.astimezone(zone).date()).days
    return SeenOnBoard(
        line=line,
        last_heard_at=heard,
        days_without_talk=None if days is None else max(days, 0),
        unanswered_at=unanswered,
        told_somebody=unanswered is not None and call is not None and call.outcome == Outcome.TOLD,
        seen_at=max(seen, default=None) if _is_kept(line, beside) else None,
        recent_level=beside.levels.get(person_id, ""),
        open_errands=beside.errands.get(person_id, 0),
        check_ins=tuple(beside.check_ins.get(person_id, ())),
    )


def _is_kept(line: OverviewLine, beside: _Beside) -> bool:
    """Return whether a device that works leaves traces: without that its silence means nothing."""
    return line.allowed.conversation or line.person.id in beside.occasions
