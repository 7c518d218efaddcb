"""What a conversation is made of, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from companion.dialogue.flow import Dialogue, Response, Setting
from companion.dialogue.openers import Openers
from companion.ports import Clock
from companion.session.answering import Answerer
from companion.session.ear import Ear, Utterance
from companion.session.interlude import Interlude
from companion.session.keeping import Keeper
from companion.session.outward import Mouth, Screen


class Ending(StrEnum):
    """Why a conversation ended."""

    PERSON = "person"
    """The person said goodbye or asked to stop."""
    SILENCE = "silence"
    """Nobody answered."""
    SOURCE = "source"
    """The last recording was played, or the keyboard was closed."""
    INTERRUPTED = "interrupted"
    """Ctrl-C or SIGTERM."""
    DEVICE = "device"
    """The microphone was lost."""
    DONE = "done"
    """What it was begun for is done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a conversation came to."""

    session_id: str | None
    """None if not even the session could be written."""
    turns: int
    """Turns in which the person said something."""
    seconds: float
    ended_by: Ending
    unwritten: int
    """Turns that could not be written."""


Witness: TypeAlias = Callable[[Utterance, Response, str | None], None]
"""Is told what was said, what was made of it, and the id of the turn; None where that could not be written."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a conversation is made of."""

    ear: Ear
    mouth: Mouth
    dialogue: Dialogue
    answerer: Answerer
    keeper: Keeper
    screen: Screen
    clock: Clock
    chance: Callable[[], float]
    """Returns a number in [0, 1): chooses among variants."""
    setting: Callable[[], Setting]
    """Returns what the dialogue may know of the moment: hour, how the person is called."""
    interludes: tuple[Interlude, ...] = ()
    """What may be begun inside the conversation, the more urgent first."""
    pressing: tuple[Interlude, ...] = ()
    """What is begun before any of them, also where a question waits for its answer: a danger that was measured."""
    witnesses: tuple[Witness, ...] = ()
    """Told of each turn that the dialogue answered."""
    openers: Openers | None = None
    """What may lead a reply that has yet to be made; None for nothing."""
    alarm: Callable[[], None] = lambda: None
    """Called when a turn with an alert was committed: whoever delivers alerts looks at once."""
