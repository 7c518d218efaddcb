"""Puts activities together: the scripts, the record of the person, and the interlude of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from companion.core.consent import Item
from companion.core.hospital import Kind
from companion.core.life import Activity, Memory
from companion.dialogue.activities.offering import Conditions
from companion.dialogue.activities.parsing import load_scripts
from companion.dialogue.activities.running import ActivityWords
from companion.dialogue.activities.script import Condition, Script
from companion.dialogue.moment import SpokenTime
from companion.errors import PromptError
from companion.prompts import prompt_table, prompt_tables
from companion.session.activity import Repertoire
from companion.wiring.contraindications import contraindications

if TYPE_CHECKING:
    from companion.dialogue.memory.reader import FactReader
    from companion.store.record import Record
    from companion.wiring.remembering import RecordMemories

WORDS: Final = "wording/activities.ko.toml"


@cache
def scripts() -> Mapping[str, Script]:
    """Return every shipped script by id.

    Raises:
        PromptError: A file is broken; its first problem is named.
    """
    return load_scripts(prompt_tables("activities"))


@cache
def repertoire(reader: FactReader) -> Repertoire:
    """Return what can be offered, from the shipped data.

    Raises:
        PromptError: A table is broken.
    """
    words = _made(ActivityWords, prompt_table(WORDS))
    part_of = SpokenTime(prompt_table("lexicon/time.toml")).part_key
    return Repertoire(tuple(scripts().values()), words, reader, part_of)


def _made(make: type[ActivityWords], table: Mapping[str, Any]) -> ActivityWords:
    try:
        return make(table)
    except KeyError as error:
        raise PromptError("lexicon.missing", file=WORDS, entry=str(error.args[0])) from error
    except ValueError as error:
        raise PromptError("lexicon.broken", file=WORDS, detail=str(error)) from error


class RecordActivities:
    """Activities of one person in the record.

    Args:
        record: Opened.
        memories: Of the same person: what they told of their health, and where plans are remembered.
    """

    def __init__(self, record: Record, memories: RecordMemories) -> None:
        self._record = record
        self._memories = memories
        self._conditions = Conditions(prompt_table(WORDS)["conditions"])
        self._contraindications = contraindications()

    def keeps(self) -> bool:
        """Return whether activities may be kept."""
        return self._memories.keeps()

    def keeps_mood(self) -> bool:
        """Return whether moods may be kept."""
        return self.keeps() and self._record.consents.standing(self._person_id, Item.HEALTH) is not None

    def before(self) -> Sequence[Activity]:
        """Return what was offered and done."""
        return self._record.activities.all(self._person_id)

    def begin(self, activity: Activity) -> str:
        """Commit that one was offered."""
        return self._record.activities.keep(self._person_id, activity)

    def finish(self, activity_id: str, activity: Activity) -> None:
        """Commit what came of it."""
        self._record.activities.change(self._person_id, activity_id, activity)

    def conditions(self) -> frozenset[Condition]:
        """Return what in the record speaks against activities."""
        person = self._memories.person
        dementia = bool(person.dementia_stage) or person.understanding_doubtful
        told = self._conditions.of(self._memories.all(), self._record.database.now(), dementia=dementia)
        recorded = self._record.hospital.records(person.id, Kind.CONDITION)
        in_words = self._conditions.in_words(self._contraindications.uncoded(recorded))
        return told | self._contraindications.of(recorded) | in_words

    def plan(self, memory: Memory) -> None:
        """Remember what was agreed on, unless the person does not want plans remembered."""
        if memory.kind not in self._memories.refused():
            self._memories.keep(memory)

    @property
    def _person_id(self) -> str:
        return self._memories.person.id
