"""Fills a record with the invented population, day by day, a week in one transaction.

Days come first and people second, as they would at a centre: ids grow, so every index grows at its end, and memory
holds one week. The record lies as a year of real use would leave it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random  # noqa: TID251 - drawn by chance, from a seed
from typing import Any

from sqlalchemy import func, select

from companion.errors import InputError
from companion.store.database import Database
from companion.store.tables.people import PersonRow
from demo import danger, health, talk
from demo.month import Story
from demo.mood import mood_path
from demo.people import Someone, someone, utc
from demo.rows import Batch
from demo.words import Population

_COMMIT_DAYS = 7
_AWAY = 0.006
"""Chance that a person is away from tomorrow on, for a hospital stay or a visit."""
_CRISES_PER_PERSON_YEAR = 0.12
_WATCH = 0.004
_RECENT_DAYS = 3
"""Alerts as new as this are still open."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for."""

    people: int
    days: int
    until: date
    """The last day."""
    seed: int
    readings: bool = False
    story: Story | None = None
    """What happens in it, where that is told and not drawn."""

    @property
    def first(self) -> date:
        """The first day."""
        return self.until - timedelta(days=self.days - 1)


@dataclass(slots=True)
class Life:
    """One person's days, as they are drawn or told."""

    one: Someone
    moods: list[float]
    crises: set[int]
    """Days on which something dangerous is said."""
    offset: int
    """Of the days on which a screening is due."""
    away_until: int = 0
    kinds: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What kind of danger, where it is told and not drawn."""
    open_days: set[int] = field(default_factory=set)
    """Days whose alerts nobody resolved, where a story says so."""
    silent_from: int | None = None
    unanswered_from: int | None = None
    never_away: bool = False


def seed(database: Database, plan: Plan, tell: Callable[[str], None]) -> int:
    """Fill an empty record; return how many turns it holds.

    Raises:
        InputError: The record already has people.
        StorageFull: Nothing could be written.
    """
    with database.reading() as session:
        if session.scalar(select(func.count()).select_from(PersonRow)):
            raise InputError("demo.not_empty", file=database.place)
    population, began, turns = Population(), time.monotonic(), 0
    lives, batch = _lives(plan, population)
    if plan.story is not None:
        plan.story.shape(lives, plan, batch, population)
        plan.story.write_errands(lives, plan, batch)
    for day in range(plan.days):
        for life in lives:
            _day(life, day, plan, population, batch)
        if day % _COMMIT_DAYS == _COMMIT_DAYS - 1 or day == plan.days - 1:
            with database.writing() as session:
                turns += batch.write(session)
            spent = time.monotonic() - began
            tell(f"{day + 1}/{plan.days} days, {turns} turns, {turns / spent:.0f} turns/s")
    return turns


def _lives(plan: Plan, population: Population) -> tuple[list[Life], Batch]:
    batch, lives = Batch(), []
    for number in range(plan.people):
        one, rows = someone(number, plan.first, plan.days, plan.seed, population)
        for name, found in rows.rows.items():
            batch.rows[name].extend(found)
        moods = mood_path(plan.first, plan.days, one.chance)
        lives.append(Life(one, moods, _crises(moods, one.chance), one.chance.randrange(28)))
    for life in lives[:: max(1, plan.people // max(1, plan.people // 40))]:
        life.crises.add(plan.days - 1 - life.one.chance.randrange(min(_RECENT_DAYS, plan.days)))
    return lives, batch


def _crises(moods: list[float], chance: Random) -> set[int]:
    """Draw days of crises: rare, and three times as likely on a low day."""
    daily = _CRISES_PER_PERSON_YEAR / 365
    return {day for day, mood in enumerate(moods) if chance.random() < daily * (3 if mood < -1 else 0.7)}


def _day(life: Life, day: int, plan: Plan, population: Population, batch: Batch) -> None:
    one, chance = life.one, life.one.chance
    today, mood = plan.first + timedelta(days=day), life.moods[day]
    if day < life.away_until or (life.silent_from is not None and day >= life.silent_from):
        return
    if chance.random() < _AWAY and day not in life.crises and not life.never_away:
        life.away_until = day + chance.randrange(3, 11)
    if plan.readings and one.health:
        health.readings(one, today, mood, batch)
    unresolved = plan.days - day <= _RECENT_DAYS if plan.story is None else day in life.open_days
    unanswered = life.unanswered_from is not None and day >= life.unanswered_from
    if one.talks_until is None or utc(today, 23) > one.talks_until:
        if day in life.crises:
            kind = life.kinds.get(day) or _grave(population, chance)
            at = utc(today, 19)
            danger.found(one, batch, at, kind, session=None, words=None)
            danger.raised(one, batch, at, kind, population, unresolved=unresolved)
        return
    for morning in (True, False):
        started = talk.begin(
            one, today, morning=morning, batch=batch, profile=population.data["session"]["profiles"][one.number % 3]
        )
        in_danger = not morning and day in life.crises
        if unanswered or (chance.random() < one.misses and not in_danger):
            talk.unanswered(started, population)
        else:
            _session(life, started, (day, mood), population, in_danger=in_danger, unresolved=unresolved)


def _session(
    life: Life,
    started: talk.Talk,
    when: tuple[int, float],
    population: Population,
    *,
    in_danger: bool,
    unresolved: bool,
) -> None:
    (day, mood), chance, turns = when, life.one.chance, started.batch.rows["turns"]
    begun = len(turns)
    talk.open_talk(started, population)
    talk.go_on(started, mood - in_danger, population, chance.randrange(9, 14))
    if in_danger:
        kind = life.kinds.get(day) or _grave(population, chance)
        danger.crisis(started, kind, population, unresolved=unresolved)
    elif chance.random() < _WATCH:
        danger.crisis(started, population.data["danger"][0], population, unresolved=False)
    talk.go_on(started, mood, population, chance.randrange(8, 13))
    if life.one.health:
        health.observed(started, turns[begun:], population)
        if started.part == "morning":
            _screenings(life, started, day, mood, population, unresolved=unresolved)
    if started.part == "evening":
        health.activity(started, mood, population)
    talk.close(started, population)


def _screenings(
    life: Life, started: talk.Talk, day: int, mood: float, population: Population, *, unresolved: bool
) -> None:
    """Administer what is due, one instrument a session."""
    for table in population.data["instrument"]:
        if (day + life.offset) % table["every_days"] == 0:
            health.screened(started, mood, table, population, unresolved=unresolved)
            return


def _grave(population: Population, chance: Random) -> dict[str, Any]:
    while (kind := danger.drawn(population, chance))["level"] == "watch":
        pass
    return kind
