"""The loader of the reply bank finds every defect; the shipped bank has none and passes the guard."""

from __future__ import annotations

from typing import Any

import pytest

from companion.cli.messages import explain
from companion.core.morphology import Analyser
from companion.dialogue.bank import bank_problems, load_bank
from companion.dialogue.guard import PASSED, Guard
from companion.dialogue.slots import filled
from companion.dialogue.tables import build, problems
from companion.errors import PromptError
from companion.prompts import prompt_table, prompt_tables

TOPICS = ("meal", "other")
CLAIMS = tuple(prompt_table("lexicon/claims.toml")["claim"])
SLOTS = {
    "address": "어르신",
    "part_of_day": "아침",
    "season": "가을",
    "person": "따님",
    "thing": "국수",
    "food": "국수",
    "plant": "상추",
    "animal": "강아지",
    "home": "냉장고",
    "clothes": "저고리",
    "place": "경로당",
    "work": "목수",
    "fun": "노래",
    "day": "추석",
    "letter": "편지",
    "mirror": "국수를 삶으셨군요.",
    "echo": "작년에",
    "recalled": "무릎 이야기",
    "wrong": "월요일",
}


def entry(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any TOML value
    """Return a sound situation with some changes."""
    sound = {
        "id": "meal.ate",
        "topic": "meal",
        "feeling": "joy",
        "act": "tell",
        "cues": ["먹었"],
        "says": ["밥 먹었어"],
        "replies": ["맛있게 드셨어요, {address}?"],
    }
    return {**sound, **changes}


def bank(*entries: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a bank of one file."""
    return {"meal.toml": {"situation": list(entries)}}


def test_a_sound_bank_has_no_problem() -> None:
    """A sound situation is loaded as it stands."""
    assert bank_problems(bank(entry()), TOPICS) == ()
    assert load_bank(bank(entry()), TOPICS).situations["meal.ate"].replies == ("맛있게 드셨어요, {address}?",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"replies": ["{name}님, 드셨어요?"]}, "replies.unknown_slot"),
        ({"topic": "football"}, "replies.unknown_topic"),
        ({"feeling": "hungry"}, "replies.unknown_feeling"),
        ({"act": "sing"}, "replies.unknown_act"),
        ({"needs": ["flying"]}, "replies.unknown_claim"),
        ({"bars": "harm"}, "replies.not_texts"),
        ({"replies": []}, "replies.missing"),
        ({"id": " "}, "replies.missing"),
        ({"replies": "드셨어요?"}, "replies.not_texts"),
        ({"says": [""]}, "replies.not_texts"),
        ({"replies": ["네" * 200]}, "replies.too_long"),
        ({"replies": ["드셨어요? 맛있었어요?"]}, "replies.two_questions"),
    ],
)
def test_each_defect_is_found(changes: dict[str, Any], message: str) -> None:
    """Every kind of defect is found and named with file and entry."""
    found = bank_problems(bank(entry(**changes)), TOPICS)
    assert message in {problem.message for problem in found}
    assert all(problem.file == "replies/meal.toml" for problem in found)


def test_a_duplicate_id_is_found() -> None:
    """Two situations must not share an id."""
    assert [problem.message for problem in bank_problems(bank(entry(), entry()), TOPICS)] == ["replies.duplicate"]


def test_every_problem_is_collected_and_the_first_is_raised() -> None:
    """A writer sees all defects at once; loading raises the first and says how many there are."""
    broken = bank(entry(topic="x"), entry(id="b", replies=["{slot}"]))
    assert len(bank_problems(broken, TOPICS)) == 2
    with pytest.raises(PromptError) as raised:
        load_bank(broken, TOPICS)
    assert raised.value.key == "replies.unknown_topic"
    assert raised.value.fields["count"] == 2


def test_an_unknown_slot_is_explained_to_an_operator() -> None:
    """The sentence names file, entry and slot, in Korean with an English key phrase."""
    with pytest.raises(PromptError) as raised:
        load_bank(bank(entry(replies=["{name}님"])), TOPICS)
    sentence = explain(raised.value)
    assert all(part in sentence for part in ("replies/meal.toml", "meal.ate", "name", "unknown slot"))


def test_the_shipped_data_is_sound() -> None:
    """The shipped bank and fixed sentences have no problem at all."""
    assert (
        problems(
            replies=prompt_tables("replies"),
            fixed=prompt_tables("fixed"),
            lexicon=prompt_tables("lexicon"),
            safety=prompt_tables("safety"),
        )
        == ()
    )


def test_the_shipped_bank_is_large_enough() -> None:
    """At least 1,200 replies for at least 30 topics, and a fallback for every feeling."""
    shipped = load_bank(prompt_tables("replies"), prompt_table("lexicon/topics.toml")["topics"], CLAIMS)
    assert sum(len(one.replies) for one in shipped.situations.values()) >= 1200
    assert len({one.topic for one in shipped.situations.values()}) >= 30
    assert all(f"other.{one.feeling}" in shipped.situations for one in shipped.situations.values())


def test_every_reply_of_the_shipped_bank_passes_the_guard() -> None:
    """What people wrote is held to the same rules as what a language model writes."""
    guard = Guard(prompt_table("lexicon/guard.toml"))
    shipped = load_bank(prompt_tables("replies"), prompt_table("lexicon/topics.toml")["topics"], CLAIMS)
    refused = [
        (one.id, text, refusal)
        for one in shipped.situations.values()
        for text in one.replies
        if (refusal := guard.refused_by(filled(text, SLOTS))) != PASSED
    ]
    assert refused == []


@pytest.fixture(scope="module")
def small_data() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the shipped data with one example to a situation: which file is missing does not hang on the others."""
    replies = {
        name: {
            **table,
            "situation": [
                {name: value[:1] if name == "says" else value for name, value in one.items()}
                for one in table["situation"]
            ],
        }
        for name, table in prompt_tables("replies").items()
    }
    return {"replies": replies, **{name: prompt_tables(name) for name in ("fixed", "lexicon", "safety")}}


@pytest.mark.parametrize("file", sorted(prompt_tables("lexicon")))
def test_a_missing_lexicon_is_named(file: str, analyser: Analyser, small_data: dict[str, Any]) -> None:
    """A file of the lexicon that is not there, or has lost all its parts, is refused with a sentence that names it."""
    lexicon = small_data["lexicon"]
    # Every third file is emptied, the others are not there: what reads a file says both in the same place.
    gone = {k: v for k, v in lexicon.items() if k != file}
    for broken in ({**lexicon, file: {}} if sorted(lexicon).index(file) % 3 == 0 else gone,):
        with pytest.raises(PromptError) as caught:
            build(**{**small_data, "lexicon": broken}, analyser=analyser)
        assert file in explain(caught.value)
