"""What the person asks to be told: taken down in a conversation, said at its time by the device, over a real record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from companion.core.consent import Answer, Item
from companion.core.life import ASKED, Reminder
from companion.dialogue.daily.words import Opening
from companion.dialogue.flow import Dialogue
from companion.session.answering import Answerer
from companion.session.asked import AskedToTell
from companion.session.bell import Ring
from companion.session.conversation import Conversation, Parts
from companion.session.daybook import Daybook
from companion.session.ear import SILENCE, Listened
from companion.session.errands import Errands
from companion.session.interlude import Interlude
from companion.session.keeping import Keeper
from companion.session.stating import Stating
from companion.session.what_was_kept import WhatWasKept
from companion.wiring.daily import (
    RecordAsked,
    RecordErrands,
    RecordOccasions,
    asked_finder,
    asked_words,
    daily_words,
    errand_finder,
    kept_finder,
    offer_answers,
)
from tests.fakes.hinting import Hinting
from tests.records import decision
from tests.session.home import consents_of
from tests.session.test_living import EVENING, MORNING, replaced, said
from tests.session.test_living import Home as Living


class Home(Living):
    """Somebody who says one thing after another when they are listened to, and nothing else."""

    def __init__(self, dialogue: Dialogue, folder: Path) -> None:
        super().__init__(dialogue, folder)
        self.lines: list[str] = []
        self.runs = True
        self.hints = False
        """Whether what is said is understood as a wish to be told something, as the encoder's head does."""

    async def listen(self, patience: float) -> Listened:
        if not self.lines:
            self.clock.advance(patience)
            return SILENCE
        self.clock.advance(5)
        return said(self.lines.pop(0))

    @asynccontextmanager
    async def conversation(self, greeting: str) -> AsyncIterator[Conversation]:
        with ThreadPoolExecutor(1) as thread:
            parts = Parts(
                ear=self,
                mouth=self,
                dialogue=self.dialogue,
                answerer=Answerer(language=None, situations=Hinting() if self.hints else None, thread=thread),
                keeper=Keeper(self.record.conversations, on_trouble=lambda error: None),
                screen=self.screen,
                clock=self.clock,
                chance=lambda: 0.0,
                setting=lambda: replaced(self.dialogue, self.clock, greeting),
                interludes=self._interludes(),
            )
            yield Conversation(parts, patience=20.0)

    def _interludes(self) -> tuple[Interlude, ...]:
        words, clock = daily_words(), self.clock
        consents = consents_of(self.record, self.person)
        asked = AskedToTell(
            RecordAsked(self.record, self.person.id),
            asked_finder(),
            asked_words(),
            answers=offer_answers(),
            permission=consents,
            now=clock.now,
            address="순자님",
            runs=self.runs,
        )
        occasions = RecordOccasions(self.record, self.person, self.settings)
        daybook = Daybook(occasions, clock=clock, on_trouble=lambda error: self.screen.notice(error.key))
        stating = Stating(
            daybook,
            words,
            clock=clock,
            address="순자님",
            time_spoken=lambda at: f"{at.astimezone(MORNING.tzinfo):%H:%M}",
        )
        errands = Errands(
            RecordErrands(self.record, self.person.id),
            errand_finder(),
            words,
            answers=offer_answers(),
            permission=consents,
            clock=clock,
        )
        return consents, WhatWasKept(kept_finder(), errands, asked), stating, errands, asked

    async def talk(self, *lines: str) -> list[str]:
        """Hold a conversation; return what 말벗 said after its greeting."""
        self.lines, before = list(lines), len(self.said)
        async with self.conversation("") as talking:
            await talking.run(self.session())
        return [text for _, text in self.said[before + 1 :]]

    def asked(self) -> list[Reminder]:
        return list(self.record.asked.all(self.person.id))

    def heard_at(self, part: str) -> list[str]:
        """Return when something was said that holds these words."""
        return [at for at, text in self.said if part in text]


@pytest.fixture
def home(dialogue: Dialogue, tmp_path: Path) -> Iterator[Home]:
    made = Home(dialogue, tmp_path)
    yield made
    made.record.close()


async def test_it_is_said_back_kept_after_a_yes_and_said_at_its_time(home: Home) -> None:
    """In the person's own words, once; a new process says it too."""
    told = await home.talk("이따 여섯 시에 드라마 한다고 알려 줘", "그래")
    await home.life().run()

    assert told[0] == "저녁 여섯 시에 드라마 한다고 알려 달라는 말씀이군요. 그때 말씀드릴까요?"
    assert told[1] == "네, 저녁 여섯 시에 말씀드릴게요."
    assert home.heard_at("저녁 여섯 시에 드라마 한다고 알려 달라고 하셨지요.") == ["18:00"]


async def test_of_medicine_nothing_is_said_but_what_was_asked(home: Home) -> None:
    """Nobody is told to take anything: they are told that they asked so."""
    told = await home.talk("두 시에 약 먹으라고 해 줘", "응")
    await home.life().run()

    assert not any("처방" in text or "드세요" in text for text in told)
    assert [text for at, text in home.said if at == "14:00"] == [
        "순자님, 말벗이에요. 오후 두 시에 약 먹으라고 말해 달라고 하셨지요."
    ]


async def test_nothing_is_kept_without_a_yes(home: Home) -> None:
    """A no leaves it; anything else is the person's turn."""
    told = await home.talk("일곱 시 되면 불러 줘", "아니 됐어")
    await home.talk("일곱 시 되면 불러 줘", "우리 딸이 왔네")

    assert told[1] == "네, 그럼 말씀드리지 않을게요."
    assert home.asked() == []


async def test_another_hour_is_taken_and_said_back_again(home: Home) -> None:
    """On the day that was named."""
    told = await home.talk("내일 아침에 병원 가는 거 말해 줘", "아니 여덟 시에", "응 그래 줘")

    assert told[:2] == [
        "내일 아침 아홉 시에 병원 가는 거 말해 달라는 말씀이군요. 그때 말씀드릴까요?",
        "내일 아침 여덟 시에 병원 가는 거 말해 달라는 말씀이군요. 그때 말씀드릴까요?",
    ]
    assert home.asked()[0].schedule["on"] == (MORNING + timedelta(days=1)).date().isoformat()


async def test_a_time_that_is_over_or_missing_is_asked_for(home: Home) -> None:
    """It is never moved by guess."""
    over = await home.talk("오늘 아침 여섯 시에 깨워 줘", "아홉 시", "응")
    missing = await home.talk("이따가 빨래 걷으라고 말해 줘", "세 시", "응")

    assert over[0] == "그 시각은 벌써 지났어요. 몇 시에 말씀드릴까요?"
    assert missing[0] == "네, 몇 시에 말씀드릴까요?"
    assert [one.schedule["at"] for one in home.asked()] == ["09:00", "15:00"]


async def test_it_survives_a_restart_and_is_said_in_quiet_hours(home: Home) -> None:
    """The person asked for that very time."""
    await home.talk("밤 열 시에 문 잠그라고 말해 줘", "그래")
    await home.life(MORNING.replace(hour=12)).run()
    home.clock.advance(timedelta(hours=2).total_seconds())
    await home.life(MORNING + timedelta(hours=15)).run()

    assert home.heard_at("문 잠그라고 말해 달라고 하셨지요.") == ["22:00"]


async def test_it_is_listed_when_asked_and_dropped_when_told(home: Home) -> None:
    """Also in another conversation."""
    await home.talk("여섯 시에 드라마 한다고 알려 줘", "그래", "두 시에 약 먹으라고 해 줘", "응")
    listed = await home.talk(
        "뭐 알려 준다고 했지?", "여섯 시 거 취소해 줘", "뭐 알려 준다고 했지?", "그거 취소해", "뭐 알려 준다고 했지?"
    )
    await home.life().run()

    assert listed[:5] == [
        "오후 두 시에 약 먹으라고 말해 달라고 하셨고, 저녁 여섯 시에 드라마 한다고 알려 달라고 하셨어요.",
        "네, 저녁 여섯 시에 말씀드리기로 한 것은 그만둘게요.",
        "오후 두 시에 약 먹으라고 말해 달라고 하셨어요.",
        "네, 오후 두 시에 말씀드리기로 한 것은 그만둘게요.",
        "지금 말씀드리기로 한 것은 없어요.",
    ]
    assert home.heard_at("하셨지요.") == []


async def test_it_is_asked_which_one_is_to_be_dropped(home: Home) -> None:
    """Where several stand and none is named."""
    await home.talk("여섯 시에 드라마 한다고 알려 줘", "그래", "두 시에 약 먹으라고 해 줘", "응")
    told = await home.talk("알림 취소해", "두 시")

    assert told[0].endswith("그 가운데 몇 시 것을 그만둘까요?")
    assert [one.schedule["at"] for one in home.asked()] == ["18:00"]


async def test_where_only_a_conversation_is_held_that_is_said(home: Home) -> None:
    """Nothing is promised that only a device does that stays on."""
    home.runs = False
    told = await home.talk("일곱 시 되면 불러 줘", "그래")

    assert "말벗을 늘 켜 두시면 저녁 일곱 시에 말씀드려요." in told[1]


async def test_nothing_is_kept_without_consent_and_it_goes_with_it(home: Home) -> None:
    """What was asked holds the person's words: without consent it is neither kept nor said."""
    await home.talk("여섯 시에 드라마 한다고 알려 줘", "그래")
    home.record.consents.decide(home.person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))
    told = await home.talk("두 시에 약 먹으라고 해 줘", "아니, 적지 마")
    await home.life().run()

    assert "허락이 아직 없어서" in told[0]
    assert home.record.consents.standing(home.person.id, Item.CONVERSATION) is None
    assert home.heard_at("드라마") == home.heard_at("알려 달라는 말씀이군요")
    home.record.belongings.erase_item(home.person.id, Item.CONVERSATION)
    assert [one for one in home.record.reminders.all(home.person.id) if one.kind == ASKED] == []


@pytest.mark.parametrize(
    ("wish", "yes", "kept"),
    [
        ("두 시에 약 먹으라고 해 줘", "응 그래", "오후 두 시에"),
        ("두 시에 약 먹으라고 해 줘", "그래 적어놔라. 적어도 된다.", "오후 두 시에"),
        ("딸한테 쌀 보내라고 전해 줘", "네, 적으세요", "따님"),
    ],
)
async def test_what_needs_consent_asks_for_it_and_goes_on(home: Home, wish: str, yes: str, kept: str) -> None:
    """Who asks for something that must be written down is asked whether it may be, and need not ask again."""
    home.record.consents.decide(home.person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))
    told = await home.talk(wish, yes, "네")

    assert "적어 둬도 괜찮으세요?" in told[0]
    assert kept in told[1]
    assert "적어 두었어요" in told[2] or "말씀드릴게요" in told[2]
    assert home.record.consents.standing(home.person.id, Item.CONVERSATION) is not None


async def test_where_somebody_decides_with_them_no_permission_is_asked_for(home: Home) -> None:
    """Who is not thought able to decide alone hears that it cannot be done, and no question."""
    home.record.consents.decide(home.person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))
    home.person = replace(home.person, understanding_doubtful=True)
    told = await home.talk("두 시에 약 먹으라고 해 줘", "응 그래")

    assert "허락이 아직 없어서" in told[0]
    assert "?" not in told[0]


async def test_an_hour_put_right_stays_on_its_half_of_the_day(home: Home) -> None:
    """Seven in the morning, then half past six: the morning is still meant."""
    told = await home.talk("내일 아침 일곱 시에 장에 가자고 말해 줘", "여섯 시 반으로 해 줘", "응")

    assert "내일 아침 여섯 시 반에" in told[1]


async def test_a_day_that_is_asked_about_is_no_time_to_be_told_at(home: Home) -> None:
    """손 없는 날 좀 알려 줘 is answered by the calendar, and no hour is asked for."""
    told = await home.talk("이사를 해야 하는데 손 없는 날 좀 알려 줘")

    assert "손 없는 날은" in told[0]
    assert [one for one in home.record.reminders.all(home.person.id) if one.kind == ASKED] == []


async def test_danger_in_a_wish_comes_first(home: Home) -> None:
    """It is answered as danger, and nothing is taken down."""
    told = await home.talk("일곱 시에 나 죽고 싶다고 알려 줘")

    assert "109" in told[0]
    assert home.asked() == []


async def test_what_falls_due_in_a_talk_is_said_between_two_turns(home: Home) -> None:
    """Nobody waits for the end of a long talk to be told, and it is not said again after it."""
    await home.talk("여덟 시에 국 불 끄라고 말해 줘", "그래")
    home.lines = ["비가 오네"] * 400
    home.rings[home.clock.now().replace(hour=7, minute=50)] = Ring(Opening.NAME)
    await home.life(EVENING.replace(hour=9)).run()

    assert len(home.heard_at("국 불 끄라고 말해 달라고 하셨지요.")) == 1
    assert home.heard_at("국 불 끄라고 말해 달라고 하셨지요.")[0] < "08:05"


async def test_an_errand_to_somebody_at_some_time_stays_an_errand(home: Home) -> None:
    """Whom it is for decides."""
    told = await home.talk("두 시에 딸한테 전화하라고 해 줘", "그래")

    assert "적어 두었다가" in told[0]
    assert home.asked() == []


def test_the_clock_of_these_tests_is_a_morning() -> None:
    """Hours are resolved from it."""
    assert datetime(2026, 11, 23, 7, 30, tzinfo=MORNING.tzinfo) == MORNING


async def test_an_hour_that_is_put_right_is_taken(home: Home) -> None:
    """What is named first was wrong; of an appointment the wrong hour does harm."""
    told = await home.talk("내일 아침 열 시에 보건소 간다고 알려 줘", "아니, 열 시가 아니고 아홉 시 반이래요", "그래")

    assert told[1].startswith("내일 아침 아홉 시 반에 보건소 간다고 알려 달라는")
    assert home.asked()[0].schedule["at"] == "09:30"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (("약 먹을 거. 여섯 시.", "응"), "약 먹을 거 알려"),
        (("여섯 시에 알려.", "약", "응"), "약 챙기라고 말해"),
        (("농협 가는 거 알려.", "농협 여섯 시", "응"), "농협 가라고 말해"),
    ],
)
async def test_who_says_little_is_asked_for_the_rest(home: Home, lines: tuple[str, ...], what: str) -> None:
    """Once it is understood that something is to be told, the rest may come in any order."""
    home.hints = True
    await home.talk(*lines)

    assert [one.schedule["at"] for one in home.asked()] == ["18:00"]
    assert what in home.asked()[0].words


async def test_what_is_only_told_meanwhile_is_nothing_to_be_told(home: Home) -> None:
    """A hospital that somebody was at is no appointment."""
    home.hints = True
    said = await home.talk("나 뭐 좀 알려 줘", "오늘 병원에 갔다 왔어")

    assert "네, 몇 시에 말씀드릴까요?" not in said
    assert home.asked() == []


@pytest.mark.parametrize(
    ("change", "at"),
    [("아이다, 열 시는 늦다. 여덟 시 반으로 고치라.", "08:30"), ("아, 여덟 시로 바꿔. 열 시엔 빠듯해.", "08:00")],
)
async def test_the_hour_that_it_is_changed_to_is_taken(home: Home, change: str, at: str) -> None:
    """And a yes that goes on with something else is a yes."""
    told = await home.talk("내일 아침 열 시에 보건소 간다고 알려 줘", change, "그래, 그라믄 됐다. 배추를 뽑아야지.")

    assert home.asked()[0].schedule["at"] == at
    assert told[2].startswith("네, ")


async def test_when_something_is_to_be_told_is_known(home: Home) -> None:
    """As it was put right, not as it was said first."""
    said = await home.talk(
        "내일 아침 열 시에 보건소 간다고 알려 줘", "아니 여덟 시", "응", "내 보건소 몇 시에 간다 캤노?"
    )

    assert "내일 아침 여덟 시에 보건소 간다고 알려 달라고 하셨어요." in said[3]


async def test_a_yes_with_another_hour_is_asked_again(home: Home) -> None:
    """The hour that was said back is not kept against what was said with the yes."""
    await home.talk(
        "내일 아침 열 시에 은행 간다고 알려 줘", "네, 그래 주세요. 아, 열 시는 사람이 많으니까 열한 시로 해 줘요.", "네"
    )

    assert home.asked()[0].schedule["at"] == "11:00"
