"""What was told in this very talk is found again, with and without consent."""

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

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def known() -> Knowing:
    return knowing(language.analyser())


@pytest.fixture
def home(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> Iterator[Home]:
    with home_in(tmp_path, dialogue, known) as made:
        yield made


@pytest.fixture
def unkept(tmp_path: Path, dialogue: Dialogue, known: Knowing) -> Iterator[Home]:
    with home_in(tmp_path, dialogue, known, agrees=False) as made:
        yield made


@pytest.mark.parametrize(
    ("told", "asked", "answer"),
    [
        ("내 고향은 통영 욕지고, 시집은 거제로 왔다.", "내가 고향이 어디라고 했더라", "통영 욕지라고 하셨어요."),
        (
            "콩을 여섯 말 팔았는데 한 말에 오만 원 받았어.",
            "아까 콩 몇 말 팔았다고 했지?",
            "여섯 말이라고 하셨어요.",
        ),
        ("당뇨약은 아침 일곱 시에 먹지.", "당뇨약 먹는 시간이 몇 시라고 했지", "아침 일곱 시에 먹지"),
        ("둘째 사위는 이름이 병철이고 소방서 다녀.", "우리 사위 이름이 뭐라고 했더라", "병철이라고 하셨어요."),
        ("영감이 처음 한 말이 '손이 차네유'였어.", "영감이 처음 한 말이 뭐라고 했지", '"손이 차네유" 그 말이라고'),
    ],
)
async def test_the_fact_alone_is_said_back(unkept: Home, told: str, asked: str, answer: str) -> None:
    said = await unkept.talk(told, asked)

    assert answer in said[1] or said[1] == "아침 일곱 시라고 하셨어요."


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("내일 장에 가서 참기름하고 북어를 사야 돼", "내가 아까 뭐 산다고 했지?"),
        ("내일 보건소 가서 혈압 재야 돼", "나 내일 어디 간다 그랬더라?"),
        ("일요일에 막내가 온대", "누가 온다 그랬지?"),
        ("딸한테 간장 한 병 사 오라고 해야겠다", "뭐 사 오라 그랬지 내가?"),
        ("옛날에 우리 아버지가 엿장수를 했어", "아까 내가 무슨 얘기 하고 있었지?"),
        ("고추를 열 근 빻았어", "내가 뭐라 그랬더라 아까?"),
    ],
)
async def test_what_was_told_just_now_is_said_again(unkept: Home, told: str, asked: str) -> None:
    """Also where the question names nothing but what is done, and grammar knows little of so short a verb."""
    said = await unkept.talk(told, asked)

    assert said[1] == f'아까 "{told}" 하고 말씀하셨어요.'


async def test_nothing_else_is_said_again(unkept: Home) -> None:
    """Who told of going is not told it back where they ask what they sold."""
    said = await unkept.talk("내일 보건소 가서 혈압 재야 돼", "내가 뭐 판다 그랬지?")

    assert "보건소" not in said[1]


async def test_what_was_not_told_was_missed(unkept: Home) -> None:
    """A sentence about the dog holds no name."""
    said = await unkept.talk("우리 강아지가 밤새 짖었어.", "강아지 이름이 뭐라고 했지?")

    assert said[1] == "그건 제가 놓쳤나 봐요. 한 번만 더 말씀해 주시겠어요?"


async def test_a_name_that_was_given_is_used_to_the_goodbye_and_not_after(unkept: Home) -> None:
    said = await unkept.talk("내 이름은 서말례다.", "내 이름이 뭐지?", "내일도 내 이름을 알고 있나?")
    assert said[0].startswith("서말례 어르신이시군요.")
    assert said[1] == "서말례라고 하셨어요."
    assert "잊어버려요" in said[2]
    assert unkept.person.address == "서말례 어르신"
    assert "서말례" not in unkept.record.people.find(unkept.person.id).address


async def test_with_consent_a_name_is_known_tomorrow(home: Home) -> None:
    said = await home.talk("내 이름은 서말례다.", "내일도 내 이름을 알고 있나?")
    again = await home.talk("내 이름이 뭐지?", after=DAY)

    assert said[1] == "네, 내일도 기억하고 있을게요."
    assert again[0] == "서말례라고 하셨어요."


async def test_who_would_rather_not_be_called_by_name_is_not(unkept: Home) -> None:
    said = await unkept.talk("서말례라고 불러라", "그냥 어르신이라 해라")

    assert said[0] == "네, 지금부터 서말례 어르신이라고 부를게요."
    assert said[1] == "네, 지금부터 어르신이라고 부를게요."


async def test_a_name_of_others_is_not_ones_own(unkept: Home) -> None:
    said = await unkept.talk("나는 고양이를 키워. 나비라고 불러.", "내 이름값도 못 하고 살았지.", "나는 안동이다")

    assert not any("부를게요" in text or "시군요" in text for text in said)


async def test_a_list_is_said_back_once_and_when_it_is_asked_for(unkept: Home) -> None:
    said = await unkept.talk("살 거 말해 줄게.", "호박, 다시마, 국간장", "외워라", "내가 뭐뭐 불렀지?")

    assert said[0] == "네, 하나씩 불러 보세요. 잘 들을게요."
    assert said[1].startswith("네, 호박, 다시마, 국간장이요. 적어 두지는 못하지만")
    assert said[2] == said[1]
    assert said[3] == "호박, 다시마, 국간장이라고 하셨어요."


async def test_what_malbeot_said_of_the_clock_it_says_again(unkept: Home) -> None:
    """What the person told of an hour is not meant by a bare question."""
    said = await unkept.talk("아침 여섯 시에 밥을 먹었어.", "지금 몇 시고", "몇 시라고 했지?")

    assert "여섯 시라고" not in said[2]
    assert said[2] == said[1]
