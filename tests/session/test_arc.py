"""The laws of the plan, held against whole conversations: the real dialogue, record and what may begin in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from companion.core.consent import Item
from companion.core.errand import Errand, Purpose
from companion.core.errand import Standing as Stands
from companion.core.turn import Reply
from companion.dialogue.flow import Dialogue
from companion.dialogue.opportunity import has_the_word
from companion.dialogue.plan import Stage
from companion.screening.interview import Interview
from companion.session.activity import Doing
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Ending, Parts
from companion.session.ear import SILENCE, Listened
from companion.session.interlude import Interlude
from companion.session.keeping import Keeper
from companion.session.knowing import Knowing
from companion.session.learning import Learning
from companion.session.telling_back import TellingBack
from companion.store.record import Record
from companion.wiring import language
from companion.wiring.activities import RecordActivities, repertoire
from companion.wiring.daily import RecordErrands, daily_words
from companion.wiring.remembering import RecordMemories, knowing, learning, remembering
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, opened
from tests.session.screening_room import an_interlude, an_interview

SAYS = (
    *(
        "심심해 죽겠어",
        "그래 해 보자",
        "응",
        "아니 됐어",
        "아니",
        "나 죽고 싶어",
        "괜찮아 그런 생각 없어",
        "옛날얘기 하나 해 줘",
    ),
    *(
        "체조 하나 하자",
        "우울증 검사 해 볼래",
        "나는 트로트를 제일 좋아해",
        "내일 병원에 가기로 했어",
        "손자 민준이가 왔어",
    ),
    *(
        "영감 생각이 나서 눈물이 나",
        "걱정이 돼서 잠이 안 와",
        "그만 좀 물어봐",
        "비가 오네",
        "밥 먹었지",
        "거의 매일 그래",
    ),
    *(
        "전혀 없어",
        "오",
        "그만",
        "다시 말해 줘",
        "뭐라고?",
        "나에 대해 뭐 알아?",
        "숨이 차서 죽겠어",
        "너 뭐 할 줄 알아?",
        "",
    ),
)
BEGUN = ("activity.", "screening.", "memory.recall", "daily.told", "tale.")
MOST = 400
"""Things said after which a session would never end."""


class EndlessEar(ScriptedEar):
    """Says what is written, and is silent for ever after; time passes."""

    def __init__(self, says: Sequence[str], clock: FakeClock, heard: list[str]) -> None:
        super().__init__(())
        self._says = list(says)
        self._clock = clock
        self._heard = heard

    async def listen(self, patience: float) -> Listened:
        said = self._says.pop(0) if self._says else ""
        self._clock.advance(patience if not said else 25)
        self._heard.append(said)
        self._turns = [said] if said else [SILENCE]
        return await super().listen(patience)


@dataclass
class Told:
    """What one session came to."""

    ending: Ending
    said: list[tuple[Reply, bool]] = field(default_factory=list)
    """Each thing that was said, and whether safety had the word before it."""
    between: list[list[str]] = field(default_factory=list)
    """What was said between one listening and the next."""
    stage: Stage = Stage.BEGINNING
    offers: int = 0
    dangerous: bool = False


class Home:
    """One person through many sessions, days apart."""

    def __init__(self, dialogue: Dialogue, folder: Path, known: Knowing, interview: Interview) -> None:
        self.clock = FakeClock()
        self.record: Record = opened(folder, self.clock)
        self.person = agreeing(self.record, Item.CONVERSATION, Item.HEALTH)
        self._dialogue, self._known, self._interview = dialogue, known, interview
        self._thread = ThreadPoolExecutor(1)

    async def talk(self, says: Sequence[str], chance: float) -> Told:
        """Hold one session, and return what it came to."""
        self.clock.advance(timedelta(days=3).total_seconds())
        errands = RecordErrands(self.record, self.person.id)
        done = Errand(
            Purpose.CALL, "딸", "딸한테 전화해 달라고 해 줘", self.clock.now(), status=Stands.DONE, by="김복지"
        )
        errands.keep(replace(done, settled_at=self.clock.now()))
        told, heard = Told(Ending.DONE), list[str]()
        talking = self._talking(says, chance, told, heard)
        async with asyncio.timeout(60):
            outcome = await talking.run(new_session(self.person))
        state = talking._state
        return replace(told, ending=outcome.ended_by, stage=state.plan.stage, offers=state.plan.offers)

    def _talking(self, says: Sequence[str], chance: float, told: Told, heard: list[str]) -> Conversation:
        clock, dialogue, mouth = self.clock, self._dialogue, ScriptedMouth()
        answerer = Answerer(language=None, situations=None, thread=self._thread)
        memories = RecordMemories(self.record, self.person, clock.now)
        learned = learning(memories, self._known, lambda error: None)
        parts = Parts(
            ear=EndlessEar(says, clock, heard),
            mouth=mouth,
            dialogue=dialogue,
            answerer=answerer,
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None, on_kept=learned.kept),
            screen=Notes(),
            clock=clock,
            chance=lambda: chance,
            setting=lambda: replace(dialogue.setting(clock.now(), address="순자님"), activities=True),
            interludes=self._interludes(answerer, memories, learned, chance),
        )
        talking = Conversation(parts, patience=20)
        listened = [-1]

        def on_say(reply: Reply) -> None:
            state = talking._state
            told.said.append((reply, has_the_word(state)))
            told.dangerous |= has_the_word(state)
            assert len(told.said) < MOST
            if len(heard) != listened[0]:
                told.between.append([])
            if not has_the_word(state):  # the questions of safety are those of its protocol
                told.between[-1].append(reply.text)
            listened[0] = len(heard)

        mouth.on_say = on_say
        return talking

    def _interludes(
        self, answerer: Answerer, memories: RecordMemories, learned: Learning, chance: float
    ) -> tuple[Interlude, ...]:
        now = self.clock.now
        doing = Doing(
            RecordActivities(self.record, memories), repertoire(self._known.reader), now=now, chance=lambda: chance
        )
        screening = an_interlude(self.record, self.person.id, self._interview, answerer, now=now, offers=True)
        remembered = remembering(memories, learned, self._known, now=now, chance=lambda: chance)
        back = TellingBack(RecordErrands(self.record, self.person.id), daily_words(), clock=self.clock)
        return remembered, screening, back, doing


@pytest.fixture(scope="module")
def home(dialogue: Dialogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with ExitStack() as stack:
        made = Home(dialogue, tmp_path_factory.mktemp("arc"), knowing(language.analyser()), an_interview())
        stack.callback(made.record.close)
        yield made


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(says=st.lists(st.sampled_from(SAYS), max_size=10), chance=st.sampled_from([0.0, 0.4, 0.99]))
def test_the_laws_of_the_plan_hold_of_a_session(home: Home, says: list[str], chance: float) -> None:
    """It ends; nothing is begun while safety has the word; there is one question at a time."""
    told = asyncio.run(home.talk(says, chance))

    assert told.ending in {Ending.SILENCE, Ending.PERSON}
    assert told.stage is Stage.ENDED or told.dangerous
    assert not [reply.id for reply, safety in told.said if safety and reply.id.startswith(BEGUN)]
    assert not [texts for texts in told.between if sum(text.count("?") for text in texts) > 1]
