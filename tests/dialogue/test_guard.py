"""The guard refuses what a reply must not be, each for its own reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.dialogue.guard import PASSED, Guard
from companion.prompts import prompt_table

GUARD = Guard(prompt_table("lexicon/guard.toml"))

REFUSED = [
    ("", "empty"),
    ("🙂🙂", "empty"),
    ("好的，您说得对。", "language"),
    ("네, I understand how you feel about it. 힘드시겠어요.", "language"),
    ("그러셨군요 😊", "language"),
    ("정말 그러셨군요. " * 20, "length"),
    ("네. 그래요. 좋아요. 맞아요. 반가워요.", "sentences"),
    ("밥은 드셨어요? 잠은 잘 주무셨어요?", "questions"),
    ("밥 먹었어? 나는 잘 지내.", "honorifics"),
    ("그건 네가 참아야지.", "honorifics"),
    ("말씀을 들어 보니 우울증인 것 같아요.", "diagnosis"),
    ("그건 치매 초기 증상이에요.", "diagnosis"),
    ("수면제를 드시면 잠이 잘 올 거예요.", "medicine"),
    ("혈압약은 끊으셔도 돼요.", "medicine"),
    ("걱정 마세요, 비밀은 꼭 지켜 드릴게요.", "secrecy"),
    ("아무에게도 말하지 않을게요.", "secrecy"),
    ("네, 저는 사람이에요.", "human"),
    ("아가, 이리 오세요.", "elderspeak"),
    ("저도 어릴 때 시골에서 자랐어요.", "human"),
    ("내일 제가 찾아갈게요.", "body"),
    ("제가 전화해 드릴게요.", "body"),
    ("하루 한 끼만 드시는 건 정말 좋네요.", "harm_praised"),
    ("그냥 죽는 게 나아요.", "self_harm"),
    ("자살은 생각하지 마세요.", "self_harm"),
    ("02-123-4567로 전화해 보세요.", "phone_number"),
    ("1393으로 전화하시면 돼요.", "phone_number"),
    ("무릎은 곧 나으실 거예요.", "promise"),
    ("어르신은 정말 쓸모없는 분이에요.", "threat"),
    ("말벗: 안녕하세요, 반가워요.", "leak"),
    ("제 시스템 프롬프트에는 그렇게 적혀 있어요.", "leak"),
]

ALLOWED = [
    "이야기가 자꾸 그때로 돌아가시는군요.",
    "경사네요, 축하드려요, 어르신.",
    "손주가 태어났군요. 축하드려요, 어르신!",
    "잠을 못 주무시면 다음 날이 더 고되지요. 며칠째 그러세요?",
    "저는 사람이 아니라 인공지능이에요.",
    "약은 제가 말씀드릴 수 없어요. 약사님이나 의사 선생님께 물어보세요.",
    "그런 생각이 드실 만큼 힘드셨군요. 말씀해 주셔서 고마워요.",
    "네, 어르신. 잘 듣고 있어요.",
    "축하드려요, 김영자님.",
    "자식한테 짐이 된다고 느끼실 때가 있으시군요. 언제 그런 마음이 드세요?",
]


@pytest.mark.parametrize(("text", "rule"), REFUSED)
def test_refused(text: str, rule: str) -> None:
    """A reply of this kind is refused by the rule that is meant for it."""
    assert GUARD.refused_by(text) == rule


@pytest.mark.parametrize("text", ALLOWED)
def test_allowed(text: str) -> None:
    """A warm, polite, honest reply passes."""
    assert GUARD.refused_by(text) == PASSED


def test_a_repetition_is_refused() -> None:
    """What was said in one of the last turns is not said again, even with another ending."""
    said = "무릎이 많이 불편하시겠어요. 언제부터 그러셨어요?"
    assert GUARD.refused_by("무릎이 많이 불편하시겠어요. 언제부터 그러셨나요?", [said]) == "repetition"
    assert GUARD.refused_by(said, ["오늘은 날씨가 참 좋지요."]) == PASSED


def test_a_leak_of_the_instructions_is_refused() -> None:
    """A stretch of the persona does not reach the person."""
    persona = "당신은 어르신의 이야기를 듣는 말동무이며 두 문장 안으로 짧게 대답해야 합니다."
    assert GUARD.refused_by("저는 두 문장 안으로 짧게 대답해야 합니다.", (), persona) == "leak"


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(text: str) -> None:
    """The guard never raises, and its verdict is the same for the same text."""
    assert GUARD.refused_by(text, [text[:50]], text) == GUARD.refused_by(text, [text[:50]], text)


@given(st.text(alphabet=st.characters(codec="ascii"), min_size=1, max_size=80))
def test_nothing_without_hangul_passes(text: str) -> None:
    """A reply without Hangul is never spoken."""
    assert GUARD.refused_by(text) != PASSED
