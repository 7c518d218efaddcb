"""A conversation in which a screening may be held: the real interview, dialogue, protocol and record."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from companion.core.consent import Item
from companion.core.record import KeptTurn
from companion.dialogue.flow import Dialogue
from companion.errors import CompanionError
from companion.prompts import prompt_table
from companion.screening.interview import Interview, Manner
from companion.screening.offering import Choice
from companion.screening.record import Screening
from companion.screening.wanting import Wanting
from companion.session.administering import Around
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Outcome, Parts
from companion.session.keeping import Keeper
from companion.session.screening import ScreeningInterlude, ScreeningParts, ScreeningWords
from companion.store.record import Record
from companion.store.screenings import KeptScreening
from companion.wiring import language
from companion.wiring import screening as wired
from companion.wiring import screening_session as session
from companion.wiring.instruments import instruments
from tests.fakes.clock import START, FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, opened, read_last

INSTRUMENTS = instruments()
PHQ9 = INSTRUMENTS["phq9"]
CRISIS_LINE = str(prompt_table("safety/numbers.toml")["numbers"]["crisis_line"]["number"])
NINE = ["사흘쯤", "나흘", "밤마다 못 자", "닷새", "전혀요", "없어요", "전혀", "전혀요", "그런 생각은 안 해"]
ASKS = "우울증 검사 해 볼래"


def an_interview() -> Interview:
    return wired.interview(wired.answer_reader(language.analyser()))


def an_interlude(  # noqa: PLR0913 - each is a part of the room
    record: Record,
    person_id: str,
    interview: Interview,
    answerer: Answerer,
    *,
    now: Callable[[], datetime],
    offers: bool = False,
    around: Around | None = None,
) -> ScreeningInterlude:
    kept = session.ledger(record, person_id, mode="text")
    return ScreeningInterlude(
        ScreeningParts(
            instruments=INSTRUMENTS,
            interview=interview,
            rules=kept.rules,
            wanting=Wanting(prompt_table(session.OFFERING)["wanting"]),
            words=ScreeningWords.parse(prompt_table(wired.WORDING)["interlude"]),
            ledger=kept,
            around=around or Around(answerer),
            now=now,
            address="순자님",
            offers=offers,
        )
    )


class Room:
    """A record, a person, and conversations one after another."""

    def __init__(self, dialogue: Dialogue, interview: Interview, folder: Path, at: datetime = START) -> None:
        self.clock = FakeClock(at)
        self.record = opened(folder / "record", self.clock)
        self.person = agreeing(self.record, Item.CONVERSATION, Item.HEALTH)
        self.mouth, self.screen = ScriptedMouth(), Notes()
        self.attention: list[bool] = []
        self.troubles: list[CompanionError] = []
        self.interlude: ScreeningInterlude | None = None
        self.offers = True
        self._dialogue, self._interview = dialogue, interview

    async def talk(self, *turns: Turn, alone: Choice | None = None, whole: bool = False) -> Outcome:
        """Hold a conversation, or one screening alone."""
        self.mouth, clock, dialogue = ScriptedMouth(), self.clock, self._dialogue
        answerer = Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1))
        self.interlude = an_interlude(
            self.record,
            self.person.id,
            self._interview,
            answerer,
            now=self.clock.now,
            offers=self.offers,
            around=Around(answerer, self.attention.append, self.troubles.append),
        )
        parts = Parts(
            ear=ScriptedEar(turns),
            mouth=self.mouth,
            dialogue=dialogue,
            answerer=answerer,
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
            screen=self.screen,
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: dialogue.setting(clock.now(), address="순자님"),
            interludes=(self.interlude,),
        )
        talking = Conversation(parts, patience=20)
        if alone is None:
            return await talking.run(new_session(self.person))
        one = session.OneScreening(self.interlude, alone, Manner(address="순자님", gate=not whole))
        return await talking.run_only(new_session(self.person), one)

    def later(self, seconds: float) -> Callable[[], None]:
        """Return a turn in which time passes."""
        return lambda: self.clock.advance(seconds)

    @property
    def said(self) -> list[str]:
        return self.mouth.said

    def kept(self) -> list[KeptScreening]:
        return list(self.record.screenings.all(self.person.id))

    def last(self) -> Screening:
        return self.kept()[-1].screening

    def turns(self) -> list[KeptTurn]:
        return read_last(self.record)[1]

    def scores(self) -> list[int | None]:
        return [answer.score for answer in self.last().current().values()]
