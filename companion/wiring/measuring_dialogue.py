"""Puts together what ``companion evaluate replies`` and ``understanding`` measure.

Replies are those of the product: each case is a real conversation, put together as that of ``companion talk``, with
somebody who is known, agreed to what they were asked at setup, and has no contacts. Nothing is begun unasked, so that
the words of a case never answer what the case does not hold.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast
from zoneinfo import ZoneInfo

from companion.config import LanguageSettings, PersonSettings, Settings
from companion.core.heard import Heard
from companion.core.record import NewTurn
from companion.dialogue.daily.words import Opening
from companion.dialogue.requests import Answer, FindAlike, FindFits, FindNear, Name, Request
from companion.errors import StorageFull
from companion.evaluation.cases import Before
from companion.evaluation.replies import Answered, Conversing
from companion.session.ear import ENDED, SILENCE, Listened, Utterance
from companion.wiring import language
from companion.wiring.at_work import AtWork, look
from companion.wiring.daily import daily_words
from companion.wiring.rehearsal.as_told import AsTold
from companion.wiring.rehearsal.clock import SimulatedClock
from companion.wiring.rehearsal.home import Home, loaded, temporary_record
from companion.wiring.rehearsal.stage import Stage
from companion.wiring.setup import ConsentPlan, PersonPlan, SetupPlan, enrol

if TYPE_CHECKING:
    from companion.dialogue.flow import Dialogue
    from companion.evaluation.understanding import Answering
    from companion.ports import Store
    from companion.store.record import Record
    from companion.wiring.conversation import Bench, Loaded

_MOMENT: Final = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Seoul"))
"""One moment for every run, so that two runs can be compared."""


def understanding_instruments(*, with_encoder: bool) -> tuple[Dialogue, Answering]:
    """Load the dialogue, and what answers what it asks while it understands: the encoder, as asked.

    Args:
        with_encoder: Whether the sentence encoder is asked for near situations.

    Raises:
        PromptError: A data file is broken.
    """
    shared = loaded(with_encoder=with_encoder)
    situations = shared.situations

    def answer(request: Request) -> Answer:
        match request:
            case FindNear(text) if situations is not None:
                return situations.nearest(text)
            case FindAlike(text) if situations is not None:
                return situations.alike(text)
            case FindFits(text, replies) if situations is not None:
                return situations.fits(text, replies)
            case Name(text) if situations is not None:
                return situations.labels(text)
            case _:
                return None

    return shared.dialogue, answer


@contextmanager
def conversing(*, generation: bool | None, with_encoder: bool) -> Iterator[Conversing]:
    """Load everything, and give what says a case to somebody new each time, in a record that is removed at the end.

    Args:
        generation: Whether replies may be written by the language model; None takes what the profile says.
        with_encoder: Whether the sentence encoder is asked for near situations.

    Raises:
        ArtifactError: The language model is wanted and its file is missing or damaged.
        ConfigError: The settings cannot be used.
        PromptError: A data file is broken.
        StoreError: There is no room for the record.
    """
    at_work = _at_work(generation)
    writer = language.language_model(at_work) if at_work.generation else None
    shared = loaded(with_encoder=with_encoder, writer=writer)
    clock = SimulatedClock(_MOMENT)
    with temporary_record(clock) as record:
        yield lambda said: asyncio.run(_answered(said, record, shared, clock, at_work))


def _at_work(generation: bool | None) -> AtWork:  # noqa: FBT001 - as it was asked
    """Return the artifacts of this device, and settings of nobody: of the device's own only what writes is taken."""
    if generation is False:
        return look(Settings(profile="embedded", language=LanguageSettings(generation=False)))
    here = look()
    writes = LanguageSettings(generation=here.generation if generation is None else generation)
    settings = Settings(profile=here.settings.profile, threads=here.settings.threads, language=writes)
    return replace(here, settings=settings)


async def _answered(
    said: Sequence[str | Before], record: Record, shared: Loaded, clock: SimulatedClock, at_work: AtWork
) -> Answered:
    """Say it all, in a new conversation wherever one was ended by it, after what 말벗 is to have said itself.

    Raises:
        StorageFull: The record could not be written.
    """
    address = PersonSettings().address
    agreed = ConsentPlan(giver_name=address, conversation=True, health=True)
    person = enrol(SetupPlan(person=PersonPlan(address=address), consent=agreed), record, clock.now())
    turns = [Before(one) if isinstance(one, str) else one for one in said]
    opening, turns = (turns[0].answer, turns[1:]) if not turns[0].text else ("", turns)
    told = AsTold(shared.dialogue, opening, [one.answer for one in turns])
    shared = replace(shared, dialogue=cast("Dialogue", told))
    home = Home(record, person, loaded=shared, clock=clock, at_work=at_work)
    stage = _CaseStage([one.text for one in turns if one.text], record.conversations)
    while stage.has_more:
        await home.talk(_bench(home, stage, address))
    if stage.answered is None:
        raise StorageFull("store.cannot_write", file=record.database.place)
    return stage.answered


def _bench(home: Home, stage: Stage, address: str) -> Bench:
    """Return what a conversation of somebody known is put together from, greeted without a question."""
    greeting = daily_words().opening(Opening.HEARD, address)
    bench = home.bench(stage, chance=lambda: 0.0)
    return replace(bench, first_time=False, greeting=greeting, begins_unasked=False)


class _CaseStage(Stage):
    """The stage on which a case is said, one thing after another.

    Args:
        said: The context, oldest first, and what is to be answered.
        store: What is committed is committed there.
    """

    def __init__(self, said: Sequence[str], store: Store) -> None:
        super().__init__(store)
        self._left = deque(said)
        self._last_said_at: float | None = None
        self.answered: Answered | None = None
        """How the last thing was answered; None so far."""

    @property
    def has_more(self) -> bool:
        """Whether something is left to be said."""
        return bool(self._left)

    async def listen(self, patience: float) -> Listened:  # noqa: ARG002 - nobody is waited for
        """Return what is said next; once that was answered, nothing more."""
        if self.answered is not None:
            return ENDED
        if not self._left:
            return SILENCE
        heard = Heard.typed(self._left.popleft())
        now = time.monotonic()
        if not self._left:
            self._last_said_at = now
        return Utterance(heard, speech_ended=now, turn_ended=now)

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        """Commit a turn; the first one since the last thing was said answers it."""
        if self.answered is None and self._last_said_at is not None:
            self.answered = Answered(new, (time.monotonic() - self._last_said_at) * 1000)
        return super().add_turn(session_id, number, new)
