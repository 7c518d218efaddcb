"""Activities inside whole conversations, over the encrypted record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from companion.core.body import Import
from companion.core.consent import Item
from companion.core.hospital import HospitalPatient, HospitalRecord, Kind
from companion.core.life import Activity, Memory, Outcome
from companion.dialogue.activities.script import Kind as ScriptKind
from companion.dialogue.flow import Dialogue
from companion.session.activity import Doing
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.ear import SILENCE, Listened
from companion.session.keeping import Keeper
from companion.session.knowing import Knowing
from companion.store.record import Record
from companion.wiring import language
from companion.wiring.activities import RecordActivities, repertoire
from companion.wiring.remembering import RecordMemories, knowing, learning
from tests.fakes.clock import START, FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, opened

SMALL_TALK = ("그냥 있어", "밥은 먹었지", "오늘은 집에 있었어", "텔레비전 봤어")


@pytest.fixture(scope="module")
def known() -> Knowing:
    return knowing(language.analyser())


class PatientEar(ScriptedEar):
    """Somebody who answers what is asked and is quiet when nothing is."""

    def __init__(self, turns: Iterable[Turn], mouth: ScriptedMouth) -> None:
        super().__init__(turns)
        self._mouth = mouth
        self._begun = False

    async def listen(self, patience: float) -> Listened:
        if self._begun and "?" not in self._mouth.said[-1]:
            return SILENCE
        self._begun = True
        return await super().listen(patience)


class Home:
    """One person, and what is done with them."""

    def __init__(self, dialogue: Dialogue, known: Knowing, record: Record, *items: Item) -> None:
        self.record, self.dialogue, self.known = record, dialogue, known
        self.person = agreeing(record, *items)
        self.clock = FakeClock()
        self.scripts = repertoire(known.reader).scripts

    async def talk(self, *turns: Turn, patient: bool = False) -> list[str]:
        """Hold a conversation; return what 말벗 said after its greeting."""
        clock, dialogue, mouth = self.clock, self.dialogue, ScriptedMouth()
        memories = RecordMemories(self.record, self.person, clock.now)
        learned = learning(memories, self.known, lambda error: None)
        store = RecordActivities(self.record, memories)
        doing = Doing(store, repertoire(self.known.reader), now=clock.now, chance=lambda: 0.0)
        parts = Parts(
            ear=PatientEar(turns, mouth) if patient else ScriptedEar(turns),
            mouth=mouth,
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None, on_kept=learned.kept),
            screen=Notes(),
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: replace(dialogue.setting(clock.now(), address="순자님"), activities=True),
            interludes=(doing,),
        )
        await Conversation(parts, patience=20).run(new_session(self.person))
        return mouth.said[1:]

    def done(self) -> list[Activity]:
        return list(self.record.activities.all(self.person.id))


@pytest.fixture
def home(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> Iterator[Home]:
    record = opened(tmp_path / "record")
    yield Home(dialogue, known, record, Item.CONVERSATION, Item.HEALTH)
    record.close()


async def test_what_is_asked_for_is_run_and_its_effect_is_kept(home: Home) -> None:
    """Breathing with a mood before and after, and quiet between."""
    said = await home.talk("마음 좀 가라앉히고 싶다", "한 넷쯤", "육", patient=True)
    (kept,) = home.done()

    assert any("들이쉬" in text for text in said)
    assert (kept.outcome, kept.mood_before, kept.mood_after) == (Outcome.DONE, 4, 6)


async def test_a_bare_stop_ends_the_activity_and_not_the_conversation(home: Home) -> None:
    """What follows is answered as ever."""
    said = await home.talk("체조 하나 하자", "오", SILENCE, "그만", "무릎이 아파")
    (kept,) = home.done()

    assert kept.outcome is Outcome.STOPPED
    assert len(said) > 4


async def test_danger_inside_an_activity_is_answered_and_ends_it(home: Home) -> None:
    """The words of safety come next."""
    said = await home.talk("체조 하나 하자", "나 죽고 싶어")

    assert "109" in said[2]
    assert home.done()[0].outcome is Outcome.STOPPED


async def test_nothing_is_begun_after_a_danger(home: Home) -> None:
    """Not even where it is asked for."""
    await home.talk("나 죽고 싶어", "체조 하나 하자")

    assert home.done() == []


async def test_what_is_agreed_on_is_remembered_with_its_day(home: Home) -> None:
    """And is asked about afterwards."""
    said = await home.talk(
        "누구한테 전화나 해 볼까", "오", "우리 큰딸", "밥 먹었냐고 하지", "내일 오전에", "칠", patient=True
    )
    (plan,) = [one for one in home.record.memories.all(home.person.id) if one.aspect == "activity"]

    assert (plan.value, plan.due_at) == ("안부 전화 한 통 하기", START + timedelta(days=1))
    assert home.done()[0].plan == "내일 오전에, 우리 큰딸"
    assert any("다음에 어떠셨는지" in text for text in said)


async def test_somebody_with_a_weak_heart_is_not_asked_to_hold_their_breath(home: Home) -> None:
    """Whatever they ask for."""
    heart = Memory(kind="health", aspect="lasting", value="심장", fact="심장이 안 좋음", at=START)
    home.record.memories.keep(home.person.id, heart)
    said = await home.talk("마음 좀 가라앉히고 싶다", "한 넷쯤", "육", patient=True)

    assert not any("머물" in text for text in said)


async def test_a_lung_disease_that_a_hospital_recorded_speaks_against_holding_the_breath(home: Home) -> None:
    """Without it breath is held; with it not, and nothing of what the hospital wrote is ever said."""
    asked = ("마음 좀 가라앉히고 싶다", "한 넷쯤", "육")
    for other in ("breath_hand", "breath_night", "breath_plain"):
        for days in (40, 41, 42):
            before = Activity(other, Outcome.DONE, START - timedelta(days=days))
            home.record.activities.keep(home.person.id, before)
    healthy = await home.talk(*asked, patient=True)
    home.clock.advance(timedelta(days=20).total_seconds())
    copd = HospitalRecord(
        Kind.CONDITION, "Condition", "c1", "만성폐쇄성폐질환", code="J44.9", status="active", digest="1"
    )
    depressed = replace(copd, resource_id="c2", text="중등도 우울에피소드", code="F32.1", digest="2")
    told = [(Import("fhir", "a.json", "1" * 64, START), [copd, depressed])]
    home.record.hospital.bring_in(home.person.id, HospitalPatient("kim"), told)
    ill = await home.talk(*asked, "폐가 안 좋다고 하더라", "우울하다", patient=True)

    assert any("머물" in text for text in healthy)
    assert not any("머물" in text for text in ill)
    assert not any(word in text for text in ill for word in ("폐쇄", "질환", "에피소드", "중등도", "병원 기록"))


async def test_a_refusal_is_kept_and_met_kindly(home: Home) -> None:
    """And the conversation goes on."""
    said = await home.talk("심심한데 뭐 할까", "아니 됐어", "무릎이 아파")

    assert home.done()[0].outcome is Outcome.REFUSED
    assert "?" not in said[1]
    assert len(said) > 3


async def test_activities_without_consent_leave_nothing(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> None:
    """They are done all the same, and no number is asked for."""
    record = opened(tmp_path / "other")
    bare = Home(dialogue, known, record, Item.RESEARCH)
    said = await bare.talk("체조 하나 하자", *[SILENCE] * 20)

    assert not any("몇쯤" in text for text in said)
    assert "activities" not in record.belongings.counts(bare.person.id)
    record.close()


async def test_a_yes_to_what_a_reply_offers_begins_it(home: Home) -> None:
    """It was offered once already, so it begins without being offered again."""
    said = await home.talk("심심해 죽겠어", "그래 해 보자", SILENCE)
    (kept,) = home.done()

    assert said[0].endswith("저랑 옛날 얘기 한번 해 보실래요?")
    assert next(one for one in home.scripts if one.id == kept.script).kind is ScriptKind.REMINISCENCE
    assert not any(offer in said[1] for one in home.scripts for offer in one.offer)


async def test_a_no_to_what_a_reply_offers_drops_it_for_the_conversation(home: Home) -> None:
    """Nothing is begun, nothing is kept, and it is not offered again however often boredom is told."""
    said = await home.talk("심심해 죽겠어", "아니 됐어", "아이고 심심해라", "할 게 있어야지 원", "심심해 죽겠어")

    assert home.done() == []
    assert sum("해 보실래요" in text for text in said) == 1
    assert "?" not in said[1]


async def test_what_may_not_be_begun_is_not_offered_after_a_loss(home: Home) -> None:
    """Reminiscence soon after a loss is left alone: the yes is met honestly and nothing is run."""
    home.record.memories.keep(home.person.id, Memory(kind="loss", fact="남편이 떠남", at=START))
    said = await home.talk("심심해 죽겠어", "그래 해 보자")

    assert home.done() == []
    assert "?" not in said[1]
