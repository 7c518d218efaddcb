"""Consent asked and taken back aloud, in whole conversations on a real record."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from companion.core.consent import Answer, Assent, Giver, Item
from companion.core.person import Person
from companion.dialogue.flow import Dialogue
from companion.errors import StorageFull
from companion.session.answering import Answerer
from companion.session.consenting import Consenting
from companion.session.conversation import Conversation, Parts
from companion.session.ear import SILENCE
from companion.session.keeping import Keeper
from companion.wiring.people import consent_words
from companion.wiring.wishes import RecordWishes
from tests.fakes.clock import START, FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth, Turn
from tests.fakes.screen import Notes
from tests.records import decision, new_session, opened, read_last, turn


class Home:
    """A person, a record, and conversations in it."""

    def __init__(self, folder: Path, dialogue: Dialogue) -> None:
        self.record = opened(folder)
        self.person = self.record.people.add(Person(id="", address="순자님", name="김순자"))
        self.wishes = RecordWishes(self.record, self.person, consent_words())
        self.screen = Notes()
        self._dialogue = dialogue

    async def talk(self, *turns: Turn) -> list[str]:
        """Hold a conversation; return what 말벗 said."""
        clock, mouth = FakeClock(), ScriptedMouth()
        parts = Parts(
            ear=ScriptedEar(list(turns)),
            mouth=mouth,
            dialogue=self._dialogue,
            answerer=Answerer(language=None, situations=None, thread=ThreadPoolExecutor(1)),
            keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
            screen=self.screen,
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: self._dialogue.setting(clock.now(), address="순자님", first_time=True),
            interludes=(Consenting(self.wishes, consent_words(), address="순자님"),),
        )
        await Conversation(parts, patience=20).run(new_session(self.person))
        return list(mouth.said)

    @property
    def agreed(self) -> bool:
        return self.record.consents.standing(self.person.id, Item.CONVERSATION) is not None

    @property
    def heard(self) -> list[str]:
        return [kept.heard for kept in read_last(self.record)[1]]


@pytest.fixture
def home(tmp_path: Path, dialogue: Dialogue) -> Iterator[Home]:
    made = Home(tmp_path / "record", dialogue)
    yield made
    made.record.close()


async def test_a_yes_is_taken_down_and_keeps_what_follows(home: Home) -> None:
    """The turn with the yes is the first that is kept; version and manner of the consent stand with it."""
    said = await home.talk("응 그래", "무릎이 아파")

    (given,) = home.record.consents.decisions(home.person.id)
    assert "적어 둬도" in said[1]
    assert (given.answer, given.manner, given.giver_name) == ("given", "spoken", "김순자")
    assert given.wording == consent_words().wording(Item.CONVERSATION)
    assert home.heard[:2] == ["응 그래", "무릎이 아파"]


async def test_a_no_is_taken_down_and_not_asked_again(home: Home) -> None:
    """The conversation goes on and nothing is kept."""
    await home.talk("아니 싫어", "무릎이 아파")
    said = await home.talk("안녕")

    assert not home.agreed
    assert not any("적어 둬도" in text for text in said)


async def test_what_is_no_answer_is_answered_as_what_it_is(home: Home) -> None:
    """Nobody is pressed: the question waits for another day."""
    said = await home.talk("무릎이 아파서 밤새 못 잤어")

    assert len(said) == 4  # greeting, question, an answer to the knee, goodbye
    assert home.record.consents.decisions(home.person.id) == []
    assert any("적어 둬도" in text for text in await home.talk("응"))


async def test_danger_in_an_answer_comes_first(home: Home) -> None:
    """A wish to die is no yes, whatever it begins with."""
    said = await home.talk("응 그냥 죽고 싶어")

    assert not home.agreed
    assert "일공구" in said[2] or "109" in said[2]


async def test_a_question_that_was_not_caught_is_asked_again(home: Home) -> None:
    """Once, in the same words."""
    said = await home.talk("뭐라고?", "어 그래")

    assert said[2].endswith(said[1])
    assert home.agreed


async def test_silence_agrees_to_nothing(home: Home) -> None:
    """A silence is a silence of the conversation."""
    await home.talk(SILENCE)

    assert home.record.consents.decisions(home.person.id) == []


async def test_what_family_gave_waits_for_the_person(home: Home) -> None:
    """말벗 asks in simple words; the person's yes makes it stand, on the family's ground and until their day."""
    home.record.people.change(home.person.id, understanding_doubtful=True)
    given = replace(
        decision(),
        giver=Giver.FAMILY,
        giver_name="따님 김영희",
        assent=Assent.NOT_ASKED,
        basis="딸로서 돌봄",
        until=START + timedelta(days=90),
    )
    home.record.consents.decide(home.person.id, given)
    assert not home.agreed

    said = await home.talk("응 괜찮아")

    standing = home.record.consents.standing(home.person.id, Item.CONVERSATION)
    assert "따님 김영희" in said[1]
    assert standing is not None
    assert (standing.assent, standing.basis, standing.until) == (Assent.AGREED, given.basis, given.until)


async def test_a_no_to_what_family_gave_is_the_persons_own(home: Home) -> None:
    """It cannot be given for them again."""
    given = replace(
        decision(), giver=Giver.FAMILY, giver_name="김영희", assent=Assent.NOT_ASKED, basis="딸", until=START
    )
    given = replace(given, until=START + timedelta(days=90))
    home.record.consents.decide(home.person.id, given)

    await home.talk("싫다")
    home.record.consents.decide(home.person.id, replace(given, assent=Assent.AGREED))

    assert not home.agreed


async def test_keeping_stops_at_a_word_and_erasure_is_offered(home: Home) -> None:
    """A withdrawal takes effect before it is answered; a yes to the offer removes what was kept."""
    home.record.consents.decide(home.person.id, decision())
    await home.talk("무릎이 아파")

    said = await home.talk("이제 내 말 적지 마", "응 지워", "딸이 왔어")

    assert not home.agreed
    assert "지울까요?" in said[1]
    assert home.wishes.kept_count() == 0


async def test_what_was_kept_stays_without_a_yes_to_erasing_it(home: Home) -> None:
    """Silence or a no erases nothing."""
    home.record.consents.decide(home.person.id, decision())
    await home.talk("무릎이 아파")
    kept = home.wishes.kept_count()

    await home.talk("기록하지 마", "아니 놔둬")
    home.record.consents.decide(home.person.id, decision(answer=Answer.GIVEN))
    await home.talk("적은 거 다 지워 줘", SILENCE)

    assert home.wishes.kept_count() >= kept > 0


async def test_everything_kept_is_erased_at_a_word_and_a_yes(home: Home) -> None:
    """Turns go, and danger stays without its words."""
    home.record.consents.decide(home.person.id, decision())
    session_id = home.record.conversations.start_session(new_session(home.person))
    home.record.conversations.add_turn(session_id, 1, turn("죽고 싶어", risk_level="concern"))

    said = await home.talk("지금까지 적어 둔 거 싹 지워라", "그래 지워")

    rows = list(home.record.belongings.rows(home.person.id))
    assert "지웠어요" in said[2]
    assert [row["words"] for name, row in rows if name == "risk_events"] == [None]
    assert "죽고 싶어" not in str(rows)


async def test_a_wish_that_cannot_be_carried_out_is_not_said_to_be(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a full disk the person hears that it did not work."""
    home.record.consents.decide(home.person.id, decision())

    def full() -> bool:
        raise StorageFull("store.cannot_write", file="record")

    monkeypatch.setattr(home.wishes, "stop_keeping", full)

    said = await home.talk("이제 적지 마")

    assert home.agreed
    assert home.screen.notices == ["store.cannot_write"]
    assert any("못했어요" in text for text in said)


async def test_who_says_that_it_may_be_written_down_is_asked_in_its_own_words_and_then_it_is(home: Home) -> None:
    """Refused before: the wish opens the question again, and the same words answer it."""
    said = await home.talk("아니, 적지 마", "이제 적어도 된다", "적어도 돼", "무릎이 아파")

    assert "적어 둬도" in said[3]
    assert home.agreed
    assert "무릎이 아파" in home.heard


async def test_a_wish_in_passing_is_no_consent_until_the_question_is_answered(home: Home) -> None:
    await home.talk("아니, 적지 마", "적어 둬도 괜찮아", "아니, 싫어")

    assert not home.agreed


async def test_who_has_agreed_already_is_told_that_it_is_written_down(home: Home) -> None:
    said = await home.talk("응 그래", "적어도 된다")

    assert "지금도 나눈 이야기를 적어" in said[3]


async def test_somebody_for_whom_others_decide_is_not_asked_alone(home: Home) -> None:
    home.person = home.record.people.add(Person(id="", address="말순님", name="박말순", understanding_doubtful=True))
    home.wishes = RecordWishes(home.record, home.person, consent_words())
    said = await home.talk("적어도 된다")

    assert "함께 정하셔야" in said[1]
    assert not home.agreed
