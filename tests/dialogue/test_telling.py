"""Stories, jokes, proverbs and riddles are told when they are asked for, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from companion.core.heard import Heard
from companion.dialogue.flow import Dialogue, State
from companion.dialogue.guard import Guard
from companion.dialogue.telling import RIDDLE, Telling, tale_problems, told_in
from companion.prompts import prompt_table, prompt_tables
from tests.dialogue.conftest import MOMENT, answered

TELLING = Telling(prompt_tables("tales"), prompt_table("lexicon/telling.toml"))
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("옛날얘기 하나 해 줘", "story"),
        ("호랑이 담배 먹던 시절 얘기 좀 해 봐라", "story"),
        ("재미있는 이야기 좀 들려줘", "story"),
        ("웃긴 얘기 없나", "joke"),
        ("속담 하나 말해 봐", "proverb"),
        ("수수께끼 하나 내 봐라", "riddle"),
        ("내가 옛날얘기 하나 해 줄까", ""),
        ("할머니가 옛날얘기를 해 주시던 게 생각나", ""),
        ("밥 먹었어", ""),
    ],
)
def test_what_is_asked_for_is_known(text: str, kind: str) -> None:
    """Somebody who wants to tell a story is not told one."""
    assert TELLING.wanted(text, "") == kind


def test_another_one_is_told_after_the_first() -> None:
    """``하나 더`` means another of the same kind, and only just after one was told."""
    first = TELLING.tell("story", NONE, NONE, 0.0)
    assert first is not None
    assert TELLING.wanted("하나 더 해 봐", told_in(first.id)) == "story"
    assert TELLING.wanted("하나 더 해 봐", "") == ""
    second = TELLING.tell("story", frozenset({first.id}), NONE, 0.0)
    assert second is not None
    assert second.id != first.id


def test_a_tale_is_told_in_which_is_what_was_named() -> None:
    """A short one where that is wished; any where none has it."""
    told = TELLING.tell("story", NONE, NONE, 0.0, "도깨비 나오는 걸로 하나 해 봐")
    assert told is not None
    assert "도깨비" in told.text
    beasts = TELLING.tell("story", NONE, NONE, 0.0, "짐승 나오는 걸루 짧게")
    assert beasts is not None
    assert any(
        word in beasts.text for word in ("호랑이", "토끼", "까치", "여우", "늑대", "사슴", "두꺼비", "거북", "개구리")
    )
    assert TELLING.tell("story", NONE, NONE, 0.0, "우주선 나오는 걸로") is not None


@pytest.mark.parametrize(
    ("kind", "wish", "has"),
    [
        ("story", "바당 나오는 걸로, 무서운 거 말고", "바다"),
        ("story", "바느질하는 색시 나오는 걸로다가", "색시"),
        ("proverb", "스승과 제자에 관한 것이면 더 좋겠습니다", "스승"),
        ("proverb", "목수한테 어울리는 속담 하나", "목수"),
    ],
)
def test_a_wish_is_met_in_other_words_too(kind: str, wish: str, has: str) -> None:
    told = TELLING.tell(kind, NONE, NONE, 0.0, wish)
    assert told is not None
    assert has in told.text


@pytest.mark.parametrize("chance", [0.0, 0.4, 0.9])
def test_what_shall_not_be_in_a_tale_is_not(chance: float) -> None:
    told = TELLING.tell("story", NONE, NONE, chance, "호랑이 말고 딴 걸로")
    assert told is not None
    assert "호랑이" not in told.text


def test_that_no_tale_has_what_was_named_is_said_first() -> None:
    told = TELLING.tell("story", NONE, NONE, 0.0, "우주선 나오는 걸로")
    assert told is not None
    assert told.text.startswith("그런 것은 제가 아는 게 없어서")


@pytest.mark.parametrize(
    "said",
    ["색시는 어디 가고 호랑이만 왔당가. 그래도 곶감이라 우습네.", "허허, 그래도 재미는 있네. 잘 들었어."],
)
def test_a_longer_word_about_a_tale_is_met_too(said: str) -> None:
    met = TELLING.met(said, "persimmon_tiger", NONE, 0.0)
    assert met is not None
    assert met.id.startswith("tale.liked")


def test_that_something_else_was_wanted_is_admitted() -> None:
    first = TELLING.tell("story", NONE, NONE, 0.0)
    assert first is not None
    met = TELLING.met("도깨비는 하나도 안 나오네", told_in(first.id), NONE, 0.0)
    assert met is not None
    assert met.text.startswith("그러네요")


def test_a_riddle_waits_for_a_guess() -> None:
    """A right guess is praised, a wrong one told the answer; what is long is no guess."""
    riddle = next(tale for tale in TELLING.tales.values() if tale.kind == RIDDLE)
    right, wrong = TELLING.guessed(riddle.answers[0], riddle.id), TELLING.guessed("호랑이", riddle.id)
    assert right is not None
    assert wrong is not None
    assert right.text != wrong.text
    assert right.text.endswith(riddle.solution)
    assert wrong.text.endswith(riddle.solution)
    assert TELLING.guessed("오늘은 날이 추워서 밖에 나가지도 못하고 있었어", riddle.id) is None
    assert TELLING.guessed("호랑이", "") is None


def test_a_riddle_waits_while_something_else_is_said() -> None:
    """Then only the right word is a guess, or who asks for the answer; and not for ever."""
    riddle = next(tale for tale in TELLING.tales.values() if tale.kind == RIDDLE)
    aside = "그런 건 우리 손주가 잘하는데"
    assert TELLING.waiting(riddle.id, [riddle.text, "손주가 영리하네요."]) == riddle.id
    assert TELLING.waiting(riddle.id, ["네.", "네.", "네.", "네."]) == ""
    assert TELLING.guessed("밥 먹어야지", riddle.id, aside) is None
    right = TELLING.guessed(f"아까 그거 말이여 {riddle.answers[0]} 아이가", riddle.id, aside)
    asked = TELLING.guessed("그래 답이 뭐고", riddle.id, aside)
    assert right is not None
    assert asked is not None
    assert right.text.endswith(riddle.solution)
    assert asked.text == riddle.solution


@pytest.mark.parametrize(
    ("wish", "has"),
    [
        ("까마귀 날자 그다음이 뭐였더라", "배 떨어진다"),
        ("호랑이한테 물려가도 산다는데 소 잃고 그다음은 뭐꼬", "외양간"),
        ("낮말은 새가 듣고 다음이 뭐더라", "밤말"),
    ],
)
def test_the_rest_of_a_saying_is_said(wish: str, has: str) -> None:
    """The one whose beginning was said last."""
    assert TELLING.wanted(wish, "") == "proverb"
    told = TELLING.tell("proverb", NONE, NONE, 0.0, wish)
    assert told is not None
    assert has in told.text


def test_a_saying_that_is_not_known_is_not_replaced_by_another() -> None:
    """It is said that it is not known."""
    told = TELLING.tell("proverb", NONE, NONE, 0.0, "학이시습지 그다음이 뭐고")
    assert told is not None
    assert told_in(told.id) not in TELLING.tales


def test_there_is_enough_to_tell_and_none_of_it_is_refused() -> None:
    """At least thirty in all, at least six of each kind, each sentence by sentence fit to be said."""
    guard = Guard(prompt_table("lexicon/guard.toml"))
    kinds = [tale.kind for tale in TELLING.tales.values()]
    assert len(kinds) >= 30
    assert min(kinds.count(kind) for kind in set(kinds)) >= 6
    refused = {
        (tale.id, guard.refused_by(f"{sentence.strip()}."))
        for tale in TELLING.tales.values()
        for sentence in tale.text.rstrip(".?").replace("?", ".").split(". ")
    }
    assert {name for _, name in refused} <= {
        "passed",
        "questions",
        "honorifics",
        "elderspeak",
        "length",
        "human",
        "body",
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "짧아요."}, "tales.length"),
        ({"kind": "song"}, "tales.unknown_kind"),
        ({"source": " "}, "tales.missing"),
        ({"kind": "riddle"}, "tales.missing"),
    ],
)
def test_a_broken_tale_is_found(changes: dict[str, Any], message: str) -> None:
    """Every kind of defect is named."""
    sound = {"id": "a", "kind": "story", "source": "민담", "text": "하나. 둘. 셋. 넷. 다섯. 여섯."}
    assert tale_problems({"t.toml": {"tale": [sound]}}) == ()
    found = tale_problems({"t.toml": {"tale": [{**sound, **changes}]}})
    assert message in {problem.message for problem in found}


def test_a_story_is_told_in_a_conversation(dialogue: Dialogue) -> None:
    """The request is answered with the whole story, and the next request with another."""
    setting = dialogue.setting(MOMENT, address="어르신")
    first = answered(dialogue, Heard.typed("옛날얘기 하나 해 줘"), setting, State.start())
    second = answered(dialogue, Heard.typed("하나 더"), setting, first.state)
    assert first.reply.id.startswith("tale.")
    assert second.reply.id.startswith("tale.")
    assert first.reply.id != second.reply.id


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("하하 그거 웃기네", "tale.liked"),
        ("참 구수하다", "tale.liked"),
        ("에이 재미없어", "tale.disliked"),
        ("그건 나도 아는 얘기야", "tale.disliked"),
    ],
)
def test_whether_a_tale_was_liked_is_answered(text: str, name: str) -> None:
    """Only behind a tale, and in few words."""
    told = next(tale.id for tale in TELLING.tales.values() if tale.kind == "story")
    met = TELLING.met(text, told, NONE, 0.5)
    assert met is not None
    assert met.id.startswith(name)
    assert TELLING.met(text, "", NONE, 0.5) is None


@pytest.mark.parametrize(
    "text", ["우리 손주도 참 재미있는 애야, 어제는 말이지", "배가 고프네", "그래서 나무꾼은 어떻게 됐어"]
)
def test_what_is_told_behind_a_tale_is_no_verdict_on_it(text: str) -> None:
    told = next(tale.id for tale in TELLING.tales.values() if tale.kind == "story")
    assert TELLING.met(text, told, NONE, 0.5) is None
