"""What reads, finds and says memory, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from companion.dialogue.memory.answering import Answers
from companion.dialogue.memory.asking import MemoryWishes
from companion.dialogue.memory.correcting import Corrections
from companion.dialogue.memory.lists import Lists
from companion.dialogue.memory.naming import Naming
from companion.dialogue.memory.quoting import Quoting
from companion.dialogue.memory.reader import FactReader
from companion.dialogue.memory.told import Told
from companion.dialogue.memory.words import MemoryWords


@dataclass(frozen=True, slots=True)
class Knowing:
    """What reads and says memory: built once, holding nothing of a person."""

    reader: FactReader
    corrections: Corrections
    wishes: MemoryWishes
    words: MemoryWords
    told: Told
    quoting: Quoting
    answers: Answers
    lists: Lists
    naming: Naming
