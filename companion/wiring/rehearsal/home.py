"""A person with a record that is removed afterwards, and conversations with them put together as for anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from companion.core.consent import Item
from companion.core.person import Person
from companion.core.record import NewSession
from companion.errors import KeyRefused
from companion.wiring import language
from companion.wiring.at_work import AtWork
from companion.wiring.people import consent_words
from companion.wiring.rehearsal.clock import SimulatedClock
from companion.wiring.rehearsal.stage import Stage

if TYPE_CHECKING:
    from companion.dialogue.flow import Dialogue
    from companion.ports import LanguageModel
    from companion.session.conversation import Outcome
    from companion.store.record import Record
    from companion.wiring.conversation import Bench, Loaded


def loaded(
    *, with_encoder: bool = True, talking: Dialogue | None = None, writer: LanguageModel | None = None
) -> Loaded:
    """Load once what all rehearsed conversations share: words only.

    Args:
        with_encoder: Whether the sentence encoder is asked for near situations.
        talking: The dialogue, where it is not the shipped one.
        writer: What writes replies behind the guard; None for the bank alone.

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
        language=writer,
    )


@contextmanager
def temporary_record(clock: SimulatedClock) -> Iterator[Record]:
    """Open a real record in a folder of its own, and remove both at the end.

    Raises:
        StoreError: It could not be made.
    """
    from companion.store.database import Stamp
    from companion.store.opening import Place, open_record

    with TemporaryDirectory(prefix="companion-") as folder:
        record = open_record(Place(Path(folder)), stamp=Stamp("simulated"), now=clock.now, ask=_no_passphrase)
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


class Home:
    """One person with their record, in which sessions are held.

    Args:
        record: Opened.
        person: Written down in it.
        loaded: What was loaded.
        clock: Of the device.
        at_work: What is at work on it.
    """

    def __init__(
        self, record: Record, person: Person, *, loaded: Loaded, clock: SimulatedClock, at_work: AtWork
    ) -> None:
        self._record = record
        self._person = person
        self._loaded = loaded
        self._clock = clock
        self._at_work = at_work

    def keeps(self) -> bool:
        """Return whether the person agrees, now, that conversations are kept."""
        return self._record.consents.standing(self._person.id, Item.CONVERSATION) is not None

    def bench(self, stage: Stage, chance: Callable[[], float]) -> Bench:
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
            store=stage,
            screen=stage,
            tell=stage.notice,
            person=person,
            first_time=record.conversations.session_count(person.id) == 0,
            keeps=self.keeps,
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
            clock=self._clock,
            ear=stage,
            chance=chance,
        )

    async def talk(self, bench: Bench) -> Outcome:
        """Hold one session from greeting to goodbye, and return what it came to."""
        from companion.wiring.conversation import conversation

        new = NewSession(
            self._person.id,
            self._clock.now(),
            mode=bench.wish.mode,
            profile=self._at_work.profile.id,
            reply_driver="model" if self._at_work.generation else "bank",
        )
        async with conversation(bench, self._loaded) as (talking, _):
            return await talking.run(new)
