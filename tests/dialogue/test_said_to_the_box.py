"""What is said to the box itself is answered as said to it, and a telling in nearly the same words as a telling."""

from __future__ import annotations

import pytest

from companion.core.heard import Heard
from companion.core.turn import ReplySource
from companion.dialogue.flow import Dialogue, Setting
from tests.dialogue.conftest import answered

SAID_TO_IT = [
    ("나하고 얘기나 좀 하자", "malbeot.wish.talk_with_me"),
    ("심심한데 나랑 말동무나 하세", "malbeot.wish.talk_with_me"),
    ("고만 말해라 귀찮다", "malbeot.wish.left_alone"),
    ("잠깐만 있어 봐 전화 왔어", "malbeot.wish.phone_rings"),
    ("내 이름이 뭔지 아나", "malbeot.wish.my_name"),
    ("자네는 고향이 어디여", "malbeot.wish.where_from"),
    ("그런 걸 왜 물어", "malbeot.wish.why_ask"),
    ("내 잘못이냐", "malbeot.wish.my_fault"),
    ("나 없는 동안 너는 뭣 허고 있을래", "malbeot.wish.while_away"),
    ("전화도 못 걸면 넌 여기 뭐 하러 앉아 있냐", "malbeot.wish.why_here"),
    ("내 말 알아듣고 대답하는 거냐 아무 말이나 하는 거냐", "malbeot.wish.any_words"),
    ("너는 참 며느리 얘기를 허는디 전화기 얘기로 듣냐", "malbeot.wish.misheard"),
    ("니가 내 말을 고대로 따라 하노", "malbeot.wish.said_twice"),
    ("저는 은평구에 사는 정혜숙이라고 합니다", "malbeot.wish.introduces"),
    ("나는 순복이라 이순복이 의성서 마늘 농사 짓고 산다", "malbeot.wish.introduces"),
    ("그건 말 안 할란다", "malbeot.wish.wont_tell"),
    ("어디서 말대꾸야", "malbeot.wish.cheeky"),
    ("무슨 말이 그리 길어 짧게 해", "malbeot.wish.too_long"),
    ("아까는 춥다더니 이제 와서 덥다네", "malbeot.wish.inconsistent"),
    ("너는 잘 잤냐", "malbeot.wish.slept_asked"),
    ("나 인제 일어났어", "malbeot.wish.got_up"),
    ("됐어 노래는 무슨", "malbeot.wish.no_need"),
    ("거 뭐더라 거시기", "malbeot.wish.looks_for_word"),
    ("저 그 아니다 됐다", "malbeot.wish.lets_it_be"),
    ("그렇게 내가 뭐라 그랬어 가지 말라니까", "malbeot.wish.told_you_so"),
    ("듣고만 있지 말고 위로도 좀 해 주게", "malbeot.wish.say_something"),
    ("뭐 물어봐유", "malbeot.wish.ask_me"),
    ("자네 나 누군지 아나", "malbeot.wish.my_name"),
    ("근데 어르신이라고 하지 마세요", "malbeot.wish.how_to_call"),
    ("왜 그렇게 부르는 거예요", "malbeot.wish.why_that_title"),
    ("병원에 물어볼까요 그냥 둘까요", "medical.medical.ask_doctor"),
    ("결명자가 눈에 좋냐고", "medical.medical.good_for"),
    ("너 내일도 여기 있을 거지 어디 안 가지", "malbeot.wish.stays_tomorrow"),
    ("그거야 나도 알지 육십 년을 밥한 사람한테", "malbeot.wish.knows_already"),
    ("노래교실은 화요일이고 오늘은 수요일이잖아", "malbeot.wish.put_right_day"),
    ("아녀 다시 생각해 보니께 가야겄어", "malbeot.wish.changed_mind"),
    ("우리 영감한테 밥 먹으라고 좀 해라", "malbeot.wish.call_to_table"),
    ("아들 오거든 내가 섭섭해한다고 니가 말 좀 해 줘라", "malbeot.wish.tell_when_come"),
    ("십 분만 있다가 다시 얘기하자", "malbeot.wish.talk_later"),
    ("당뇨 있는 사람이 홍시 하나쯤은 먹어도 되지", "medical.medical.food_with_illness"),
    ("파스를 두 장 겹쳐 붙이면 더 잘 듣겠지", "medical.medical.medicine"),
    ("우리 집사람 어디 갔어", "malbeot.wish.where_is_kin"),
    ("내가 밥을 먹었나 안 먹었나 모르겠네", "malbeot.wish.ate_or_not"),
    ("내 나이가 올해 몇이더라", "malbeot.wish.my_age"),
    ("오늘 저녁은 뭘 해 먹으면 좋을까", "malbeot.wish.what_to_eat"),
    ("조카 결혼식에 얼마를 내야 하나", "malbeot.wish.how_much_gift"),
    ("이 모자가 나한테 어울리나", "malbeot.wish.suits_me"),
    ("보일러를 틀까 말까", "malbeot.wish.heating"),
    ("네가 그 말벗이라는 거냐", "malbeot.wish.are_you_the_one"),
    ("아들이 나한테 남긴 말 없냐", "malbeot.wish.any_message"),
    ("혈압이 백육십이면 높은 거냐", "medical.medical.reading_value"),
    ("어지러운데 이게 무슨 병이여", "medical.medical.what_illness"),
]
TOLD = [
    "손주가 내 말을 고대로 따라 하네",
    "우리 딸이 나 없는 동안 뭐 하고 있을까",
    "며느리는 그게 약이라고 하더라",
    "친구하고 얘기나 좀 하자고 전화했어",
    "아까 전화가 왔는데 안 받았어",
    "간밤에 잘 잤어",
    "저녁에 뭘 해 먹었어",
    "손주가 밥을 먹었는지 모르겠네",
    "우리 딸은 왜 그런 걸 자꾸 물어보는지 몰라",
    "그 양반은 어디서 왔는지 말을 안 해",
    "애들한테 조용히 하라고 했지",
    "말 안 할란다 했더니 며느리가 웃더라고",
    "그 사람 참 말이 길더라",
    "어제는 늦게까지 못 일어났어",
    "됐다고 해도 자꾸 싸 주더라고",
    "아들이 어디 사는지 사람들이 물어보더라",
    "부조를 얼마나 해야 하나 영감하고 한참 얘기했어",
    "이 옷이 나한테 안 어울린대 딸이",
    "보일러를 켰더니 따뜻해",
    "의사가 혈압이 백사십이라고 하더라",
    "전화 한번 해 봐라 했더니 아들이 바쁘대",
    "약은 아까 먹었고 이제 밥 먹어야지",
    "왔다 갔다 하느라 힘들었어",
    "아니 안 갈란다 했더니 영감이 삐졌어",
    "나도 알지 그 사람 고생한 거",
    "내가 누군지 아나 하고 소리를 질렀대",
    "당뇨가 있어서 단 것을 못 먹어",
    "우리 영감한테 밥 먹으라고 했더니 대답도 안 해",
    "파스를 붙였더니 낫네",
    "결명자차가 눈에 좋다더라",
    "병원에 물어봤더니 괜찮대",
    "딸이 나를 위로해 줬어",
    "의사가 물어보라고 하더라",
    "우리 아들은 미국서 잘 있어",
    "손주가 할머니 안녕 하고 갔어",
    "영감이 조용히 좀 하라고 소리를 지르더라",
]


@pytest.mark.parametrize(("text", "reply_id"), SAID_TO_IT)
def test_what_is_said_to_it_is_answered(dialogue: Dialogue, setting: Setting, text: str, reply_id: str) -> None:
    """By the sentence written for it."""
    assert answered(dialogue, Heard.typed(text), setting).reply.id.startswith(f"{reply_id}#")


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_in_nearly_the_same_words_is_not(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """A telling is met from the bank."""
    response = answered(dialogue, Heard.typed(text), setting)
    assert response.reply.source is ReplySource.BANK
    assert response.command is None
