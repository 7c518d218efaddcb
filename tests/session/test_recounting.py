"""What the person asks for that they once told is said back in their own words, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.dialogue.flow import Dialogue
from companion.session.knowing import Knowing
from companion.wiring import language
from companion.wiring.remembering import knowing
from tests.session.home import Home, home_in

UNKNOWN = "그건 지금은 제가 모르는 이야기예요. 한 번 더 말씀해 주시면 잘 들을게요."
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def known() -> Knowing:
    return knowing(language.analyser())


@pytest.fixture
def home(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> Iterator[Home]:
    with home_in(tmp_path, dialogue, known) as made:
        yield made


async def test_what_was_told_days_ago_is_said_back_in_the_words_of_the_person(home: Home) -> None:
    """No fact is read from it; the question is put in another dialect."""
    await home.talk("내가 서문시장에서 이불 장사를 사십 년 했다", "오늘은 날이 좋네")
    said = await home.talk("내가 젊어서 뭐 했다 캤노?", "내가 무슨 장사 했다 캤노?", after=3 * DAY)

    assert said[0] == '전에 "내가 서문시장에서 이불 장사를 사십 년 했다" 하고 말씀하셨어요.'
    assert said[1] == "이불 장사라고 하셨어요."


async def test_what_was_told_in_this_conversation_was_told_a_while_ago(home: Home) -> None:
    said = await home.talk("안경을 어디 뒀는지 찾고 있어", "점심은 먹었지", "내가 아까 뭐 찾는다고 했지?")

    assert said[-2] == '아까 "안경을 어디 뒀는지 찾고 있어" 하고 말씀하셨어요.'


async def test_the_newest_is_said_and_what_was_taken_back_is_not(home: Home) -> None:
    """A correction in a conversation before takes the place of what was told."""
    await home.talk("우리 아들은 부산에 살아", "아니, 그게 아니고 대전이야")
    said = await home.talk("우리 아들이 어디 산다고 했지?", after=DAY)

    assert "대전" in said[-2]
    assert "부산" not in said[-2]


async def test_what_is_forgotten_is_not_said_back(home: Home) -> None:
    said = await home.talk("며느리가 빵집을 차렸어", "그 얘기는 잊어 줘", "우리 며느리가 뭘 차렸다고 했지?")

    assert said[-2] == UNKNOWN


async def test_what_is_not_to_be_remembered_is_not_said_back(home: Home) -> None:
    """The subject was left out before it was told."""
    await home.talk("건강 얘기는 기억하지 마", "나는 당뇨가 이십 년 됐어")
    said = await home.talk("내가 무슨 병이 있다고 했지?", after=DAY)

    assert "당뇨" not in said[-2]


async def test_what_was_said_in_danger_is_not_said_back(home: Home) -> None:
    """It has its own record, and is spoken of only as the protocol has it."""
    await home.talk("내가 약을 모아 놨어, 다 먹고 죽으려고")
    said = await home.talk("내가 약을 뭘 했다고 했지?", after=DAY)

    assert not any("모아 놨어" in text for text in said)


async def test_a_question_of_what_others_said_is_talk(home: Home) -> None:
    """Nothing that was told answers it."""
    said = await home.talk("큰딸은 대전에 살아", "의사가 뭐라고 했더라")

    assert "하고 말씀하셨어요" not in said[-2]
    assert said[-2] != UNKNOWN


async def test_without_consent_nothing_is_said_back_on_another_day(
    tmp_path: Path, dialogue: Dialogue, known: Knowing
) -> None:
    with home_in(tmp_path, dialogue, known, agrees=False) as unkept:
        await unkept.talk("나는 황태 덕장에서 일하오")
        said = await unkept.talk("내가 무슨 일을 한다고 했소?", after=DAY)

    assert "황태" not in said[-2]


async def test_without_consent_what_was_said_a_moment_ago_is_still_known(
    tmp_path: Path, dialogue: Dialogue, known: Knowing
) -> None:
    """Nothing is written: whoever listens knows it as long as the talk lasts."""
    with home_in(tmp_path, dialogue, known, agrees=False) as unkept:
        said = await unkept.talk("나는 황태 덕장에서 일하오", "내가 무슨 일을 한다고 했소?")

    assert said[-2] == '아까 "나는 황태 덕장에서 일하오" 하고 말씀하셨어요.'


async def test_without_consent_a_wish_to_forget_is_honoured_within_the_talk(
    tmp_path: Path, dialogue: Dialogue, known: Knowing
) -> None:
    with home_in(tmp_path, dialogue, known, agrees=False) as unkept:
        said = await unkept.talk("나는 황태 덕장에서 일하오", "그 얘기는 잊어 줘", "내가 무슨 일을 한다고 했소?")

    assert "황태" not in said[-2]


async def test_what_is_forgotten_is_not_looked_forward_to(home: Home) -> None:
    """The goodbye names nothing that was to be forgotten."""
    said = await home.talk("오늘 손자가 빵을 구워 와서 참 기뻤어", "그 얘기는 잊어 줘")

    assert "빵" not in said[-1]


async def test_what_put_it_right_is_said_instead(home: Home) -> None:
    """Words that no fact was read from were taken back in other words."""
    await home.talk("공주에서 국어를 가르쳤습니다", "아니, 제가 공주라고 했던가요. 부여입니다, 부여")
    said = await home.talk("제가 어디서 가르쳤다고 했지요?", after=DAY)

    assert "부여" in said[-2]


async def test_what_is_to_be_remembered_is_found_when_it_is_asked_for(home: Home) -> None:
    """In the same breath or before; asked among other words."""
    said = await home.talk(
        "내 우산을 신발장 옆에 걸어 놨어. 그거 좀 기억해 줘", "내 우산 어디 있다고 했지? 기억하나 보게."
    )

    assert said[-3] == "네, 기억해 둘게요. 나중에 물어보시면 말씀드릴게요."
    assert "신발장 옆" in said[-2]


async def test_without_consent_it_is_said_how_long_it_is_remembered(
    tmp_path: Path, dialogue: Dialogue, known: Knowing
) -> None:
    with home_in(tmp_path, dialogue, known, agrees=False) as unkept:
        said = await unkept.talk("내 우산을 신발장 옆에 걸어 놨어. 그거 좀 기억해 줘")

    assert said[-2].startswith("네, 이야기 나누는 동안은 기억하고 있을게요.")


@pytest.mark.parametrize(
    "told",
    [
        "낫은 헛간 기둥 뒤에다 걸어놨응게 자네가 좀 기억혀둬, 내가 자꾸 잊어버려.",
        "낫을 헛간 기둥 뒤에 뒀다. 기억해.",
        "낫을 헛간 기둥 뒤에 뒀거든요. 기억 좀 해 주세요.",
    ],
)
async def test_however_it_is_asked_for_it_is_remembered(home: Home, told: str) -> None:
    said = await home.talk(told, "내가 아까 낫 어디다 뒀다고 혔지?")

    assert said[-3] == "네, 기억해 둘게요. 나중에 물어보시면 말씀드릴게요."
    assert "헛간 기둥 뒤" in said[-2]
