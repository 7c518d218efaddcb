"""What stands before what is said is left out where a reply is chosen, and only there."""

from __future__ import annotations

import pytest

from companion.core.heard import Heard
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.leads import Leads
from companion.prompts import prompt_table
from tests.dialogue.conftest import answered

LEADS = Leads(prompt_table("lexicon/leads.toml"))
LED = [
    ("보람은 무신 개한테 물린 기억밖에 없다", "개한테 물린 기억밖에 없다"),
    ("입담은 무신 그나저나 오늘 아침에 꼬막을 삶았는디", "오늘 아침에 꼬막을 삶았는디"),
    ("우습기는 뭣이 우스워 꼬막은 너무 삶으믄 질겨", "꼬막은 너무 삶으믄 질겨"),
    ("병원은 뭔 병원 파스 붙이믄 돼", "파스 붙이믄 돼"),
    ("고맙기는 부지깽이로 얼마나 맞았는디", "부지깽이로 얼마나 맞았는디"),
    ("그래 알겄네 근디 막둥이 딸이 전화가 왔어", "막둥이 딸이 전화가 왔어"),
    ("그 개하고 친해져서 내 소리만 나면 꼬리를 흔들었지 근데 오늘이 며칠이라 했노", "오늘이 며칠이라 했노"),
]
WHOLE = [
    "영감이 아파서 병원에 갔는데 의사가 그런데 별거 아니래",
    "오늘은 무슨 날인지 애들이 다 왔어",
    "그 사람은 무슨 일을 하는지 몰라",
    "가깝기는 가까운데 다리가 아파",
    "그나저나",
    "보람은 무슨",
]


@pytest.mark.parametrize(("text", "rest"), LED)
def test_what_comes_behind_a_turn_or_a_word_sent_back_is_answered(text: str, rest: str) -> None:
    """It is what the person wants to tell."""
    assert LEADS.rest(text) == rest


@pytest.mark.parametrize("text", WHOLE)
def test_everything_else_is_answered_whole(text: str) -> None:
    """Also where nothing, or too little, comes behind."""
    assert LEADS.rest(text) == text


def test_the_turn_is_kept_as_it_was_said(dialogue: Dialogue, setting: Setting) -> None:
    """Safety reads the turns before; nothing of them is lost."""
    text = "그래 알겄네 근디 오늘이 며칠이여"
    response = answered(dialogue, Heard.typed(text), setting)
    assert setting.date_spoken in response.reply.text
    assert response.state.turns[-1].heard == text
