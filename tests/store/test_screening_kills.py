"""Kill -9 at each step of a screening in a conversation: what was acknowledged is there, and it goes on from there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from companion.core.consent import Item
from companion.core.heard import Heard
from companion.core.turn import Reply as Said
from companion.dialogue.flow import Dialogue
from companion.screening.interview import Interview
from companion.screening.record import Status
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.ear import ENDED, Listened, Utterance
from companion.session.keeping import Keeper
from companion.store.opening import Place
from companion.store.screenings import KeptScreening
from companion.wiring import language
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth
from tests.fakes.screen import Notes
from tests.session.screening_room import ASKS, NINE, PHQ9, an_interlude, an_interview
from tests.store.dying import Ending, killed_at_statement, places
from tests.store.records import PERSON, begun, decision, opened, session

EVERY = 40
"""Places that are all died at; of those behind them, which are the same ones of later answers, every fifth."""
REPLIES = dict(zip((item.id for item in PHQ9.items), [*NINE, "조금 힘들었어"], strict=True))


class Answering(ScriptedEar):
    """Asks for the check once, then answers whatever item was asked last, and falls silent for good at its end."""

    def __init__(self, mouth: ScriptedMouth) -> None:
        super().__init__(())
        self._mouth = mouth
        self._asked = False
        self.answered = 0

    async def listen(self, patience: float) -> Listened:
        item = next((one for one in PHQ9.items if one.text in self._mouth.said[-1]), None)
        if item is None and self._asked:
            return ENDED
        self._asked = True
        self.answered += item is not None
        words = ASKS if item is None else REPLIES[item.id]
        return Utterance(heard=Heard.typed(words), speech_ended=0.0, turn_ended=0.0)


def talking(place: Place, dialogue: Dialogue, interview: Interview, said: int) -> Callable[[], None]:
    """Return work that begins the screening, or goes on with it, and says how many answers 말벗 has taken by then."""

    def work() -> None:
        clock = FakeClock()
        with closing(opened(place, clock)) as record:
            mouth = ScriptedMouth()
            ear = Answering(mouth)
            kept = record.screenings.all(PERSON.id)
            before = len(kept[-1].screening.answers) if kept else 0

            def heard(_: Said) -> None:
                """The person hears the next words: what they said before was taken."""
                os.write(said, f"{before + ear.answered}\n".encode())

            mouth.on_say = heard
            answerer = Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1))
            parts = Parts(
                ear=ear,
                mouth=mouth,
                dialogue=dialogue,
                answerer=answerer,
                keeper=Keeper(record.conversations, on_trouble=lambda error: None),
                screen=Notes(),
                clock=clock,
                chance=lambda: 0.0,
                setting=lambda: dialogue.setting(clock.now(), address=PERSON.address),
                interludes=(an_interlude(record, PERSON.id, interview, answerer, now=clock.now),),
            )
            asyncio.run(Conversation(parts, patience=20).run(session()))

    return work


def kept_in(place: Place) -> list[KeptScreening]:
    with closing(opened(place)) as record:
        return list(record.screenings.all(PERSON.id))


def check(kept: list[KeptScreening], acknowledged: int) -> None:
    """Hold what is on the disk against what was said to be: all that, at most one answer more, nothing half."""
    assert len(kept) <= 1
    answers = kept[0].screening.answers if kept else ()
    assert acknowledged <= len(answers) <= acknowledged + 1
    assert [answer.order for answer in answers] == list(range(1, len(answers) + 1))
    assert [answer.reply for answer in answers] == list(REPLIES.values())[: len(answers)]
    assert all(answer.score is not None and answer.decider and answer.replies for answer in answers)


def test_a_kill_at_each_statement_of_a_screening_loses_no_answer(memory_folder: Path) -> None:
    """Each child goes on where the killed one was; at the end one whole screening stands there, as if nothing was."""
    interview, dialogue = an_interview(), language.dialogue(language.analyser())
    place, acknowledged = begun(memory_folder), 0
    with closing(opened(place)) as record:
        record.consents.decide(PERSON.id, decision(Item.HEALTH))
    for step in places(EVERY, 5):
        read_end, write_end = os.pipe()
        ending = killed_at_statement(step, talking(place, dialogue, interview, write_end))
        os.close(write_end)
        with os.fdopen(read_end) as said:
            acknowledged = max([acknowledged, *map(int, said.read().split())])
        kept = kept_in(place)
        check(kept, acknowledged)
        if ending is Ending.DONE or (kept and kept[0].screening.status is Status.COMPLETE):
            break

    (whole,) = kept_in(place)
    assert step > 60
    assert whole.screening.status is Status.COMPLETE
    assert [answer.score for answer in whole.screening.answers] == [1, 1, 3, 1, 0, 0, 0, 0, 0, 1]
