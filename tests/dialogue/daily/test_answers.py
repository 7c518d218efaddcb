"""How an offer to write something down, or to say it at its time, is answered."""

from __future__ import annotations

import pytest

from companion.dialogue.consenting import Reaction
from companion.dialogue.daily.answers import OfferAnswers
from companion.errors import PromptError
from companion.prompts import prompt_table

TABLE = prompt_table("daily/answers.ko.toml")
ANSWERS = OfferAnswers(TABLE)


@pytest.mark.parametrize(
    "said",
    [
        "오야, 인자 맞다. 그래 적어 둬라",
        "잉, 그라고 해주소",
        "그래, 그라믄 됐다",
        "응, 그때 말해 줘. 고마워",
        "어, 그래 적어 놔라. 근데 '아 맞다'는 빼고.",
        "이, 그래 줘. 꼭 해 줘잉.",
        "어, 그래 말해도.",
        "안 될 거 뭐 있어, 그렇게 해",
        "잊어버리지 말고 꼭",
        "그걸로 됐어. 적어.",
        "부끄럽지만 그래 줘요.",
    ],
)
def test_a_yes_is_heard_however_it_is_put(said: str) -> None:
    """In any province, with more behind it."""
    assert ANSWERS.reaction(said) is Reaction.YES


@pytest.mark.parametrize(
    "said",
    [
        "아니 됐다",
        "됐어",
        "그래 됐으니까 적지 마",
        "안 해도 돼",
        "내가 전화하지 뭐",
        "치아라. 참아 보지 뭐.",
        "응 그래. 아니다, 관둬.",
    ],
)
def test_a_no_outweighs_what_stands_before_it(said: str) -> None:
    assert ANSWERS.reaction(said) is Reaction.NO


@pytest.mark.parametrize("said", ["뭐라고?", "응? 어디에다 뭘 한다고?", "안 들려. 다시 말해 봐."])
def test_a_question_not_caught_is_asked_again(said: str) -> None:
    assert ANSWERS.reaction(said) is Reaction.AGAIN


@pytest.mark.parametrize(
    "said", ["네 목소리가 꼭 우리 조카딸 같다.", "오늘은 날이 흐리네", "", "그때는 참 " + "좋았지. " * 40]
)
def test_what_answers_nothing_is_neither(said: str) -> None:
    """Nor is a long story."""
    assert ANSWERS.reaction(said) is Reaction.ELSE


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("어, 그래 말해도. 그라고 상호한테는 뭐라고 적어 놨노?", "그라고 상호한테는 뭐라고 적어 놨노?"),
        ("이, 그래 줘. 꼭 해 줘잉.", ""),
        ("응 적어. 안 그럼 내가 까먹어.", ""),
        ("됐어. 근데 지금 몇 시여?", "근데 지금 몇 시여?"),
    ],
)
def test_what_is_asked_behind_an_answer_is_left_to_be_answered(said: str, rest: str) -> None:
    """What only says it once more is not."""
    assert ANSWERS.read(said).rest == rest


def test_a_broken_table_says_what_is_missing() -> None:
    """When it is read, not at the first answer."""
    with pytest.raises(PromptError):
        OfferAnswers({name: part for name, part in TABLE.items() if name != "no"})
    with pytest.raises(PromptError):
        OfferAnswers({**TABLE, "yes": ["("]})
