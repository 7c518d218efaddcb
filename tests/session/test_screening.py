"""Screenings in whole conversations: the real interview, dialogue, protocol and record, a scripted ear and mouth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.core.consent import Answer as Decided
from companion.core.consent import Item
from companion.core.heard import Heard, Hearing
from companion.dialogue.flow import Dialogue
from companion.errors import DeviceLost, StorageFull
from companion.prompts import prompt_table
from companion.screening.due import Permission
from companion.screening.interview import Interview
from companion.screening.offering import Choice
from companion.screening.record import Asker, Confirmed, Observation, Status
from companion.session.ear import SILENCE
from tests.fakes.clock import START
from tests.records import decision
from tests.session.screening_room import ASKS, CRISIS_LINE, NINE, PHQ9, Room, an_interview

WORDING = prompt_table("screening/wording.ko.toml")
WILLING = "순자님, 잠깐 몇 가지 여쭤봐도 괜찮을까요?"
RESUME = WORDING["offer"]["resume"]
CALM = ["비가 오네", "우산을 새로 샀어"]


@pytest.fixture(scope="module")
def interview() -> Interview:
    return an_interview()


@pytest.fixture
def room(dialogue: Dialogue, interview: Interview, tmp_path: Path) -> Iterator[Room]:
    made = Room(dialogue, interview, tmp_path)
    yield made
    made.record.close()


def asked(room: Room, text: str) -> int:
    """Return how often something was said by 말벗."""
    return sum(text in said for said in room.said)


async def test_a_whole_phq9_is_asked_for_answered_and_kept(room: Room) -> None:
    """In the middle of a conversation, which goes on afterwards as if nothing had been."""
    await room.talk("비가 오네", ASKS, *NINE, "조금 힘들었어", "고마워")

    (kept,) = room.kept()
    assert (kept.screening.status, kept.screening.asked_by) == (Status.COMPLETE, Asker.PERSON)
    assert room.scores() == [1, 1, 3, 1, 0, 0, 0, 0, 0, 1]
    assert [one.reply for one in kept.screening.answers] == [*NINE, "조금 힘들었어"]
    assert WORDING["ending"]["complete"] in room.said
    assert room.turns()[-2].heard == "고마워"
    assert room.attention == [True, False]


async def test_each_answer_stands_beside_its_turn_and_its_session(room: Room) -> None:
    """Whoever reads an answer finds the words around it."""
    await room.talk(ASKS, *NINE, "조금 힘들었어")

    (kept,) = room.kept()
    heard = {turn.id: turn.heard for turn in room.turns()}
    rows = [row for table, row in room.record.belongings.rows(room.person.id) if table == "answers"]
    assert kept.session_id is not None
    assert {row["reply"]: heard[row["turn_id"]] for row in rows} == {one: one for one in [*NINE, "조금 힘들었어"]}


async def test_an_answer_is_on_the_disk_before_the_next_question_is_spoken(room: Room) -> None:
    """Whatever happens while 말벗 speaks, what was answered is kept."""
    seen: list[int] = []
    room.offers = False
    before = len(NINE)

    async def run() -> None:
        await room.talk(lambda: setattr(room.mouth, "on_say", lambda _: seen.append(answers())), ASKS, *NINE)

    def answers() -> int:
        return len(room.kept()[-1].screening.answers) if room.kept() else 0

    await run()

    assert seen[1 : before + 2] == list(range(before + 1))


async def test_item_nine_leads_to_the_crisis_line_at_once(room: Room) -> None:
    """The next words are those of safety; the rest is kept for later and held back until tomorrow."""
    await room.talk(ASKS, *NINE[:8], "그런 생각이 들지")

    (kept,) = room.kept()
    following = room.said[room.said.index(next(one for one in room.said if PHQ9.items[8].text in one)) + 1]
    assert CRISIS_LINE in following
    assert (kept.screening.status, kept.screening.suspended_by) == (Status.SUSPENDED, "item")
    assert kept.not_before == (START + timedelta(days=1)).replace(hour=9)
    assert (kept.suspended_at, kept.risk_level) == (START, "concern")
    assert kept.screening.current()["phq9.9"].reply == "그런 생각이 들지"
    assert not asked(room, PHQ9.items[-1].text)


async def test_danger_in_an_answer_is_heard_before_the_interview(room: Room) -> None:
    """A wish to be dead is never taken for a mere answer, and its answer is not lost either."""
    await room.talk(ASKS, "사흘", "매일 죽고 싶어", "응")

    (kept,) = room.kept()
    assert (kept.screening.status, kept.screening.suspended_by) == (Status.SUSPENDED, "danger")
    assert CRISIS_LINE in room.said[4]
    assert "concern" in {turn.risk_level for turn in room.turns()}
    assert kept.ended_at is None


SAFE = ["아니 그냥 그런 생각만 들어", "아니", "아니", "아니", "아니 없어", "응 괜찮아", "네", "응 괜찮아"]
"""What somebody answers to the protocol who is safe: it lets go at the end."""


async def test_the_rest_is_offered_when_safety_has_let_go(room: Room) -> None:
    """A while after, in the same conversation, at a calm moment; the functional item is then asked too."""
    await room.talk(
        ASKS, *NINE[:8], "이틀쯤", *SAFE, *CALM, SILENCE, room.later(200), SILENCE, "네", "많이 힘들었어", SILENCE
    )

    (kept,) = room.kept()
    assert asked(room, RESUME) == 1
    assert kept.screening.status is Status.COMPLETE
    assert kept.screening.current()["phq9.function"].score == 2
    assert kept.screening.suspended_by == "item"


async def test_the_rest_waits_for_the_next_day_where_safety_did_not_let_go(room: Room) -> None:
    """Then it is offered once; a rest that is not wanted stays suspended and is not offered again."""
    await room.talk(ASKS, *NINE[:8], "이틀쯤", *SAFE[:4], room.later(200), SILENCE)
    assert not asked(room, RESUME)
    room.clock.advance(3600)
    await room.talk(*CALM, room.later(200), SILENCE)
    assert not asked(room, RESUME)

    room.clock.advance(86400)
    await room.talk(*CALM, room.later(200), SILENCE, "아니 안 할래")
    assert asked(room, RESUME) == 1
    assert room.last().status is Status.SUSPENDED
    room.clock.advance(3600)
    await room.talk(*CALM, room.later(200), SILENCE)
    assert not asked(room, RESUME)


async def test_a_suspended_rest_is_not_asked_for_before_its_time(room: Room) -> None:
    """Not even where the person asks for it the same day in another conversation."""
    await room.talk(ASKS, *NINE[:8], "그런 생각이 들지")
    await room.talk("아니야 괜찮아", "아니", "아니", "응", "응", "응 괜찮아", "네", "네", ASKS)

    assert len(room.kept()) == 1
    assert room.kept()[0].screening.status is Status.SUSPENDED


async def test_an_interruption_is_gone_on_with_within_a_day(room: Room) -> None:
    """Where it was left, with the same answers, offered in plain words and not for ever."""
    await room.talk(ASKS, "사흘", "나흘", DeviceLost("hearing.microphone_lost"))
    assert room.last().status is Status.INTERRUPTED
    room.clock.advance(3600)

    await room.talk("비가 오네", room.later(200), SILENCE, "네", *NINE[2:], "조금")

    (kept,) = room.kept()
    assert asked(room, RESUME) == 1
    assert kept.screening.status is Status.COMPLETE
    assert [one.reply for one in kept.screening.answers] == ["사흘", "나흘", *NINE[2:], "조금"]


async def test_what_is_left_for_more_than_a_day_expires(room: Room) -> None:
    """It is marked so and keeps its answers; a new one may be begun."""
    await room.talk(ASKS, "사흘", "나흘", DeviceLost("hearing.microphone_lost"))
    room.clock.advance(86400 * 2)

    await room.talk(ASKS, *NINE, "조금")

    assert [one.screening.status for one in room.kept()] == [Status.EXPIRED, Status.COMPLETE]
    assert len(room.kept()[0].screening.answers) == 2


async def test_it_is_offered_in_a_calm_silence_and_a_no_is_taken(room: Room) -> None:
    """Not in the first two minutes, in plain words, and not again after a no."""
    await room.talk(*CALM, SILENCE, room.later(200), SILENCE, "아니 싫어", "비가 오네", SILENCE)
    assert asked(room, WILLING) == 1
    assert WORDING["offer"]["refused"] in room.said
    assert room.last().status is Status.REFUSED

    room.clock.advance(86400 * 3)
    await room.talk(*CALM, room.later(200), SILENCE)
    assert not asked(room, WILLING)

    room.clock.advance(86400 * 5)
    await room.talk(*CALM, room.later(200), SILENCE)
    assert asked(room, WILLING) == 1


async def test_it_is_not_offered_again_inside_the_window(room: Room) -> None:
    """Fourteen days lie between, unless the person asks."""
    await room.talk(ASKS, *NINE, "조금")
    room.clock.advance(86400 * 13)
    await room.talk(*CALM, room.later(200), SILENCE)
    assert not asked(room, WILLING)

    await room.talk(ASKS, *NINE, "조금")
    assert [one.screening.status for one in room.kept()] == [Status.COMPLETE] * 2


@pytest.mark.parametrize(
    ("hour", "before"),
    [(22, CALM), (6, CALM), (10, ["어제 영감이 세상을 떠났어"]), (10, ["의사가 암이라고 하더라"])],
)
async def test_it_is_not_offered_late_nor_after_bad_news(
    dialogue: Dialogue, interview: Interview, tmp_path: Path, hour: int, before: list[str]
) -> None:
    """Nobody is asked how their fortnight was on the day on which they lost somebody."""
    made = Room(dialogue, interview, tmp_path, at=START.replace(hour=hour))
    await made.talk(*before, made.later(200), SILENCE, SILENCE)

    assert not asked(made, WILLING)
    made.record.close()


async def test_what_is_said_instead_of_an_answer_to_the_offer_is_answered(room: Room) -> None:
    """It is put off, which is no refusal; 말벗 turns to what the person speaks of."""
    await room.talk(*CALM, room.later(200), SILENCE, "우리 손주가 온대", "손주가 내일 놀러 온대")

    assert room.last().status is Status.DEFERRED
    assert "손주가 내일 놀러 온대" in [turn.heard for turn in room.turns()]
    assert room.turns()[-2].topic == "grandchildren"


async def test_two_are_never_held_in_one_conversation(room: Room) -> None:
    """The second is kindly put off."""
    await room.talk(ASKS, *NINE, "조금", "불안 검사 해 보자")

    assert len(room.kept()) == 1
    assert WORDING["interlude"]["one_a_session"] in room.said


async def test_without_consent_nothing_is_asked_and_it_is_said_why(room: Room) -> None:
    """The consent to health data carries every answer."""
    room.record.consents.decide(room.person.id, decision(Item.HEALTH, Decided.WITHDRAWN))
    await room.talk(ASKS, *CALM, room.later(200), SILENCE)

    assert WORDING["interlude"]["unkept"] in room.said
    assert not asked(room, WILLING)


async def test_a_consent_withdrawn_in_the_middle_ends_it_kindly(room: Room) -> None:
    """Nothing that was said after the withdrawal is kept."""

    def withdraw() -> None:
        room.record.consents.decide(room.person.id, decision(Item.HEALTH, Decided.WITHDRAWN))

    await room.talk(ASKS, "사흘", "나흘", withdraw, "닷새", "비가 오네")
    room.record.consents.decide(room.person.id, decision(Item.HEALTH))

    assert WORDING["interlude"]["withdrawn"] in room.said
    assert [one.reply for one in room.last().answers] == ["사흘", "나흘"]
    assert room.turns()[-2].heard == "비가 오네"


async def test_stop_ends_the_screening_and_not_the_conversation(room: Room) -> None:
    """What was answered is kept; a goodbye ends both."""
    await room.talk(ASKS, "사흘", "그만", "비가 오네")
    assert room.last().status is Status.STOPPED
    assert room.turns()[-2].heard == "비가 오네"

    room.clock.advance(86400)
    outcome = await room.talk(ASKS, "사흘", "잘 있어, 내일 또 보자")
    assert room.last().status is Status.INTERRUPTED
    assert outcome.ended_by == "person"


async def test_who_wants_nothing_kept_is_not_asked_the_rest(room: Room) -> None:
    """The wish is carried out by the conversation, and the screening is over for good."""
    await room.talk(ASKS, "사흘", "이제 내 말 적지 마", "비가 오네")
    assert room.last().status is Status.STOPPED

    room.clock.advance(3600)
    await room.talk(*CALM, room.later(200), SILENCE)
    assert not asked(room, RESUME)


@pytest.mark.parametrize(
    ("after", "ending"), [(["그런 적 전혀 없어"], "gated"), (["거의 매일 그래", *NINE[2:], "조금"], "complete")]
)
async def test_a_lesser_danger_is_asked_about_after_the_last_word(room: Room, after: list[str], ending: str) -> None:
    """Whether the gate ends it before item 9 or item 9 is denied: a denial never lowers what was heard."""
    await room.talk(ASKS, "그런 적 없어", "늙으면 죽어야지 뭐", *after, "아니야")

    gentle = room.said[room.said.index(WORDING["ending"][ending]) + 1]
    assert gentle.endswith("?")
    assert "watch" in {turn.risk_level for turn in room.turns()}


async def test_louder_inside_reads_the_item_again(room: Room) -> None:
    """A wish for the voice is no answer and loses nothing."""
    await room.talk(ASKS, "더 크게 말해 줘", *NINE, "조금")

    assert asked(room, PHQ9.items[0].text) == 2
    assert room.scores() == [1, 1, 3, 1, 0, 0, 0, 0, 0, 1]


async def test_silence_and_doubtful_hearing_are_asked_about(room: Room) -> None:
    """After silence the item is read again; words that the recogniser doubts are confirmed."""
    doubtful = Heard("매일 그래", 0.3, Hearing.UNSURE, seconds=1.0)
    await room.talk(ASKS, SILENCE, doubtful, "네 맞아요")
    answer = room.last().current()["phq9.1"]

    assert asked(room, PHQ9.items[0].text) == 2
    assert (answer.option, answer.confirmed) == ("3", Confirmed.YES)


async def test_a_full_disk_ends_it_and_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is taken that is not kept."""

    def full(*_: object) -> None:
        raise StorageFull("store.cannot_write", file="record")

    await room.talk(ASKS, "사흘", lambda: monkeypatch.setattr(room.record.screenings, "go_on", full), "나흘", "닷새")

    assert WORDING["interlude"]["trouble"] in room.said
    assert [one.reply for one in room.last().answers] == ["사흘"]


async def test_a_full_disk_never_silences_safety(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of safety are spoken whether the answer could be kept or not; the trouble is told."""

    def full(*_: object) -> None:
        raise StorageFull("store.cannot_write", file="record")

    await room.talk(
        ASKS, *NINE[:8], lambda: monkeypatch.setattr(room.record.screenings, "go_on", full), "그런 생각이 들지"
    )

    assert any(CRISIS_LINE in said for said in room.said)
    assert [error.key for error in room.troubles] == ["store.cannot_write"]


async def test_a_sign_leads_to_the_offer_and_knows_it(room: Room) -> None:
    """What was said of worries brings the instrument that asks about them."""
    sign = Observation(sign="worry", touches="gad7.2", quote="걱정이 멈추질 않아", rule="worry")
    room.record.screenings.observe(room.person.id, sign, START)

    await room.talk(*CALM, room.later(200), SILENCE, "아니")

    (kept,) = room.kept()
    (seen,) = room.record.screenings.observed(room.person.id)
    assert kept.screening.instrument == "gad7"
    assert seen.offered == kept.id


async def test_one_alone_ends_when_it_is_done(room: Room) -> None:
    """``companion screen`` holds the same interview, without a greeting, and goes on only where safety has the word."""
    outcome = await room.talk("네", *NINE, "조금", alone=Choice(PHQ9, Permission.BEGIN), whole=True)
    assert outcome.ended_by == "done"
    assert room.said[0].startswith(WILLING)
    assert room.last().status is Status.COMPLETE

    outcome = await room.talk("네", *NINE[:8], "이틀", "아니", alone=Choice(PHQ9, Permission.BEGIN), whole=True)
    assert outcome.ended_by == "source"
    assert any(CRISIS_LINE in said for said in room.said)
