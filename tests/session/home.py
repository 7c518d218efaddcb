"""One person at home, talked with again and again over one encrypted record."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from companion.core.consent import Answer, Item
from companion.core.heard import Heard
from companion.core.person import Person
from companion.dialogue.flow import Dialogue
from companion.errors import CompanionError
from companion.session.answering import Answerer
from companion.session.consenting import Consenting
from companion.session.conversation import Conversation, Parts
from companion.session.ear import Utterance
from companion.session.keeping import Keeper
from companion.session.knowing import Knowing
from companion.store.record import Record
from companion.wiring.people import consent_words
from companion.wiring.remembering import RecordMemories, learning, recalling, remembering
from companion.wiring.wishes import RecordWishes
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, decision, new_session, opened


class Home:
    """One person, talked with again and again."""

    def __init__(self, dialogue: Dialogue, known: Knowing, record: Record, *, agrees: bool = True) -> None:
        self.record, self.dialogue, self.known = record, dialogue, known
        self.person = agreeing(record)
        if not agrees:
            record.consents.decide(self.person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))
        self.clock = FakeClock()

    async def talk(self, *turns: Turn, after: timedelta = timedelta(), first: str = "") -> list[str]:
        """Hold a conversation some time after the last, begun by what is said first; return all but its greeting."""
        self.clock.advance(after.total_seconds())
        clock, dialogue, mouth = self.clock, self.dialogue, ScriptedMouth()
        store = RecordMemories(self.record, self.person, clock.now)
        learned = learning(store, self.known, fail)
        recalled = recalling(store, learned, self.known, now=clock.now)
        between = remembering(store, learned, self.known, now=clock.now, chance=lambda: 0.0)
        parts = Parts(
            ear=ScriptedEar(turns),
            mouth=mouth,
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
            keeper=Keeper(self.record.conversations, on_trouble=fail, on_kept=learned.kept),
            screen=Notes(),
            clock=clock,
            chance=lambda: 0.99,
            setting=lambda: replace(
                dialogue.setting(clock.now(), address=store.person.address), birthday=store.birthday()
            ),
            interludes=(recalled, between),
        )
        begun = Utterance(Heard.typed(first), speech_ended=0.0, turn_ended=0.0) if first else None
        await Conversation(parts, patience=20).run(new_session(self.person), begun)
        self.person = store.person
        return mouth.said[1:]

    def facts(self) -> list[str]:
        return [one.fact for one in self.record.memories.all(self.person.id)]


def consents_of(record: Record, person: Person) -> Consenting:
    """Return what asks the person, where a wish of theirs needs a consent that is not there."""
    wishes = RecordWishes(record, person, consent_words())
    return Consenting(wishes, consent_words(), address=person.address, asks=False)


def fail(error: CompanionError) -> None:
    """Nothing may go wrong in these tests."""
    raise error


@contextmanager
def home_in(folder: Path, dialogue: Dialogue, known: Knowing, *, agrees: bool = True) -> Iterator[Home]:
    record = opened(folder / "record")
    try:
        yield Home(dialogue, known, record, agrees=agrees)
    finally:
        record.close()
