"""Who is being swindled on the telephone is told at once what to do, is never blamed, and nothing else comes first."""

from __future__ import annotations

import pytest

from companion.core.heard import Heard
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.knowing import is_urgent
from tests.dialogue.conftest import answered

TOLD = [
    ("농협이라 카민서 전화가 왔는데 통장 번호를 말하라 카데 눈 와서 전화로 하라 카더라", "scam"),
    ("은행에서 전화가 와서 비밀번호를 말해 달라고 합디다", "scam"),
    ("우체국이라고 전화 와갖고 카드가 발급됐다고 일 번을 누르라 하던디", "scam"),
    ("국민건강보험이라 카믄서 돈 돌리준다꼬 계좌번호를 대라 안 카나", "scam"),
    ("제가 한 가지 여쭙고 싶은데요 카드사라면서 카드 번호를 불러 달라고 하던데 알려 줘도 되나요", "scam"),
    ("검찰청 수사관이라는 사람이 제 통장이 범죄에 연루됐다고 하는데 어떻게 해야 합니까", "scam"),
    ("금융감독원 직원이 현금을 찾아서 집 앞에 놔두라고 했어요", "scam"),
    ("카드 배달 왔다고 전화가 왔는디 나는 신청한 적이 없어", "scam"),
    ("통신사라고 요금 깎아 준다고 주민번호 대라 하데", "scam"),
    ("아들이 급하다고 문화상품권 백만 원어치만 사서 번호 좀 찍어 달래유", "scam_gift"),
    ("귀가 어두버가 뭐라 카는지 몰라가 비밀번호를 세 개까지 불러주다 끊었다 그거 괘안나", "scam_told"),
    ("제가 실수로 계좌 비밀번호를 말해 버렸습니다", "scam_told"),
    ("주민번호 뒷자리를 물어보길래 그냥 대 줬지 뭐", "scam_told"),
    ("내가 카드 번호를 그만 갈켜 줘 부렀어", "scam_told"),
    ("택배라고 문자가 와서 눌렀는데 괜찮을까", "scam_pressed"),
    ("경찰이라고 하면서 앱을 깔라고 해서 깔았어", "scam_pressed"),
    ("상품권 오십만 원어치 사서 번호 찍어 보냈어", "scam_paid"),
    ("부탁이 아이고 그 전화가 도둑놈 전화 아이가 묻는 기다 내 마늘 판 돈이 거기 다 있는데", "scam_doubt"),
    ("이거 혹시 사기 전화일까요", "scam_doubt"),
    ("아무래도 내가 속은 것 같어", "scam_doubt"),
    ("은행이라면서 통장 번호 대라길래 끊어 버렸어", "scam_refused"),
]
BEHIND = [
    ("우짜면 좋노", "scam_next"),
    ("농협 번호를 내가 모르는디", "scam_number"),
    ("내가 바보지 바보여", "scam_blames"),
    ("이장한테 전화해 볼란다 들어가래이", "scam_will_call"),
    ("농협에 전화했더니 막아 줬어", "scam_done"),
    ("근데 진짜 은행이면 어떡하노", "scam_how_known"),
]
INNOCENT = [
    "병원에서 주민번호를 물어봐서 대 줬지",
    "며느리가 현관 비밀번호를 알려 달래서 알려 줬어",
    "아들이 통장 번호 불러 달래서 불러 줬어 용돈 보낸다고",
    "딸한테 내 통장 비밀번호를 알려 줬어 나 죽으면 찾아 쓰라고",
    "홈쇼핑에 전화해서 카드 번호 불러 주고 이불을 샀어",
    "은행 직원이 비밀번호를 누르라고 해서 눌렀더니 돈이 나오더라",
    "옛날에 우리 영감이 사기를 당해서 집을 날렸지",
    "농협에서 비료 나왔다고 전화가 왔어",
    "택배가 문 앞에 있다고 문자가 왔네",
    "상품권을 손주한테 보냈어 생일이라고",
    "손주가 깔아 준 앱으로 노래를 들어",
    "이장이 전화해서 마을회비 보내라고 하데",
    "화투 치는데 그놈이 사기 치는 거 아니냐",
    "우짜면 좋노",
]


@pytest.mark.parametrize(("text", "key"), TOLD)
def test_a_swindle_is_answered_before_anything_else(dialogue: Dialogue, setting: Setting, text: str, key: str) -> None:
    """What to keep, or whom to tell first."""
    response = answered(dialogue, Heard.typed(text), setting)
    assert response.reply.id.partition("#")[0] == f"safety.safety.{key}"
    assert is_urgent(response.understanding)


@pytest.mark.parametrize(("text", "key"), BEHIND)
def test_what_is_said_behind_it_is_still_of_it(dialogue: Dialogue, setting: Setting, text: str, key: str) -> None:
    """Whom to call, that it is nobody's fault, and praise for who will do it."""
    told = answered(dialogue, Heard.typed("은행이라고 비밀번호 대라 캐서 대 줬다"), setting)
    response = answered(dialogue, Heard.typed(text), setting, told.state)
    assert response.reply.id.partition("#")[0] == f"safety.safety.{key}"


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_sounds_like_one_is_not_warned_of(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """One's own people, counters and doors ask for numbers too."""
    assert not is_urgent(answered(dialogue, Heard.typed(text), setting).understanding)


def test_who_will_call_asks_for_no_call(dialogue: Dialogue, setting: Setting) -> None:
    """That somebody will be called is no request."""
    response = answered(dialogue, Heard.typed("이장한테 전화해 볼란다"), setting)
    assert response.reply.id.startswith("malbeot.wish.will_call#")
