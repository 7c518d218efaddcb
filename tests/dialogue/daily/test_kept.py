"""What is asked of what was written down, and what only sounds so."""

from __future__ import annotations

import pytest

from companion.dialogue.daily.kept import KeptFinder, Meant
from companion.errors import PromptError
from companion.prompts import prompt_table

TABLE = prompt_table("daily/kept.ko.toml")
FINDER = KeptFinder(TABLE)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("상호한테는 뭐라고 적어 놨노?", Meant.FOR_PEOPLE),
        ("은주한테 뭐라고 적었어?", Meant.FOR_PEOPLE),
        ("그거 말고. 딸한테 전할 말. 무슨 요일로 적어 놨냐고.", Meant.FOR_PEOPLE),
        ("내일 몇 시에 말해 준다 캤노", Meant.AT_SOME_TIME),
        ("내가 오늘 부탁한 게 다 뭐여?", Meant.ALL),
        ("지금까지 적어 놓은 거 쭉 좀 불러 봐.", Meant.ALL),
    ],
)
def test_a_question_after_it_is_heard(said: str, meant: Meant) -> None:
    assert FINDER.asks(said)
    assert FINDER.meant(said) is meant


@pytest.mark.parametrize(
    "said",
    [
        "딸이 뭐라고 적어 놨더라고 냉장고에",
        "내가 아까 신천에서 뭐 봤다 캤노",
        "내 고향이 어디라고 했지?",
        "오늘 며칠이지?",
        "딸한테 오라고 전해 줘",
        "",
    ],
)
def test_what_only_sounds_so_is_left_alone(said: str) -> None:
    assert not FINDER.asks(said)


def test_a_broken_table_says_what_is_missing() -> None:
    with pytest.raises(PromptError):
        KeptFinder({name: part for name, part in TABLE.items() if name != "asks"})
    with pytest.raises(PromptError):
        KeptFinder({**TABLE, "never": ["("]})
