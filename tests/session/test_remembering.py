"""Memory inside whole conversations, over the encrypted record, from one day to the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.dialogue.flow import Dialogue
from companion.session.knowing import Knowing
from companion.wiring import language
from companion.wiring.remembering import knowing
from tests.fakes.clock import START
from tests.records import read_last
from tests.session.home import Home, home_in


@pytest.fixture(scope="module")
def known() -> Knowing:
    return knowing(language.analyser())


@pytest.fixture
def home(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> Iterator[Home]:
    with home_in(tmp_path, dialogue, known) as made:
        yield made


async def test_what_was_told_is_kept_with_its_turn(home: Home) -> None:
    """The words, the turn and how sure it is stand beside the fact."""
    await home.talk("우리 손주 이름이 민준이야")
    (kept,) = home.record.memories.all(home.person.id)
    _, turns = read_last(home.record)

    assert (kept.about, kept.value, kept.sentence) == ("손주", "민준", "우리 손주 이름이 민준이야")
    assert kept.turn_id == turns[1].id


async def test_a_birthday_that_was_told_is_reckoned_when_it_is_asked_for(home: Home) -> None:
    """Without it what the memory knows is said as ever: nothing."""
    unknown = await home.talk("내 생일이 올해는 양력으로 며칠이고")
    await home.talk("내 생일은 음력 구월 초사흘이야", after=timedelta(days=1))
    said = await home.talk("내 생일이 올해는 양력으로 며칠이고", "내 생일이 언제지?", after=timedelta(days=1))

    assert "시월 십삼일" not in unknown[0]
    assert "음력 구월 초사흘 생신은 시월 십삼일 화요일이었어요." in said[0]
    assert "음력 구월 초사흘" in said[1]


async def test_nothing_is_remembered_without_consent(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> None:
    """Not in the record, and not until the end of the conversation; it is said truthfully."""
    with home_in(tmp_path, dialogue, known, agrees=False) as home:
        said = await home.talk("우리 손주 이름이 민준이야", "나에 대해 뭘 알아?")

        assert home.facts() == []
        assert "기억하는 것이 없어요" in said[1]


async def test_a_visit_is_asked_about_once_when_it_is_over(home: Home) -> None:
    """Not on the day it was told, not twice; a short answer is met kindly."""
    first = await home.talk("모레 병원 가야 돼", "그냥 있어")
    asked = await home.talk("응 잘 다녀왔어", after=timedelta(days=3))
    again = await home.talk("그냥 있어", after=timedelta(days=1))

    assert not any("병원에 가신다고" in text for text in (*first, *again))
    assert asked[0] == "지난번에 병원에 가신다고 하셨지요. 잘 다녀오셨어요?"
    assert asked[1] == "잘 다녀오셨군요. 병원에서는 뭐라고 하던가요?"


async def test_a_cold_is_asked_after_once_and_diabetes_never(home: Home) -> None:
    """What lasts is known, and not brought up."""
    await home.talk("나는 당뇨가 있어", "감기 기운이 있네")
    asked = await home.talk("응 다 나았어", after=timedelta(days=2))
    later = [await home.talk("그냥 있어", after=timedelta(days=3)) for _ in range(3)]

    assert asked[0] == "지난번에 감기 때문에 고생하신다고 하셨지요. 지금은 좀 어떠세요?"
    assert asked[1] == "나아지셨다니 정말 다행이에요."
    assert not any("감기" in text or "당뇨" in text for said in later for text in said)


async def test_a_correction_takes_the_place_of_what_was_told(home: Home) -> None:
    """The person hears what is kept now."""
    said = await home.talk("우리 아들은 부산에 살아", "아니, 그게 아니고 둘째야")

    assert home.facts() == ["둘째 아들 사는 곳은 부산"]
    assert "둘째 아드님은 부산에 사신다고 하셨어요." in said[1]


async def test_what_is_forgotten_is_gone_with_its_words(home: Home) -> None:
    """From the memory, from the turn it was told in and from the outbox."""
    said = await home.talk("우리 손주 이름이 민준이야", "그 얘기는 잊어 줘", "손주 이름이 뭐라고 했지?")
    _, turns = read_last(home.record)

    assert said[1:3] == [
        "네, 방금 그 이야기는 지웠어요. 기억하지 않을게요.",
        "그건 지금은 제가 모르는 이야기예요. 한 번 더 말씀해 주시면 잘 들을게요.",
    ]
    assert home.facts() == []
    assert not any("민준" in turn.heard for turn in turns)


async def test_what_was_just_said_is_forgotten_where_no_fact_was_read(home: Home) -> None:
    """The words go; what was told before stays."""
    await home.talk("큰딸은 대전에 살아", "그 사람이 참 미웠어", "방금 한 말은 잊어 줘")
    _, turns = read_last(home.record)

    assert home.facts() == ["큰딸 사는 곳은 대전"]
    assert [turn.heard for turn in turns[1:4]] == ["큰딸은 대전에 살아", "…", "방금 한 말은 잊어 줘"]


async def test_what_was_told_before_is_found_by_its_words_and_forgotten_with_the_wish(home: Home) -> None:
    """Whether or not a fact was read from it; what is known of others stays."""
    said = await home.talk(
        "큰딸은 대전에 살아", "작은아들이 빚을 많이 졌어", "점심은 먹었어", "아까 아들 빚 얘기한 거는 잊어뿌라"
    )
    _, turns = read_last(home.record)

    assert said[3] == "네, 아까 하신 그 이야기는 지웠어요. 기억하지 않을게요."
    assert [turn.heard for turn in turns[1:5]] == ["큰딸은 대전에 살아", "…", "점심은 먹었어", "…"]
    assert home.facts() == ["큰딸 사는 곳은 대전"]


async def test_forgetting_and_secrecy_are_answered_together(home: Home) -> None:
    """It is gone, and no secret is promised."""
    said = await home.talk("며느리가 게을러서 속상해", "며느리 흉본 거 잊어 주소 아무한테도 말하지 말고")

    assert said[1].startswith("네, 아까 하신 그 이야기는 지웠어요.")
    assert "비밀은 약속드리지 못해요" in said[1]


async def test_what_was_never_told_is_said_to_be_unknown(home: Home) -> None:
    """Nothing else goes in its place."""
    said = await home.talk("큰딸은 대전에 살아", "아까 며느리 흉본 거 그거는 잊어버려")

    assert said[1] == "그 이야기는 제가 따로 기억해 둔 것이 없어요. 제가 먼저 꺼낼 일도 없을 거예요."
    assert home.facts() == ["큰딸 사는 곳은 대전"]


async def test_what_was_said_just_now_is_meant_where_its_words_are_not_found(home: Home) -> None:
    """방금 욕한 거 names nothing of what was said."""
    said = await home.talk(
        "큰딸은 대전에 살아", "그 화상은 상종을 말아야지", "방금 내가 욕한 거는 못 들은 걸로 해 주게"
    )
    _, turns = read_last(home.record)

    assert said[2] == "네, 방금 그 이야기는 지웠어요. 기억하지 않을게요."
    assert [turn.heard for turn in turns[1:4]] == ["큰딸은 대전에 살아", "…", "…"]
    assert home.facts() == ["큰딸 사는 곳은 대전"]


async def test_living_well_is_an_answer_and_no_goodbye(home: Home) -> None:
    """Where 말벗 asked how somebody lives."""
    await home.talk("큰딸은 대전에 살아")
    said = await home.talk("응 잘 지내", "무릎이 아파", after=timedelta(days=4))

    assert said[0] == "대전에 사신다는 큰따님께서는 요즘 어떻게 지내세요?"
    assert len(said) > 3


async def test_what_is_known_is_told_a_little_at_a_time(home: Home) -> None:
    """Three things, and more only if the person wants."""
    await home.talk(
        "우리 손주 이름이 민준이야", "나는 당뇨가 있어", "나는 트로트를 제일 좋아해", "나 여수에서 태어났어"
    )
    said = await home.talk("나에 대해 뭘 알아?", "응 더 해 봐", after=timedelta(hours=1))

    assert "민준이라고 하셨어요" in said[0]
    assert said[0].endswith("더 말씀드릴까요?")
    assert "당뇨" in said[1]


async def test_a_subject_is_left_out_when_the_person_wishes(home: Home) -> None:
    """What is there goes only with a yes; from then on nothing of it is kept."""
    said = await home.talk(
        "나는 당뇨가 있어", "건강 얘기는 기억하지 마", "응 지워", "허리가 늘 아파", "큰딸은 대전에 살아"
    )

    assert said[1].endswith("지금까지 들은 것도 지울까요?")
    assert home.facts() == ["큰딸 사는 곳은 대전"]


async def test_the_person_is_called_as_they_wish_from_then_on(home: Home) -> None:
    """In the same conversation and in the next."""
    said = await home.talk("나를 순자 언니라고 불러 줘")

    assert said[0] == "네, 앞으로 순자 언니라고 부를게요."
    assert home.record.people.find(home.person.id).address == "순자 언니"


async def test_words_of_danger_are_not_turned_into_memories(home: Home) -> None:
    """They have a record of their own."""
    await home.talk("영감이 먼저 갔어. 나도 따라 죽고 싶어")

    assert home.facts() == []


async def test_nothing_is_brought_up_into_sadness(home: Home) -> None:
    """Who begins with grief is listened to."""
    await home.talk("나는 트로트를 제일 좋아해")
    said = await home.talk("그냥 슬퍼", after=timedelta(days=5), first="영감 생각이 나서 눈물이 나")

    assert not any("트로트" in text for text in said)


def test_the_clock_of_these_tests_is_a_monday() -> None:
    """Plans are resolved from it."""
    assert START.weekday() == 0
