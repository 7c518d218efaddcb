"""What 말벗 says on its own account: what was set and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from companion.core.errand import Errand, Purpose, Standing
from companion.dialogue.daily.calling import Call
from companion.dialogue.daily.rules import Kind
from companion.dialogue.daily.words import DailyWords, Opening
from companion.errors import PromptError
from companion.prompts import prompt_table

TABLE = prompt_table("daily/daily.ko.toml")
WORDS = DailyWords(TABLE, {"emergency": "119"})
NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
ERRAND = Errand(Purpose.TELL, "딸", "딸한테 보고 싶다고 전해 줘", NOW, status=Standing.DONE, by="김영희")


def test_a_reminder_states_what_was_set_word_for_word() -> None:
    """A sentence stays as the family wrote it, a name is put into one."""
    said = WORDS.remind([(Kind.MEDICINE, "혈압약"), (Kind.WATER, "물 한 잔 드실까요?")], "순자님", 0.0)
    assert said.text == "순자님, 말벗이에요. 혈압약 드실 시간이에요. 물 한 잔 드실까요?"


def test_a_late_reminder_says_for_when_it_was_set() -> None:
    """Whoever took the medicine at eight must not take it again at half past."""
    said = WORDS.remind([(Kind.MEDICINE, "혈압약")], "순자님", 0.0, late="아침 여덟 시")
    assert said.text.startswith("순자님, 말벗이에요. 아침 여덟 시에 말씀드리기로 한 것을")


def test_the_last_call_says_who_will_be_told() -> None:
    """And where nobody would be told, nobody is promised."""
    last = Call(6, NOW, louder=True, last=True)
    assert "큰따님, 김 복지사님께 알릴게요" in WORDS.call(last, "순자님", 0.0, ["큰따님", "김 복지사님"]).text
    assert "알릴게요" not in WORDS.call(last, "순자님", 0.0).text


@pytest.mark.parametrize(
    ("errand", "words"),
    [
        (ERRAND, "김영희 님께서 하셨다고 해요."),
        (replace(ERRAND, answer="이번 주말에 오신대요"), "김영희 님께서 이렇게 적어 주셨어요. 이번 주말에 오신대요."),
        (replace(ERRAND, status=Standing.DECLINED, answer="출장 중이에요."), "그 일은 어렵다고 해요."),
    ],
)
def test_what_came_of_a_request_is_told_with_who_saw_to_it(errand: Errand, words: str) -> None:
    """In the words of the person and of whoever answered."""
    said = WORDS.outcome(errand).text
    assert "딸한테 보고 싶다고 전해 줘" in said
    assert words in said


@pytest.mark.parametrize("opening", Opening)
def test_every_opening_greets_first_and_asks_last(opening: Opening) -> None:
    """So that the disclosure can stand between the two."""
    said = WORDS.opening(opening, "순자님", "내일 병원에 간다")
    assert said.partition(". ")[0].endswith(("순자님", "반가워요"))
    assert said.count("?") <= 1


def test_a_table_with_a_slot_that_nobody_fills_is_refused() -> None:
    """Before a person hears a brace."""
    with pytest.raises(PromptError):
        DailyWords({**TABLE, "told": {**TABLE["told"], "done": "{amount}"}}, {"emergency": "119"})
    with pytest.raises(PromptError):
        DailyWords({**TABLE, "told": {}}, {"emergency": "119"})
