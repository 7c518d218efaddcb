"""What replies offer can be begun, is begun by a yes, and is dropped by a no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from companion.core.heard import Heard
from companion.core.turn import Reply, ReplySource
from companion.dialogue.flow import Dialogue, Response, Setting, State
from companion.dialogue.offers import Offered, Offers, Reaction
from companion.prompts import prompt_table, prompt_tables
from tests.dialogue.conftest import answered

TABLE = prompt_table("lexicon/offers.toml")
STORY = Offered.parse("tale.story")


@pytest.fixture(scope="module")
def offers() -> Offers:
    return Offers(TABLE)


def offering(starts: str) -> Iterator[str]:
    """Yield the sentences that offer something."""
    return (said for entry in TABLE["offer"] if entry["starts"] == starts for said in entry["says"])


def after(dialogue: Dialogue, said: str, heard: str, setting: Setting) -> Response:
    """Return what is answered to words behind a sentence of 말벗."""
    state = dialogue.noted(Reply(said, ReplySource.FIXED, "x"), State.start()).state
    return answered(dialogue, Heard.typed(heard), setting, state)


@pytest.mark.parametrize(
    "text",
    [
        "응",
        "그래 해 봐",
        "좋지",
        "어디 한번 들어보자",
        "그럼 하나 해 줘",
        "그려",
        "하모 해 보이소",
        "네 들려주세요",
        "오냐 내 봐라",
        "그래 하나 해봐라 짧게 해라 귀 어둡다",
        "응 그려 짤막한 걸로 하나 해 봐",
        "해 봐 그럼",
        "그래요 하나만 들려주십시오",
        "어디 들어나 보세",
        "그라제 심심한디 잘됐네 들어 보까",
        "네 좋아요 너무 길지 않은 걸로 부탁드려요",
        "뭔 얘긴디 어디 혀 봐",
        "그라입시더 재미난 걸로 하나 해 보이소",
        "그려 해 봐 귀가 먹어서 크게 해야 들려",
        "응 듣고 싶어 옛날에 할머니가 많이 해 줬지",
    ],
)
def test_a_yes_in_whatever_words_takes_it(offers: Offers, text: str) -> None:
    """Also in dialect."""
    assert offers.reaction(text) is Reaction.YES


@pytest.mark.parametrize(
    "text",
    [
        "아니",
        "아니 됐어",
        "싫어",
        "다음에 하자",
        "나중에",
        "됐네 귀찮아",
        "오늘은 별로야",
        "안 할란다",
        "아니 됐다 귀가 어두버서 못 듣는다",
        "됐어 이제 잘란다",
    ],
)
def test_a_no_in_whatever_words_drops_it(offers: Offers, text: str) -> None:
    """Also a gentle one."""
    assert offers.reaction(text) is Reaction.NO


@pytest.mark.parametrize(
    "text",
    [
        "아들이 온대",
        "그래 그런데 무릎이 아파",
        "아니 내 말은 그게 아니고 우리 딸 얘기야",
        "응 근데 지금 몇 시야",
        "해가 졌네",
        "그래 우리 영감도 옛날에 그랬어",
        "응 어제는 병원에 갔다 왔지",
        "어 우리 아들 왔다",
        "그래 무릎이 아파서 잠을 못 잤어",
    ],
)
def test_anything_else_is_a_turn_of_its_own(offers: Offers, text: str) -> None:
    """It is answered as ever."""
    assert offers.reaction(text) is Reaction.ELSE


@pytest.mark.parametrize("said", [*offering("tale.story"), *offering("tale.riddle"), *offering("tale.proverb")])
def test_every_tale_that_is_offered_is_told_to_a_yes(dialogue: Dialogue, setting: Setting, said: str) -> None:
    """Of the kind that was offered."""
    response = after(dialogue, said, "그래 하나 해 봐", setting)
    kind = next(entry["starts"] for entry in TABLE["offer"] if said in entry["says"]).removeprefix("tale.")
    tales = {tale["id"]: tale["kind"] for table in prompt_tables("tales").values() for tale in table["tale"]}

    assert tales[response.reply.id.removeprefix("tale.")] == kind


def test_the_one_that_is_named_is_told_where_two_are_offered(dialogue: Dialogue, setting: Setting) -> None:
    """Naming one of them is a yes to it."""
    response = after(dialogue, "옛이야기나 수수께끼는 해 드릴 수 있어요.", "수수께끼 내 봐", setting)
    riddles = {
        tale["id"] for table in prompt_tables("tales").values() for tale in table["tale"] if tale["kind"] == "riddle"
    }

    assert response.reply.id.removeprefix("tale.") in riddles


def test_today_is_told_where_that_was_offered(dialogue: Dialogue, setting: Setting) -> None:
    """A fixed sentence may be what is offered."""
    response = after(dialogue, next(offering("say.identity.identity.date")), "그래 말해 봐", setting)

    assert "11월 23일" in response.reply.text


def test_danger_in_a_yes_comes_before_what_was_offered(dialogue: Dialogue, setting: Setting) -> None:
    """Such a yes begins no tale."""
    response = after(dialogue, next(offering("tale.story")), "그래 나 죽고 싶어", setting)

    assert "109" in response.reply.text
    assert response.begins is None


def test_after_a_no_nothing_is_offered_in_any_reply(dialogue: Dialogue, setting: Setting) -> None:
    """Not the same, and nothing else."""
    state = after(dialogue, next(offering("tale.story")), "아니 됐어", setting).state
    for text in ("너는 뭐 할 줄 알아?", "끝말잇기 하자", "노래 하나 불러 봐", "뉴스 좀 알려 줘") * 3:
        response = answered(dialogue, Heard.typed(text), replace(setting, activities=True), state, chance=0.99)
        state = response.state
        assert state.offered is None


def test_an_offer_is_made_once(dialogue: Dialogue, setting: Setting) -> None:
    """What was offered and not answered is not offered again."""
    state, made = State.start(), []
    for _ in range(6):
        response = answered(dialogue, Heard.typed("너는 뭐 할 줄 알아?"), setting, state, chance=0.99)
        state, offered = response.state, response.state.offered
        made += [] if offered is None else [offered]

    assert made == [STORY]


def test_nothing_is_offered_that_nobody_can_begin(dialogue: Dialogue, setting: Setting) -> None:
    """Where no activity can be begun none is offered."""
    for activities in (False, True):
        response = answered(
            dialogue, Heard.typed("심심해 죽겠어"), replace(setting, activities=activities), State.start()
        )
        assert (response.state.offered is not None) is activities


def test_a_sentence_that_offers_and_begins_nothing_is_found(offers: Offers) -> None:
    """And one that is listed and said nowhere, and one that begins what there is not."""
    said = [text for entry in (*TABLE["offer"], TABLE["nothing"]) for text in entry["says"]]
    keys = ("identity.identity.date", "identity.identity.time")
    kinds = ("story", "joke", "proverb", "riddle")

    assert list(offers.problems(said, keys, kinds)) == []
    assert [one.message for one in offers.problems([*said, "노래 하나 불러 드릴까요?"], keys, kinds)] == [
        "offers.begins_nothing"
    ]
    assert [one.message for one in offers.problems(said[1:], keys, kinds)] == ["offers.not_said"]
    assert {one.message for one in offers.problems(said, keys, ("story",))} == {"offers.unknown"}


@pytest.mark.parametrize(
    ("said", "starts"),
    [
        ("심심하시면 제가 재미난 이야기 하나 해 드릴까요?", "tale.story"),
        ("그럼 수수께끼 하나 내 드릴까요?", "tale.riddle"),
        ("이야기 하나 들려드릴까요?", "tale.story"),
    ],
)
def test_an_offer_in_other_words_is_one(offers: Offers, said: str, starts: str) -> None:
    """As an earlier version or a model may have put it."""
    assert offers.of(said) == Offered.parse(starts)


def test_a_yes_that_says_how_has_it_told(dialogue: Dialogue, setting: Setting) -> None:
    """Never that it cannot be done."""
    response = after(dialogue, "대신 옛날이야기 하나 들려드릴까요?", "그래 하나 해봐라 짧게 해라 귀 어둡다", setting)
    assert response.reply.id.startswith("tale.")
