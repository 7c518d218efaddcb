"""What a summary is made from, read for whoever may see it: through the viewer, audited, and only as agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from companion.core.access import Action
from companion.core.consent import Item
from companion.core.overview import Allowed
from companion.core.summary import Danger, Done, Facts, Promised, Quote, Said, Screened
from companion.errors import InputError
from companion.store.consents import allowing
from companion.store.ids import is_whole
from companion.store.tables.base import storable
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.life import ActivityRow, MemoryRow
from companion.store.tables.safety import AlertRow, RiskEventRow
from companion.store.tables.screening import ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow
from companion.store.viewing import View, Viewer

_SHORTEST_END = 4
"""Letters of an id's end that name a session."""


def facts_between(viewer: Viewer, person_id: str, begins: datetime, ends: datetime) -> Facts:
    """Return what the record holds of a person between two moments.

    Raises:
        AccessError: The record is not open to whoever asks.
    """
    with viewer.read(Action.SUMMARY_READ, person_id) as view:
        facts = facts_in(view, person_id, _allowed(view, person_id), begins, ends)
        view.seen |= noted(facts)
        return facts


def facts_of_session(viewer: Viewer, which: str) -> tuple[str, Facts]:
    """Return whose a conversation was and what the record holds of it, by its id, the end of it, or ``"last"``.

    Raises:
        AccessError: Nobody is signed in any more.
        InputError: No conversation that may be read, or more than one, has such an id.
    """
    with viewer.read(Action.SUMMARY_READ, item=Item.CONVERSATION) as view:
        query = select(SessionRow).where(SessionRow.person_id.in_(view.people)).order_by(SessionRow.id.desc())
        if which == "last":
            query = query.limit(1)
        elif len(which) < _SHORTEST_END:
            raise InputError("store.id_too_short", id=which, least=_SHORTEST_END)
        else:
            is_it = (
                SessionRow.id == storable(which)
                if is_whole(which)
                else SessionRow.id.endswith(storable(which), autoescape=True)
            )
            query = query.where(is_it).limit(2)
        rows = view.session.scalars(query).all()
        if len(rows) != 1:
            raise InputError("store.no_such_session" if not rows else "store.id_not_unique", id=which)
        view.person_id = rows[0].person_id
        facts = facts_of(view, rows[0], _allowed(view, rows[0].person_id))
        view.seen |= noted(facts)
        return rows[0].person_id, facts


def facts_of(view: View, talk: SessionRow, allowed: Allowed) -> Facts:
    """Return what the record holds of one conversation, inside a read that was let in."""
    ends = talk.ended_at or talk.last_turn_at or talk.started_at
    return facts_in(view, talk.person_id, allowed, talk.started_at, ends, talk.id)


def facts_in(
    view: View, person_id: str, allowed: Allowed, begins: datetime, ends: datetime, session_id: str | None = None
) -> Facts:
    """Return what the record holds of a person between two moments, inside a read that was let in.

    Args:
        view: Of that read; what it noted of itself stays as it is: see ``noted``.
        person_id: Whose.
        allowed: What they agree to now.
        begins: Inclusive.
        ends: Exclusive.
        session_id: The only conversation that it is about; None for all of the time.
    """
    facts = Facts(begins, ends, allowed.conversation, allowed.health, session_id)
    facts = _of_safety(view, person_id, facts)
    if facts.conversation:
        facts = _of_talk(view, person_id, facts)
    if facts.health:
        facts = replace(facts, screenings=tuple(_screened(view, person_id, facts)))
    return facts if session_id is not None else replace(facts, occasions=tuple(_occasions(view, person_id, facts)))


def noted(*read: Facts) -> Mapping[str, object]:
    """Return what the audit says of summaries: of which conversation, and over how many days."""
    session = next((one.session_id for one in read if one.session_id is not None), "")
    return {"session": session, "days": max(0, *((one.ends - one.begins).days for one in read))}


def _allowed(view: View, person_id: str) -> Allowed:
    conversation, health = (
        person_id in allowing(view.session, [person_id], item, view.now) for item in (Item.CONVERSATION, Item.HEALTH)
    )
    return Allowed(conversation=conversation, health=health)


def _of_talk(view: View, person_id: str, facts: Facts) -> Facts:
    sessions = select(SessionRow.id).where(SessionRow.person_id == person_id)
    if facts.session_id is not None:
        sessions = sessions.where(SessionRow.id == facts.session_id)
    else:
        sessions = sessions.where(SessionRow.started_at >= facts.begins, SessionRow.started_at < facts.ends)
    ids = list(view.session.scalars(sessions))
    return replace(
        facts,
        sessions=len(ids),
        said=tuple(_said(view, ids)),
        promised=tuple(_promised(view, person_id, facts)),
        activities=tuple(_done(view, person_id, facts)),
        errands=tuple(_errands(view, person_id, facts)),
    )


def _said(view: View, ids: list[str]) -> Iterable[Said]:
    # Columns, not objects: of a week these are some hundred rows.
    shown = (TurnRow.session_id, TurnRow.number, TurnRow.at, TurnRow.heard, TurnRow.topic, TurnRow.feeling)
    query = select(*shown).where(TurnRow.session_id.in_(ids), TurnRow.heard != "")
    for row in view.session.execute(query.order_by(TurnRow.session_id, TurnRow.number)):
        yield Said(Quote(row.session_id, row.number, row.at, row.heard), row.topic, row.feeling)


def _promised(view: View, person_id: str, facts: Facts) -> Iterable[Promised]:
    query = (
        select(MemoryRow, TurnRow)
        .outerjoin(TurnRow, TurnRow.id == MemoryRow.turn_id)
        .where(
            MemoryRow.person_id == person_id,
            MemoryRow.due_at.is_not(None),
            MemoryRow.superseded.is_(False),
            MemoryRow.at >= facts.begins,
            MemoryRow.at <= facts.ends,
        )
    )
    if facts.session_id is not None:
        query = query.where(TurnRow.session_id == facts.session_id)
    for memory, turn in view.session.execute(query.order_by(MemoryRow.at, MemoryRow.id)):
        place = ("", 0) if turn is None else (turn.session_id, turn.number)
        due_at = memory.due_at or memory.at
        yield Promised(due_at, Quote(*place, memory.at, memory.sentence or memory.fact))


def _done(view: View, person_id: str, facts: Facts) -> Iterable[Done]:
    query = select(ActivityRow).where(ActivityRow.person_id == person_id)
    if facts.session_id is not None:
        query = query.where(ActivityRow.session_id == facts.session_id)
    else:
        query = query.where(ActivityRow.at >= facts.begins, ActivityRow.at < facts.ends)
    for row in view.session.scalars(query.order_by(ActivityRow.at, ActivityRow.id)):
        moods = (row.mood_before, row.mood_after) if facts.health else (None, None)
        yield Done(row.script, row.outcome, *moods)


def _screened(view: View, person_id: str, facts: Facts) -> Iterable[Screened]:
    query = select(ScreeningRow).where(ScreeningRow.person_id == person_id)
    if facts.session_id is not None:
        query = query.where(ScreeningRow.session_id == facts.session_id)
    else:
        query = query.where(ScreeningRow.at >= facts.begins, ScreeningRow.at < facts.ends)
    for row in view.session.scalars(query.order_by(ScreeningRow.at, ScreeningRow.id)):
        yield Screened(row.instrument, row.status, row.at)


def _of_safety(view: View, person_id: str, facts: Facts) -> Facts:
    risks = select(RiskEventRow).where(RiskEventRow.person_id == person_id)
    alerts = select(AlertRow.status).where(AlertRow.person_id == person_id)
    if facts.session_id is not None:
        risks = risks.where(RiskEventRow.session_id == facts.session_id)
        alerts = alerts.where(AlertRow.session_id == facts.session_id)
    else:
        risks = risks.where(RiskEventRow.at >= facts.begins, RiskEventRow.at < facts.ends)
        alerts = alerts.where(AlertRow.at >= facts.begins, AlertRow.at < facts.ends)
    rows = view.session.scalars(risks.order_by(RiskEventRow.at, RiskEventRow.id))
    dangers = tuple(Danger(row.level, row.kind, _words(row, facts)) for row in rows)
    return replace(facts, dangers=dangers, alerts=tuple(view.session.scalars(alerts)))


def _words(row: RiskEventRow, facts: Facts) -> Quote | None:
    if not facts.conversation or not row.words:
        return None
    return Quote(row.session_id or "", row.turn_number or 0, row.at, row.words)


def _errands(view: View, person_id: str, facts: Facts) -> Iterable[tuple[str, Quote]]:
    query = select(ErrandRow).where(ErrandRow.person_id == person_id)
    if facts.session_id is not None:
        query = query.where(ErrandRow.session_id == facts.session_id)
    else:
        query = query.where(ErrandRow.at >= facts.begins, ErrandRow.at < facts.ends)
    for row in view.session.scalars(query.order_by(ErrandRow.at, ErrandRow.id)):
        yield row.status, Quote(row.session_id or "", 0, row.at, row.words)


def _occasions(view: View, person_id: str, facts: Facts) -> Iterable[tuple[str, str]]:
    query = select(OccasionRow).where(
        OccasionRow.person_id == person_id, OccasionRow.due_at >= facts.begins, OccasionRow.due_at < facts.ends
    )
    last: dict[str, tuple[str, str]] = {}
    for row in view.session.scalars(query.order_by(OccasionRow.due_at, OccasionRow.number)):
        last[row.key] = (row.kind, row.outcome)
    return last.values()
