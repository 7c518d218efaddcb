"""Holds the sessions of a life: dialogue, record and alerts are those of ``companion talk``, the clock is simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from companion.config import LanguageSettings, Settings
from companion.core.consent import Item
from companion.core.person import Person
from companion.core.record import NewSession
from companion.errors import KeyRefused
from companion.evaluation.lives.drawing import drawing
from companion.evaluation.lives.person import SimulatedPerson
from companion.evaluation.lives.persona import Persona
from companion.evaluation.lives.transcript import Life, SessionRun
from companion.wiring import language
from companion.wiring.at_work import look
from companion.wiring.lives.clock import SimulatedClock
from companion.wiring.lives.home import Postbox, move_in
from companion.wiring.lives.stage import Stage
from companion.wiring.people import consent_words

if TYPE_CHECKING:
    from companion.dialogue.flow import Dialogue
    from companion.ports import Store
    from companion.session.alerting import Alerting
    from companion.store.record import Record
    from companion.wiring.conversation import Bench, Loaded

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


def loaded(*, with_encoder: bool = True, talking: Dialogue | None = None) -> Loaded:
    """Load once what all lives share: the dialogue of the embedded profile, words only.

    Args:
        with_encoder: Whether the sentence encoder is asked for near situations.
        talking: The dialogue, where it is not the shipped one.

    Raises:
        PromptError: A data file is broken.
    """
    from companion.wiring.conversation import Loaded

    words = language.analyser()
    talking = talking or language.dialogue(words)
    situations = language.situations(talking) if with_encoder else None
    return Loaded(
        analyser=words,
        dialogue=talking,
        voice=None,
        voice_trouble=None,
        recognizer=None,
        situations=situations,
        language=None,
    )


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
    with TemporaryDirectory(prefix="companion-") as folder, _record(Path(folder), clock) as record:
        person = move_in(record, persona, clock.now())
        world.furnish(record, person)
        home = _Home(record, person, loaded, clock, world)
        somebody = SimulatedPerson(persona, seed)
        runs, day = [], first
        for number in range(1, sessions + 1):
            hour = persona.course.hours[(number - 1) % len(persona.course.hours)]
            clock.advance_to(datetime(day.year, day.month, day.day, hour, _MINUTE, tzinfo=_ZONE))
            runs.append(home.session(somebody, number, drawing(seed, persona.id, number)))
            day += timedelta(days=persona.course.gap_days[(number - 1) % len(persona.course.gap_days)])
    called = (persona.address, *(one.name for one in persona.around))
    return Life(persona, seed, tuple(runs), called)


@contextmanager
def _record(folder: Path, clock: SimulatedClock) -> Iterator[Record]:
    from companion.store.database import Stamp
    from companion.store.opening import Place, open_record

    record = open_record(Place(folder), stamp=Stamp("simulated"), now=clock.now, ask=_no_passphrase)
    try:
        yield record
    finally:
        record.close()


def _no_passphrase() -> str:
    """Refuse to ask: a key file opens the record.

    Raises:
        KeyRefused: Always.
    """
    raise KeyRefused("vault.passphrase_needed")


class _Home:
    """One person with their record, in which sessions are held."""

    def __init__(self, record: Record, person: Person, loaded: Loaded, clock: SimulatedClock, world: World) -> None:
        self._record = record
        self._person = person
        self._loaded = loaded
        self._clock = clock
        self._world = world
        self._alerting = self._alerts()
        writes = LanguageSettings(generation=loaded.language is not None)
        self._at_work = look(Settings(profile="embedded", language=writes))

    def session(self, somebody: SimulatedPerson, number: int, chance: Callable[[], float]) -> SessionRun:
        """Hold one session."""
        began = self._clock.true
        somebody.begin(number, began.date())
        names = {one.id: one.name for one in self._record.people.contacts(self._person.id)}
        stage = Stage(somebody, self._clock, self._world.kept(self._record.conversations), names)
        keeps = self._keeps()
        ended_by = asyncio.run(self._talk(self._bench(stage, chance)))
        return SessionRun(
            number=number,
            began=began,
            exchanges=tuple(stage.exchanges),
            ended_by=ended_by,
            farewells=stage.farewells,
            had_left=stage.had_left,
            keeps=keeps,
            rows=self._record.belongings.counts(self._person.id),
        )

    async def _talk(self, bench: Bench) -> str:
        from companion.wiring.conversation import conversation

        new = NewSession(
            self._person.id, self._clock.now(), mode=bench.wish.mode, profile="embedded", reply_driver="bank"
        )
        async with conversation(bench, self._loaded) as (talking, _):
            outcome = await talking.run(new)
        return str(outcome.ended_by)

    def _bench(self, stage: Stage, chance: Callable[[], float]) -> Bench:
        """Return what ``companion talk`` puts a conversation together from, with the stage around it."""
        from companion.wiring.activities import RecordActivities
        from companion.wiring.alerts import told_contacts
        from companion.wiring.conversation import Bench, Mode, Wish
        from companion.wiring.daily import RecordAsked, RecordErrands
        from companion.wiring.record import left_open
        from companion.wiring.remembering import RecordMemories
        from companion.wiring.screening_session import observer, screening_interlude
        from companion.wiring.wishes import RecordWishes

        record, person = self._record, self._person
        memories = RecordMemories(record, person, self._clock.now)
        return Bench(
            at_work=self._at_work,
            wish=Wish(Mode.TEXT, silent=True),
            store=self._world.committed(stage),
            screen=stage,
            tell=stage.notice,
            person=person,
            first_time=record.conversations.session_count(person.id) == 0,
            keeps=self._keeps,
            wishes=RecordWishes(record, person, consent_words()),
            asks_consent=True,
            earlier=left_open(record, person.id),
            lately=record.conversations.lately(person.id),
            interludes=(lambda making: screening_interlude(making, record, person),),
            witnesses=(lambda making: observer(making, record, person),),
            errands=RecordErrands(record, person.id),
            asked=RecordAsked(record, person.id),
            runs=True,
            memories=memories,
            activities=RecordActivities(record, memories),
            contacts=lambda: told_contacts(record, person.id),
            alarm=self._deliver,
            clock=self._clock,
            ear=stage,
            chance=chance,
        )

    def _keeps(self) -> bool:
        return self._record.consents.standing(self._person.id, Item.CONVERSATION) is not None

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
