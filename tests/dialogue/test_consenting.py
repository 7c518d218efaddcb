"""The words of consent, and how a yes or a no to them is heard."""

from __future__ import annotations

import pytest

from companion.core.consent import Item
from companion.dialogue.consenting import ConsentWords, Question, Reaction, Said, honoured
from companion.prompts import prompt_table

YES = (
    "응", "네", "예, 그러세요", "그래라", "그려", "하모", "그라제", "좋아", "괜찮아요", "어 그래요 적어",
    "된다", "그러시게", "그러든가", "상관없어", "응 적어도 돼", "네 괜찮습니다", "안 될 거 뭐 있어",
    "싫지는 않아", "개안타 해라", "응 알겠어 그렇게 해", "지워 줘", "싹 지워 버려", "그러지 뭐", "예예 하세요",
)  # fmt: skip
NO = (
    "아니", "아니요", "싫어", "안 돼", "하지 마라", "적지 마", "네, 적지 마세요", "안 괜찮아", "됐어", "냅둬",
    "지우지 마", "그냥 둬", "아이 싫어 그런 거", "좋지 않아", "언지예", "필요 없어", "아이다",
)  # fmt: skip
AGAIN = ("뭐라고?", "다시 말해 줘", "잘 못 들었어", "무슨 소리야")
ELSE = (
    "글쎄", "왜?", "맘대로 해", "오늘 날씨가 참 좋네", "어디 아픈 데는 없고", "어제 딸이 왔어", "무릎이 아파",
    "어머니 생각이 나네", "네 그런데 딸이 보면 어떡해", "그래 근데 뭘 적는데", "", "응 " * 30,
)  # fmt: skip


@pytest.fixture(scope="module")
def words() -> ConsentWords:
    return ConsentWords(prompt_table("consent/consent.ko.toml"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        *((said, Reaction.YES) for said in YES),
        *((said, Reaction.NO) for said in NO),
        *((said, Reaction.AGAIN) for said in AGAIN),
        *((said, Reaction.ELSE) for said in ELSE),
    ],
)
def test_only_a_plain_answer_is_one(words: ConsentWords, said: str, expected: Reaction) -> None:
    """A yes is nothing but a yes, a no outweighs it, and what is unclear agrees to nothing."""
    assert words.reaction(said) is expected


ALLOWED = (
    "네, 뭐 적어 두셔도 돼요. 딸이 보라고 사다 준 건데.",
    "아니, 적어도 된다고요. 됐죠? 어디다 적어 둔다는 거예요, 근데?",
    "아까 된다고 두 번이나 그랬는데! 네, 적으세요. 괜찮아요.", "뭐… 숨길 것두 읎는디. 그려유, 적어유.",
    "뭔 소리여. 적어두 된다니께, 허락헌다구.",
    "한 번 물으믄 됐지 와 두 번 묻노. 마 적어라. 내 죄 지은 거 없다.",
    "잉 그래, 적어 놔도 돼. 나 숨길 것 하나도 없어.", "내 말 적어도 된당께",
)  # fmt: skip
NOT_ALLOWED = (
    "적어도 되는데 우리 딸한테는 말하지 마", "아니 안 적어도 돼", "싫어. 적지 마", "적어 두면 뭐 하는데?",
    "일기를 적어 두셔도 돼요라고 의사가 그랬어", "적지 마라. 남사스럽게 뭘 적어", "수첩에 적어 두는 버릇이 있어",
)  # fmt: skip


@pytest.mark.parametrize("said", ALLOWED)
def test_a_plain_permission_is_one_whatever_is_said_beside_it(words: ConsentWords, said: str) -> None:
    """Strangers said so four times to a question that took only a bare yes."""
    assert words.reaction(said, Item.CONVERSATION) is Reaction.YES


@pytest.mark.parametrize("said", NOT_ALLOWED)
def test_what_only_speaks_of_writing_allows_nothing(words: ConsentWords, said: str) -> None:
    """Nothing is agreed to by guess."""
    assert words.reaction(said, Item.CONVERSATION) is not Reaction.YES


@pytest.mark.parametrize("said", ["그냥 적어 둬", "적어 놔라", "아니, 적어 둬도 돼"])
def test_to_keep_what_was_kept_erases_nothing(words: ConsentWords, said: str) -> None:
    """Asked whether to erase, who says to write it down means no."""
    assert words.reaction(said, None) is Reaction.NO


@pytest.mark.parametrize("item", list(Item))
def test_every_item_can_be_shown_asked_and_answered(words: ConsentWords, item: Item) -> None:
    """No slot is left open, and what is asked aloud ends in one question or a way out."""
    named = "김영희" if item.is_named else ""
    texts = [words.title(item, named), words.text(item, named), words.ask(Question(item, named), "순자님").text]

    assert all("{" not in text for text in texts)
    assert texts[2].count("?") == 1


def test_a_changed_text_changes_the_digest(words: ConsentWords) -> None:
    """Who agreed to other words can be told apart."""
    table = prompt_table("consent/consent.ko.toml")
    table["conversation"]["ask"] += " 네?"

    assert ConsentWords(table).wording(Item.CONVERSATION).digest != words.wording(Item.CONVERSATION).digest
    assert ConsentWords(table).wording(Item.HEALTH) == words.wording(Item.HEALTH)


def test_a_slot_that_nobody_fills_is_refused() -> None:
    """A broken sentence is found when the table is read, not when it is said."""
    table = prompt_table("consent/consent.ko.toml")
    table["answer"]["given"] = "네, {nobody} 님."

    with pytest.raises(ValueError, match="nobody"):
        ConsentWords(table)


def test_every_sentence_around_a_question_is_written(words: ConsentWords) -> None:
    """Each is a fixed reply with an id of its own."""
    assert len({words.say(said).id for said in Said}) == len(Said)


@pytest.mark.parametrize(
    ("name", "spoken"), [("김영희", "김영희 님"), ("큰따님", "큰따님"), ("", ""), (" 김영희 ", "김영희 님")]
)
def test_nobody_is_spoken_of_without_honour_or_with_it_twice(name: str, spoken: str) -> None:
    """큰따님 is honoured already."""
    assert honoured(name) == spoken
