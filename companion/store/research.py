"""What a research release reads: only of people who agree to research now, only what they agree is kept, no words.

Everything comes out of one reading transaction, a handful of people at a time: memory holds those, whatever the number
of people. Who may ask is decided elsewhere, and so is the audit of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from companion.core.consent import Item
from companion.core.research import Done, History, Measured, Participant, Screened, Span, Talk
from companion.store.consents import allowing
from companion.store.database import Database
from companion.store.tables.body import ReadingRow
from companion.store.tables.life import ActivityRow
from companion.store.tables.people import PersonRow
from companion.store.tables.screening import AnswerRow, ScreeningRow
from companion.store.tables.talk import SessionRow

_T = TypeVar("_T")
_AT_ONCE: Final = 40
"""People whose history is held at a time: with two conversations a day for a year some ten megabytes."""
_IDS_AT_ONCE: Final = 1000
"""Ids in one query: a database takes some tens of thousands."""
_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class ResearchView:
    """One consistent look at the record."""

    session: Session
    now: datetime

    def participants(self) -> list[Participant]:
        """Return everybody who agrees to research now, in no telling order."""
        ids = list(self.session.scalars(select(PersonRow.id).order_by(PersonRow.id)))
        found: list[Participant] = []
        for some in _slices(ids, _IDS_AT_ONCE):
            agreed = allowing(self.session, some, Item.RESEARCH, self.now)
            talks = allowing(self.session, agreed, Item.CONVERSATION, self.now)
            health = allowing(self.session, agreed, Item.HEALTH, self.now)
            columns = (PersonRow.id, PersonRow.birth_year, PersonRow.sex, PersonRow.region, PersonRow.zone)
            rows = self.session.execute(select(*columns).where(PersonRow.id.in_(agreed)).order_by(PersonRow.id))
            found += [Participant(*row, talks=row.id in talks, health=row.id in health) for row in rows]
        return found

    def spans(self, people: Sequence[Participant]) -> Mapping[str, Span]:
        """Return from when to when something is known of each; people of whom nothing is known are left out."""
        found: dict[str, Span] = {}
        talk, health = _ids(one for one in people if one.talks), _ids(one for one in people if one.health)
        for ids, person, at in (
            (talk, SessionRow.person_id, SessionRow.started_at),
            (talk, ActivityRow.person_id, ActivityRow.at),
            (health, ScreeningRow.person_id, ScreeningRow.at),
            (health, ReadingRow.person_id, ReadingRow.at),
        ):
            for some in _slices(ids, _IDS_AT_ONCE):
                query = select(person, func.min(at), func.max(at)).where(person.in_(some)).group_by(person)
                for person_id, first, last in self.session.execute(query):
                    before = found.get(person_id, Span(first, last))
                    found[person_id] = Span(min(first, before.first), max(last, before.last))
        return found

    def kinds(self, people: Sequence[Participant]) -> Mapping[str, int]:
        """Return of how many people each kind of reading is known."""
        found: Counter[str] = Counter()
        for some in _slices(_ids(one for one in people if one.health), _IDS_AT_ONCE):
            held = select(ReadingRow.kind, ReadingRow.person_id).where(ReadingRow.person_id.in_(some)).distinct()
            found.update(kind for kind, _ in self.session.execute(held))
        return found

    def screenings(self, people: Sequence[Participant]) -> Iterator[tuple[Participant, Sequence[Screened]]]:
        """Yield each participant with the screenings that they agree are kept, in the order of their beginning."""
        for some in _slices(people, _AT_ONCE):
            found = self._screenings(_ids(one for one in some if one.health))
            for one in some:
                yield one, found[one.id]

    def histories(self, people: Sequence[Participant]) -> Iterator[History]:
        """Yield all that may be known of each participant, in the order of ``people``."""
        for some in _slices(people, _AT_ONCE):
            talk, health = _ids(one for one in some if one.talks), _ids(one for one in some if one.health)
            talks, activities = self._talks(talk), self._activities(talk, frozenset(health))
            screenings, readings = self._screenings(health), self._readings(health)
            for one in some:
                yield History(one, talks[one.id], activities[one.id], screenings[one.id], readings[one.id])

    def _talks(self, ids: Sequence[str]) -> Mapping[str, list[Talk]]:
        row = SessionRow
        columns = (row.person_id, row.started_at, row.ended_at, row.last_turn_at)
        counts = (row.heard_turns, row.bright_turns, row.heavy_turns)
        found: dict[str, list[Talk]] = defaultdict(list)
        for person, began, ended, last, *turns in self._of(ids, row.person_id, row.started_at, *columns, *counts):
            seconds = ((ended or last or began) - began).total_seconds()
            found[person].append(Talk(began, max(0.0, seconds) / _SECONDS, *turns))
        return found

    def _activities(self, ids: Sequence[str], health: frozenset[str]) -> Mapping[str, list[Done]]:
        """A mood that was told around an activity is health data, and counts only where both are agreed to."""
        row = ActivityRow
        columns = (row.person_id, row.at, row.outcome, row.mood_before, row.mood_after)
        found: dict[str, list[Done]] = defaultdict(list)
        for person, at, outcome, before, after in self._of(ids, row.person_id, row.at, *columns):
            moods = (before, after) if person in health else (None, None)
            found[person].append(Done(at, outcome, *moods))
        return found

    def _readings(self, ids: Sequence[str]) -> Mapping[str, list[Measured]]:
        row = ReadingRow
        found: dict[str, list[Measured]] = defaultdict(list)
        query = select(row.person_id, row.at, row.kind, row.value).where(row.person_id.in_(ids), row.quality == "")
        for person, at, kind, value in self.session.execute(query.order_by(row.person_id, row.at)):
            found[person].append(Measured(at, kind, value))
        return found

    def _screenings(self, ids: Sequence[str]) -> Mapping[str, list[Screened]]:
        row, answer = ScreeningRow, AnswerRow
        columns = (row.person_id, row.id, row.at, row.instrument, row.version, row.digest)
        more = (row.status, row.mode, row.requested_by, row.gated)
        listed = self._of(ids, row.person_id, row.number, *columns, *more)
        mine = select(row.id).where(row.person_id.in_(ids))
        query = select(answer.screening_id, answer.item, answer.option, answer.score).where(
            answer.screening_id.in_(mine), answer.superseded.is_(False), answer.option.is_not(None)
        )
        options: dict[str, dict[str, str]] = defaultdict(dict)
        points: dict[str, dict[str, int]] = defaultdict(dict)
        for screening, item, option, score in self.session.execute(query):
            options[screening][item] = str(option)
            if score is not None:
                points[screening][item] = score
        found: dict[str, list[Screened]] = defaultdict(list)
        for person, key, *values in listed:
            found[person].append(Screened._make([key, *values, options.get(key, {}), points.get(key, {})]))
        return found

    def _of(
        self,
        ids: Sequence[str],
        person: InstrumentedAttribute[str],
        then: InstrumentedAttribute[Any],
        *columns: InstrumentedAttribute[Any],
    ) -> list[tuple[Any, ...]]:
        query: Select[Any] = select(*columns).where(person.in_(ids)).order_by(person, then)
        return [tuple(row) for row in self.session.execute(query)]


@contextmanager
def research_view(database: Database) -> Iterator[ResearchView]:
    """Give one consistent look at what may be released.

    Raises:
        StoreError: The record cannot be read.
    """
    with database.reading() as session:
        yield ResearchView(session, database.now())


def agreeing_to_research(session: Session, now: datetime) -> frozenset[str]:
    """Return the ids of everybody who agrees to research now, asked inside the transaction that depends on it."""
    ids = list(session.scalars(select(PersonRow.id)))
    return frozenset(one for some in _slices(ids, _IDS_AT_ONCE) for one in allowing(session, some, Item.RESEARCH, now))


def _ids(people: Iterable[Participant]) -> list[str]:
    return [one.id for one in people]


def _slices(many: Sequence[_T], size: int) -> Iterator[list[_T]]:
    waiting = iter(many)
    while some := list(islice(waiting, size)):
        yield some
