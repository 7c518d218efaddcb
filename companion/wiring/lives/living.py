"""Holds the sessions of a life: dialogue, record and alerts are those of ``companion talk``, the clock is simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from companion.config import LanguageSettings, Settings
from companion.core.person import Person
from companion.evaluation.lives.drawing import drawing
from companion.evaluation.lives.person import SimulatedPerson
from companion.evaluation.lives.persona import Persona
from companion.evaluation.lives.transcript import Life, SessionRun
from companion.wiring.at_work import look
from companion.wiring.lives.home import Postbox, move_in
from companion.wiring.lives.stage import LifeStage
from companion.wiring.rehearsal.clock import SimulatedClock
from companion.wiring.rehearsal.home import Home, temporary_record

if TYPE_CHECKING:
    from companion.ports import Store
    from companion.session.alerting import Alerting
    from companion.store.record import Record
    from companion.wiring.conversation import Loaded

_ZONE: Final = ZoneInfo("Asia/Seoul")
_MINUTE: Final = 5
"""Past the hour at which a session begins."""


@dataclass(frozen=True, slots=True)
class World:
    """What stands between the session and what is real. As it is by default nothing does."""

    committed: Callable[[Store], Store] = lambda store: store
    """Wraps what the session commits to, before it is seen and kept."""
    kept: Callable[[Store], Store] = lambda store: store
    """Wraps the record of conversations itself, behind what is seen."""
    clock_shift: timedelta = timedelta()
    """By how much the clock of the device is wrong."""
    furnish: Callable[[Record, Person], None] = lambda _record, _person: None
    """Called when the person has moved in, before the first session."""


def live(persona: Persona, sessions: int, *, seed: int, loaded: Loaded, world: World | None = None) -> Life:
    """Return a life of so many sessions, in a record of its own that is removed afterwards.

    Raises:
        CompanionError: The record could not be made or written.
    """
    world = world or World()
    first = persona.course.begins
    hour = persona.course.hours[0]
    moved_in = datetime(first.year, first.month, first.day, hour, tzinfo=_ZONE) - timedelta(days=1)
    clock = SimulatedClock(moved_in, world.clock_shift)
    with temporary_record(clock) as record:
        person = move_in(record, persona, clock.now())
        world.furnish(record, person)
        household = _Household(record, person, loaded, clock, world)
        somebody = SimulatedPerson(persona, seed)
        runs, day = [], first
        for number in range(1, sessions + 1):
            hour = persona.course.hours[(number - 1) % len(persona.course.hours)]
            clock.advance_to(datetime(day.year, day.month, day.day, hour, _MINUTE, tzinfo=_ZONE))
            runs.append(household.session(somebody, number, drawing(seed, persona.id, number)))
            day += timedelta(days=persona.course.gap_days[(number - 1) % len(persona.course.gap_days)])
    called = (persona.address, *(one.name for one in persona.around))
    return Life(persona, seed, tuple(runs), called)


class _Household:
    """One person with their record and who is told of dangers, in which sessions are held."""

    def __init__(self, record: Record, person: Person, loaded: Loaded, clock: SimulatedClock, world: World) -> None:
        self._record = record
        self._person = person
        self._clock = clock
        self._world = world
        self._alerting = self._alerts()
        writes = LanguageSettings(generation=loaded.language is not None)
        at_work = look(Settings(profile="embedded", language=writes))
        self._home = Home(record, person, loaded=loaded, clock=clock, at_work=at_work)

    def session(self, somebody: SimulatedPerson, number: int, chance: Callable[[], float]) -> SessionRun:
        """Hold one session."""
        began = self._clock.true
        somebody.begin(number, began.date())
        names = {one.id: one.name for one in self._record.people.contacts(self._person.id)}
        stage = LifeStage(somebody, self._clock, self._world.kept(self._record.conversations), names)
        keeps = self._home.keeps()
        bench = replace(self._home.bench(stage, chance), store=self._world.committed(stage), alarm=self._deliver)
        outcome = asyncio.run(self._home.talk(bench))
        return SessionRun(
            number=number,
            began=began,
            exchanges=tuple(stage.exchanges),
            ended_by=str(outcome.ended_by),
            farewells=stage.farewells,
            had_left=stage.had_left,
            keeps=keeps,
            rows=self._record.belongings.counts(self._person.id),
        )

    def _deliver(self) -> None:
        self._alerting.round()

    def _alerts(self) -> Alerting:
        from companion.prompts import prompt_table
        from companion.safety.delivery_rules import load_delivery
        from companion.session.alerting import Alerting
        from companion.wiring.alerts import alert_words
        from companion.wiring.masking import outward

        rules = load_delivery(prompt_table("safety/delivery.toml"))
        return Alerting(
            self._record.alerts,
            Postbox(),
            rules=rules,
            words=alert_words(),
            clock=self._clock,
            outward=lambda person_id, words: outward(self._record, person_id)(words),
        )
