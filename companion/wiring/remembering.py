"""Puts the memory of a conversation together: its tables, the record of the person, and what learns from each turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from companion.core.consent import Item
from companion.core.life import Memory, Said
from companion.core.reading import Grammar
from companion.dialogue.memory.answering import Answers
from companion.dialogue.memory.asking import MemoryWishes
from companion.dialogue.memory.correcting import Corrections
from companion.dialogue.memory.lists import Lists
from companion.dialogue.memory.naming import Naming
from companion.dialogue.memory.quoting import Quoting
from companion.dialogue.memory.reader import FactReader
from companion.dialogue.memory.told import Told
from companion.dialogue.memory.words import MemoryWords
from companion.dialogue.spoken_dates import SpokenDates
from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.session.knowing import Knowing
from companion.session.learning import Learning
from companion.session.recalling import Recalling
from companion.session.remembering import Remembering

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.core.person import Person
    from companion.errors import StoreError
    from companion.store.record import Record

FACTS: Final = "memory/facts.toml"
WORDS: Final = "memory/words.ko.toml"
SAID: Final = "memory/said.toml"
ANSWERS: Final = "memory/answers.toml"


@cache
def knowing(words: Analyser) -> Knowing:
    """Build what reads and says memory from the shipped data.

    Raises:
        PromptError: A table is broken.
    """
    try:
        grammar = Grammar(prompt_table("lexicon/grammar.toml"))
        facts, spoken = prompt_table(FACTS), prompt_table(WORDS)
        quoting, answers, names = Quoting(prompt_table(SAID), words), prompt_table(ANSWERS), facts["names"]
        reader = FactReader(facts, SpokenDates(prompt_table("lexicon/dates.toml")), grammar, words)
        return Knowing(
            reader,
            Corrections(facts, reader, words),
            MemoryWishes(spoken),
            MemoryWords(spoken),
            Told(spoken, words),
            quoting,
            Answers(answers, names, quoting, words),
            Lists(answers, words),
            Naming(answers, names),
        )
    except KeyError as error:
        raise PromptError("lexicon.missing", file=FACTS, entry=str(error.args[0])) from error
    except ValueError as error:
        raise PromptError("lexicon.broken", file=FACTS, detail=str(error)) from error


class RecordMemories:
    """The memory of one person in the record.

    Args:
        record: Opened.
        person: Who talks.
        now: The wall clock; aware.
    """

    def __init__(self, record: Record, person: Person, now: Callable[[], datetime]) -> None:
        self._record = record
        self.person = person
        """As they are called now: it may change in the middle of a conversation."""
        self._now = now

    def keeps(self) -> bool:
        """Return whether conversations may be kept."""
        return self._record.consents.standing(self.person.id, Item.CONVERSATION) is not None

    def all(self) -> Sequence[Memory]:
        """Return the facts that stand."""
        return self._record.memories.all(self.person.id)

    def birthday(self) -> str:
        """Return the person's birthday in their own words; empty where they never told it."""
        own = (one.value for one in reversed(self.all()) if (one.kind, one.aspect) == ("self", "birthday"))
        return next(own, "")

    def said(self) -> Sequence[Said]:
        """Return what was said and may be said back."""
        return self._record.memories.told(self.person.id)

    def refused(self) -> frozenset[str]:
        """Return the kinds that are not to be remembered."""
        return self._record.memory_choices.refused(self.person.id)

    def keep(self, memory: Memory) -> str:
        """Commit a fact."""
        return self._record.memories.keep(self.person.id, memory)

    def correct(self, memory_id: str, memory: Memory) -> str:
        """Put a fact in the place of another."""
        return self._record.memories.correct(self.person.id, memory_id, memory)

    def asked_after(self, memory_id: str, at: datetime) -> None:
        """Note that 말벗 came back to a fact."""
        self._record.memories.asked_after(self.person.id, memory_id, at)

    def forget(self, memory_ids: Sequence[str]) -> None:
        """Remove facts for good."""
        self._record.memories.forget(self.person.id, memory_ids)

    def forget_words(self, turn_id: str) -> None:
        """Remove what was said in one turn."""
        self._record.memories.forget_words(self.person.id, turn_id)

    def choose(self, kind: str, *, remembered: bool) -> None:
        """Commit a choice."""
        self._record.memory_choices.choose(self.person.id, kind, self._now(), remembered=remembered)

    def called(self) -> str:
        """Return how the person is called now."""
        return self.person.address

    def call(self, address: str, *, for_good: bool = True) -> None:
        """Call the person otherwise: from now on, and for good where that is meant and anything of them is kept."""
        if for_good and self.keeps():
            self._record.people.change(self.person.id, address=address)
        self.person = replace(self.person, address=address)


def learning(store: RecordMemories, known: Knowing, on_trouble: Callable[[StoreError], None]) -> Learning:
    """Return what learns from every turn of one conversation."""
    return Learning(store, known.reader, known.corrections, on_trouble=on_trouble)


def remembering(
    store: RecordMemories,
    learned: Learning,
    known: Knowing,
    *,
    now: Callable[[], datetime],
    chance: Callable[[], float],
) -> Remembering:
    """Return the interlude of memory of one conversation."""
    return Remembering(store, learned, known, now=now, chance=chance)


def recalling(store: RecordMemories, learned: Learning, known: Knowing, *, now: Callable[[], datetime]) -> Recalling:
    """Return the interlude that finds again what was told."""
    return Recalling(store, learned, known, now=now)
